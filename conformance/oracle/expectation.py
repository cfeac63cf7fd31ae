"""The expectation: from a request and what is deployed on a target to what must come back, as clauses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.oracle.asked import SYNCHRONOUS, read_request
from conformance.oracle.clause import Clause
from conformance.oracle.reading import Nothing, parse_json
from conformance.oracle.refusals import refusals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.contract.model import Contract, ErrorShape
    from conformance.exchange.message import Request
    from conformance.oracle.asked import Asked
    from conformance.oracle.refusals import Refusal
    from conformance.oracle.world import Ran, World

UUID = "^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$"
TRACE = r"(?i)^root=1-[0-9a-f]{8}-[0-9a-f]{24}(;parent=[0-9a-f]{16})?;sampled=[01](;lineage=[0-9a-f:]+)?$"
NO_OTHER_TYPE = r'(?s)^(?!.*"Type"\s*:\s*(?!"User"|\s))'
"""JSON in which the member Type, where it is there, is User."""
NO_ROUTE = r"<AccessDeniedException>\s*<Message>Unable to determine service/operation name to be authorized</Message>"

Clauses = tuple[Clause, ...]


def expectation(request: Request, contract: Contract, world: World, body: bytes | None = None) -> Clauses:
    """Return what must hold of the answer to a well-signed request.

    Args:
        request: as sent, below no base path.
        contract: all constraints.
        world: what is deployed on the target.
        body: the request's body without chunking, where its own has it.

    Returns:
        Clauses for :func:`conformance.oracle.judge.judge`; the requirements that they cite say how sure each is.
    """
    asked = read_request(request, contract, body)
    if asked is None:
        return _unrouted()
    if asked.undecided:
        return _request_id()
    deserved = refusals(asked, world)
    return _refused(deserved, contract) if deserved else _taken(asked, contract, world)


def _request_id() -> Clauses:
    return (Clause("response-headers/request-id-uuid", "header x-amzn-RequestId", "matches", UUID),)


def _unrouted() -> Clauses:
    return (
        Clause("routing/unknown-route", "status", "equals", 403),
        Clause("routing/unknown-route-body", "text", "matches", NO_ROUTE),
    )


def _refused(deserved: Sequence[Refusal], contract: Contract) -> Clauses:
    """Return what must hold of a refusal: one of those deserved, and its text and members where only one is."""
    first = deserved[0]
    clauses = (
        *_request_id(),
        Clause(first.requirement, "status", "is one of", sorted({one.status for one in deserved})),
        Clause(first.requirement, "error type", "is one of", sorted({one.type for one in deserved})),
        Clause("response-headers/error-type-bare", "header x-amzn-ErrorType", "matches", "^[A-Za-z0-9]+$"),
        Clause("response-headers/error-content-type", "header Content-Type", "equals", "application/json"),
    )
    if len(deserved) > 1:
        return clauses
    if first.message:
        clauses += (Clause(first.message_requirement, "error message", "matches", first.message),)
    return (*clauses, *_members(contract.errors[first.type]))


def _members(shape: ErrorShape) -> Clauses:
    """Return what must hold of the body of a refusal, by its shape in the contract."""
    clauses = (Clause("request-errors/type-is-user", "text", "matches", NO_OTHER_TYPE),)
    if shape.message_key is not None:
        requirement = "request-errors/modelled-message-key" if shape.modelled else "request-errors/validation-body"
        clauses += (Clause(requirement, f"json /{shape.message_key}", "is present"),)
    return clauses


def _taken(asked: Asked, contract: Contract, world: World) -> Clauses:
    if asked.operation.id == "InvokeAsync":
        return (*_request_id(), Clause("status-codes/invoke-async-202", "status", "equals", 202))
    if asked.InvocationType == "Event":
        return (*_request_id(), *_EVENT)
    if asked.InvocationType == "DryRun":
        return (*_request_id(), *_DRY_RUN)
    if asked.InvocationType != SYNCHRONOUS:
        raise ValueError(f"{asked.InvocationType}: the contract allows an invocation type that nothing is known of")
    if asked.operation.id == "InvokeWithResponseStream":
        return (*_request_id(), *_version(asked, world), *_STREAM)
    return (*_request_id(), *_synchronous(asked, contract, world))


_EVENT: Clauses = (
    Clause("status-codes/event-202", "status", "equals", 202),
    Clause("invocation-types/event-empty-answer", "body", "is empty"),
    Clause("invocation-types/event-no-executed-version", "header X-Amz-Executed-Version", "is absent"),
    Clause("invocation-types/event-no-executed-version", "header X-Amz-Function-Error", "is absent"),
    Clause("logs/not-on-event", "header X-Amz-Log-Result", "is absent"),
    Clause("response-headers/event-no-content-type", "header Content-Type", "is absent"),
)

_DRY_RUN: Clauses = (
    Clause("status-codes/dry-run-204", "status", "equals", 204),
    Clause("invocation-types/dry-run-empty-answer", "body", "is empty"),
    Clause("invocation-types/dry-run-no-executed-version", "header X-Amz-Executed-Version", "is absent"),
)

_STREAM: Clauses = (
    Clause("streaming/chunks-and-complete", "status", "equals", 200),
    Clause("streaming/chunks-and-complete", "events", "includes", ["InvokeComplete"]),
)


def _version(asked: Asked, world: World) -> Clauses:
    """Return that the version that ran is one that the request asks for."""
    reference = asked.reference
    if reference is None:
        return ()
    qualifier = reference.qualifier or asked.values.get("Qualifier")
    versions = sorted(world.functions[reference.name].resolve(qualifier))
    requirement = "qualifiers/version" if qualifier else "response-headers/executed-version"
    return (Clause(requirement, "header X-Amz-Executed-Version", "is one of", versions),)


def _synchronous(asked: Asked, contract: Contract, world: World) -> Clauses:
    reference = asked.reference
    run = world.functions[reference.name].run if reference is not None else None
    event: Any = parse_json(asked.body) if asked.body else {}
    ran = run(event) if run is not None and not isinstance(event, Nothing) else None
    return (
        Clause("status-codes/synchronous-200", "status", "equals", 200),
        Clause("response-headers/content-type", "header Content-Type", "equals", "application/json"),
        Clause("response-headers/content-length", "declared size", "is as", "body size"),
        Clause("response-headers/trace-id", "header X-Amzn-Trace-Id", "matches", TRACE),
        Clause("response-headers/remapped-content-length", "header x-amzn-Remapped-Content-Length", "equals", "0"),
        *_version(asked, world),
        *_log(asked, contract),
        *(_result(ran) if ran is not None else ()),
    )


def _log(asked: Asked, contract: Contract) -> Clauses:
    if asked.values.get("X-Amz-Log-Type") != "Tail":
        return (Clause("logs/none", "header X-Amz-Log-Result", "is absent"),)
    return (
        Clause("logs/tail", "header X-Amz-Log-Result", "is present"),
        Clause("logs/last-4-kib", "log size", "is at most", contract.limits["log-result"]),
    )


def _result(ran: Ran) -> Clauses:
    """Return what must hold of the body and of whether it is marked as an error."""
    error = "header X-Amz-Function-Error"
    if not ran.failed:
        return (
            Clause("function-errors/not-on-success", error, "is absent"),
            Clause("payload/round-trip", "json", "equals", ran.payload),
        )
    # Unhandled since 2019, whatever the error; in 2018, errors that Node.js code reported were Handled.
    clauses = (Clause("function-errors/header", error, "is one of", ["Unhandled", "Handled"]),)
    members = ("errorMessage", "errorType")
    return clauses + tuple(
        Clause("function-errors/exception-payload", f"json /{member}", "matches", f"^{re.escape(ran.payload[member])}$")
        for member in members
        if member in ran.payload
    )
