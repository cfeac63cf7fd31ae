"""Runs functions in this process: quick ones at once, those that take their time in a thread with a time limit."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from conformance.reference import runtime_node, runtime_python
from conformance.reference.outcomes import Outcome, timed_out

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conformance.reference.functions import Invocation
    from conformance.reference.marks import Marks


class Runner:
    """Runs functions.

    Args:
        marks: where the marks of all of them go.
    """

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

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
        """Run a function in a thread until its time is up; a sleeping one is woken then and goes no further."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Outcome] = loop.create_future()
        over = threading.Event()

        def sleep(seconds: float) -> None:
            if over.wait(seconds):
                raise SystemExit

        def deliver(outcome: Outcome) -> None:
            if not done.done():
                done.set_result(outcome)

        def work() -> None:
            outcome = self._run(invocation, sleep)
            if not over.is_set():
                loop.call_soon_threadsafe(deliver, outcome)

        threading.Thread(target=work, daemon=True).start()
        try:
            return await asyncio.wait_for(done, invocation.fixture.timeout)
        except TimeoutError:
            return timed_out(invocation)
        finally:
            over.set()

    def _run(self, invocation: Invocation, sleep: Callable[[float], object]) -> Outcome:
        started = time.perf_counter()
        if invocation.fixture.language == "node":
            outcome = runtime_node.run(invocation)
        else:
            outcome = runtime_python.run(invocation, self._marks, sleep)
        return Outcome(outcome.payload, outcome.failed, outcome.printed, time.perf_counter() - started)
