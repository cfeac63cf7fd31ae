"""The expectation: from a request and what is deployed on a target to what must come back, as clauses."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations
from typing import TYPE_CHECKING

from conformance.oracle.answers import (
    ANY,
    DRY_RUN,
    EVENT,
    INVOKE_ASYNC,
    STREAMED_DRY_RUN,
    streamed,
    synchronous,
)
from conformance.oracle.asked import SYNCHRONOUS, read_request
from conformance.oracle.clause import Clause
from conformance.oracle.refusals import refusals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.contract.model import Contract, ErrorShape
    from conformance.contract.names import FunctionReference
    from conformance.exchange.message import Request
    from conformance.oracle.answers import Clauses
    from conformance.oracle.asked import Asked
    from conformance.oracle.refusals import Refusal
    from conformance.oracle.world import World

NO_OTHER_TYPE = r'(?s)^(?!.*"Type"\s*:\s*(?!"User"|\s))'
"""JSON in which the member Type, where it is there, is User."""
NO_ROUTE = r"<AccessDeniedException>\s*<Message>Unable to determine service/operation name to be authorized</Message>"
AS_READ = "names/read-as-the-pattern-does"
ELSEWHERE = "names/other-partition"


def expectation(request: Request, contract: Contract, world: World, body: bytes | None = None) -> Clauses:
    """Return what must hold of the answer to a well-signed request.

    Args:
        request: as sent, below no base path.
        contract: all constraints.
        world: what is deployed on the target.
        body: the request's body without chunking, where its own has it.

    Returns:
        Clauses for :func:`conformance.oracle.judge.judge`, the status first; the requirements that they cite say how
        sure each is. Where the evidence says nothing of such a request, what holds of every answer.
    """
    asked = read_request(request, contract, body)
    if asked is None:
        return _unrouted()
    if asked.repeated:
        return ANY
    deserved = refusals(asked, world)
    if any(one.sure for one in deserved):
        clauses = _refused(deserved, contract)
    else:
        clauses = ANY if deserved else _taken(asked, contract, world)
    return _as_named(asked.reference, clauses, world)


def _unrouted() -> Clauses:
    return (
        Clause("routing/unknown-route", "status", "equals", 403),
        Clause("routing/unknown-route-body", "text", "matches", NO_ROUTE),
    )


def _as_named(reference: FunctionReference | None, clauses: Clauses, world: World) -> Clauses:
    """Return clauses as sure as it is what a name stands for.

    Some forms are accepted by the pattern and explained by no document, and what an ARN of a partition that is not the
    target's own reaches is unrecorded; that they are well-formed is certain.
    """
    if reference is None:
        return clauses
    legal = Clause("names/well-formed", "error type", "is not", "ValidationException")
    constrained = any(one.subject == "error type" and "ValidationException" in str(one.value) for one in clauses)
    if not _documented(reference):
        guessed = tuple(replace(one, requirement=AS_READ) for one in clauses if one not in ANY)
        return (*guessed, *ANY, *(() if constrained else (legal,)))
    if reference.partition in {None, world.partition}:
        return clauses
    status = Clause(ELSEWHERE, "status", "is one of", [200, 202, 204, 400, 403, 404])
    return (status, *ANY, *(() if constrained else (legal,)))


def _documented(reference: FunctionReference) -> bool:
    """Tell whether a name has one of the three forms that are documented, or the one other that is recorded."""
    name = reference.text.removesuffix(f":{reference.qualifier}") if reference.qualifier else reference.text
    place = f"arn:{reference.partition}:lambda:{reference.region}:{reference.account}"
    partial = f"{reference.account}:function:{reference.name}"
    # An ARN that ends in the word function is of a function of that name.
    return name in {reference.name, partial, f"{place}:function:{reference.name}", f"{place}:function"}


def _refused(deserved: Sequence[Refusal], contract: Contract) -> Clauses:
    """Return what must hold of a refusal: one of those deserved, and its text and members where only one is."""
    first = deserved[0]
    clauses = (
        Clause(first.requirement, "status", "is one of", sorted({one.status for one in deserved})),
        Clause(
            first.type_requirement or first.requirement,
            "error type",
            "is one of",
            sorted({one.type for one in deserved}),
        ),
        *ANY,
        *_OF_REFUSALS,
    )
    if len(deserved) > 1:
        return clauses
    if first.message:
        clauses += (Clause(first.message_requirement, "error message", "matches", first.message),)
    return (*clauses, *_members(contract.errors[first.type]))


_OF_REFUSALS: Clauses = (
    Clause("response-headers/error-type-bare", "header x-amzn-ErrorType", "matches", "^[A-Za-z0-9]+$"),
    Clause("response-headers/error-content-type", "header Content-Type", "equals", "application/json"),
    Clause("response-headers/refusal-content-length", "declared size", "is as", "body size"),
    *(
        Clause("response-headers/refusal-no-result-headers", f"header {name}", "is absent")
        for name in ("X-Amz-Executed-Version", "X-Amz-Function-Error", "X-Amz-Log-Result")
    ),
)
"""What all refusals have in common."""


def _members(shape: ErrorShape) -> Clauses:
    """Return what must hold of the body of a refusal, by its shape in the contract."""
    clauses = (Clause("request-errors/type-is-user", "text", "matches", NO_OTHER_TYPE),)
    if shape.message_key is not None:
        requirement = "request-errors/modelled-message-key" if shape.modelled else "request-errors/validation-body"
        clauses += (Clause(requirement, f"json /{shape.message_key}", "is present"),)
    if not shape.modelled:
        return clauses
    free = [one for one in shape.members if one != shape.message_key]
    sets = chain.from_iterable(combinations(free, size) for size in range(len(free) + 1))
    known = [sorted([*filter(None, [shape.message_key]), *one]) for one in sets]
    return (*clauses, Clause("request-errors/modelled-members", "members", "is one of", known))


def _taken(asked: Asked, contract: Contract, world: World) -> Clauses:
    if asked.operation.id == "InvokeAsync":
        return INVOKE_ASYNC
    if asked.operation.id == "InvokeWithResponseStream":
        return STREAMED_DRY_RUN if asked.InvocationType == "DryRun" else streamed(asked, contract, world)
    if asked.InvocationType != SYNCHRONOUS:
        return {"Event": EVENT, "DryRun": DRY_RUN}[asked.InvocationType]
    return synchronous(asked, contract, world)
