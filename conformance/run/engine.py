"""Runs a plan: many cases at a time, bracketed by a known-good Invoke, as a stream of events."""

from __future__ import annotations

import asyncio
import traceback
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.cases.model import Call
from conformance.fixtures.table import FIXTURES
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import parse_json
from conformance.run.events import Bracket, Ended, Judged, VoidCause

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.run.caller import Caller
    from conformance.run.plan import Planned

BRACKET_EVERY = 25
"""Cases between two brackets; what was judged since the last good one waits for the next."""

PROBE = Call("{echo}", body=b'{"bracket": true}')


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run goes about it.

    Attributes:
        workers: cases that are under way at a time.
        max_failures: after so many no further case is sent; 0 means no limit.
    """

    workers: int = 8
    max_failures: int = 0


class Engine:
    """One run of a plan.

    Args:
        plan: the cases, skipped ones included.
        caller: sends and judges one case.
        settings: how many at a time, and when to give up.
        emit: gets each :class:`Judged` as soon as its bracket holds; must not raise.
    """

    def __init__(
        self, plan: Sequence[Planned], caller: Caller, settings: Settings, emit: Callable[[Judged], None]
    ) -> None:
        self._plan = plan
        self._caller = caller
        self._settings = settings
        self._emit = emit
        self._queue = deque(sorted((one for one in plan if not one.skip), key=_order))
        self._waiting: list[Judged] = []
        self._brackets: list[Bracket] = []
        self._succeeded: dict[str, asyncio.Future[bool]] = {}
        self._failures = 0
        self._stopped = ""
        self._interrupted = False
        self._workers: list[asyncio.Task[None]] = []

    def interrupt(self) -> None:
        """Stop: cases under way are given up, the others are skipped. For signal handlers."""
        self._interrupted = True
        self._stopped = "interrupted before it was judged"
        for worker in self._workers:
            worker.cancel()

    async def run(self) -> Ended:
        """Send all cases of the plan; return when each has its outcome."""
        for planned in self._plan:
            if planned.skip:
                self._emit(Judged(planned, Outcome.SKIP, planned.skip))
        loop = asyncio.get_running_loop()
        self._succeeded = {one.case.id: loop.create_future() for one in self._queue}
        if await self._bracket():
            self._workers = [loop.create_task(self._work()) for _ in range(self._settings.workers)]
            await asyncio.gather(*self._workers, return_exceptions=True)
            await self._settle()
        self._give_up_the_rest()
        return Ended(tuple(self._brackets), self._interrupted, self._stopped)

    async def _work(self) -> None:
        while self._queue and not self._stopped:
            planned = self._queue.popleft()
            try:
                judged = await self._case(planned)
            except asyncio.CancelledError:
                self._queue.append(planned)
                raise
            self._waiting.append(judged)
            if len(self._waiting) >= BRACKET_EVERY:
                await self._settle()

    async def _case(self, planned: Planned) -> Judged:
        """Run one case; a fault of ours in it voids it and nothing else."""
        try:
            judged = await self._caller.run(planned)
        except Exception:  # noqa: BLE001  the one place where our own faults become void verdicts
            judged = Judged(planned, Outcome.VOID, traceback.format_exc(), void=VoidCause.HARNESS)
        self._succeeded[planned.case.id].set_result(_succeeded(judged))
        if planned.case.twin and judged.outcome is Outcome.PASS:
            judged = await self._against_twin(judged)
        self._count(judged)
        return judged

    async def _against_twin(self, judged: Judged) -> Judged:
        """A refusal proves nothing where the same request without its fault is refused, too."""
        name = judged.planned.case.twin
        twin = self._succeeded.get(name)
        if twin is not None and await twin:
            return judged
        what = "was not sent" if twin is None else "did not succeed"
        reason = f"refused as expected, but its twin {name} {what}, so the refusal proves nothing"
        return replace(judged, outcome=Outcome.SKIP, reason=reason)

    def _count(self, judged: Judged) -> None:
        self._failures += judged.outcome is Outcome.FAIL
        if self._settings.max_failures and self._failures >= self._settings.max_failures:
            self._stopped = f"stopped after {self._failures} failures"

    async def _settle(self) -> None:
        """Let what was judged so far stand if a bracket holds now, else void it and stop."""
        settled, self._waiting = self._waiting, []
        try:
            stands = self._interrupted or await self._bracket()
        except asyncio.CancelledError:
            self._waiting += settled
            raise
        if stands:
            for judged in settled:
                self._emit(judged)
            return
        self._stopped = self._stopped or f"the bracket broke: {self._brackets[-1].detail}"
        for judged in settled:
            self._emit(replace(judged, outcome=Outcome.VOID, reason=self._stopped, void=VoidCause.BRACKET))

    async def _bracket(self) -> bool:
        """Send the known-good Invoke; tell whether verdicts up to now may stand.

        A target that never gave the right answer is judged all the same, as long as it answers.
        """
        endpoint = self._caller.target.endpoint_of("echo")
        exchange = await self._caller.client.send(endpoint, self._caller.request(PROBE))
        response = exchange.response
        if response is None:
            failure = exchange.failure
            detail = f"{failure.kind.value}: {failure.detail}" if failure else "no answer"
            bracket = Bracket(answered=False, holds=False, detail=detail)
        else:
            holds = response.status == 200 and parse_json(response.body) == {"bracket": True}  # noqa: PLR2004  the good answer
            bracket = Bracket(answered=True, holds=holds, detail=f"status {response.status}")
        first = self._brackets[0] if self._brackets else bracket
        self._brackets.append(bracket)
        return bracket.holds or (bracket.answered and not first.holds)

    def _give_up_the_rest(self) -> None:
        """Give an outcome to what was never judged: void without a target, else skipped."""
        gone = not self._brackets[-1].answered or (self._stopped.startswith("the bracket") and not self._interrupted)
        for planned in self._queue:
            if gone:
                reason = f"the target does not answer: {self._brackets[-1].detail}"
                self._emit(Judged(planned, Outcome.VOID, reason, void=VoidCause.BRACKET))
            else:
                self._emit(Judged(planned, Outcome.SKIP, self._stopped))


def _order(planned: Planned) -> tuple[bool, bool]:
    """Order cases: those that wait first, twins before the cases that need them."""
    case = planned.case
    slow = any(FIXTURES[name].blocking for name in case.fixtures) or any(step.within for step in case.steps)
    return (bool(case.twin), not slow)


def _succeeded(judged: Judged) -> bool:
    """Tell whether a case got the successful answer that its negative counterparts compare with."""
    return bool(judged.exchanges) and all(
        exchange.response is not None and exchange.response.status < 300  # noqa: PLR2004  HTTP's classes
        for exchange in judged.exchanges
    )
