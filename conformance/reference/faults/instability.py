"""Faults that only some calls meet, because of their number or of what else is under way or was asked before."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid5

from conformance.reference.answer import Refusal
from conformance.reference.faults.building import around
from conformance.reference.faults.model import Fault
from conformance.reference.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conformance.exchange.message import Request
    from conformance.reference.answer import Answer
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.service import Stages

    Admit = Callable[[Call], Invocation]
    Read = Callable[[Request, Route, str], Call]
    Result = Callable[[Call, Invocation, Outcome], Answer]

PERIOD = 17
"""Of so many calls the last one fails."""
CACHED = 1 << 16
"""Bytes of an event up to which an answer is remembered."""


def _failing() -> Refusal:
    return Refusal("ServiceException", "The service is unavailable. Try again.")


def _every_event(unbroken: Admit) -> Admit:
    """Fail at every so many-th Event."""
    events = 0

    def admit(call: Call) -> Invocation:
        nonlocal events
        invocation = unbroken(call)
        events += call.InvocationType == "Event"
        if call.InvocationType == "Event" and events % PERIOD == 0:
            raise _failing()
        return invocation

    return admit


def _every_repetition(unbroken: Admit) -> Admit:
    """Fail at every so many-th call of a function with one event."""
    calls = Counter[tuple[str, bytes]]()

    def admit(call: Call) -> Invocation:
        invocation = unbroken(call)
        if len(invocation.payload) > CACHED:
            return invocation
        calls[invocation.arn, invocation.payload] += 1
        if calls[invocation.arn, invocation.payload] % PERIOD == 0:
            raise _failing()
        return invocation

    return admit


def _by_content(unbroken: Read) -> Read:
    """Make the request id out of the request."""

    def read(request: Request, route: Route, request_id: str) -> Call:
        call = unbroken(request, route, request_id)
        content = (request.target + request.body[:CACHED]).decode("latin-1")
        return replace(call, request_id=str(uuid5(NAMESPACE_OID, content)))

    return read


def _cached(unbroken: Result) -> Result:
    """Answer a call as the same event was answered before."""
    known: dict[tuple[str, bytes], Answer] = {}

    def result(call: Call, invocation: Invocation, outcome: Outcome) -> Answer:
        given = unbroken(call, invocation, outcome)
        if len(invocation.payload) > CACHED or call.operation.id != "Invoke":
            return given
        return known.setdefault((invocation.arn, invocation.payload), given)

    return result


@dataclass(frozen=True, slots=True)
class _Slow:
    """A run that takes its time, and the one that it is mistaken for."""

    own: asyncio.Future[Outcome]
    other: asyncio.Future[asyncio.Future[Outcome]]


def _swapped(unbroken: Stages, _: Setting) -> Stages:
    """Give two slow calls of a function that are under way together each other's results."""
    alone: dict[str, _Slow] = {}

    async def swap(name: str, found: Awaitable[Outcome]) -> Outcome:
        own = asyncio.ensure_future(found)
        first = alone.pop(name, None)
        if first is not None:
            first.other.set_result(own)
            return await first.own
        slow = alone[name] = _Slow(own, own.get_loop().create_future())
        outcome = await own
        if alone.get(name) is slow:
            del alone[name]
            return outcome
        return await slow.other.result()

    def run(invocation: Invocation) -> Outcome | Awaitable[Outcome]:
        found = unbroken.run(invocation)
        return found if isinstance(found, Outcome) else swap(invocation.function_name, found)

    return replace(unbroken, run=run)


FAULTS = (
    Fault(
        "status-codes/every-17th-event-500",
        "fails at every 17th Event with 500",
        ("status-codes/event-202",),
        around("admit", _every_event),
    ),
    Fault(
        "routing/every-17th-repetition-500",
        "fails with 500 each 17th time that a function is called with one and the same event",
        ("routing/keep-alive",),
        around("admit", _every_repetition),
    ),
    Fault(
        "response-headers/request-id-of-content",
        "gives equal requests one request id",
        ("response-headers/request-id-unique",),
        around("read", _by_content),
    ),
    Fault(
        "invocation-types/answer-cached",
        "answers a call with what the same event was answered before",
        ("response-headers/request-id-unique",),
        around("result", _cached),
    ),
    Fault(
        "function-errors/results-swapped",
        "gives two slow calls of a function that are under way together each other's results",
        ("function-errors/timeout-form", "routing/waits-for-the-result"),
        _swapped,
    ),
)
