"""Sends the calls of a case and judges the answers."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain, repeat
from typing import TYPE_CHECKING

from conformance.cases.rendering import chunked, render
from conformance.exchange.raw import reaction
from conformance.oracle.clause import bind, observe
from conformance.oracle.judge import judge, outcome_of
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading
from conformance.run.events import Judged, VoidCause
from conformance.run.signing import SIGNERS, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.cases.model import Call, Step
    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement, Tier
    from conformance.exchange.client import Client, Line
    from conformance.exchange.endpoint import Endpoint
    from conformance.exchange.message import Exchange, Request
    from conformance.exchange.sigv4 import Credentials
    from conformance.oracle.judge import Check
    from conformance.run.plan import Planned
    from conformance.targets.model import Target

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
"""Seconds between the calls of a step that waits for an effect, at the pace of AWS's functions; the last holds on. They
grow, since each call takes up the function while it lasts: where there is room for one call only, it keeps the effect
from coming about."""
TRIES = 12
"""Calls at least that a step makes which waits for an effect."""
SLICES = 15
"""Of which a pause is made: more turns of the loop than it takes to connect, to send a request and to take it in."""
CLOSING = "the target closes a connection after an answer, and says so, so that calls can't be pipelined"


@dataclass(frozen=True, slots=True)
class Caller:
    """Sends cases to one target and judges what comes back.

    Attributes:
        target: where to, and signed how.
        contract: says where the operations are.
        requirements: by id.
        tier: leaves out the checks of stricter ones.
        client: the wire.
    """

    target: Target
    contract: Contract
    requirements: Mapping[str, Requirement]
    tier: Tier
    client: Client

    async def run(self, planned: Planned) -> Judged:
        """Send a case's steps in order and judge each answer.

        A step rests on those before it, so the first that fails, or gets no answer, is the last. Background steps are
        under way meanwhile and judged in the end, whatever came of the others.
        """
        started = time.perf_counter()
        steps = planned.case.steps
        endpoint = self.target.endpoint_of(steps[0].call.fixture)
        done = _Done(steps, endpoint)
        background: dict[int, asyncio.Task[Exchange]] = {}
        async with self.client.line(endpoint) as line:
            for group in _groups(steps):
                first = steps[group[0]]
                if first.pause:
                    await self._pause(first.pause)
                if first.background:
                    background[group[0]] = asyncio.create_task(self._aside(first.call))
                elif not await self._together(group, steps, line, done):
                    break
        for index, task in background.items():
            self._judge(index, steps[index], await task, done)
        return self._judged(planned, done, time.perf_counter() - started)

    async def _pause(self, seconds: float) -> None:
        """Let a background step get under way; where the loop is held up, it comes round often enough for that."""
        for _ in range(SLICES):
            await asyncio.sleep(seconds * self.target.pace.functions / SLICES)

    async def _aside(self, call: Call) -> Exchange:
        endpoint, request = self.target.endpoint_of(call.fixture), self.request(call)
        return await (reaction(self.client, endpoint, request) if call.wire else self.client.send(endpoint, request))

    async def _together(self, group: Sequence[int], steps: Sequence[Step], line: Line, done: _Done) -> bool:
        """Send a step, or several in one write; tell whether the case goes on."""
        first = steps[group[0]]
        if len(group) > 1:
            exchanges = await line.pipeline([self.request(steps[index].call) for index in group])
            pairs = zip(group, exchanges, strict=True)
            going_on = [self._judge(index, steps[index], one, done) for index, one in pairs]
            return all(going_on)
        send = self._patiently if first.within else self._once
        for _ in range(first.repeat):
            if not await send(group[0], first, line, done):
                return False
        return True

    async def _once(self, index: int, step: Step, line: Line, done: _Done) -> bool:
        """Send one step; tell whether the case goes on."""
        endpoint = self.target.endpoint_of(step.call.fixture)
        here = step.call.service == "lambda" and (endpoint is done.endpoint or endpoint == done.endpoint)
        here = here and not step.call.wire and not step.aside
        exchange = await (line.send(self.request(step.call)) if here else self._aside(step.call))
        return self._judge(index, step, exchange, done)

    async def _patiently(self, index: int, step: Step, line: Line, done: _Done) -> bool:
        """Send a step that waits for an effect until it holds, or its time is over and it was sent some times at least.

        A machine may be so slow that the time is over before the effect was given a chance.
        """
        until = time.perf_counter() + self.target.patience(step.within)
        pauses = chain(PAUSES, repeat(PAUSES[-1]))
        tries = 0
        while True:
            goes_on = await self._once(index, step, line, done)
            tries += 1
            over = tries >= max(TRIES, step.tries) and time.perf_counter() >= until
            missing = any(check.outcome is not Outcome.PASS for check in done.checks[index])
            if over or done.readings[index] is None or not missing:
                return goes_on
            await asyncio.sleep(next(pauses) * self.target.pace.functions)

    def _judge(self, index: int, step: Step, exchange: Exchange, done: _Done) -> bool:
        """Take note of an exchange and of what is to be said of it; tell whether the case goes on."""
        done.exchanges[index], done.readings[index], done.checks[index] = exchange, None, []
        if exchange.response is None:
            return False
        done.readings[index] = Reading(exchange.response, self.target.site.run)
        site = self.target.site
        clauses = [bind(clause, site) if clause.has_words else clause for clause in step.expect]
        done.checks[index] = judge(clauses, done.readings[: index + 1], self.requirements, self.tier)
        return all(check.outcome is not Outcome.FAIL for check in done.checks[index])

    def _judged(self, planned: Planned, done: _Done, seconds: float) -> Judged:
        exchanges = tuple(one for one in done.exchanges if one is not None)
        checks = tuple(check for found in done.checks for check in found)
        judged = Judged(planned, outcome_of(checks), checks=checks, exchanges=exchanges, seconds=seconds)
        failure = next((one.failure for one in exchanges if one.response is None), None)
        if failure is None:
            return judged
        if done.closed_as_said():
            return judged if judged.outcome is Outcome.FAIL else replace(judged, outcome=Outcome.SKIP, reason=CLOSING)
        reason = f"no answer: {failure.kind.value}, {failure.detail}"
        return replace(judged, outcome=Outcome.VOID, reason=reason, void=VoidCause.NO_ANSWER)

    def request(self, call: Call) -> Request:
        """Return the signed request of a call."""
        endpoint = self.target.endpoint_of(call.fixture)
        request = render(call, self.target.site, self.contract, endpoint)
        if call.wire:
            return request
        signed = self._signed(request, call)
        return chunked(signed) if call.framing == "chunked" else signed

    def _signed(self, request: Request, call: Call) -> Request:
        """Return a request with its signature, of the whole body, before it is cut into chunks."""
        if self.target.credentials is None:
            return request
        scope = _scope(self.target.credentials, self.target.site.region, call.service, int(time.time()))
        return SIGNERS[call.signing](request, scope)


@lru_cache(maxsize=16)
def _scope(credentials: Credentials, region: str, service: str, second: int) -> Scope:
    """Return the scope of the signatures of one second since the epoch."""
    return Scope(credentials, region, service, datetime.fromtimestamp(second, UTC))


class _Done:
    """What came of the steps of a case so far, by index; None for an answer that is not there.

    Args:
        steps: of the case.
        endpoint: at the other end of the case's own connection.
    """

    def __init__(self, steps: Sequence[Step], endpoint: Endpoint) -> None:
        self.steps = steps
        self.endpoint = endpoint
        self.exchanges: list[Exchange | None] = [None] * len(steps)
        self.readings: list[Reading | None] = [None] * len(steps)
        self.checks: list[list[Check]] = [[] for _ in steps]

    def closed_as_said(self) -> bool:
        """Tell whether the first missing answer is of a pipelined call behind an answer that announced the close."""
        sent = enumerate(self.exchanges)
        missing = next((index for index, one in sent if one is not None and one.response is None), 0)
        before = self.readings[missing - 1]
        told = before is not None and not observe("connection stays open", [before])
        return self.steps[missing].pipelined and told


def _groups(steps: Sequence[Step]) -> list[list[int]]:
    """Return the indices of the steps, those together that go out in one write."""
    if len(steps) == 1:
        return [[0]]
    groups: list[list[int]] = []
    for index, step in enumerate(steps):
        if step.pipelined:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups
