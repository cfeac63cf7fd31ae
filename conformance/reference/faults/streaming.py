"""Faults of how calls of InvokeWithResponseStream are understood and refused."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.exchange.eventstream import Frame, encode
from conformance.reference.answer import Answer, Refusal
from conformance.reference.checks import check_constraints, check_qualifier
from conformance.reference.faults.building import answer, around, contract, gate
from conformance.reference.faults.model import Fault
from conformance.reference.faults.stream_events import COMPLETE, MEDIA_TYPE
from conformance.reference.results import STREAM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract.model import Contract
    from conformance.contract.names import FunctionReference
    from conformance.exchange.message import Request
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.building import Change
    from conformance.reference.functions import Invocation

    Find = Callable[[Request], Route | None]
    Admit = Callable[[Call], Invocation]
    Read = Callable[[Request, Route, str], Call]

TYPE, LOG_TYPE = "X-Amz-Invocation-Type", "X-Amz-Log-Type"


def _unknown(unbroken: Find) -> Find:
    def route(request: Request) -> Route | None:
        found = unbroken(request)
        return None if found is not None and found.operation.id == STREAM else found

    return route


def _read(alter: Callable[[Mapping[str, str]], Mapping[str, str]]) -> Change:
    """Read other parameters out of streamed calls."""

    def wrap(unbroken: Read) -> Read:
        def read(request: Request, route: Route, request_id: str) -> Call:
            call = unbroken(request, route, request_id)
            return replace(call, values=alter(call.values)) if call.operation.id == STREAM else call

        return read

    return around("read", wrap)


def _run_at_once(values: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in values.items() if (name, value) != (TYPE, "DryRun")}


def _types(*known: str) -> Change:
    """Know other invocation types."""

    def alter(unbroken: Contract) -> Contract:
        operation = unbroken.operations[STREAM]
        parameters = tuple(replace(one, enum=known) if one.name == TYPE else one for one in operation.parameters)
        operations = {**unbroken.operations, STREAM: replace(operation, parameters=parameters)}
        return replace(unbroken, operations=MappingProxyType(operations))

    return contract(alter)


def _admitted(alter: Callable[[Call, Admit], Invocation]) -> Change:
    """Admit streamed calls in another way."""

    def wrap(unbroken: Admit) -> Admit:
        return lambda call: alter(call, unbroken) if call.operation.id == STREAM else unbroken(call)

    return around("admit", wrap)


def _without_context(call: Call, unbroken: Admit) -> Invocation:
    return replace(unbroken(call), client_context=None)


def _by_name_alone(call: Call, unbroken: Admit) -> Invocation:
    name = call.values["FunctionName"]
    if ":function:" in name:
        raise Refusal("ResourceNotFoundException", f"Function not found: {name}")
    return unbroken(call)


def _parameter_wins(call: Call, reference: FunctionReference) -> str | None:
    """Let the parameter win over what stands behind the name."""
    parameter = call.values.get("Qualifier") if call.operation.id == STREAM else None
    return parameter or check_qualifier(call, reference)


def _not_found(call: Call) -> None:
    """Take what breaks a constraint for what does not exist."""
    try:
        check_constraints(call)
    except Refusal as found:
        if call.operation.id != STREAM:
            raise
        raise Refusal("ResourceNotFoundException", "Function not found.") from found


def _refused(status: int) -> Callable[[Request, Answer], bool]:
    return lambda request, given: given.status == status and b"/response-streaming-invocations" in request.target


def _not_json(request: Request, given: Answer) -> bool:
    return _refused(400)(request, given) and b"Could not parse" in given.body


def _in_stream(given: Answer) -> Answer:
    """Tell a refusal in a stream, after the status 200."""
    named = dict(given.headers)
    told = {"ErrorCode": named["x-amzn-ErrorType"], "ErrorDetails": given.body.decode()}
    kind = {":message-type": "event", ":event-type": COMPLETE, ":content-type": "application/json"}
    headers = (MEDIA_TYPE, ("x-amzn-RequestId", named["x-amzn-RequestId"]))
    return Answer(200, headers, encode(Frame(kind, json.dumps(told).encode())))


FAULTS = (
    Fault(
        "streaming/unknown",
        "does not know InvokeWithResponseStream",
        ("streaming/chunks-and-complete", "streaming/types", "streaming/route-by-arn"),
        around("route", _unknown),
        seen="moto 5.2.5, localstack 2.3.2, serverless-offline 14.8.2, runtime interface emulator of aws-sam-cli "
        "1.170.0",
    ),
    Fault(
        "streaming/event-accepted",
        "accepts an Event by InvokeWithResponseStream",
        ("streaming/types",),
        _types("RequestResponse", "Event", "DryRun"),
        seen="ministack 1.5.33",
    ),
    Fault(
        "streaming/any-type",
        "takes any invocation type of InvokeWithResponseStream that it doesn't know for RequestResponse",
        ("streaming/types",),
        _types(),
        seen="ministack 1.5.33",
    ),
    Fault(
        "streaming/dry-run-streams",
        "runs the function of a streamed dry run and streams its result",
        ("streaming/dry-run", "streaming/dry-run-does-not-run"),
        _read(_run_at_once),
    ),
    Fault(
        "streaming/log-unasked",
        "streams logs that nobody asked for",
        ("streaming/no-log",),
        _read(lambda values: {**values, LOG_TYPE: "Tail"}),
    ),
    Fault(
        "streaming/client-context-lost",
        "loses the client context of streamed calls",
        ("streaming/client-context", "client-context/streamed"),
        _admitted(_without_context),
    ),
    Fault(
        "streaming/no-arns",
        "knows the functions of streamed calls by their names alone",
        ("streaming/route-by-arn",),
        _admitted(_by_name_alone),
    ),
    Fault(
        "streaming/parameter-wins",
        "lets the qualifier of the query win over another one behind the name of a streamed call",
        ("streaming/contradicting-qualifiers",),
        gate(qualifier=_parameter_wins),
    ),
    Fault(
        "streaming/constraints-as-not-found",
        "takes what breaks a constraint in a streamed call for what does not exist",
        ("streaming/constraints", "streaming/types"),
        gate(constraints=_not_found),
    ),
    Fault(
        "streaming/not-found-in-stream",
        "says in a stream that a function does not exist",
        ("streaming/unknown-function",),
        answer(_in_stream, _refused(404)),
    ),
    Fault(
        "streaming/malformed-in-stream",
        "says in a stream that a body is no JSON",
        ("streaming/malformed-json",),
        answer(_in_stream, _not_json),
    ),
)
