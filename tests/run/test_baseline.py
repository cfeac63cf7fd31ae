"""Known failures: what is listed must be exactly so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from support.reports import judged

from conformance.errors import UsageError
from conformance.oracle.outcome import Outcome
from conformance.run.baseline import NOT_FAILING, Baseline, Known, held_against, read_baseline, signature

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 25)
ID = "names/plain"
AS_IT_FAILS = signature([(ID, "status", "404")])


def listed(fails: str = AS_IT_FAILS, expires: date | None = None) -> Baseline:
    """A list of one failure."""
    return Baseline({ID: Known(ID, fails, "not done", "me", expires)})


def test_a_failure_as_listed_is_known() -> None:
    """A case that fails as the list says is known, with the reason, the owner and the end that the list gives."""
    event, stale = held_against(judged(Outcome.FAIL), listed(expires=TODAY), TODAY)

    assert (event.outcome, event.reason, stale) == (Outcome.KNOWN, "not done, me, until 2026-11-25", "")


@pytest.mark.parametrize(
    ("baseline", "why"),
    [
        (listed(fails="0" * 12), "fails in another way than is known"),
        (listed(expires=date(2026, 11, 24)), "was known until 2026-11-24, which is over"),
    ],
)
def test_what_is_not_as_listed_is_stale(baseline: Baseline, why: str) -> None:
    """A case that fails in another way, or for too long, stays a failure and says why it is not known."""
    event, stale = held_against(judged(Outcome.FAIL), baseline, TODAY)

    assert event.outcome is Outcome.FAIL
    assert stale.startswith(why)
    assert event.reason == stale


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.NOTE])
def test_a_listed_failure_that_does_not_fail_is_stale(outcome: Outcome) -> None:
    """A list that has more failures than there are hides that they may come back."""
    event, stale = held_against(judged(outcome), listed(), TODAY)

    assert (event.outcome, stale) == (outcome, NOT_FAILING)


@pytest.mark.parametrize("outcome", [Outcome.SKIP, Outcome.VOID])
def test_what_was_not_judged_says_nothing_of_the_list(outcome: Outcome) -> None:
    """A case without a verdict neither confirms nor refutes what is known of it."""
    event, stale = held_against(judged(outcome, reason="why"), listed(), TODAY)

    assert (event.outcome, stale) == (outcome, "")


def test_what_is_not_listed_fails() -> None:
    """A list says nothing of other cases."""
    event, stale = held_against(judged(Outcome.FAIL, "names/arn"), listed(), TODAY)

    assert (event.outcome, stale) == (Outcome.FAIL, "")


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.FAIL])
def test_an_unstable_case_is_never_a_pass(outcome: Outcome) -> None:
    """Whatever comes of a case that is listed as unstable, it is known, and proves nothing."""
    event, stale = held_against(judged(outcome), Baseline(unstable={ID: "races"}), TODAY)

    assert (event.outcome, event.reason, stale) == (Outcome.KNOWN, "unstable: races", "")


def test_a_signature_tells_ways_of_failing_apart() -> None:
    """Another requirement, another subject, another status or error type is another way; so is nothing at all."""
    ways = [
        [("names/a", "status", "404")],
        [("names/a", "status", "500")],
        [("names/b", "status", "404")],
        [("names/a", "error type", "404")],
        [("names/a", "header X", "absent")],
        [("names/a", "header X", "something")],
        [("names/a", "status", "404"), ("names/b", "status", "404")],
    ]

    assert len({signature(one) for one in ways}) == len(ways)


def test_a_signature_stays_where_a_target_says_it_differently_each_time() -> None:
    """Ids, times and texts that change from run to run, and the order of checks, don't change a signature."""
    one = [("names/a", "header X", "id 1"), ("names/b", "status", "404")]
    other = [("names/b", "status", "404"), ("names/a", "header X", "id 2")]

    assert signature(one) == signature(other)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("failures:\n- {id: names/plain, fails: nonsense, reason: x}", ":2: failures[0].fails"),
        ("failures:\n- {id: names/plain, fails: 123456789012, reason: x}", ":2: failures[0].fails"),
        ("failures:\n- {id: names/plain, fails: aaaaaaaaaaaa}", ":2: failures[0].reason"),
        ("failures:\n- {id: names/plain, fails: aaaaaaaaaaaa, reason: x, expires: 2026-02-31}", "2026-02-31 is no day"),
        (
            "failures:\n" + 2 * "- {id: names/plain, fails: aaaaaaaaaaaa, reason: x}\n",
            ":3: failures[1].id: names/plain",
        ),
        ("failure: []", ":1: failure"),
    ],
)
def test_a_list_that_is_not_one_is_blamed(tmp_path: Path, text: str, complaint: str) -> None:
    """What is wrong with a list is said by file, line and key."""
    path = tmp_path / "known.yaml"
    path.write_text(text)

    with pytest.raises(UsageError) as caught:
        read_baseline(path)

    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


def test_reason_of_another_event_is_kept() -> None:
    """Holding an event against an empty list changes nothing of it."""
    event = replace(judged(Outcome.FAIL), reason="mine")

    assert held_against(event, Baseline(), TODAY) == (event, "")
