"""The service: a request in, an answer out. Knows nothing of sockets.

The way of a request is a row of stages with plain data between them: route -> signature -> values -> checks -> run ->
answer; that of an Event goes on with delivery -> letters. Each is a function of what the one before returned, and
``Stages`` is the one place where they are put together.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from conformance.reference import results
from conformance.reference.admission import Admission
from conformance.reference.answer import Answer, Refusal, no_route, refuse
from conformance.reference.asynchronous import Delivery
from conformance.reference.call import Call, Route, Router, read_call
from conformance.reference.concurrency import Slots, throttled
from conformance.reference.durable import NAME, Execution, Executions, within
from conformance.reference.functions import Invocation, deployed
from conformance.reference.head import head
from conformance.reference.marks import Marks
from conformance.reference.outcomes import Outcome
from conformance.reference.records import letters
from conformance.reference.running import Runner
from conformance.reference.signature import check_signature

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from typing import Any

    from conformance.contract.model import Contract
    from conformance.exchange.message import Request
    from conformance.exchange.sigv4 import Credentials
    from conformance.reference.asynchronous import Run
    from conformance.reference.head import Head
    from conformance.reference.records import Delivered, Letter
    from conformance.targets.identity import Pace


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages of the way from a request to its answer.

    Attributes:
        identify: makes a request id.
        route: finds the operation; None where there is none.
        verify: refuses a request that is not signed as it must be.
        read: takes the values out of a request.
        admit: makes all checks and says which run is asked for.
        enter: finds the durable execution of a run and a name, or begins it; True where the run is a new one.
        take: gives a run a slot of the function's concurrency; False where there is none left.
        run: runs the function.
        deliver: runs the function of an Event until it succeeds or is given up.
        letters: says what is sent to which queue when that has ended.
        result: answers a synchronous call.
        accepted: answers an Event.
        possible: answers a dry run.
        refused: answers a request that a check refuses.
        unrouted: answers a request that no operation is found for.
        finish: looks over every answer at last.
        head: makes the bytes before a body.
    """

    identify: Callable[[], str]
    route: Callable[[Request], Route | None]
    verify: Callable[[Request], None]
    read: Callable[[Request, Route, str], Call]
    admit: Callable[[Call], Invocation]
    enter: Callable[[Invocation, str | None], tuple[Execution, bool]]
    take: Callable[[Invocation], bool]
    run: Run
    deliver: Callable[[Invocation], Awaitable[Delivered]]
    letters: Callable[[Delivered], tuple[tuple[str, Letter], ...]]
    result: Callable[[Call, Invocation, Outcome], Answer]
    accepted: Callable[[Call, Invocation], Answer]
    possible: Callable[[Call], Answer]
    refused: Callable[[Refusal, str], Answer]
    unrouted: Callable[[Request, str], Answer]
    finish: Callable[[Request, Answer], Answer]
    head: Head


def _request_id() -> str:
    """Return an id of version 4; it is no secret, so that chance need not be asked of the system each time."""
    digits, variant = f"{random.getrandbits(120):030x}", "89ab"[random.getrandbits(2)]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-{variant}{digits[15:18]}-{digits[18:]}"


class Service:
    """A Lambda Invoke endpoint with the fixtures deployed.

    Args:
        contract: says what there is to obey.
        identity: partition, region and account.
        prefix: of the functions' names.
        credentials: the only ones that may call.
        pace: how fast time goes.
        send: puts a message into one of the fixtures' queues.
    """

    def __init__(
        self,
        contract: Contract,
        identity: tuple[str, str, str],
        prefix: str,
        credentials: Credentials,
        pace: Pace,
        send: Callable[[str, Letter], None],
    ) -> None:
        self._send = send
        self._slots = Slots()
        self._executions = Executions(identity)
        self._background: set[asyncio.Task[None]] = set()
        self.stages = Stages(
            identify=_request_id,
            route=Router(contract),
            verify=lambda request: check_signature(request, credentials, "lambda", identity[1], time.time()),
            read=read_call,
            admit=Admission(identity, deployed(prefix)),
            enter=self._executions.enter,
            take=self._slots.take,
            run=Runner(Marks(), pace.functions),
            deliver=Delivery(self._run_stage, self._slots, pace.waits),
            letters=letters,
            result=partial(results.result, limits=contract.limits),
            accepted=results.accepted,
            possible=results.possible,
            refused=lambda refusal, request_id: refuse(refusal, contract.errors[refusal.name], request_id),
            unrouted=no_route,
            finish=lambda _, answer: answer,
            head=head,
        )

    def handle(self, request: Request) -> Answer | Awaitable[Answer]:
        """Answer a request; at once, or (where a function takes its time) later."""
        answer = self._handle(request)
        if isinstance(answer, Answer):
            return self.stages.finish(request, answer)
        return self._finished(request, answer)

    async def _finished(self, request: Request, answer: Awaitable[Answer]) -> Answer:
        return self.stages.finish(request, await answer)

    def _handle(self, request: Request) -> Answer | Awaitable[Answer]:
        stages = self.stages
        request_id, route = stages.identify(), stages.route(request)
        if route is None:
            return stages.unrouted(request, request_id)
        try:
            stages.verify(request)
            call = stages.read(request, route, request_id)
            return self._invoke(call, stages.admit(call))
        except Refusal as refusal:
            return stages.refused(refusal, request_id)

    def _invoke(self, call: Call, invocation: Invocation) -> Answer | Awaitable[Answer]:
        """Do what a call that passed all checks asks for."""
        if call.InvocationType == "DryRun":
            return self.stages.possible(call)
        execution, new = None, True
        if invocation.fixture.durable is not None:
            execution, new = self.stages.enter(invocation, call.values.get(NAME))
            invocation = within(invocation, execution)
        if call.InvocationType == "Event":
            if new:
                self._spawn(self._deliver(invocation, execution))
            return self.stages.accepted(call, invocation)
        outcome = self._run(invocation, execution) if new or execution is None else execution.outcome
        if isinstance(outcome, Outcome):
            return self.stages.result(call, invocation, outcome)
        return self._later(call, invocation, outcome)

    def _run_stage(self, invocation: Invocation) -> Outcome | Awaitable[Outcome]:
        """Run a function, by whatever the stage is by then."""
        return self.stages.run(invocation)

    def _run(self, invocation: Invocation, execution: Execution | None) -> Outcome | Awaitable[Outcome]:
        """Run a function for a caller who waits; refuse where it has no slot left."""
        if not self.stages.take(invocation):
            if execution is not None:
                self._executions.forget(execution)
            raise throttled()
        outcome = self.stages.run(invocation)
        if not isinstance(outcome, Outcome):
            return self._awaited(invocation, execution, outcome)
        self._ended(invocation, execution, outcome)
        return outcome

    async def _awaited(
        self, invocation: Invocation, execution: Execution | None, outcome: Awaitable[Outcome]
    ) -> Outcome:
        """Wait for a run, and give its slot back."""
        found = None
        try:
            found = await outcome
            return found
        finally:
            self._ended(invocation, execution, found)

    def _ended(self, invocation: Invocation, execution: Execution | None, outcome: Outcome | None) -> None:
        self._slots.give(invocation)
        if execution is not None and outcome is not None:
            execution.outcome.set_result(outcome)

    async def _later(self, call: Call, invocation: Invocation, outcome: Awaitable[Outcome]) -> Answer:
        return self.stages.result(call, invocation, await outcome)

    async def _deliver(self, invocation: Invocation, execution: Execution | None) -> None:
        delivered = await self.stages.deliver(invocation)
        for queue, letter in self.stages.letters(delivered):
            self._send(queue, letter)
        if execution is not None and delivered.outcome is not None:
            execution.outcome.set_result(delivered.outcome)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
