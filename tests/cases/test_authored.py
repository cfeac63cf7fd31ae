"""The authored cases keep the rules that make them trustworthy."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from conformance.cases.authored import authored_cases
from conformance.cases.model import SITE_WORDS, Call, as_data
from conformance.fixtures.table import FIXTURES, QUEUES
from conformance.oracle.clause import RULES
from conformance.oracle.reading import split_subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.model import Case
    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement
    from conformance.oracle.clause import Clause

AREAS = {
    "invocation-types",
    "status-codes",
    "response-headers",
    "names",
    "qualifiers",
    "payload",
    "client-context",
    "logs",
    "function-errors",
    "request-errors",
    "limits",
    "routing",
    "signing",
    "invoke-async",
    "streaming",
    "concurrency",
    "function-states",
    "tenant",
    "durable",
    "asynchronous",
}
TWO_FAULTS = {
    "qualifiers/with-illegal-name": "is about two faults at a time",
    "client-context/with-malformed-body": "is about two faults at a time",
    "request-errors/constraints-before-look-up": "is about two faults at a time",
    "request-errors/length-before-look-up": "is about two faults at a time",
    "request-errors/type-before-look-up": "is about two faults at a time",
    "request-errors/log-type-before-look-up": "is about two faults at a time",
    "request-errors/violations-of-name-and-header": "is about two faults at a time",
    "request-errors/violations-of-all-parameters": "is about many faults at a time",
    "signing/wrong-secret-and-type": "is about two faults at a time",
    "signing/wrong-secret-and-client-context": "is about two faults at a time",
    "signing/wrong-secret-and-function": "is about two faults at a time",
}
"""Cases that differ from their twin in more than one part -> why."""


@pytest.fixture(scope="module")
def cases(contract: Contract) -> Mapping[str, Case]:
    """All authored cases."""
    return authored_cases(contract)


def test_every_area_has_cases(cases: Mapping[str, Case]) -> None:
    """No area of the contract is left out."""
    assert {case.area for case in cases.values()} == AREAS


def test_every_requirement_has_a_case(cases: Mapping[str, Case], requirements: Mapping[str, Requirement]) -> None:
    """Each requirement is checked by a case or says why not, and each case cites known requirements only."""
    cited = {id_ for case in cases.values() for id_ in case.requirements}

    assert cited == {id_ for id_, one in requirements.items() if not one.untested}


def test_clauses_use_known_subjects_and_rules(cases: Mapping[str, Case]) -> None:
    """Each clause names a subject and a rule that there are."""
    for case in cases.values():
        for clause in case.clauses:
            assert clause.rule in RULES
            split_subject(clause.subject)
            if RULES[clause.rule].operand:
                split_subject(clause.value.split(" ", 2)[2] if clause.value.startswith("step ") else clause.value)


def test_every_case_expects_something_in_its_last_step(cases: Mapping[str, Case]) -> None:
    """No case asserts nothing."""
    assert [case.id for case in cases.values() if not case.steps[-1].expect] == []


def test_fixtures_exist(cases: Mapping[str, Case]) -> None:
    """Each word in braces is one of the site's or a fixture."""
    assert {name for case in cases.values() for name in case.fixtures} <= (FIXTURES.keys() | set(QUEUES)) - SITE_WORDS


def _refuses(case: Case) -> bool:
    clauses = case.steps[-1].expect
    return any(_is_refusal(one) for one in clauses)


def _is_refusal(clause: Clause) -> bool:
    if clause.subject == "status" and clause.rule in {"equals", "is one of", "is at least"}:
        return all(status >= 400 for status in (clause.value if clause.rule == "is one of" else [clause.value]))
    return clause.subject in {"error type", "header x-amzn-ErrorType"} and clause.rule != "is absent"


def test_every_refusal_has_a_twin_that_succeeds(cases: Mapping[str, Case]) -> None:
    """Each case that expects a refusal names a twin, and the twin expects none and has no twin itself."""
    refusing = {case.id for case in cases.values() if _refuses(case)}

    assert {case.id for case in cases.values() if case.twin} == refusing
    assert [id_ for id_ in refusing if _refuses(cases[cases[id_].twin]) or cases[cases[id_].twin].twin] == []


def test_a_twin_differs_in_one_part_only(cases: Mapping[str, Case]) -> None:
    """A negative case is its twin with one part changed, where parts are the fields of a call.

    Bodies of a function's own choosing don't count: another valid body is no fault.
    """
    differing = {
        case.id: {
            one.name
            for one in fields(Call)
            if getattr(case.steps[0].call, one.name) != getattr(cases[case.twin].steps[0].call, one.name)
        }
        for case in cases.values()
        if case.twin
    }
    harmless = {"body"}
    wrong = {id_ for id_, parts in differing.items() if len(parts - harmless) > 1 and id_ not in TWO_FAULTS}

    assert wrong == set()


def test_cases_are_data(cases: Mapping[str, Case]) -> None:
    """Each case can be written as JSON for another harness."""
    for case in cases.values():
        assert json.loads(json.dumps(as_data(case)))["id"] == case.id
