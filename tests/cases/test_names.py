"""The cases of names and qualifiers agree with the contract about what is a violation and what is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

import pytest

from conformance.cases.authored import authored_cases
from conformance.contract.names import QualifierMismatch, combine, parse_name
from conformance.contract.reader import load_contract
from conformance.fixtures.table import FIXTURES, PREFIX
from conformance.oracle.site import Site, fill

if TYPE_CHECKING:
    from conformance.cases.model import Case

CONTRACT = load_contract()
INVOKE = CONTRACT.operations["Invoke"]
SITE = Site("us-east-1", "123456789012", {name: PREFIX + name for name in FIXTURES})
EMPTY = {"names/empty", "qualifiers/empty", "qualifiers/without-value"}
"""Cases that break the shortest length, of which it is not on record how they are refused."""
CASES = [case for case in authored_cases(CONTRACT).values() if case.area in {"names", "qualifiers"}]


def _name(case: Case) -> str:
    call = case.steps[0].call
    name = fill(call.FunctionName, SITE)
    return unquote(name, errors="surrogateescape") if call.escape == "raw" else name


def _qualifiers(case: Case) -> list[str]:
    return parse_qs(case.steps[0].call.query, keep_blank_values=True).get("Qualifier", [])


def _violations(case: Case) -> int:
    name = INVOKE.parameter("FunctionName").violations(_name(case))
    qualifier = [one for value in _qualifiers(case) for one in INVOKE.parameter("Qualifier").violations(value)]
    return len(name) + len(qualifier)


def _expects(case: Case, error_type: str) -> bool:
    return any(one.subject == "error type" and one.value == error_type for one in case.clauses)


@pytest.mark.parametrize("case", [one for one in CASES if _expects(one, "ValidationException")], ids=lambda one: one.id)
def test_what_is_refused_as_a_violation_is_one(case: Case) -> None:
    """A case that expects a ValidationException violates the contract, and its message counts the violations."""
    violations = _violations(case)
    counted = [
        int(found[1])
        for one in case.clauses
        if one.subject == "error message" and (found := re.match(r"\^(\d) validation errors? detected", one.value))
    ]

    assert violations > 0
    assert set(counted) <= {violations}


@pytest.mark.parametrize(
    "case",
    [one for one in CASES if not _expects(one, "ValidationException") and one.id not in EMPTY],
    ids=lambda one: one.id,
)
def test_what_is_not_refused_as_a_violation_is_none(case: Case) -> None:
    """A case that expects anything else violates no constraint of the contract."""
    assert _violations(case) == 0


@pytest.mark.parametrize(
    "case", [one for one in CASES if _expects(one, "InvalidParameterValueException")], ids=lambda one: one.id
)
def test_qualifiers_that_disagree_do(case: Case) -> None:
    """A case that expects two qualifiers to contradict each other has two that do."""
    reference = parse_name(_name(case), INVOKE.parameter("FunctionName"))

    assert reference is not None
    with pytest.raises(QualifierMismatch):
        combine(reference, _qualifiers(case)[0])


def test_lengths_are_as_the_ids_say() -> None:
    """A case whose id names a number of characters sends a name or a qualifier of just that many."""
    told = {
        case.id: (int(found[1]), len(_name(case) if case.area == "names" else _qualifiers(case)[0]))
        for case in CASES
        if (found := re.search(r"(?:^|/|-)(\d+)-characters?\b", case.id))
    }

    assert len(told) >= 10
    assert {id_: lengths for id_, lengths in told.items() if lengths[0] != lengths[1]} == {}


def test_no_two_cases_send_the_same() -> None:
    """No case is a duplicate of another: requests differ in more than the function that is called."""
    sent: dict[tuple[object, ...], list[str]] = {}
    for case in CASES:
        call = case.steps[0].call
        path = call.path or (fill(call.FunctionName, SITE), call.escape)
        sent.setdefault((path, call.query, call.headers), []).append(case.id)

    assert [ids for ids in sent.values() if len(ids) > 1] == []
