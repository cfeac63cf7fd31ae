"""The cases that go through what the contract requires and forbids of an answer's headers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.cases import header_sets, invocation_outcomes
from conformance.cases.behaviours import behaviours

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract, Success


def success(contract: Contract, InvocationType: str) -> Success:
    """The good answer of a type."""
    return next(one for one in contract.operations["Invoke"].success if one.InvocationType == InvocationType)


def looked_at(case: Case) -> set[str]:
    """The headers of which a case expects something."""
    subjects = {clause.subject for clause in case.clauses}
    sizes = {"Content-Length"} if "declared size" in subjects else set[str]()
    return {subject.removeprefix("header ") for subject in subjects if subject.startswith("header ")} | sizes


@pytest.mark.parametrize(
    ("id_", "InvocationType"),
    [("of-result", "RequestResponse"), ("of-exception", "RequestResponse"), ("of-event", "Event")],
)
def test_each_required_header_is_looked_at(contract: Contract, id_: str, InvocationType: str) -> None:
    """No header that the contract requires is left out."""
    cases = {case.id: case for case in header_sets.cases(contract)}

    required = set(success(contract, InvocationType).required_headers)

    assert required - looked_at(cases[f"response-headers/{id_}"]) == set()


@pytest.mark.parametrize(("type_", "InvocationType"), [("event", "Event"), ("dry-run", "DryRun")])
def test_each_forbidden_header_must_be_absent_whatever_the_function_does(
    contract: Contract, type_: str, InvocationType: str
) -> None:
    """No header that the contract forbids is left out, for any way in which a function goes on."""
    cases = {case.id: case for case in invocation_outcomes.cases(contract)}
    forbidden = {f"header {name}" for name in success(contract, InvocationType).forbidden_headers}

    absent = [
        {
            clause.subject
            for clause in cases[f"invocation-types/{type_}-of-{row.name}"].clauses
            if clause.rule == "is absent"
        }
        for row in behaviours(contract)
    ]

    assert absent == [forbidden] * len(behaviours(contract))


def test_a_header_that_nobody_wrote_of_is_no_silent_gap(contract: Contract) -> None:
    """A header that is added to the contract breaks the cases until a requirement speaks of it."""
    answer = success(contract, "RequestResponse")
    more = replace(answer, required_headers=(*answer.required_headers, "X-Amz-New"))

    with pytest.raises(KeyError, match="X-Amz-New"):
        header_sets.carries(more, header_sets.SYNCHRONOUS)
    with pytest.raises(KeyError, match="X-Amz-New"):
        invocation_outcomes.without(("X-Amz-New",), invocation_outcomes.NOT_ON_EVENT)
