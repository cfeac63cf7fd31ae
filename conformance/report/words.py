"""The words in which every front says how a run came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.oracle.outcome import Outcome
from conformance.run.exit_codes import EXIT_CODES, ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.report.records import Footer, Report

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
    """Return the one sentence that says why a run ended with its exit code, and what that code means."""
    code = ExitCode(report.footer.exit_code)
    return f"{_WHY.get(code, _failing)(report.footer)}; exit code {int(code)}: {EXIT_CODES[code]}."


def _failing(footer: Footer) -> str:
    broken = footer.totals[Outcome.FAIL.value]
    failing = f"{broken:,}" if broken else "none"
    why = f"{failing} of {count(footer.judged, 'judged case')} {'fail' if broken > 1 else 'fails'}"
    known = footer.totals[Outcome.KNOWN.value]
    why += f" unexpectedly, {known:,} as is known" if known else ""
    return f"{why} ({footer.stopped})" if footer.stopped else why


def _gone(footer: Footer) -> str:
    if footer.error or not footer.brackets:
        return footer.error or "the target was not there"
    return f"the known-good Invoke {footer.brackets[-1]['detail']}"


def _void(footer: Footer) -> str:
    void = footer.totals[Outcome.VOID.value]
    why = f"{void:,} of {count(_all(footer), 'case')} {'is' if void == 1 else 'are'} void"
    return f"{why}: {footer.stopped}" if footer.stopped else why


def _too_few(footer: Footer) -> str:
    return f"{footer.judged:,} of {count(_all(footer), 'case')} {'was' if footer.judged == 1 else 'were'} judged"


def _stopped(footer: Footer) -> str:
    return footer.stopped or "interrupted"


def _stale(footer: Footer) -> str:
    first = next((f"{id_} {why}" for id_, why in footer.stale.items()), "the baseline is not true any more")
    return f"{first}, and {len(footer.stale) - 1} more" if len(footer.stale) > 1 else first


_WHY: Mapping[ExitCode, Callable[[Footer], str]] = {
    ExitCode.UNREACHABLE: _gone,
    ExitCode.HARNESS: _void,
    ExitCode.STALE_BASELINE: _stale,
    ExitCode.NOTHING_JUDGED: _too_few,
    ExitCode.INTERRUPTED: _stopped,
}
"""What says why, for the exit codes that don't follow from the number of failures."""


def _all(footer: Footer) -> int:
    return sum(footer.totals.values())


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where needed."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def last_line(report: Report, where: str) -> str:
    """Return the line that ends every run, always of the same shape."""
    totals = " · ".join(f"{report.footer.totals[outcome.value]} {outcome.value}" for outcome in Outcome)
    return f"{verdict(report)} · {totals} · {report.footer.seconds:.1f} s · {where} · exit {report.footer.exit_code}"
