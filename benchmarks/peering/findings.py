"""What a run of a tool found, read from the report that it wrote for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

OF_ONE_REQUEST = ("\n\nSchema", "\n\nValue", "\nHint:")
"""Where a message of Schemathesis goes on with what belongs to a single request."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run found.

    Attributes:
        kinds: of failures, each once, sorted; what tells one from another is the contestant's affair.
        requirements: of ours that failing cases found broken; none for another tool.
        requests: sent.
        accepted: of them, those that were answered 2xx.
        whole: whether the report has its end.
    """

    kinds: tuple[str, ...]
    requirements: tuple[str, ...]
    requests: int
    accepted: int
    whole: bool


def read_schemathesis(report: Path) -> Findings:
    """Read an NDJSON report of ``st run``.

    A kind is operation, check, title, status, type of the error and message: finer than Schemathesis counts itself, so
    that a failure under a fault is not taken for one that the unbroken reference has, too. An error of the run, such
    as a connection that was closed, is a kind as well.
    """
    kinds: set[str] = set()
    statuses: list[int] = []
    whole = False
    for record in _records(report):
        ((name, event),) = record.items()
        whole = whole or name == "EngineFinished"
        if name in {"NonFatalError", "FatalError"}:
            kinds.add(_error(event))
        elif name == "ScenarioFinished":
            recorder = event["recorder"]
            statuses += [_status(one) for one in recorder.get("interactions", {}).values()]
            kinds.update(_failures(recorder))
    return Findings(tuple(sorted(kinds)), (), len(statuses), sum(map(_success, statuses)), whole)


def _failures(recorder: Mapping[str, Any]) -> Iterator[str]:
    for id_, checks in recorder.get("checks", {}).items():
        interaction = recorder.get("interactions", {}).get(id_)
        for check in checks:
            if check["status"] == "failure":
                failure = check["failure_info"]["failure"]
                where = (recorder["label"], check["name"], failure["title"])
                answer = (str(_status(interaction)), _error_type(interaction))
                yield " · ".join((*where, *answer, _message(failure["message"])))


def _message(text: str) -> str:
    """Return what a message says of the kind of a failure, in a line."""
    for mark in OF_ONE_REQUEST:
        text = text.partition(mark)[0]
    return " ".join(text.split())


def _error(event: Mapping[str, Any]) -> str:
    error: dict[str, Any] = event.get("value") or event.get("exception") or {}
    return " · ".join((str(event.get("label", "run")), "error", str(error.get("type", "of an unknown type"))))


def _status(interaction: Mapping[str, Any] | None) -> int:
    """Return the status of an answer; 0 where none came."""
    response = (interaction or {}).get("response")
    return int(response["status_code"]) if response else 0


def _error_type(interaction: Mapping[str, Any] | None) -> str:
    response: dict[str, Any] = (interaction or {}).get("response") or {}
    return str((response.get("headers", {}).get("x-amzn-errortype") or ["-"])[0])


def _success(status: int) -> bool:
    return 200 <= status < 300  # noqa: PLR2004  2xx


def read_ours(report: Path) -> Findings:
    """Read ``report.jsonl`` of ``invoke-conformance run``; a kind is a case with a requirement that it found broken.

    A case without a verdict is none of our findings, but on the unbroken reference it must not be; so a kind says the
    outcome of what is neither ``pass`` nor ``fail``.
    """
    kinds: set[str] = set()
    requirements: set[str] = set()
    statuses: list[int] = []
    whole = False
    for record in _records(report):
        whole = whole or record["kind"] == "footer"
        if record["kind"] != "case":
            continue
        statuses += [_of_head(one["received"]["head"]) if one["received"] else 0 for one in record["exchanges"]]
        if record["outcome"] == "fail":
            broken = {check["requirement"] for check in record["checks"] if check["outcome"] == "fail"}
            requirements |= broken
            kinds.update(f"{record['id']} · {requirement}" for requirement in broken)
        elif record["outcome"] != "pass":
            kinds.add(f"{record['id']} · {record['outcome']}")
    found = (tuple(sorted(kinds)), tuple(sorted(requirements)))
    return Findings(*found, len(statuses), sum(map(_success, statuses)), whole)


def _of_head(head: str) -> int:
    """Return the status of the head of an answer; 0 where there is none."""
    parts = head.split(" ", 2)
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0


def _records(report: Path) -> Iterator[dict[str, Any]]:
    """Yield the object of each line; a line that was cut off is the last."""
    text = report.read_text(encoding="utf-8") if report.is_file() else ""
    for line in filter(None, text.split("\n")):
        try:
            record: dict[str, Any] = json.loads(line)
        except ValueError:
            return
        yield record
