"""Which exit code a run ends with."""

from __future__ import annotations

import pytest

from conformance.oracle.outcome import Outcome
from conformance.run.events import Bracket, Ended
from conformance.run.exit_codes import EXIT_CODES, ExitCode, exit_code

GOOD = Bracket(answered=True, holds=True, detail="status 200")
BAD = Bracket(answered=True, holds=False, detail="status 500")
GONE = Bracket(answered=False, holds=False, detail="refused")


@pytest.mark.parametrize(
    ("totals", "ended", "expected"),
    [
        ({Outcome.PASS: 3}, Ended((GOOD, GOOD)), ExitCode.HOLDS),
        ({Outcome.PASS: 3, Outcome.NOTE: 1}, Ended((GOOD, GOOD)), ExitCode.HOLDS),
        ({Outcome.PASS: 3, Outcome.FAIL: 1}, Ended((GOOD, GOOD)), ExitCode.BROKEN),
        ({Outcome.FAIL: 3}, Ended((BAD, BAD)), ExitCode.BROKEN),
        ({Outcome.PASS: 3, Outcome.VOID: 1}, Ended((GOOD, GOOD)), ExitCode.HARNESS),
        ({Outcome.FAIL: 3, Outcome.VOID: 1}, Ended((GOOD, GOOD)), ExitCode.HARNESS),
        ({Outcome.FAIL: 3, Outcome.VOID: 1}, Ended((GOOD, GONE)), ExitCode.UNREACHABLE),
        ({Outcome.VOID: 1}, Ended((GONE,)), ExitCode.UNREACHABLE),
        ({Outcome.VOID: 1}, Ended((GOOD, BAD)), ExitCode.HARNESS),
        ({Outcome.SKIP: 9}, Ended((GOOD, GOOD)), ExitCode.NOTHING_JUDGED),
        ({}, Ended((GOOD, GOOD)), ExitCode.NOTHING_JUDGED),
        ({Outcome.FAIL: 3}, Ended((GOOD,), interrupted=True), ExitCode.INTERRUPTED),
    ],
)
def test_the_cause_that_voids_the_others_wins(totals: dict[Outcome, int], ended: Ended, expected: ExitCode) -> None:
    """The code follows from totals and brackets; a skip is no pass and a void beats a failure."""
    assert exit_code(totals, ended) is expected


def test_fewer_cases_than_asked_for() -> None:
    """Fewer judged cases than --min-cases are no run, even when all pass."""
    assert exit_code({Outcome.PASS: 3}, Ended((GOOD, GOOD)), min_cases=4) is ExitCode.NOTHING_JUDGED


def test_every_code_has_words() -> None:
    """Each code has its meaning in the table that reports and help show."""
    assert set(EXIT_CODES) == set(ExitCode)


def test_twins_alone_are_no_run() -> None:
    """Where none of the cases that were asked for was judged, nothing was, though their twins passed."""
    totals = {Outcome.PASS: 1, Outcome.SKIP: 33}

    assert exit_code(totals, Ended(()), asked=0) is ExitCode.NOTHING_JUDGED
    assert exit_code(totals, Ended(()), asked=1) is ExitCode.HOLDS
