"""The expectation: from a request and what is deployed on a target to what must come back, as clauses."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, combinations
from typing import TYPE_CHECKING

from conformance.oracle.answers import (
    ANY,
    DATE,
    DRY_RUN,
    EVENT,
    INVOKE_ASYNC,
    STREAMED_DRY_RUN,
    streamed,
    synchronous,
)
from conformance.oracle.asked import SYNCHRONOUS, operation_at, read_request
from conformance.oracle.clause import Clause, either
from conformance.oracle.refusals import refusals
from conformance.oracle.resting import GUESSED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.model import Contract, ErrorShape
    from conformance.contract.names import FunctionReference
    from conformance.exchange.message import Headers, Request
    from conformance.oracle.answers import Clauses
    from conformance.oracle.asked import Asked
    from conformance.oracle.refusals import Refusal
    from conformance.oracle.world import World

NO_OTHER_TYPE = r'(?s)^(?!.*"Type"\s*:\s*(?!"User"|\s))'
"""JSON in which the member Type, where it is there, is User."""
NO_ROUTE = r"<AccessDeniedException>\s*<Message>Unable to determine service/operation name to be authorized</Message>"
_NO_ROUTE = Clause("routing/unknown-route-body", "text", "matches", NO_ROUTE)
METHODS = frozenset({b"GET", b"PUT", b"DELETE", b"PATCH"})
"""Methods that are refused like an unknown route; what is answered to HEAD is not recorded, OPTIONS has a meaning."""
ONLY_POST: Mapping[str, str] = {
    "Invoke": "routing/only-post",
    "InvokeWithResponseStream": "streaming/only-post",
    "InvokeAsync": "invoke-async/only-post",
}
"""Operation -> the requirement about its method."""
PLAIN_PATH = re.compile(rb"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
"""A path without empty segments, segments of dots, encoded characters or a slash at its end."""
RESEMBLING = re.compile(rb"(?i)/functions/|/invoke")
"""In a path that is of no operation, but nearly of one of ours, or of another of the service."""
CONTENT_TYPES = frozenset({b"", b"application/json", b"application/octet-stream", b"binary/octet-stream"})
"""Those that SDKs send, which are accepted (recorded)."""
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
        sure each is. Where the evidence says nothing of such a request, what holds of every answer, or nothing.
    """
    asked = read_request(request, contract, body)
    if asked is None:
        return _unrouted(request, contract)
    if asked.repeated or _unclear(asked.values["FunctionName"], request.target) or not _usual(request.headers):
        return ANY
    deserved = refusals(asked, world)
    if any(one.sure for one in deserved):
        clauses = _refused(deserved, contract)
    else:
        clauses = ANY if deserved else _taken(asked, contract, world)
    return _as_named(asked.reference, clauses, deserved, world)


def _unrouted(request: Request, contract: Contract) -> Clauses:
    """Return that a path or method of no operation is refused; nothing where it might be taken for another."""
    path = request.target.partition(b"?")[0]
    operation = operation_at(path, contract)
    if operation is not None:
        known = request.method in METHODS and operation.id in ONLY_POST
        return (Clause(ONLY_POST[operation.id], "status", "equals", 403), _NO_ROUTE) if known else ()
    if PLAIN_PATH.fullmatch(path) is None or RESEMBLING.search(path):
        return ()
    return (Clause("routing/unknown-route", "status", "equals", 403), _NO_ROUTE)


def _unclear(FunctionName: str, target: bytes) -> bool:
    """Tell whether a path or query may be read in more than one way, and none is recorded.

    A segment of dots may be another path, an encoded slash may separate, bytes that are no UTF-8 and a plus sign in the
    query may stand for this or that.
    """
    query = target.partition(b"?")[2]
    return FunctionName in {".", ".."} or "/" in FunctionName or "\ufffd" in FunctionName or b"+" in query


def _usual(headers: Headers) -> bool:
    """Tell whether headers leave no doubt.

    Such as are not ASCII fail the signature where one is checked (recorded), and only there. A Content-Type that no
    SDK sends may be refused, as the model has it, or be overlooked.
    """
    types = {value for name, value in headers if name.lower() == b"content-type"}
    return types <= CONTENT_TYPES and all(value.isascii() for _, value in headers)


def _as_named(
    reference: FunctionReference | None, clauses: Clauses, deserved: Sequence[Refusal], world: World
) -> Clauses:
    """Return clauses as sure as it is what a name stands for.

    Some forms are accepted by the pattern and explained by no document, and what an ARN of a partition that is not the
    target's own reaches is unrecorded; that they are well-formed is certain.
    """
    if reference is None:
        return clauses
    legal = Clause("names/well-formed", "error type", "is not", "ValidationException")
    constrained = any(one.type == "ValidationException" for one in deserved)  # for certain or not
    if not _documented(reference):
        guessed = tuple(replace(one, requirement=AS_READ) for one in clauses if one not in ANY)
        return (*guessed, *ANY, *(() if constrained else (legal,)))
    if reference.partition in {None, world.partition}:
        return clauses
    statuses = sorted({200, 202, 204, 400, 403, 404, *(one.status for one in deserved)})
    status = Clause(ELSEWHERE, "status", "is one of", statuses)
    return (status, *ANY, *(() if constrained else (legal,)))


def _documented(reference: FunctionReference) -> bool:
    """Tell whether a name has one of the three forms that are documented, or the one other that is recorded."""
    name = reference.text.removesuffix(f":{reference.qualifier}") if reference.qualifier else reference.text
    place = f"arn:{reference.partition}:lambda:{reference.region}:{reference.account}"
    partial = f"{reference.account}:function:{reference.name}"
    # An ARN that ends in the word function is of a function of that name.
    return name in {reference.name, partial, f"{place}:function:{reference.name}", f"{place}:function"}


def _refused(deserved: Sequence[Refusal], contract: Contract) -> Clauses:
    """Return what must hold of a refusal: one of those deserved, and its text and members where only one is.

    Where it is only reasoned that there is a refusal, that is all; and where its type is, nothing of its shape.
    """
    first = deserved[0]
    about_type = first.type_requirement or first.requirement
    clauses = (
        either(first.requirement, "status", {one.status for one in deserved}),
        either(about_type, "error type", {one.type for one in deserved}),
        *ANY,
    )
    if all(one.requirement in GUESSED for one in deserved if one.sure):
        return clauses
    if len(deserved) > 1 or about_type in GUESSED:
        return (*clauses, *_OF_REFUSALS)
    worded = (Clause(first.message_requirement, "error message", "matches", first.message),) if first.message else ()
    return (*clauses, *_OF_REFUSALS, *worded, *_members(contract.errors[first.type]))


_OF_REFUSALS: Clauses = (
    Clause("response-headers/error-type-bare", "header x-amzn-ErrorType", "matches", "^[A-Za-z0-9]+$"),
    Clause("response-headers/error-content-type", "header Content-Type", "equals", "application/json"),
    Clause("response-headers/refusal-content-length", "declared size", "is as", "body size"),
    Clause("response-headers/refusal-date", "header Date", "matches", DATE),
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
