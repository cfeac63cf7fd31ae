"""Faults of invocation types and of the status of what succeeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from conformance.reference.answer import Answer, Refusal
from conformance.reference.checks import check_constraints
from conformance.reference.faults.building import answer, around, extra, gate, of, parameter, status
from conformance.reference.faults.dry_runs import unless, unqualified
from conformance.reference.faults.editing import is_error, is_success, value, values
from conformance.reference.faults.model import Fault
from conformance.reference.records import Delivered
from conformance.reference.schedule import Condition

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from conformance.exchange.message import Request
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome
    from conformance.reference.service import Stages

    Deliver = Callable[[Invocation], Awaitable[Delivered]]

TYPE = "X-Amz-Invocation-Type"
HEADER = TYPE.lower().encode()
TYPES = ("RequestResponse", "Event", "DryRun")
VERSION = "X-Amz-Executed-Version"


def _ignored(call: Call) -> Mapping[str, str]:
    return {name: text for name, text in call.values.items() if name != TYPE}


def _event_by_default(call: Call) -> Mapping[str, str]:
    return {TYPE: "Event", **call.values} if call.operation.id == "Invoke" else call.values


def _in_any_case(call: Call) -> Mapping[str, str]:
    known = {one.lower(): one for one in TYPES}
    given = call.values.get(TYPE)
    return call.values if given is None else {**call.values, TYPE: known.get(given.lower(), given)}


def _as_parameter(call: Call) -> None:
    if call.values.get(TYPE, "Event") not in TYPES:
        raise Refusal("InvalidParameterValueException", "Invocation type not one of RequestResponse, Event or DryRun")
    check_constraints(call)


def _at_once(unbroken: Stages, _: Setting) -> Stages:
    """Run an Event like a synchronous call, and answer 202 with what came of it."""

    def read(request: Request, route: Route, request_id: str) -> Call:
        call = unbroken.read(request, route, request_id)
        return replace(call, values=_ignored(call)) if call.values.get(TYPE) == "Event" else call

    def result(call: Call, invocation: Invocation, outcome: Outcome) -> Answer:
        given = unbroken.result(call, invocation, outcome)
        return replace(given, status=202) if call.headers.get(HEADER) == b"Event" else given

    return replace(unbroken, read=read, result=result)


def _never(_: Deliver) -> Deliver:
    async def forget(invocation: Invocation) -> Delivered:
        silent = replace(invocation, fixture=replace(invocation.fixture, on_success=""))
        return Delivered(silent, Condition.SUCCESS, 0, None, datetime.now(UTC))

    return forget


def _by_another_id(deliver: Deliver) -> Deliver:
    return lambda invocation: deliver(replace(invocation, request_id=str(uuid4())))


def _refused_event(request: Request, given: Answer) -> bool:
    return request.header(TYPE) == ("Event",) and value(given, "x-amzn-ErrorType") == "ResourceNotFoundException"


def _taken(given: Answer) -> Answer:
    return Answer(202, tuple(pair for pair in given.headers if pair[0] == "x-amzn-RequestId"))


def _is_null(request: Request, given: Answer) -> bool:
    return is_success(request, given) and given.body == b"null"


def _is_timeout(request: Request, given: Answer) -> bool:
    return is_error(request, given) and b"Task timed out" in given.body


FAULTS = (
    Fault("status-codes/event-200", "answers an Event with 200", ("status-codes/event-202",), status(200, of(202))),
    Fault(
        "status-codes/null-204",
        "answers 204 without a body where the function returns nothing",
        ("status-codes/synchronous-200", "payload/nothing-returned-is-null"),
        answer(lambda given: replace(given, status=204, body=b""), _is_null),
    ),
    Fault(
        "status-codes/function-error-500",
        "answers 500 where the function fails",
        ("status-codes/function-error-200",),
        status(500, is_error),
    ),
    Fault(
        "status-codes/timeout-504",
        "answers 504 where the function runs past its timeout",
        ("status-codes/function-error-200",),
        status(504, _is_timeout),
    ),
    Fault(
        "invocation-types/ignored",
        "runs every call at once, whatever its invocation type says",
        ("status-codes/event-202", "status-codes/dry-run-204", "invocation-types/unknown"),
        values(_ignored),
        seen="the emulator of aws-sam-cli 1.170.0",
    ),
    Fault(
        "invocation-types/event-by-default",
        "takes a call without an invocation type for an Event",
        ("invocation-types/default-is-synchronous",),
        values(_event_by_default),
    ),
    Fault(
        "invocation-types/unknown-accepted",
        "takes any invocation type that it doesn't know for RequestResponse",
        ("invocation-types/unknown", "invocation-types/case-sensitive"),
        parameter(TYPE, enum=()),
        seen="ministack 1.5.33, moto 5.2.5",
    ),
    Fault(
        "invocation-types/in-any-case",
        "knows the invocation types in any case",
        ("invocation-types/case-sensitive",),
        values(_in_any_case),
    ),
    Fault(
        "invocation-types/unknown-as-parameter",
        "refuses an unknown invocation type as InvalidParameterValueException",
        ("invocation-types/unknown",),
        gate(constraints=_as_parameter),
        seen="localstack 2.3.2, serverless-offline 14.8.2",
    ),
    Fault(
        "invocation-types/named-by-its-header",
        "names the header, not the member, where it refuses an unknown invocation type",
        ("invocation-types/unknown-message",),
        parameter(TYPE, member=TYPE),
    ),
    Fault(
        "invocation-types/event-executed-version",
        "says in the answer to an Event which version ran",
        ("invocation-types/event-no-executed-version",),
        extra(VERSION, "$LATEST", of(202)),
        seen="ministack 1.5.33, localstack 2.3.2",
    ),
    Fault(
        "invocation-types/event-body",
        "answers an Event with the body {}",
        ("invocation-types/event-empty-answer",),
        answer(lambda given: replace(given, body=b"{}"), of(202)),
        seen="moto 5.2.5 without Docker",
    ),
    Fault(
        "invocation-types/event-at-once",
        "runs the function of an Event before it answers, and answers 202 with what came of it",
        ("invocation-types/event-empty-answer", "invocation-types/event-no-executed-version"),
        _at_once,
        seen="moto 5.2.5 with Docker",
    ),
    Fault(
        "invocation-types/event-never-runs",
        "accepts an Event and forgets it",
        ("invocation-types/event-runs",),
        around("deliver", _never),
    ),
    Fault(
        "invocation-types/event-by-another-id",
        "runs the function of an Event with another request id than the answer's",
        ("invocation-types/event-runs-with-its-request-id",),
        around("deliver", _by_another_id),
        seen="ministack 1.5.33",
    ),
    Fault(
        "invocation-types/event-looked-up-later",
        "accepts an Event before it looks whether there is such a function",
        ("invocation-types/event-checked-first",),
        answer(_taken, _refused_event),
    ),
    Fault(
        "invocation-types/event-unchecked",
        "checks nothing but the name of an Event",
        ("invocation-types/event-checked-first",),
        gate(constraints=unless("Event")),
    ),
    Fault(
        "invocation-types/event-unqualified",
        "refuses an Event for a version or an alias",
        ("invocation-types/event-of-version",),
        gate(qualifier=unqualified("Event")),
    ),
    Fault(
        "invocation-types/synchronous-by-default-alone",
        "knows synchronous calls by the absence of an invocation type, and refuses RequestResponse",
        ("invocation-types/request-response",),
        parameter(TYPE, enum=TYPES[1:]),
    ),
)
