"""The report as Markdown, short enough for a job summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.oracle.outcome import Outcome
from conformance.report.causes import causes_of, reasons_of
from conformance.report.text import markdown, markdown_code
from conformance.report.words import count, sentence, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.report.records import Report

MOST = 20
"""Rows of each table."""


def write_markdown(report: Report, path: Path) -> None:
    """Write the summary."""
    path.write_text("\n".join(_lines(report)) + "\n", encoding="utf-8")


def _lines(report: Report) -> Iterator[str]:
    target, footer = report.header.target, report.footer
    name = " ".join(filter(None, (target["name"], target["version"])))
    yield f"## {verdict(report)}: {markdown(name)}"
    yield from ("", markdown(sentence(report)), "")
    yield from ("| outcome | cases |", "| --- | ---: |")
    yield from (f"| {outcome.value} | {footer.totals[outcome.value]} |" for outcome in Outcome)
    yield f"| all | {sum(footer.totals.values())} |"
    yield from _causes(report)
    yield from _reasons(report)
    yield from ("", f"Again: {markdown_code(report.header.command, 1000)}")


def _causes(report: Report) -> Iterator[str]:
    causes = causes_of(report.cases)
    if not causes:
        return
    yield from ("", "| what to fix first | looked at | expected | observed | evidence | cases |")
    yield "| --- | --- | --- | --- | --- | ---: |"
    for cause in causes[:MOST]:
        evidence = report.header.requirements[cause.requirement]["evidence"][0]
        cells = (
            cause.requirement,
            *map(markdown_code, (cause.subject, cause.expected, cause.observed)),
            f"{evidence['kind']} {evidence['date']}".strip(),
            len(cause.cases),
        )
        yield f"| {' | '.join(map(str, cells))} |"
    if len(causes) > MOST:
        yield from ("", f"… and {count(len(causes) - MOST, 'cause')} more.")


def _reasons(report: Report) -> Iterator[str]:
    rows = [
        f"| {outcome.value} | {markdown_code(reason)} | {len(cases)} |"
        for outcome in (Outcome.VOID, Outcome.SKIP)
        for reason, cases in reasons_of(report.cases, outcome).items()
    ]
    if rows:
        yield from ("", "| not judged | why | cases |", "| --- | --- | ---: |", *rows[:MOST])
    if len(rows) > MOST:
        yield from ("", f"… and {count(len(rows) - MOST, 'reason')} more.")
