"""The words that say how a run came out."""

from __future__ import annotations

import pytest
from support.reports import ALL, GOOD, judged, report_of

from conformance.oracle.outcome import Outcome
from conformance.report.words import VERDICTS, count, last_line, sentence, verdict
from conformance.run.events import Bracket, Ended
from conformance.run.exit_codes import EXIT_CODES, ExitCode

GONE = Bracket(answered=False, holds=False, detail="got no answer: refused")


def test_each_exit_code_has_a_word() -> None:
    """The tables of words and of exit codes have the same codes, and only success is called PASS."""
    assert VERDICTS.keys() == EXIT_CODES.keys()
    assert [code for code, word in VERDICTS.items() if word == "PASS"] == [ExitCode.HOLDS]


@pytest.mark.parametrize("code", ExitCode)
def test_the_sentence_ends_with_what_the_code_means(code: ExitCode) -> None:
    """Whatever a run ended with, its sentence gives the number and its meaning."""
    report = report_of(*ALL, code=code)

    assert sentence(report).endswith(f"; exit code {code.value}: {EXIT_CODES[code]}.")
    assert verdict(report) == VERDICTS[code]


@pytest.mark.parametrize(
    ("events", "code", "ended", "error", "why"),
    [
        ([Outcome.PASS] * 2, ExitCode.HOLDS, Ended((GOOD,)), "", "none of 2 judged cases fails"),
        ([Outcome.PASS, Outcome.FAIL], ExitCode.BROKEN, Ended((GOOD,)), "", "1 of 2 judged cases fails"),
        ([Outcome.FAIL] * 2 + [Outcome.SKIP], ExitCode.BROKEN, Ended((GOOD,)), "", "2 of 2 judged cases fail"),
        (
            [Outcome.FAIL],
            ExitCode.BROKEN,
            Ended((GOOD,), stopped="stopped at --max-failures 1"),
            "",
            "1 of 1 judged case fails (stopped at --max-failures 1)",
        ),
        ([], ExitCode.UNREACHABLE, Ended(()), "unreachable: nobody", "unreachable: nobody"),
        ([Outcome.VOID], ExitCode.UNREACHABLE, Ended((GONE,)), "", "the known-good Invoke got no answer: refused"),
        ([Outcome.VOID, Outcome.FAIL], ExitCode.HARNESS, Ended((GOOD,)), "", "1 of 2 cases is void"),
        ([Outcome.VOID] * 2, ExitCode.HARNESS, Ended((), stopped="because"), "", "2 of 2 cases are void: because"),
        ([Outcome.SKIP], ExitCode.NOTHING_JUDGED, Ended((GOOD,)), "", "0 of 1 case were judged"),
        ([Outcome.SKIP], ExitCode.INTERRUPTED, Ended((), interrupted=True, stopped="early"), "", "early"),
    ],
)
def test_the_sentence_says_why(events: list[Outcome], code: ExitCode, ended: Ended, error: str, why: str) -> None:
    """The sentence begins with the reason for the code, in numbers where the verdict follows from numbers."""
    cases = [judged(outcome, f"names/a{index}", reason="r") for index, outcome in enumerate(events)]

    report = report_of(*cases, code=code, ended=ended, error=error)

    assert sentence(report).partition("; exit code")[0] == why


def test_the_last_line_has_always_the_same_shape() -> None:
    """Verdict, each outcome with its number, seconds, where the report is, exit code."""
    assert last_line(report_of(*ALL), "reports/report.html") == (
        "FAIL · 1 pass · 1 fail · 1 known · 1 skip · 1 void · 1 note · 1.2 s · reports/report.html · exit 1"
    )


@pytest.mark.parametrize(("number", "words"), [(0, "0 cases"), (1, "1 case"), (2, "2 cases"), (1234, "1,234 cases")])
def test_numbers_with_their_noun(number: int, words: str) -> None:
    """One is singular, everything else plural, thousands are set off."""
    assert count(number, "case") == words
