"""The report as Markdown, short enough for a job summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.oracle.outcome import Outcome
from conformance.report.causes import causes_of
from conformance.report.text import printable
from conformance.report.words import count, sentence, verdict

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.records import Report

MOST = 20
"""Causes that are listed."""


def write_markdown(report: Report, path: Path) -> None:
    """Write the summary."""
    path.write_text("\n".join(_lines(report)) + "\n", encoding="utf-8")


def _lines(report: Report) -> list[str]:
    target, footer = report.header.target, report.footer
    causes = causes_of(report.cases)
    lines = [
        f"## {verdict(report)}: {_cell(target['name'])} {_cell(target['version'])}".rstrip(),
        "",
        _cell(sentence(report)),
        "",
        "| outcome | cases |",
        "| --- | ---: |",
        *(f"| {outcome.value} | {footer.totals[outcome.value]} |" for outcome in Outcome),
    ]
    if causes:
        lines += ["", "| what to fix first | expected | observed | cases |", "| --- | --- | --- | ---: |"]
        lines += [
            f"| {cause.requirement} ({_cell(cause.subject)}) | {_cell(cause.expected)} | {_cell(cause.observed)} "
            f"| {len(cause.cases)} |"
            for cause in causes[:MOST]
        ]
    if len(causes) > MOST:
        lines += ["", f"… and {count(len(causes) - MOST, 'cause')} more."]
    lines += ["", f"Again: `{_cell(report.header.command)}`"]
    return lines


def _cell(text: str) -> str:
    """Make text from anywhere harmless in a Markdown table."""
    flat = printable(text, keep="").replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "\\`")
    return flat if len(flat) <= 200 else flat[:200] + "…"  # noqa: PLR2004  a cell that can still be read
