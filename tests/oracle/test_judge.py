"""The judge: clauses and answers in, checks and outcomes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.requirements import Evidence, EvidenceKind, Requirement, Tier
from conformance.exchange.message import Response
from conformance.oracle.clause import Clause
from conformance.oracle.judge import SHOWN, Check, judge, outcome_of, show
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping


def requirement(id_: str, kind: EvidenceKind = EvidenceKind.RECORDED, tier: Tier = Tier.CORE) -> Requirement:
    """A requirement with one piece of evidence."""
    return Requirement(id_, "a", tier, "text", (Evidence(kind, "source"),))


KNOWN: Mapping[str, Requirement] = {
    "a/known": requirement("a/known"),
    "a/inferred": requirement("a/inferred", EvidenceKind.INFERRED),
    "a/strict": requirement("a/strict", tier=Tier.STRICT),
}


def answer(status: int = 200, headers: dict[str, str] | None = None, body: bytes = b"{}") -> Reading:
    """A reading of a response."""
    pairs = tuple((name.encode(), value.encode()) for name, value in (headers or {}).items())
    return Reading(Response(status, b"", b"HTTP/1.1", pairs, body))


def judged(*clauses: Clause, readings: tuple[Reading, ...] = (), tier: Tier = Tier.FULL) -> list[Check]:
    """Judge an ordinary answer, or the readings given."""
    return judge(clauses, readings or (answer(),), KNOWN, tier)


def test_a_clause_that_holds_passes() -> None:
    """A clause whose rule holds gives a check that passes and shows what was observed."""
    (check,) = judged(Clause("a/known", "status", "equals", 200))

    assert (check.outcome, check.expected, check.observed) == (Outcome.PASS, "200", "200")


def test_a_clause_that_does_not_hold_fails() -> None:
    """A clause whose rule doesn't hold fails when anything but inference stands behind it."""
    (check,) = judged(Clause("a/known", "header X-Amz-Executed-Version", "equals", "$LATEST"))

    assert (check.outcome, check.expected, check.observed) == (Outcome.FAIL, "$LATEST", "absent")


def test_inferred_evidence_only_notes() -> None:
    """A requirement that rests on inference alone can't produce a failure."""
    (check,) = judged(Clause("a/inferred", "status", "equals", 404))

    assert check.outcome is Outcome.NOTE
    assert outcome_of([check]) is Outcome.NOTE


def test_stricter_checks_are_left_out() -> None:
    """Checks of a stricter tier than the run's are not made."""
    clause = Clause("a/strict", "status", "equals", 404)

    assert judged(clause) == []
    assert [check.outcome for check in judged(clause, tier=Tier.STRICT)] == [Outcome.FAIL]


def test_no_checks_are_a_failure() -> None:
    """A case of which nothing was checked never passes."""
    assert outcome_of([]) is Outcome.FAIL


def test_unknown_requirement_is_an_error() -> None:
    """A clause that cites an unknown requirement can't be judged."""
    with pytest.raises(KeyError):
        judged(Clause("a/nonsense", "status", "equals", 200))


@pytest.mark.parametrize(
    ("subject", "rule", "value", "holds"),
    [
        ("status", "is one of", [200, 202], True),
        ("status", "is one of", [202], False),
        ("header x-one", "equals", "1", True),
        ("header X-ONE", "is present", None, True),
        ("header X-Two", "is present", None, False),
        ("header X-Two", "is absent", None, True),
        ("header X-One", "is absent", None, False),
        ("json /number", "equals", 1, True),
        ("json /number", "equals", True, False),
        ("json /true", "equals", 1, False),
        ("json /true", "equals", True, True),
        ("json /list/1", "equals", "b", True),
        ("json /list/2", "is absent", None, True),
        ("json /missing", "equals", None, False),
        ("json /null", "equals", None, True),
        ("members", "equals", ["list", "message", "null", "number", "true"], True),
        ("members", "includes", ["message"], True),
        ("members", "includes", ["Message"], False),
        ("error message", "matches", "^wo", True),
        ("error message", "matches", "^rd", False),
        ("error type", "equals", "Bad", True),
        ("body size", "is at most", 3, False),
        ("body size", "is at least", 3, True),
        ("body", "is empty", None, False),
        ("declared size", "is as", "body size", False),
        ("connection stays open", "equals", True, True),
    ],
)
def test_subjects_and_rules(subject: str, rule: str, value: Any, holds: bool) -> None:  # noqa: FBT001  a table
    """Each subject observes what its name says and each rule compares as its name says."""
    body = b'{"number": 1, "true": true, "null": null, "list": ["a", "b"], "message": "words"}'
    reading = answer(400, {"X-One": "1", "x-amzn-ErrorType": "ns#Bad:http://x", "Content-Length": "1"}, body)
    if subject == "status":
        reading = answer()

    (check,) = judged(Clause("a/known", subject, rule, value), readings=(reading,))

    assert (Outcome.PASS if holds else Outcome.FAIL) is check.outcome


def test_comparison_with_an_earlier_step() -> None:
    """A clause can compare an observation with one of an earlier answer of the case."""
    readings = (answer(headers={"X-Id": "1"}), answer(headers={"X-Id": "2"}))

    same, different = judged(
        Clause("a/known", "header X-Id", "is as", "step 1 header X-Id"),
        Clause("a/known", "header X-Id", "differs from", "step 1 header X-Id"),
        readings=readings,
    )

    assert (same.outcome, different.outcome) == (Outcome.FAIL, Outcome.PASS)
    assert same.step == 2
    assert same.expected == "equal to step 1 header X-Id (1)"


def test_comparison_with_several_earlier_steps() -> None:
    """A clause can compare with several observations; those that are there count, and the words name all."""
    readings = (answer(headers={"X-Id": "1"}), answer(), answer(headers={"X-Id": "1"}))
    earlier = ["step 1 header X-Id", "step 2 header X-Id"]

    (check,) = judged(Clause("a/known", "header X-Id", "differs from all", earlier), readings=readings)

    assert check.outcome is Outcome.FAIL
    assert check.expected == 'absent, or different from all of step 1 header X-Id, step 2 header X-Id (["1"])'


@pytest.mark.parametrize("rule", ["is as", "differs from"])
def test_missing_observations_never_compare_well(rule: str) -> None:
    """Neither sameness nor difference holds where there is nothing to compare: two absent ids are no two ids."""
    (check,) = judged(Clause("a/known", "header X-Id", rule, "step 1 header X-Id"), readings=(answer(), answer()))

    assert check.outcome is Outcome.FAIL


def test_long_observations_are_cut() -> None:
    """A long observation is cut, so that a report stays readable; one that just fits is not."""
    assert SHOWN == 400
    assert show("a" * SHOWN) == "a" * SHOWN
    assert show("a" * (SHOWN + 1)) == "a" * SHOWN + "…"
    assert show(b"a" * (SHOWN - 2)) == f"'{'a' * (SHOWN - 2)}'"
    assert show(b"a" * (SHOWN - 1)) == f"'{'a' * (SHOWN - 1)}…"
    assert show(b"a" * 10_000_000) == show(b"a" * SHOWN)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("words", "words"),
        ("", ""),
        (b"", "empty"),
        (b"a\xff", r"'a\xff'"),
        (None, "null"),
        (True, "true"),
        (["é", {"a": 1.5}], '["é", {"a": 1.5}]'),
    ],
)
def test_observations_are_shown_as_they_are(value: object, words: str) -> None:
    """Text as it is, bytes as Python would write them, anything else as JSON that a reader can read."""
    assert show(value) == words


@pytest.mark.parametrize(
    ("outcomes", "outcome"),
    [
        ("pass", "pass"),
        ("pass pass", "pass"),
        ("pass note", "note"),
        ("note fail", "fail"),
        ("fail pass", "fail"),
        ("note note", "note"),
    ],
)
def test_checks_add_up_to_the_worst_of_them(outcomes: str, outcome: str) -> None:
    """One failure fails a case, one note notes it, and only passes alone pass it."""
    checks = [Check(Clause("a/known", "status", "equals", 1), Outcome(one), 1, None, 1) for one in outcomes.split()]
    assert outcome_of(checks) == outcome


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b"\xff", "not UTF-8"),
        (b"{", "not JSON"),
        (b"NaN", "not JSON"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_bodies_that_are_no_json_say_why(body: bytes, why: str) -> None:
    """What is no JSON is observed as such, whatever is wrong with it."""
    (check,) = judged(Clause("a/known", "json", "equals", {}), readings=(answer(body=body),))

    assert check.outcome is Outcome.FAIL
    assert check.observed.startswith(why)


def test_log_that_is_no_base64_says_so() -> None:
    """A log result that isn't base64 is observed as such, not decoded as far as it goes."""
    (check,) = judged(Clause("a/known", "log", "matches", "."), readings=(answer(headers={"X-Amz-Log-Result": "a b"}),))

    assert check.observed.startswith("not base64")
