"""The report as JSON Lines: a header, a line a case, a footer. Without a footer it is truncated."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from conformance.errors import UsageError
from conformance.oracle.outcome import Outcome
from conformance.report.records import (
    CaseRecord,
    CheckRecord,
    ExchangeRecord,
    Footer,
    Header,
    Message,
    Report,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def line(record: Header | CaseRecord | Footer) -> str:
    """Return the JSON line of a record, with its ``kind`` first."""
    kind = {Header: "header", CaseRecord: "case", Footer: "footer"}[type(record)]
    return json.dumps({"kind": kind, **asdict(record)}, ensure_ascii=False) + "\n"


def read_report(path: Path) -> Report:
    """Read a report back.

    Raises:
        UsageError: the file is unreadable, is no report, or is truncated (has no footer).
    """
    try:
        entries: list[dict[str, Any]] = [json.loads(one) for one in path.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise UsageError("report-unreadable", f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise UsageError("report-invalid", f"{path}: not JSON Lines: {error}") from error
    kinds = [entry.pop("kind", "") for entry in entries]
    if not kinds or kinds[0] != "header":
        raise UsageError("report-invalid", f"{path}:1: kind: no header, so this is no report")
    if kinds[-1] != "footer":
        raise UsageError("report-truncated", f"{path}: no footer: the run that wrote it did not end")
    cases = tuple(_case(entry) for kind, entry in zip(kinds, entries, strict=True) if kind == "case")
    return Report(_flat(Header, entries[0]), cases, _flat(Footer, entries[-1]))


def _flat(kind: type[Any], entry: Mapping[str, Any]) -> Any:  # noqa: ANN401  an instance of the kind
    return kind(**{one.name: entry[one.name] for one in fields(kind)})


def _case(entry: dict[str, Any]) -> CaseRecord:
    checks = tuple(_check(one) for one in entry["checks"])
    exchanges = tuple(
        ExchangeRecord(
            sent=Message(**one["sent"]),
            received=Message(**one["received"]) if one["received"] else None,
            failure=one["failure"],
            seconds=one["seconds"],
        )
        for one in entry["exchanges"]
    )
    lists: dict[str, Any] = {key: tuple(entry[key]) for key in ("requirements", "curl")}
    plain: dict[str, Any] = {**entry, **lists, "outcome": Outcome(entry["outcome"])}
    plain.update(checks=checks, exchanges=exchanges)
    return CaseRecord(**plain)


def _check(entry: dict[str, Any]) -> CheckRecord:
    plain: dict[str, Any] = {**entry, "outcome": Outcome(entry["outcome"])}
    return CheckRecord(**plain)
