"""Sends the calls of a case and judges the answers."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.cases.rendering import render
from conformance.oracle.clause import bind
from conformance.oracle.judge import judge, outcome_of
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading
from conformance.run.events import Judged, VoidCause
from conformance.run.signing import SIGNERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.model import Call, Step
    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement, Tier
    from conformance.exchange.client import Client, Line
    from conformance.exchange.message import Exchange, Request
    from conformance.oracle.judge import Check
    from conformance.run.plan import Planned
    from conformance.targets.model import Target

PAUSE = 0.05
"""Seconds between two calls of a step that waits for an effect."""


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

        A step rests on those before it, so the first that fails, or gets no answer, is the last.
        """
        started = time.perf_counter()
        exchanges: list[Exchange] = []
        readings: list[Reading] = []
        checks: list[Check] = []
        endpoint = self.target.endpoint_of(planned.case.steps[0].call.fixture)
        async with self.client.line(endpoint) as line:
            for step in planned.case.steps:
                exchange, found = await self._step(step, line, readings)
                exchanges.append(exchange)
                checks += found
                if exchange.response is None:
                    return self._void(planned, exchanges, checks, started)
                if any(check.outcome is Outcome.FAIL for check in found):
                    break
                readings.append(Reading(exchange.response))
        return Judged(
            planned,
            outcome_of(checks),
            checks=tuple(checks),
            exchanges=tuple(exchanges),
            seconds=time.perf_counter() - started,
        )

    async def _step(self, step: Step, line: Line, before: list[Reading]) -> tuple[Exchange, list[Check]]:
        """Send one step; one that waits for an effect is sent until it holds or its time is over."""
        until = time.perf_counter() + step.within
        clauses = [bind(clause, self.target.site) for clause in step.expect]
        while True:
            exchange = await line.send(self.request(step.call))
            if exchange.response is None:
                return exchange, []
            checks = judge(clauses, [*before, Reading(exchange.response)], self.requirements, self.tier)
            holds = all(check.outcome is Outcome.PASS for check in checks)
            if holds or time.perf_counter() >= until:
                return exchange, checks
            await asyncio.sleep(PAUSE)

    def request(self, call: Call) -> Request:
        """Return the signed request of a call."""
        endpoint = self.target.endpoint_of(call.fixture)
        request = render(call, self.target.site, self.contract, endpoint)
        if self.target.credentials is None:
            return request
        signer = SIGNERS[call.signing]
        return signer(request, self.target.credentials, self.target.site.region, datetime.now(UTC))

    def _void(self, planned: Planned, exchanges: list[Exchange], checks: list[Check], started: float) -> Judged:
        failure = exchanges[-1].failure
        reason = f"no answer: {failure.kind.value}, {failure.detail}" if failure else "no answer"
        seconds = time.perf_counter() - started
        judged = Judged(planned, Outcome.VOID, reason, tuple(checks), tuple(exchanges), seconds)
        return replace(judged, void=VoidCause.NO_ANSWER)
