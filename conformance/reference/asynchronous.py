"""Delivers Events: runs the function, and again while it fails, until it succeeds or is given up."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.reference.outcomes import Outcome
from conformance.reference.records import Delivered
from conformance.reference.schedule import Condition, after_run, after_throttle

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conformance.reference.concurrency import Slots
    from conformance.reference.functions import Invocation

    Run = Callable[[Invocation], Outcome | Awaitable[Outcome]]


class Delivery:
    """Delivers Events.

    Args:
        run: runs a function.
        slots: that a run takes and gives back.
        time_scale: seconds here for a second of AWS's waiting times.
    """

    def __init__(self, run: Run, slots: Slots, time_scale: float) -> None:
        self._run = run
        self._slots = slots
        self._time_scale = time_scale

    async def __call__(self, invocation: Invocation) -> Delivered:
        """Deliver an Event and return how that ended; every run has the same request id."""
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
