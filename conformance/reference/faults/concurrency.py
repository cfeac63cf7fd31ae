"""Faults of reserved concurrency: what is let through, what is refused, and in which words."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.reference.answer import refuse
from conformance.reference.concurrency import throttled
from conformance.reference.faults.building import refusal, status
from conformance.reference.faults.model import Fault
from conformance.reference.outcomes import Outcome
from conformance.reference.records import Delivered
from conformance.reference.schedule import Condition

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from conformance.exchange.message import Request
    from conformance.fixtures.table import Fixture
    from conformance.reference.answer import Answer, Refusal
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.service import Stages

NAME = "TooManyRequestsException"
TOO_MANY = 429


def _refused(_: Request, given: Answer) -> bool:
    return given.status == TOO_MANY


def _body(alter: Callable[[Refusal, Mapping[str, str]], Mapping[str, str]]) -> Change:
    """Change the members of the refusal of a call for which there is no room."""

    def altered(found: Refusal, given: Answer) -> Answer:
        return replace(given, body=json.dumps(alter(found, json.loads(given.body))).encode())

    return refusal(altered, NAME)


def _reserved(alter: Callable[[Fixture], int | None]) -> Change:
    """Take functions for ones with another reserved concurrency."""

    def change(unbroken: Stages, _: Setting) -> Stages:
        def admit(call: Call) -> Invocation:
            invocation = unbroken.admit(call)
            return replace(invocation, fixture=replace(invocation.fixture, reserved=alter(invocation.fixture)))

        return replace(unbroken, admit=admit)

    return change


def _one_more(fixture: Fixture) -> int | None:
    return fixture.reserved + 1 if fixture.reserved else fixture.reserved


def _never_given_back(unbroken: Stages, _: Setting) -> Stages:
    """Keep a slot taken when its run has ended."""
    taken = Counter[str]()

    def take(invocation: Invocation) -> bool:
        reserved = invocation.fixture.reserved
        if reserved is not None and taken[invocation.function_name] >= reserved:
            return False
        taken[invocation.function_name] += 1
        return unbroken.take(invocation)

    return replace(unbroken, take=take)


def _waiting(unbroken: Stages, _: Setting) -> Stages:
    """Let synchronous calls wait until there is room."""
    turns = defaultdict[str, asyncio.Lock](asyncio.Lock)

    def admit(call: Call) -> Invocation:
        invocation = unbroken.admit(call)
        patient = invocation.fixture.reserved and call.InvocationType == "RequestResponse"
        return replace(invocation, fixture=replace(invocation.fixture, reserved=None)) if patient else invocation

    async def wait(invocation: Invocation) -> Outcome:
        async with turns[invocation.function_name]:
            found = unbroken.run(invocation)
            return found if isinstance(found, Outcome) else await found

    def run(invocation: Invocation) -> Outcome | Awaitable[Outcome]:
        return wait(invocation) if invocation.fixture.blocking else unbroken.run(invocation)

    return replace(unbroken, admit=admit, run=run)


def _refused_both(unbroken: Stages, setting: Setting) -> Stages:
    """Answer a call that is under way with the refusal that another call of its function gets meanwhile."""
    refused: set[str] = set()
    shape = setting.contract.errors[NAME]

    def take(invocation: Invocation) -> bool:
        taken = unbroken.take(invocation)
        if not taken and invocation.fixture.reserved:
            refused.add(invocation.function_name)
        return taken

    def result(call: Call, invocation: Invocation, outcome: Outcome) -> Answer:
        if invocation.function_name not in refused:
            return unbroken.result(call, invocation, outcome)
        refused.discard(invocation.function_name)
        return refuse(throttled(), shape, call.request_id)

    return replace(unbroken, take=take, result=result)


class _UnderWay:
    """Counts the runs of each function that are under way.

    Args:
        unbroken: whose runs they are.
    """

    def __init__(self, unbroken: Stages) -> None:
        self._run = unbroken.run
        self._count = Counter[str]()

    def run(self, invocation: Invocation) -> Outcome | Awaitable[Outcome]:
        """Run a function; one that takes its time is counted meanwhile."""
        found = self._run(invocation)
        return found if isinstance(found, Outcome) else self._counted(invocation, found)

    async def _counted(self, invocation: Invocation, found: Awaitable[Outcome]) -> Outcome:
        self._count[invocation.function_name] += 1
        try:
            return await found
        finally:
            self._count[invocation.function_name] -= 1

    def room(self, invocation: Invocation) -> bool:
        """Tell whether one more run fits into the reserved concurrency."""
        reserved = invocation.fixture.reserved
        return reserved is None or self._count[invocation.function_name] < reserved


def _event_refused(unbroken: Stages, _: Setting) -> Stages:
    """Refuse an Event for which there is no room at the moment."""
    under_way = _UnderWay(unbroken)

    def admit(call: Call) -> Invocation:
        invocation = unbroken.admit(call)
        if call.InvocationType == "Event" and not under_way.room(invocation):
            raise throttled()
        return invocation

    return replace(unbroken, admit=admit, run=under_way.run)


def _event_dropped(unbroken: Stages, _: Setting) -> Stages:
    """Give an Event up for which there is no room at the moment."""
    under_way = _UnderWay(unbroken)

    async def deliver(invocation: Invocation) -> Delivered:
        if invocation.fixture.reserved and not under_way.room(invocation):
            return Delivered(invocation, Condition.EVENT_AGE_EXCEEDED, 0, None, datetime.now(UTC))
        return await unbroken.deliver(invocation)

    return replace(unbroken, deliver=deliver, run=under_way.run)


FAULTS = (
    Fault(
        "concurrency/throttled-500",
        "refuses a call for which there is no room with 500",
        ("concurrency/throttled",),
        status(500, _refused),
    ),
    Fault(
        "concurrency/reason-of-account",
        "says that the concurrency of the account is at its limit where that of the function is",
        ("concurrency/throttled-reason",),
        _body(lambda _, body: {**body, "Reason": "ConcurrentInvocationLimitExceeded"}),
    ),
    Fault(
        "concurrency/throttled-text",
        "names the function where it refuses a call for which there is no room",
        ("concurrency/throttled-message",),
        _body(lambda _, body: {**body, "message": "Rate Exceeded: function is at ReservedConcurrentExecutions"}),
        seen="ministack 1.5.33",
    ),
    Fault(
        "concurrency/throttled-more-members",
        "says in the refusal of a call for which there is no room when to come again",
        ("concurrency/throttled-members",),
        _body(lambda _, body: {**body, "retryAfterSeconds": "1"}),
        seen="ministack 1.5.33",
    ),
    Fault(
        "concurrency/both-throttled",
        "answers a call that is under way with the refusal of another one for which there is no room",
        ("concurrency/busy-call-unharmed",),
        _refused_both,
    ),
    Fault(
        "concurrency/event-throttled",
        "refuses an Event for which there is no room",
        ("concurrency/event-accepted",),
        _event_refused,
    ),
    Fault(
        "concurrency/event-dropped",
        "accepts an Event for which there is no room, and drops it",
        ("concurrency/queued-event-runs",),
        _event_dropped,
    ),
    Fault(
        "concurrency/slot-leaked",
        "never gives back the concurrency that a call has taken",
        ("concurrency/queued-event-runs",),
        _never_given_back,
    ),
    Fault(
        "concurrency/zero-is-none",
        "takes a reserved concurrency of 0 for none configured",
        ("concurrency/throttled", "asynchronous/no-concurrency-record"),
        _reserved(lambda fixture: fixture.reserved or None),
    ),
    Fault(
        "concurrency/one-too-many",
        "lets one call more run than the reserved concurrency allows",
        ("concurrency/throttled",),
        _reserved(_one_more),
    ),
    Fault(
        "concurrency/synchronous-queued",
        "lets a synchronous call wait for its turn where there is no room",
        ("concurrency/throttled",),
        _waiting,
    ),
)
