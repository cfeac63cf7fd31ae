"""Runs a plan: many cases at a time, bracketed by a known-good Invoke, as a stream of events."""

from __future__ import annotations

import asyncio
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.cases.model import Call
from conformance.oracle.judge import show
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading, parse_json
from conformance.run.events import Bracket, Ended, Judged, VoidCause
from conformance.run.queue import Kind, Queue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.exchange.message import Exchange
    from conformance.run.caller import Caller
    from conformance.run.plan import Planned

BRACKET_EVERY = 25
"""Cases between two brackets; what was judged since the last good one waits for the next."""

CLOSING = 2.0
"""Seconds that the last bracket gets when the user doesn't want to wait any more, or less by --timeout."""
REFUSED = frozenset({401, 403})
"""Statuses with which a caller is refused, whatever the request."""
PROBE = Call("{echo}", body=b'{"bracket": true}')


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run goes about it.

    Attributes:
        workers: cases that are under way at a time.
        max_failures: after so many no further case is sent; 0 means no limit.
        known: whether a failure is expected, so that it does not count.
    """

    workers: int = 12
    max_failures: int = 0
    known: Callable[[Judged], bool] = lambda _: False


class Engine:
    """One run of a plan.

    Args:
        plan: the cases, skipped ones included.
        caller: sends and judges one case.
        settings: how many at a time, and when to give up.
        emit: gets each :class:`Judged` as soon as its bracket holds; what it raises ends the run.
    """

    def __init__(
        self, plan: Sequence[Planned], caller: Caller, settings: Settings, emit: Callable[[Judged], None]
    ) -> None:
        self._plan = plan
        self._caller = caller
        self._settings = settings
        self._emit = emit
        self._queue = Queue(plan)
        self._waiting: list[Judged] = []
        self._brackets: list[Bracket] = []
        self._succeeded: dict[str, asyncio.Future[bool]] = {}
        self._failures = 0
        self._enough = ""
        self._broken = ""
        self._interrupted = False
        self._sending: asyncio.Task[None] | None = None

    @property
    def _stopped(self) -> str:
        """Why no further case is sent; empty while cases are."""
        return self._broken or self._enough

    def interrupt(self) -> None:
        """Stop: cases under way are given up and the others are not sent. A signal handler may call it at any time."""
        if not self._interrupted:
            self._interrupted = True
            if self._sending is not None and not self._sending.done():
                self._sending.get_loop().call_soon_threadsafe(self._sending.cancel)

    async def run(self) -> Ended:
        """Send all cases of the plan; return when each has its outcome."""
        for planned in self._plan:
            if planned.skip:
                self._emit(Judged(planned, Outcome.SKIP, planned.skip))
        loop = asyncio.get_running_loop()
        twins = {one.case.twin for one in self._queue}
        self._succeeded = {one.case.id: loop.create_future() for one in self._queue if one.case.id in twins}
        self._sending = loop.create_task(self._send_all())
        if self._interrupted:
            self._sending.cancel()
        try:
            await self._sending
        except asyncio.CancelledError:
            if not self._interrupted:
                raise
        if self._brackets and self._brackets[0].answered:
            await self._settle()
        return self._ended()

    async def _send_all(self) -> None:
        """Send what is in the queue, once the known-good Invoke got an answer."""
        if not await self._bracket():
            return
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(self._settings.workers):
                    group.create_task(self._work(Kind.SHORT if number % 2 else Kind.LONG))
        except ExceptionGroup as faults:  # of whoever listens; a verdict that can't be written must not get lost
            raise faults.exceptions[0] from None

    async def _work(self, first: Kind) -> None:
        """Send case after case; every other worker takes long ones first, so that the rest goes on meanwhile."""
        while self._queue and not self._stopped:
            planned = self._queue.take(first)
            try:
                judged = await self._case(planned)
            except asyncio.CancelledError:
                self._queue.put(planned)
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
        if (told := self._succeeded.get(planned.case.id)) is not None:
            told.set_result(_succeeded(judged))
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
        most = self._settings.max_failures
        if most and judged.outcome is Outcome.FAIL and not self._settings.known(judged):
            self._failures += 1
            if self._failures >= most:
                self._enough = f"stopped at --max-failures {most}"

    async def _settle(self) -> None:
        """Let what was judged so far stand if a bracket holds now, else void it and send no more."""
        settled, self._waiting = self._waiting, []
        try:
            stands = not self._broken and await self._bracket()
        except asyncio.CancelledError:
            self._waiting += settled
            raise
        for judged in settled:
            if stands or judged.outcome is Outcome.VOID:
                self._emit(judged)
            else:
                self._emit(replace(judged, outcome=Outcome.VOID, reason=self._broken, void=VoidCause.BRACKET))

    async def _bracket(self) -> bool:
        """Send the known-good Invoke; tell whether verdicts up to now may stand, and keep why not.

        A target that never gave the right answer is judged all the same, as long as it answers.
        """
        caller = self._caller
        endpoint, request = caller.target.endpoint_of("echo"), caller.request(PROBE)
        seconds = min(CLOSING, caller.client.timeout) if self._interrupted else None
        exchange = await caller.client.send(endpoint, request, timeout=seconds)
        bracket = _bracket_of(exchange)
        self._brackets.append(bracket)
        stands = bracket.holds or (bracket.answered and not self._brackets[0].holds)
        if not stands:
            self._broken = self._broken or f"the known-good Invoke {bracket.detail}"
        return stands

    def _ended(self) -> Ended:
        """Give an outcome to what was never judged (void without a trustworthy target, else skip) and say why."""
        reason, void = self._stopped, VoidCause.BRACKET if self._broken else None
        if self._interrupted:
            reason, void = "interrupted before it was judged", None
        outcome = Outcome.VOID if void else Outcome.SKIP
        for planned in self._queue:
            self._emit(Judged(planned, outcome, reason, void=void))
        stopped = self._stopped
        if self._interrupted:
            sent = sum(not one.skip for one in self._plan)
            stopped = f"interrupted when {sent - len(self._queue)} of {sent} cases had been sent"
        return Ended(tuple(self._brackets), self._interrupted, stopped)


def _bracket_of(exchange: Exchange) -> Bracket:
    """Return what came of the known-good Invoke, in words that follow its name."""
    response, failure = exchange.response, exchange.failure
    if response is None:
        why = f"{failure.kind.value}, {failure.detail}" if failure else "nothing came"
        return Bracket(answered=False, holds=False, detail=f"got no answer: {why}")
    if response.status in REFUSED:
        kind = show(Reading(response).error_type)
        return Bracket(answered=False, holds=False, detail=f"was refused with status {response.status}, {kind}")
    holds = response.status == 200 and parse_json(response.body) == {"bracket": True}  # noqa: PLR2004  the good answer
    said = "gave the right answer" if holds else f"was answered with status {response.status}"
    said += " and another body" if response.status == 200 and not holds else ""  # noqa: PLR2004  the same
    return Bracket(answered=True, holds=holds, detail=said)


def _succeeded(judged: Judged) -> bool:
    """Tell whether a case got the successful answer that its negative counterparts compare with."""
    return bool(judged.exchanges) and all(
        exchange.response is not None and exchange.response.status < 300  # noqa: PLR2004  HTTP's classes
        for exchange in judged.exchanges
    )
