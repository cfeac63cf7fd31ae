"""What a run is going to send, and why not the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.running import REQUIREMENTS, expecting, simple, target_at

from conformance.cases.authored import authored_cases
from conformance.cases.model import Call, Case, Step
from conformance.contract.requirements import Tier
from conformance.errors import UsageError
from conformance.exchange.endpoint import Endpoint
from conformance.exchange.sigv4 import Credentials
from conformance.oracle.clause import Clause
from conformance.run.plan import make_plan, tier_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement
    from conformance.targets.model import Target

TARGET = target_at(Endpoint("127.0.0.1", 1))
TWO_TIERS = (Clause("a/full", "status", "equals", 200), Clause("a/core", "body", "is empty"))
CASES: Mapping[str, Case] = {
    case.id: case
    for case in (
        simple("a/core", expecting(200)),
        simple("a/full", expecting(200, requirement_id="a/full")),
        simple("a/strict", expecting(200, requirement_id="a/strict")),
        simple("a/refused", expecting(400), twin="a/core"),
        simple("b/refused", expecting(400), twin="b/twin"),
        simple(
            "b/twin", Step(Call(), (Clause("a/full", "status", "equals", 200), Clause("a/core", "body", "is empty")))
        ),
    )
}


def chosen(tier: Tier = Tier.STRICT, only: Sequence[str] = (), skip: Sequence[str] = ()) -> list[str]:
    """The ids of the cases that are planned."""
    return [one.case.id for one in make_plan(CASES, REQUIREMENTS, TARGET, tier, only, skip)]


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        (Tier.CORE, ["a/core", "a/refused", "b/refused", "b/twin"]),
        (Tier.FULL, ["a/core", "a/full", "a/refused", "b/refused", "b/twin"]),
        (Tier.STRICT, list(CASES)),
    ],
)
def test_a_tier_leaves_out_stricter_cases(tier: Tier, expected: list[str]) -> None:
    """Cases that only a stricter tier has something to say about are not in the plan."""
    assert chosen(tier) == expected


@pytest.mark.parametrize(
    ("only", "skip", "expected"),
    [
        (["a/full"], [], ["a/full"]),
        (["a/*"], ["a/[cf]*"], ["a/strict", "a/refused"]),
        (["a/full", "a/strict"], [], ["a/full", "a/strict"]),
        ([], ["b/*"], ["a/core", "a/full", "a/strict", "a/refused"]),
        (["a/core"], ["*"], []),
    ],
)
def test_globs_choose_and_leave_out(only: list[str], skip: list[str], expected: list[str]) -> None:
    """``only`` chooses by any of its globs, ``skip`` leaves out whatever matches one of its own."""
    assert chosen(only=only, skip=skip) == expected


def test_a_glob_without_a_case_is_an_error() -> None:
    """A glob of ``only`` that matches nothing is a mistake of the user and named."""
    with pytest.raises(UsageError, match="--only b/nonsense: no case matches"):
        chosen(only=["a/*", "b/nonsense"])


def test_twins_are_chosen_along() -> None:
    """A refusal that is chosen brings its twin, before or after it in the order of all cases."""
    assert chosen(only=["a/refused"]) == ["a/core", "a/refused"]
    assert chosen(only=["b/refused"]) == ["b/refused", "b/twin"]


def test_a_skipped_twin_stays_away() -> None:
    """What the user wants to leave out is not sent, not even as a twin."""
    assert chosen(only=["a/refused"], skip=["a/core"]) == ["a/refused"]


def test_a_twin_without_a_check_of_the_tier_stays_away() -> None:
    """A twin of which nothing can be judged in the tier would fail for want of checks, so it is not sent."""
    cases = {
        "a/refused": simple("a/refused", expecting(400), twin="a/twin"),
        "a/twin": simple("a/twin", expecting(200, requirement_id="a/strict")),
    }

    planned = make_plan(cases, REQUIREMENTS, TARGET, Tier.CORE)

    assert [one.case.id for one in planned] == ["a/refused"]


def test_the_tier_is_the_mildest_of_the_cases_own_area() -> None:
    """Requirements of other areas are ground on which a case stands and don't make it milder."""
    clauses = (Clause("a/core", "status", "equals", 200), Clause("b/strict", "body", "is empty"))
    strict = replace(REQUIREMENTS["a/strict"], id="b/strict", area="b")

    tier = tier_of(Case("b/case", "purpose", (Step(Call(), clauses),)), {**REQUIREMENTS, "b/strict": strict})

    assert tier is Tier.STRICT


@pytest.mark.parametrize(
    ("case", "target", "reason"),
    [
        (simple("a/fine"), TARGET, ""),
        (
            replace(simple("a/async"), capabilities=("invoke-async",)),
            replace(TARGET, capabilities=frozenset({"signatures"})),
            "the target does not claim the capability invoke-async",
        ),
        (simple("a/unknown", Step(Call(), ())), TARGET, "nothing is known of what must come back"),
        (
            simple("a/big", Step(Call("{big}"), expecting(200).expect)),
            TARGET,
            "the target has no fixture big",
        ),
        (
            simple("a/big", Step(Call("{big}"), expecting(200).expect)),
            replace(TARGET, missing={"big": "CreateFunction answered 501", "log": "another reason"}),
            "the target has no fixture big: CreateFunction answered 501",
        ),
        (
            simple("a/header", Step(Call(headers=(("X-Other", "{log}"),)), expecting(200).expect)),
            TARGET,
            "the target has no fixture log",
        ),
        (
            simple("a/unsigned", Step(Call(signing="unsigned"), expecting(403).expect)),
            TARGET,
            "the target takes unsigned requests",
        ),
        (
            simple("a/unsigned", Step(Call(signing="unsigned"), expecting(403).expect)),
            replace(TARGET, credentials=Credentials("key", "secret")),
            "",
        ),
    ],
)
def test_what_does_not_apply_says_why(case: Case, target: Target, reason: str) -> None:
    """A case that a target can't be asked stays in the plan, as a skip with its reason."""
    (planned,) = make_plan({case.id: case}, REQUIREMENTS, target, Tier.STRICT)

    assert planned.skip == reason


def test_an_unknown_requirement_is_an_error() -> None:
    """A case that cites a requirement that no file has is named, with the requirement and where it belongs."""
    case = simple("a/case", expecting(200, requirement_id="b/lost"))

    with pytest.raises(UsageError, match=r"b/lost: cited by the case a/case") as caught:
        make_plan({case.id: case}, REQUIREMENTS, TARGET, Tier.CORE)

    assert caught.value.hint == "add it to requirements/b.yaml"


@pytest.mark.parametrize("tier", Tier)
def test_every_shipped_refusal_is_planned_with_its_twin(
    tier: Tier, contract: Contract, requirements: Mapping[str, Requirement], reference: Target
) -> None:
    """In each tier, no refusal of ours is sent without the twin that gives it its weight."""
    plan = make_plan(authored_cases(contract), requirements, reference, tier)

    ids = {one.case.id for one in plan}
    assert [one.case.id for one in plan if one.case.twin and one.case.twin not in ids] == []
