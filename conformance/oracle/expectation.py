"""The expectation: from a request and what is deployed on a target to what must come back, as clauses."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, combinations
from typing import TYPE_CHECKING

from conformance.oracle.answers import ANY, DATE, KEPT_OPEN, taken
from conformance.oracle.asked import operation_at, read_request
from conformance.oracle.bearing import doubt
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

NO_OTHER_TYPE = r'(?s)^(?!.*"Type"\s*:\s*(?!"User"|null|\s))'
"""JSON in which the member Type, where it has a value, is User."""
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
CONNECTED = frozenset({"response-headers/connection", "routing/keep-alive"})
"""Requirements about how a connection goes on."""
BEFORE_ALL = r"/(1[0-9]{3}|200[0-9]|201[0-3])-[0-9]{2}-[0-9]{2}"
"""A version of the API before there was any."""
BY_TEXT = frozenset({"client-context/body-error-wins", "request-errors/region-before-look-up"})
"""Requirements about the order of two checks whose refusals differ in their texts alone."""
NAME = "{FunctionName}"
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
        clauses = ANY if deserved else taken(asked, contract, world)
    return _doubted(asked, _as_named(asked.reference, clauses, deserved, world))


def _doubted(asked: Asked, clauses: Clauses) -> Clauses:
    """Return clauses as sure as it is that the request is read as it seems; and none of how the connection goes on.

    What is said of connections is said of HTTP/1.1, and of callers who don't ask that it be closed.
    """
    request = asked.request
    if request.version != b"HTTP/1.1" or request.header("Connection"):
        clauses = tuple(one for one in clauses if one.requirement not in CONNECTED)
    requirement = doubt(asked)
    return tuple(one if one in ANY else replace(one, requirement=requirement or one.requirement) for one in clauses)


def _unrouted(request: Request, contract: Contract) -> Clauses:
    """Return that a path or method of no operation is refused; nothing where it might be taken for another."""
    path = request.target.partition(b"?")[0]
    operation = operation_at(path, contract)
    if request.method == b"POST" and path.decode("latin-1") == contract.operations["Invoke"].path.replace(NAME, ""):
        return (Clause("names/empty", "status", "is at least", 400), Clause("names/empty", "status", "is at most", 499))
    if operation is not None:
        if request.method not in METHODS or operation.id not in ONLY_POST:
            return ()
        status = Clause(ONLY_POST[operation.id], "status", "equals", 403)
        return (status, *([_NO_ROUTE] if operation.id == "Invoke" else []))  # of the others, the status is inferred
    if re.match(rb"//+[^/]", path) and operation_at(path[:1] + path.lstrip(b"/"), contract) is not None:
        return (Clause("routing/double-slash", "status", "equals", 403), _NO_ROUTE)
    plain = path == b"/" or PLAIN_PATH.fullmatch(path) is not None
    if plain and (not RESEMBLING.search(path) or (request.method == b"POST" and _no_operation(path, contract))):
        return (Clause("routing/unknown-route", "status", "equals", 403), _NO_ROUTE)
    return ()


def _no_operation(path: bytes, contract: Contract) -> bool:
    """Tell whether a path near that of Invoke certainly belongs to none: without a version, cut, or longer."""
    invoke = re.escape(contract.operations["Invoke"].path).replace(r"\{FunctionName\}", "[^/]+")
    versionless = "/" + invoke.split("/", 2)[2]
    pattern = rf"({BEFORE_ALL})?{versionless}|{invoke[:-1]}|{invoke}(/[a-z]+)+"
    return re.fullmatch(pattern, path.decode("latin-1")) is not None


def _unclear(FunctionName: str, target: bytes) -> bool:
    """Tell whether a path or query may be read in more than one way, and none is recorded.

    A segment of dots may be another path, an encoded slash may separate, bytes that are no UTF-8 and a plus sign in the
    query may stand for this or that.
    """
    query = target.partition(b"?")[2]
    return FunctionName in {".", ".."} or "/" in FunctionName or "\ufffd" in FunctionName or b"+" in query


def _usual(headers: Headers) -> bool:
    """Tell whether headers leave no doubt: such as are not ASCII fail the signature where it is checked (recorded)."""
    return all(value.isascii() for _, value in headers)


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
    types = {one.type for one in deserved}
    clauses = (
        either(first.requirement, "status", {one.status for one in deserved}),
        either(about_type, "error type", types),
        *ANY,
    )
    if all(one.requirement in GUESSED for one in deserved if one.sure):
        return clauses
    if len(deserved) > 1 or about_type in GUESSED:
        return (*clauses, *_OF_REFUSALS)
    if first.order:
        clauses += (either(first.order, "error type", types),)
    if first.message:
        requirements = filter(None, (first.message_requirement, first.order if first.order in BY_TEXT else ""))
        clauses += tuple(Clause(one, "error message", *first.message) for one in requirements)
    of_refusals = _OF_REFUSALS if first.check != "size" else tuple(one for one in _OF_REFUSALS if one != KEPT_OPEN)
    return (*clauses, *of_refusals, *first.also, *_members(first, contract.errors[first.type]))


_OF_REFUSALS: Clauses = (
    Clause("response-headers/error-type", "header x-amzn-ErrorType", "is present"),
    Clause("response-headers/error-type-bare", "header x-amzn-ErrorType", "matches", "^[A-Za-z0-9]+$"),
    Clause("response-headers/error-content-type", "header Content-Type", "equals", "application/json"),
    Clause("response-headers/refusal-content-length", "declared size", "is as", "body size"),
    Clause("response-headers/refusal-date", "header Date", "matches", DATE),
    KEPT_OPEN,
    *(
        Clause("response-headers/refusal-no-result-headers", f"header {name}", "is absent")
        for name in ("X-Amz-Executed-Version", "X-Amz-Function-Error", "X-Amz-Log-Result")
    ),
)
"""What all refusals have in common."""


def _members(refusal: Refusal, shape: ErrorShape) -> Clauses:
    """Return what must hold of the body of a refusal, by its shape in the contract."""
    clauses = (Clause("request-errors/type-is-user", "text", "matches", NO_OTHER_TYPE),)
    if shape.message_key is not None:
        requirement = "request-errors/modelled-message-key" if shape.modelled else "request-errors/validation-body"
        clauses += (Clause(requirement, f"json /{shape.message_key}", "is present"),)
    clauses += _BODIES.get((refusal.check, shape.name), ()) or _BODIES.get(("", shape.name), ())
    if not shape.modelled:
        return clauses
    free = [one for one in shape.members if one != shape.message_key]
    sets = chain.from_iterable(combinations(free, size) for size in range(len(free) + 1))
    known = [sorted([*filter(None, [shape.message_key]), *one]) for one in sets]
    return (*clauses, Clause("request-errors/modelled-members", "members", "is one of", known))


_BODIES: Mapping[tuple[str, str], Clauses] = {
    ("", "ResourceNotFoundException"): (
        Clause("request-errors/not-found-body", "json /Type", "equals", "User"),
        Clause("request-errors/not-found-body", "json /Message", "is present"),
    ),
    ("body", "InvalidRequestContentException"): (
        Clause("request-errors/invalid-content-body", "json /Type", "equals", "User"),
        Clause("request-errors/invalid-content-body", "json /message", "is present"),
    ),
    ("", "ValidationException"): (
        Clause("request-errors/validation-body-only-message", "members", "equals", ["message"]),
    ),
}
"""Check, or none for any, and error -> what is recorded of the body."""
