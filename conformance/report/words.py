"""The words in which every front says how a run came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.oracle.outcome import Outcome
from conformance.run.exit_codes import EXIT_CODES, ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.report.records import Report

VERDICTS: Mapping[ExitCode, str] = {
    ExitCode.HOLDS: "PASS",
    ExitCode.BROKEN: "FAIL",
    ExitCode.USAGE: "NOT RUN",
    ExitCode.UNREACHABLE: "NOT JUDGED",
    ExitCode.HARNESS: "VOID",
    ExitCode.STALE_BASELINE: "STALE",
    ExitCode.NOTHING_JUDGED: "NOT JUDGED",
    ExitCode.INTERRUPTED: "INTERRUPTED",
}
"""The one word of each exit code."""


def verdict(report: Report) -> str:
    """Return the one word that a report begins with."""
    return VERDICTS[ExitCode(report.footer.exit_code)]


def sentence(report: Report) -> str:
    """Return the one sentence that says why, and what the exit code means."""
    footer = report.footer
    code = ExitCode(footer.exit_code)
    why = footer.error or footer.stopped or _counted(footer.totals)
    return f"{why}; exit code {int(code)}: {EXIT_CODES[code]}."


def _counted(totals: Mapping[str, int]) -> str:
    broken, judged = totals[Outcome.FAIL.value], sum(totals[one.value] for one in Outcome if one.judged)
    return f"{broken} of {count(judged, 'judged case')} {'fails' if broken == 1 else 'fail'}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where needed."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def last_line(report: Report, where: str) -> str:
    """Return the line that ends every run, always of the same shape."""
    totals = " · ".join(f"{report.footer.totals[outcome.value]} {outcome.value}" for outcome in Outcome)
    return f"{verdict(report)} · {totals} · {report.footer.seconds:.1f} s · {where} · exit {report.footer.exit_code}"
