"""The report as JSON Lines: a header, a line a case, a footer. Without a footer it is truncated."""

from __future__ import annotations

import json
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from conformance.contract.source import key_path, spec_folder
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
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

Entry = dict[str, Any]

KINDS: Mapping[type[Header | CaseRecord | Footer], str] = {Header: "header", CaseRecord: "case", Footer: "footer"}


def line(record: Header | CaseRecord | Footer) -> str:
    """Return the JSON line of a record, with its ``kind`` first.

    It is ASCII, since some readers take U+2028 and its like for the end of a line.
    """
    return _ENCODER.encode({"kind": KINDS[type(record)], **_members(record)}) + "\n"


def _members(record: Any) -> Entry:  # noqa: ANN401  a record, or one that it holds
    """Return the members of a record as they are; asdict would copy all that they hold."""
    return {name: getattr(record, name) for name in _names(cast("type[Any]", type(record)))}


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


_ENCODER = json.JSONEncoder(default=_members)


def report_schema() -> Mapping[str, Any]:
    """Return the published JSON Schema of a line."""
    text = (spec_folder() / "schemas" / "report.schema.json").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema


def read_report(path: Path) -> Report:
    """Read a report back.

    Raises:
        UsageError: the file is unreadable (``report-unreadable``), not as the schema wants it (``report-invalid``,
            names line and key), or has no footer, since the run did not end (``report-truncated``).
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise UsageError("report-unreadable", f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError("report-unreadable", f"{path}: not UTF-8 at byte {error.start}") from error
    entries = list(_entries(path, lines))
    _in_order(path, [entry.pop("kind") for entry in entries])
    first, *cases, last = entries
    _cited(path, first["requirements"], cases)
    footer: Entry = {**last, "brackets": tuple(last["brackets"])}
    return Report(Header(**first), tuple(map(_case, cases)), Footer(**footer))


def _entries(path: Path, lines: Sequence[str]) -> Iterator[Entry]:
    """Yield the objects of the lines, each held against the schema of its kind."""
    import jsonschema  # noqa: PLC0415  slow to import, and only needed here

    library = cast("Any", jsonschema)  # its types are incomplete
    schema = report_schema()
    kinds = {kind: {"$defs": schema["$defs"], "$ref": f"#/$defs/{kind}"} for kind in KINDS.values()}
    validators = {kind: library.Draft202012Validator(one) for kind, one in kinds.items()}
    for number, text in enumerate(lines, 1):
        if not text:
            continue
        entry = _parsed(path, number, text, last=number == len(lines))
        validator = validators.get(str(entry.get("kind")))
        if validator is None:
            raise UsageError("report-invalid", f"{path}:{number}: kind: expected one of {', '.join(validators)}")
        error = library.exceptions.best_match(validator.iter_errors(entry))
        if error is not None:
            where = f"{path}:{number}: {key_path(tuple(error.absolute_path))}"
            raise UsageError("report-invalid", f"{where}: {error.message[:200]}")
        yield entry


def _parsed(path: Path, number: int, text: str, *, last: bool) -> Entry:
    """Return the object of a line; ``last`` tells that no newline follows, so that the line may be half of one."""
    try:
        entry: object = json.loads(text)
    except ValueError as error:
        if last and number > 1:
            raise _truncated(path) from error
        raise UsageError("report-invalid", f"{path}:{number}: not JSON: {error}") from error
    if not isinstance(entry, dict):
        raise UsageError("report-invalid", f"{path}:{number}: not a JSON object")
    return cast("Entry", entry)


def _in_order(path: Path, kinds: Sequence[str]) -> None:
    """Raise unless there is a header, then cases, then a footer."""
    if not kinds or kinds[0] != "header":
        raise UsageError("report-invalid", f"{path}:1: kind: no header, so this is no report")
    if "footer" not in kinds:
        raise _truncated(path)
    for number, kind in enumerate(kinds[1:-1], 2):
        if kind != "case":
            raise UsageError("report-invalid", f"{path}:{number}: kind: a second {kind}, or lines behind the footer")
    if kinds[-1] != "footer":
        raise UsageError("report-invalid", f"{path}:{len(kinds)}: kind: lines behind the footer")


def _cited(path: Path, known: Mapping[str, Any], cases: Sequence[Entry]) -> None:
    """Raise unless the header has each requirement that a case cites."""
    for number, case in enumerate(cases, 2):
        for id_ in (*case["requirements"], *(check["requirement"] for check in case["checks"])):
            if id_ not in known:
                raise UsageError("report-invalid", f"{path}:{number}: requirements: {id_} is not in the header")


def _truncated(path: Path) -> UsageError:
    return UsageError("report-truncated", f"{path}: no footer: the run that wrote it did not end")


def _case(entry: Entry) -> CaseRecord:
    read: Entry = {
        **entry,
        "outcome": Outcome(entry["outcome"]),
        "requirements": tuple(entry["requirements"]),
        "checks": tuple(map(_check, entry["checks"])),
        "exchanges": tuple(map(_exchange, entry["exchanges"])),
        "curl": tuple(entry["curl"]),
    }
    return CaseRecord(**read)


def _exchange(entry: Entry) -> ExchangeRecord:
    received = Message(**entry["received"]) if entry["received"] else None
    read: Entry = {**entry, "sent": Message(**entry["sent"]), "received": received}
    return ExchangeRecord(**read)


def _check(entry: Entry) -> CheckRecord:
    read: Entry = {**entry, "outcome": Outcome(entry["outcome"])}
    return CheckRecord(**read)
