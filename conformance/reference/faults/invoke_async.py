"""Faults of InvokeAsync."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.reference.answer import Answer, Refusal
from conformance.reference.checks import check_constraints
from conformance.reference.faults.building import answer, around, contract, gate, status
from conformance.reference.faults.model import Fault
from conformance.reference.outcomes import Outcome
from conformance.reference.records import Delivered
from conformance.reference.schedule import Condition

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conformance.contract.model import Contract
    from conformance.exchange.message import Request
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.service import Stages

    Find = Callable[[Request], Route | None]
    Admit = Callable[[Call], Invocation]
    Deliver = Callable[[Invocation], Awaitable[Delivered]]

ASYNC = "InvokeAsync"


def _answered(*statuses: int) -> Callable[[Request, Answer], bool]:
    """Tell the answers of InvokeAsync that have one of some statuses."""
    return lambda request, given: given.status in statuses and _path(request).endswith(b"/invoke-async")


def _path(request: Request) -> bytes:
    return request.target.partition(b"?")[0].removesuffix(b"/")


def _unrouted(when: Callable[[Request], bool]) -> Change:
    """Take paths of InvokeAsync for unknown ones."""

    def wrap(unbroken: Find) -> Find:
        return lambda request: (
            None if _path(request).endswith(b"/invoke-async") and when(request) else unbroken(request)
        )

    return around("route", wrap)


def _taken(given: Answer) -> Answer:
    return Answer(202, tuple(pair for pair in given.headers if pair[0] == "x-amzn-RequestId"))


def _most(count: Callable[[Contract], int]) -> Change:
    """Take bodies of another size at most."""

    def alter(unbroken: Contract) -> Contract:
        limits = MappingProxyType({"Event": count(unbroken)})
        changed = replace(unbroken.operations[ASYNC], body_limits=limits)
        return replace(unbroken, operations=MappingProxyType({**unbroken.operations, ASYNC: changed}))

    return contract(alter)


def _forgotten(unbroken: Stages, _: Setting) -> Stages:
    """Accept a call and do nothing."""
    forgotten: set[str] = set()

    def admit(call: Call) -> Invocation:
        invocation = unbroken.admit(call)
        if call.operation.id == ASYNC:
            forgotten.add(call.request_id)
        return invocation

    async def deliver(invocation: Invocation) -> Delivered:
        if invocation.request_id not in forgotten:
            return await unbroken.deliver(invocation)
        forgotten.discard(invocation.request_id)
        silent = replace(invocation, fixture=replace(invocation.fixture, on_success=""))
        return Delivered(silent, Condition.SUCCESS, 0, None, datetime.now(UTC))

    return replace(unbroken, admit=admit, deliver=deliver)


def _awaited(unbroken: Stages, _: Setting) -> Stages:
    """Run the function before the answer, and fail with it."""

    def accepted(call: Call, invocation: Invocation) -> Answer:
        given = unbroken.accepted(call, invocation)
        tried = call.operation.id == ASYNC and not invocation.fixture.blocking
        outcome = unbroken.run(invocation) if tried else None
        return replace(given, status=500) if isinstance(outcome, Outcome) and outcome.failed else given

    return replace(unbroken, accepted=accepted)


def _without_body(unbroken: Admit) -> Admit:
    def admit(call: Call) -> Invocation:
        invocation = unbroken(call)
        return replace(invocation, event={}) if call.operation.id == ASYNC else invocation

    return admit


def _named(sign: str) -> Change:
    """Find no function whose name has a sign in it."""

    def wrap(unbroken: Admit) -> Admit:
        def admit(call: Call) -> Invocation:
            name = call.values["FunctionName"]
            if call.operation.id == ASYNC and sign in name:
                raise Refusal("ResourceNotFoundException", f"Function not found: {name}")
            return unbroken(call)

        return admit

    return around("admit", wrap)


def _not_found(call: Call) -> None:
    """Take a name that breaks a constraint for one of no function."""
    try:
        check_constraints(call)
    except Refusal as found:
        if call.operation.id != ASYNC:
            raise
        raise Refusal("ResourceNotFoundException", f"Function not found: {call.values['FunctionName']}") from found


FAULTS = (
    Fault(
        "invoke-async/unknown",
        "does not know InvokeAsync",
        ("status-codes/invoke-async-202", "invoke-async/names", "invoke-async/qualifier-in-name"),
        _unrouted(lambda _: True),
        seen="ministack 1.5.33, localstack 2.3.2, runtime interface emulator of aws-sam-cli 1.170.0",
    ),
    Fault(
        "invoke-async/status-200",
        "answers InvokeAsync with 200",
        ("status-codes/invoke-async-202",),
        status(200, _answered(202)),
        seen="serverless-offline 14.8.2",
    ),
    Fault(
        "invoke-async/slash-unknown",
        "does not know the path that ends in a slash",
        ("invoke-async/trailing-slash",),
        _unrouted(lambda request: request.target.endswith(b"/")),
    ),
    Fault(
        "invoke-async/slash-needed",
        "does not know the path without a slash at its end",
        ("status-codes/invoke-async-202",),
        _unrouted(lambda request: not request.target.endswith(b"/")),
    ),
    Fault(
        "invoke-async/never-runs",
        "accepts InvokeAsync and forgets it",
        ("invoke-async/runs-the-function",),
        _forgotten,
    ),
    Fault(
        "invoke-async/without-payload",
        "gives a function called by InvokeAsync an empty object in place of the body",
        ("invoke-async/runs-the-function",),
        around("admit", _without_body),
    ),
    Fault(
        "invoke-async/fails-with-function",
        "runs the function before it answers InvokeAsync, and answers 500 where that fails",
        ("invoke-async/accepted-though-function-fails",),
        _awaited,
    ),
    Fault(
        "invoke-async/limit-of-event",
        "takes as large a body by InvokeAsync as by Invoke with Event",
        ("invoke-async/limit",),
        _most(lambda unbroken: unbroken.operations["Invoke"].body_limits["Event"]),
    ),
    Fault(
        "invoke-async/limit-exclusive",
        "refuses a body of exactly as many bytes as InvokeAsync may have",
        ("invoke-async/limit",),
        _most(lambda unbroken: unbroken.operations[ASYNC].body_limits["Event"] - 1),
    ),
    Fault(
        "invoke-async/limit-halved",
        "refuses bodies of InvokeAsync of more than 128 KiB, the limit of Events before 2019",
        ("invoke-async/limit",),
        _most(lambda _: 128 << 10),
    ),
    Fault(
        "invoke-async/not-looked-up",
        "accepts InvokeAsync of functions that do not exist",
        ("invoke-async/unknown-function",),
        answer(_taken, _answered(404)),
        seen="moto 5.2.5",
    ),
    Fault(
        "invoke-async/body-not-read",
        "accepts InvokeAsync with a body that is no JSON",
        ("invoke-async/malformed-json",),
        answer(_taken, lambda request, given: _answered(400)(request, given) and b"parse" in given.body),
    ),
    Fault(
        "invoke-async/name-not-checked",
        "takes a name that breaks a constraint of InvokeAsync for that of no function",
        ("invoke-async/illegal-name",),
        gate(constraints=_not_found),
    ),
    Fault(
        "invoke-async/no-arns",
        "knows functions by their name alone in InvokeAsync",
        ("invoke-async/names",),
        _named(":function:"),
    ),
)
