"""All generated cases: the same on every machine, and each with an expectation that holds for every target."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.cases.model import Sized, as_data
from conformance.cases.rendering import render
from conformance.contract.reader import load_contract
from conformance.contract.requirements import load_requirements
from conformance.exchange.endpoint import Endpoint
from conformance.fixtures.table import FIXTURES
from conformance.generation.cases import generated_cases
from conformance.generation.drafts import OF_EVERY_ANSWER
from conformance.generation.world import world_of
from conformance.oracle.asked import read_request
from conformance.oracle.clause import bind
from conformance.oracle.signatures import signed_expectation
from conformance.oracle.site import Site

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.oracle.clause import Clause

DIGEST = Path(__file__).parent.parent / "data" / "generated.sha256"
NOWHERE = Endpoint("127.0.0.1", 80)
VAGUE = frozenset({"names/other-partition", "names/well-formed"})
"""Requirements about names of another partition."""
SITES = (
    Site("us-east-1", "123456789012", {name: f"invoke-conformance-{name}" for name in FIXTURES}),
    Site("cn-north-1", "000000000001", {name: f"a{number}" for number, name in enumerate(FIXTURES)}, "aws-cn"),
    Site("us-west-2", "999999999999", {name: f"Team_x-{name}-9f3" for name in FIXTURES}, "aws-us-gov"),
)
"""Targets that call everything differently."""
PROGRAM = """
import hashlib, json
from conformance.cases.model import as_data
from conformance.contract.reader import load_contract
from conformance.generation.cases import generated_cases
cases = generated_cases(load_contract())
print(hashlib.sha256(json.dumps([as_data(one) for one in cases.values()]).encode()).hexdigest())
"""
CASES = generated_cases(load_contract())


def digest() -> str:
    """Return the digest of all generated cases as data: ids, requests and expectations."""
    return hashlib.sha256(json.dumps([as_data(one) for one in CASES.values()]).encode()).hexdigest()


def single(case: Case) -> bool:
    """Tell whether a case is a single request of a size that is quickly looked at."""
    return len(case.steps) == 1 and not isinstance(case.steps[0].call.body, Sized)


def test_ids_say_what_they_are() -> None:
    """The ids name parameter, keyword and value, and there are as many cases as are promised."""
    expected = {
        "generated/FunctionName/maxLength/257",
        "generated/Qualifier/pattern/near-miss/0041",
        "generated/InvocationType/enum/lower-case/Event",
        "generated/ClientContext/x-max-bytes/3584",
        "generated/body/x-max-bytes/Event/1048577",
    }

    assert expected <= CASES.keys()
    assert len(CASES) >= 1500


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_another_process_makes_the_same_cases(seed: str) -> None:
    """Ids, requests and expectations do not depend on the order in which a process hashes texts."""
    environment = {**os.environ, "PYTHONHASHSEED": seed}

    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=60, check=True
    )

    assert ended.stdout.strip() == digest()


def test_cases_are_those_of_yesterday() -> None:
    """A change of a generated case is deliberate: baselines of users name its id."""
    assert digest() == DIGEST.read_text().strip(), f"if the change is meant, write this digest into {DIGEST.name}"


def test_a_purpose_is_one_line() -> None:
    """What a case is for can be printed as it stands, in lists and reports."""
    assert [case.id for case in CASES.values() if not case.purpose.isprintable()] == []


def test_every_case_expects_something_that_is_on_record() -> None:
    """Each clause cites a requirement, and each refusal has a twin among the cases that is no refusal."""
    requirements = load_requirements()

    unknown = {one for case in CASES.values() for one in case.requirements if one not in requirements}
    twins = {case.twin for case in CASES.values() if case.twin}

    assert unknown == set()
    assert twins <= CASES.keys()
    assert [name for name in twins if CASES[name].twin] == []


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.region)
def test_expectations_hold_wherever_a_target_is(site: Site) -> None:
    """The expectation of a case, bound to a target, is what the oracle says of the bytes that this target is sent."""
    contract, world = load_contract(), world_of(site)
    differing: list[str] = []
    for case in filter(single, CASES.values()):
        (step,) = case.steps
        direct = signed_expectation(step.call.signing, render(step.call, site, contract, NOWHERE), contract, world)
        # What is said of another partition is vague, and holds of the own one, too.
        vague = VAGUE if f"arn:{site.partition}:" in step.call.FunctionName else frozenset[str]()
        expected = {str(bind(one, site)) for one in step.expect if one.requirement not in vague}
        if expected - {*map(str, direct)}:
            differing.append(case.id)

    assert differing == []


def test_only_what_every_answer_has_is_left_out() -> None:
    """A case about one thing leaves out the headers of every answer, and nothing else that the oracle says."""
    contract, site = load_contract(), SITES[0]
    left: set[str] = set()
    for case in filter(single, CASES.values()):
        (step,) = case.steps
        direct = signed_expectation(
            step.call.signing, render(step.call, site, contract, NOWHERE), contract, world_of(site)
        )
        kept = {*map(_key, step.expect)}
        left |= {one.requirement for one in direct if _key(one) not in kept}

    assert left
    assert left <= OF_EVERY_ANSWER


def _key(clause: Clause) -> tuple[str, str, str]:
    return clause.requirement, clause.subject, clause.rule


def test_each_invalid_case_breaks_one_constraint() -> None:
    """What is refused for a constraint breaks that one alone, but for the empty text and the group about several."""
    contract, site = load_contract(), SITES[0]
    several: dict[str, int] = {}
    for case in filter(single, CASES.values()):
        asked = read_request(render(case.steps[0].call, site, contract, NOWHERE), contract)
        if asked is not None and len(asked.violations) > 1:
            several[case.id] = len(asked.violations)

    assert several
    assert [
        id_ for id_ in several if not id_.startswith("generated/several/") and not id_.endswith("/minLength/0")
    ] == []


def test_each_twin_breaks_none() -> None:
    """The request beside which a refusal is judged violates nothing."""
    contract, site = load_contract(), SITES[0]
    twins = [CASES[name] for name in {case.twin for case in CASES.values() if case.twin}]

    asked = [read_request(render(one.steps[0].call, site, contract, NOWHERE), contract) for one in twins]

    assert len(twins) > 20
    assert [one for one in asked if one is None or one.violations] == []
