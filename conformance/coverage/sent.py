"""What the cases send, read back from the bytes, and what they say that the answer must be."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from conformance.cases.model import Sized
from conformance.cases.rendering import render
from conformance.generation.drafts import NEUTRAL, NOWHERE
from conformance.oracle.asked import read_request
from conformance.oracle.clause import RULES, bind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.cases.model import Case, Step
    from conformance.contract.model import Contract, Operation
    from conformance.oracle.asked import Asked
    from conformance.oracle.clause import Clause

REFUSAL, NOT_FOUND = 400, 404
SHOWN_BY: Mapping[str, str] = {
    "error type": "x-amzn-ErrorType",
    "log": "X-Amz-Log-Result",
    "log size": "X-Amz-Log-Result",
    "declared size": "Content-Length",
}
"""Subjects that look at a header without naming it."""
HEADER = "header "


@dataclass(frozen=True, slots=True)
class Sent:
    """A request of a case, and what is expected of its answer.

    Attributes:
        case: id.
        operation: of the contract, that the case is about.
        asked: for what the bytes ask; None where they are of no operation.
        signed: whether the signature is as it should be.
        nameless: whether the path is the operation's without a FunctionName.
        size: of the body, in bytes.
        statuses: those of the contract that the answer may have; none where nothing is said.
        errors: names of those of the contract that the answer may be; none where nothing is said.
        clauses: of the answer.
    """

    case: str
    operation: Operation
    asked: Asked | None
    signed: bool
    nameless: bool
    size: int
    statuses: frozenset[int]
    errors: frozenset[str]
    clauses: tuple[Clause, ...]

    def about(self, *subjects: str) -> tuple[Clause, ...]:
        """Return the clauses about some subjects."""
        return tuple(one for one in self.clauses if one.subject in subjects)

    @property
    def headers(self) -> Iterator[tuple[str, Clause]]:
        """The clauses about headers, with the name of each."""
        for clause in self.clauses:
            if clause.subject.startswith(HEADER):
                yield clause.subject.removeprefix(HEADER), clause
            elif clause.subject in SHOWN_BY:
                yield SHOWN_BY[clause.subject], clause

    @property
    def done(self) -> bool:
        """Whether the request is to be taken, for certain or perhaps."""
        return bool(self.statuses) and min(self.statuses) < REFUSAL

    @property
    def well_formed(self) -> bool:
        """Whether it is to be taken, or refused only because what it names is not there."""
        return self.done or NOT_FOUND in self.statuses

    @property
    def refused(self) -> bool:
        """Whether it is to be refused, for another reason than that."""
        return bool(self.statuses - {NOT_FOUND}) and min(self.statuses) >= REFUSAL


def sent(cases: Iterable[Case], contract: Contract) -> Iterator[Sent]:
    """Yield all calls of cases to the API."""
    every = contract.operations.values()
    statuses = tuple(sorted({one.status for each in every for one in (*each.success, *each.rejections)}))
    for case in cases:
        for step in case.steps:
            if step.call.service == "lambda":
                yield _sent(case, step, contract, statuses)


def _sent(case: Case, step: Step, contract: Contract, statuses: tuple[int, ...]) -> Sent:
    call, operation = step.call, contract.operations[step.call.operation]
    body = call.body
    # A body of megabytes is not made only to be counted.
    small = replace(call, body=b'"a"') if isinstance(body, Sized) else call
    request = render(small, NEUTRAL, contract, NOWHERE)
    path = request.target.partition(b"?")[0].decode("latin-1")
    clauses = tuple(bind(clause, NEUTRAL) for clause in step.expect)
    return Sent(
        case=case.id,
        operation=operation,
        asked=read_request(request, contract),
        signed=call.signing == "valid",
        nameless=path == operation.path.replace("{FunctionName}", ""),
        size=body.size if isinstance(body, Sized) else len(request.body),
        statuses=_allowed("status", clauses, statuses),
        errors=_allowed("error type", clauses, tuple(contract.errors)),
        clauses=clauses,
    )


def _allowed(subject: str, clauses: Iterable[Clause], values: tuple[Any, ...]) -> frozenset[Any]:
    """Return those values that all clauses about a subject let pass; none where there is no clause."""
    held = [_held(one.rule, json.dumps(one.value), values) for one in clauses if one.subject == subject]
    return frozenset[Any](values).intersection(*held) if held else frozenset()


@cache
def _held(rule: str, value: str, values: tuple[Any, ...]) -> frozenset[Any]:
    """Return the values for which a rule holds; thousands of cases share their expectations."""
    if RULES[rule].operand:
        return frozenset(values)
    return frozenset(one for one in values if RULES[rule].holds(one, json.loads(value)))
