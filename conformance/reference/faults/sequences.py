"""Faults that a call meets only because of one before it: on its connection, of its function, with its event."""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.reference.faults.building import around
from conformance.reference.faults.model import Fault
from conformance.reference.records import Delivered
from conformance.reference.schedule import Condition

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conformance.reference.answer import Answer
    from conformance.reference.call import Call
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome
    from conformance.reference.service import Stages

    Deliver = Callable[[Invocation], Awaitable[Delivered]]

_FIRST: ContextVar[str] = ContextVar("_FIRST")
"""The request id of the first request of a connection; each connection is read in a context of its own."""


def _of_the_connection(identify: Callable[[], str]) -> Callable[[], str]:
    """Give all requests of a connection the id of its first one."""

    def identified() -> str:
        found = _FIRST.get("")
        if not found:
            found = identify()
            _FIRST.set(found)
        return found

    return identified


def _once(deliver: Deliver) -> Deliver:
    """Forget an Event whose function was given an equal one before."""
    known: set[tuple[str, bytes]] = set()

    async def delivered(invocation: Invocation) -> Delivered:
        key = (invocation.arn, hashlib.sha256(invocation.payload).digest())
        if key not in known:
            known.add(key)
            return await deliver(invocation)
        silent = replace(invocation, fixture=replace(invocation.fixture, on_success=""))
        return Delivered(silent, Condition.SUCCESS, 0, None, datetime.now(UTC))

    return delivered


def _kept_by_failures(unbroken: Stages, _: Setting) -> Stages:
    """Never give back the slot of a synchronous call whose function failed."""
    kept: dict[str, int] = {}

    def take(invocation: Invocation) -> bool:
        reserved = invocation.fixture.reserved
        if reserved is not None and kept.get(invocation.function_name, 0) >= reserved:
            return False
        return unbroken.take(invocation)

    def result(call: Call, invocation: Invocation, outcome: Outcome) -> Answer:
        if outcome.failed:
            kept[invocation.function_name] = kept.get(invocation.function_name, 0) + 1
        return unbroken.result(call, invocation, outcome)

    return replace(unbroken, take=take, result=result)


FAULTS = (
    Fault(
        "response-headers/request-id-of-connection",
        "gives all requests of a connection the request id of its first one",
        ("response-headers/request-id-unique",),
        around("identify", _of_the_connection),
    ),
    Fault(
        "invocation-types/equal-event-dropped",
        "accepts an Event that equals an earlier one of the function, and drops it",
        ("invocation-types/event-runs",),
        around("deliver", _once),
    ),
    Fault(
        "concurrency/slot-leaked-by-failure",
        "never gives back the concurrency that a call has taken whose function fails",
        ("concurrency/given-back",),
        _kept_by_failures,
    ),
)
