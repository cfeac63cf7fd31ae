"""Runs functions in this process: quick ones at once, those that take their time in a thread with a time limit."""

from __future__ import annotations

import asyncio
import contextlib
import io
import threading
import time
from contextlib import redirect_stdout
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference import runtime_node, runtime_python
from conformance.reference.outcomes import Outcome, timed_out

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conformance.reference.functions import Invocation
    from conformance.reference.marks import Marks


SLICES = 30
"""Of which a sleep is made: more turns of the loop than it takes to answer a few requests."""


class TimeIsUpError(BaseException):
    """Ends a function whose time is up; none of its handlers of errors gets it."""


class Clock:
    """The time of one run, of which a function uses up as much as it sleeps.

    So whether a function runs past its timeout is known beforehand, and no slow machine changes that. It sleeps in
    slices that the loop measures: where the loop has no time for requests, a function doesn't end before them.

    Args:
        timeout: seconds that the function may run.
        scale: seconds here for one of them.
        loop: that answers requests.

    Attributes:
        slept: seconds that are used up.
    """

    def __init__(self, timeout: float, scale: float, loop: asyncio.AbstractEventLoop) -> None:
        self.slept = 0.0
        self._timeout = timeout
        self._scale = scale
        self._loop = loop
        self._given_up = False
        self._woken = threading.Event()

    def sleep(self, seconds: float) -> None:
        """Sleep, in another thread; raise where time is up meanwhile, or nobody waits for the function any more."""
        left = self._timeout - self.slept
        self._woken.clear()
        if not self._given_up:
            self._loop.call_soon_threadsafe(self._measure, SLICES, min(seconds, left) * self._scale / SLICES)
            self._woken.wait()
        if self._given_up or seconds >= left:
            raise TimeIsUpError
        self.slept += seconds

    def _measure(self, slices: int, seconds: float) -> None:
        """Wake the function after so many slices of so many seconds."""
        if slices:
            self._loop.call_later(seconds, self._measure, slices - 1, seconds)
        else:
            self._woken.set()

    def give_up(self) -> None:
        """Wake a function that sleeps, and let it go no further."""
        self._given_up = True
        self._woken.set()


class Runner:
    """Runs functions.

    Args:
        marks: where the marks of all of them go.
        scale: seconds here for a second that a function sleeps.
    """

    def __init__(self, marks: Marks, scale: float = 1.0) -> None:
        self._marks = marks
        self._scale = scale

    def __call__(self, invocation: Invocation) -> Outcome | Awaitable[Outcome]:
        """Run a function; return what came of it, or for one that takes its time what will."""
        return self._later(invocation) if invocation.fixture.blocking else self._now(invocation)

    def _now(self, invocation: Invocation) -> Outcome:
        printed = io.StringIO()
        with redirect_stdout(printed):
            outcome = self._run(invocation, time.sleep)
        before = printed.getvalue()
        if not before:
            return outcome
        return Outcome(outcome.payload, outcome.failed, before + outcome.printed, outcome.seconds)

    async def _later(self, invocation: Invocation) -> Outcome:
        """Run a function in a thread until it ends or its time is up."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Outcome] = loop.create_future()
        clock = Clock(invocation.fixture.timeout, self._scale, loop)

        def deliver(outcome: Outcome) -> None:
            if not done.done():
                done.set_result(outcome)

        def work() -> None:
            try:
                found = self._run(invocation, clock.sleep)
                outcome = replace(found, seconds=max(found.seconds, clock.slept))
            except TimeIsUpError:
                outcome = timed_out(invocation)
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(deliver, outcome)

        threading.Thread(target=work, daemon=True).start()
        try:
            return await done
        finally:
            clock.give_up()

    def _run(self, invocation: Invocation, sleep: Callable[[float], object]) -> Outcome:
        started = time.perf_counter()
        if invocation.fixture.language == "node":
            outcome = runtime_node.run(invocation)
        else:
            outcome = runtime_python.run(invocation, self._marks, sleep)
        return Outcome(outcome.payload, outcome.failed, outcome.printed, time.perf_counter() - started)
