"""Two reports of a target: what changed, and whether it got worse."""

from __future__ import annotations

import json

import pytest
from support.reports import judged, report_of

from conformance.oracle.outcome import Outcome
from conformance.report.difference import KINDS, differences, shown

ID = "names/plain"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (Outcome.PASS, Outcome.FAIL, "broken"),
        (Outcome.NOTE, Outcome.FAIL, "broken"),
        (Outcome.SKIP, Outcome.FAIL, "broken"),
        (Outcome.FAIL, Outcome.PASS, "fixed"),
        (Outcome.KNOWN, Outcome.NOTE, "fixed"),
        (Outcome.PASS, Outcome.SKIP, "no longer tested"),
        (Outcome.FAIL, Outcome.VOID, "no longer tested"),
        (Outcome.VOID, Outcome.PASS, "tested now"),
    ],
)
def test_a_change_of_outcome_has_its_word(before: Outcome, after: Outcome, kind: str) -> None:
    """Each way from one outcome to another is one kind of change."""
    old, new = (report_of(judged(one, reason="why" if not one.judged else "")) for one in (before, after))

    (change,) = differences(old, new)

    assert (change.id, change.kind, change.before, change.after) == (ID, kind, before, after)


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.FAIL, Outcome.SKIP])
def test_what_is_the_same_is_no_change(outcome: Outcome) -> None:
    """A case that comes out as before is not listed; nor is a known failure that is unexpected now, or the reverse."""
    reason = "" if outcome.judged else "why"

    assert differences(report_of(judged(outcome, reason=reason)), report_of(judged(outcome, reason=reason))) == []


def test_another_failure_of_the_same_case_is_told() -> None:
    """A case that fails with another status fails differently, and says how it fails now."""
    old, new = (report_of(judged(Outcome.FAIL, observed=seen)) for seen in ("404", "500"))

    (change,) = differences(old, new)

    assert change.kind == "fails differently"
    assert change.detail.endswith("observed 500")


def test_cases_come_and_go() -> None:
    """A case that only one of the reports has appeared or vanished; one that was never judged is not missed."""
    old = report_of(judged(Outcome.PASS, "names/a"), judged(Outcome.SKIP, "names/b", reason="why"))
    new = report_of(judged(Outcome.PASS, "names/c"), judged(Outcome.FAIL, "names/d"))

    found = [(change.id, change.kind) for change in differences(old, new)]

    assert found == [("names/a", "vanished"), ("names/c", "appeared"), ("names/d", "appeared failing")]


def test_what_is_shown_is_complete() -> None:
    """The lines name every change under its kind and count them; the JSON says of each whether it is worse."""
    old = report_of(judged(Outcome.PASS, "names/a"), judged(Outcome.FAIL, "names/b"))
    new = report_of(judged(Outcome.FAIL, "names/a"), judged(Outcome.PASS, "names/b"))
    found = differences(old, new)

    lines, rows = shown(found, as_json=False), json.loads(shown(found, as_json=True))

    assert lines.splitlines()[-1] == "1 broken · 1 fixed"
    assert all(KINDS[kind][0] in lines for kind in ("broken", "fixed"))
    assert [(row["id"], row["worse"]) for row in rows] == [("names/a", True), ("names/b", False)]
    assert shown([], as_json=False) == "nothing changed"
