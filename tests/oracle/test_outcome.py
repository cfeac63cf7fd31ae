"""The outcomes, whose names stand in reports."""

from __future__ import annotations

from conformance.oracle.outcome import OUTCOMES, Outcome


def test_outcomes_are_called_as_reports_call_them() -> None:
    """The values are what reports, baselines and other programs have in them."""
    assert [str(one) for one in Outcome] == ["pass", "fail", "known", "skip", "void", "note"]


def test_each_is_explained() -> None:
    """Each outcome has its meaning in words."""
    assert OUTCOMES.keys() == set(Outcome)


def test_a_skip_and_a_void_judge_nothing() -> None:
    """Of the target they say nothing; all others do."""
    assert [one for one in Outcome if not one.judged] == [Outcome.SKIP, Outcome.VOID]
