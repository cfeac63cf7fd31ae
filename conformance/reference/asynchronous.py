"""Delivers Events: runs the function, again while it fails, and tells the queues how it ended."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.reference.outcomes import Outcome
from conformance.reference.records import Delivered, dead_letter, record
from conformance.reference.schedule import Condition, after_run, after_throttle

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conformance.reference.concurrency import Slots
    from conformance.reference.functions import Invocation
    from conformance.reference.records import Letter

    Send = Callable[[str, Letter], None]
    Run = Callable[[Invocation], Outcome | Awaitable[Outcome]]


class Delivery:
    """Delivers Events.

    Args:
        run: runs a function.
        slots: that a run takes and gives back.
        time_scale: seconds here for a second of AWS's waiting times.
        send: puts a message into a queue of the table of fixtures.
    """

    def __init__(self, run: Run, slots: Slots, time_scale: float, send: Send) -> None:
        self._run = run
        self._slots = slots
        self._time_scale = time_scale
        self._send = send

    async def __call__(self, invocation: Invocation) -> Delivered:
        """Deliver an Event and tell the queues; every run has the same request id."""
        delivered = await self._deliver(invocation)
        fixture, succeeded = invocation.fixture, delivered.condition is Condition.SUCCESS
        destination = fixture.on_success if succeeded else fixture.on_failure
        if destination:
            self._send(destination, record(delivered))
        letter = None if succeeded or not fixture.dead_letters else dead_letter(delivered)
        if letter is not None:
            self._send(fixture.dead_letters, letter)
        return delivered

    async def _deliver(self, invocation: Invocation) -> Delivered:
        count, throttles, age, outcome = 0, 0, 0.0, None
        step: Condition | float = 0.0
        if invocation.fixture.reserved == 0:
            step = Condition.ZERO_RESERVED_CONCURRENCY
        while not isinstance(step, Condition):
            await asyncio.sleep(step * self._time_scale)
            age += step
            if self._slots.take(invocation):
                outcome = await self._once(invocation)
                count, throttles = count + 1, 0
                step = after_run(invocation.fixture, count, age, failed=outcome.failed)
            else:
                throttles += 1
                step = after_throttle(invocation.fixture, throttles, age)
        return Delivered(invocation, step, count, outcome, datetime.now(UTC))

    async def _once(self, invocation: Invocation) -> Outcome:
        """Run the function, and give back its slot."""
        try:
            outcome = self._run(invocation)
            return outcome if isinstance(outcome, Outcome) else await outcome
        finally:
            self._slots.give(invocation)
