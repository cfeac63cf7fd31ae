"""Cases about routes and connections show what they claim to show."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from conformance.cases.authored import authored_cases
from conformance.oracle.site import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.model import Case
    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement
    from conformance.oracle.site import Site


@pytest.fixture(scope="module")
def cases(contract: Contract) -> Mapping[str, Case]:
    """All authored cases."""
    return authored_cases(contract)


def test_no_unknown_route_is_a_route(cases: Mapping[str, Case], contract: Contract, site: Site) -> None:
    """A path that is said to belong to no operation fits none of the contract's."""
    routes = [re.escape(one.path).replace(r"\{FunctionName\}", "[^/]+") for one in contract.operations.values()]
    paths = [
        fill(step.call.path, site)
        for case in cases.values()
        for step in case.steps
        if step.call.path and any(clause.subject == "status" and clause.value == 403 for clause in step.expect)
        if step.call.signing == "valid"
    ]

    assert len(paths) == 11
    assert [path for path in paths if any(re.fullmatch(route, path) for route in routes)] == []


def test_where_a_status_is_inferred_nothing_else_can_fail(
    cases: Mapping[str, Case], requirements: Mapping[str, Requirement]
) -> None:
    """Of an answer whose very status is only inferred, no part can be a failure: another answer would be as good."""
    wrong = [
        case.id
        for case in cases.values()
        for step in case.steps
        if (stated := [clause for clause in step.expect if clause.subject == "status"])
        and not any(requirements[clause.requirement].can_fail for clause in stated)
        and any(requirements[clause.requirement].can_fail for clause in step.expect)
    ]

    assert wrong == []


def test_pipelined_answers_can_be_told_apart(cases: Mapping[str, Case]) -> None:
    """No two calls that go out in one write expect the same, so that answers in another order don't hold."""
    groups = [case.steps for case in cases.values() if any(step.pipelined for step in case.steps)]

    assert groups
    for steps in groups:
        expected = [json.dumps(sorted([clause.subject, str(clause.value)] for clause in step.expect)) for step in steps]
        assert len(set(expected)) == len(steps)
