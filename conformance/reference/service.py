"""The service: a request in, an answer out. Knows nothing of sockets."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import time
import uuid
from typing import TYPE_CHECKING

from conformance.contract.names import function_arn
from conformance.exchange.eventstream import Frame, encode
from conformance.reference import checks
from conformance.reference.answer import Answer, Refusal, no_route, refuse
from conformance.reference.call import Call, Router, values_of
from conformance.reference.functions import (
    LATEST,
    Invocation,
    deployed,
    log_of,
    resolve,
    run,
    run_blocking,
    too_large,
)
from conformance.reference.signature import check_signature

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine
    from typing import Any

    from conformance.contract.model import Contract
    from conformance.exchange.message import Request
    from conformance.exchange.sigv4 import Credentials
    from conformance.reference.functions import Outcome

RETRIES = (60.0, 120.0)
"""Seconds before the second and the third run of an Event whose function fails."""
TIME_SCALE = 0.01
"""A minute of waiting for a retry takes 0.6 s."""
STREAM = "InvokeWithResponseStream"
_ROOT = re.compile(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}")


class Service:
    """A Lambda Invoke endpoint with the fixtures deployed.

    Args:
        contract: says what there is to obey.
        identity: partition, region and account.
        prefix: of the functions' names.
        credentials: the only ones that may call.
    """

    def __init__(
        self, contract: Contract, identity: tuple[str, str, str], prefix: str, credentials: Credentials
    ) -> None:
        self._contract = contract
        self._partition, self._region, self._account = identity
        self._functions = deployed(prefix)
        self._credentials = credentials
        self._router = Router(contract)
        self._background: set[asyncio.Task[None]] = set()

    def handle(self, request: Request) -> Answer | Awaitable[Answer]:
        """Answer a request; at once, or (where a function takes its time) later."""
        request_id = str(uuid.uuid4())
        path, _, query = request.target.partition(b"?")
        route = self._router.find(request.method, path)
        if route is None:
            return no_route(request_id)
        operation, FunctionName = route
        try:
            check_signature(request, self._credentials, self._region, time.time())
            values = values_of(request, operation, FunctionName, query)
            call = Call(request, operation, request_id, values, _trace(request))
            return self._answer(call, self._checked(call))
        except Refusal as refusal:
            return refuse(self._contract.errors[refusal.name], refusal.message, request_id)

    def _checked(self, call: Call) -> Invocation:
        """Make all checks; return the run that is asked for."""
        checks.check_size(call)
        checks.check_constraints(call)
        reference = checks.named(call.operation, call.values["FunctionName"])
        qualifier = checks.check_qualifier(call, reference)
        checks.check_home(reference, self._partition, self._region, self._account)
        event = checks.check_body(call)
        context = checks.check_client_context(call)
        fixture = self._functions.get(reference.name)
        version = resolve(fixture, qualifier) if fixture else None
        arn = function_arn(self._partition, self._region, self._account, reference.name, qualifier)
        if fixture is None or version is None:
            missing = arn if qualifier else f"{arn}:{LATEST}"
            raise Refusal("ResourceNotFoundException", f"Function not found: {missing}")
        return Invocation(fixture, reference.name, version, arn, call.request_id, event, context, call.trace)

    def _answer(self, call: Call, invocation: Invocation) -> Answer | Awaitable[Answer]:
        common = (("x-amzn-RequestId", call.request_id), ("X-Amzn-Trace-Id", call.trace))
        if call.InvocationType == "DryRun":
            return Answer(204, common)
        if call.InvocationType == "Event":
            self._spawn(self._deliver(invocation))
            return Answer(202, (*common, ("x-amzn-Remapped-Content-Length", "0")))
        if invocation.fixture.blocking:
            return self._later(call, invocation)
        return self._result(call, invocation, run(invocation))

    async def _later(self, call: Call, invocation: Invocation) -> Answer:
        return self._result(call, invocation, await run_blocking(invocation))

    def _result(self, call: Call, invocation: Invocation, outcome: Outcome) -> Answer:
        """Return the answer to a synchronous invocation."""
        log = log_of(invocation, outcome) if call.values.get("X-Amz-Log-Type") == "Tail" else b""
        tail = base64.b64encode(log[-self._contract.limits["log-result"] :]).decode()
        headers = (
            ("x-amzn-RequestId", call.request_id),
            ("X-Amzn-Trace-Id", call.trace),
            ("X-Amz-Executed-Version", invocation.version),
        )
        if call.operation.id == STREAM:
            return Answer(
                200, (("Content-Type", "application/vnd.amazon.eventstream"), *headers), _stream(outcome, tail)
            )
        most = self._contract.limits["sync-response"]
        if len(outcome.payload) > most:
            outcome = too_large(most, outcome)
        headers += (("Content-Type", "application/json"), ("x-amzn-Remapped-Content-Length", "0"))
        headers += (("X-Amz-Function-Error", "Unhandled"),) * outcome.failed
        headers += (("X-Amz-Log-Result", tail),) * bool(tail)
        return Answer(200, headers, outcome.payload)

    async def _deliver(self, invocation: Invocation) -> None:
        """Run an Event's function, and again while it fails, with the same request id."""
        for wait in (0.0, *RETRIES):
            await asyncio.sleep(wait * TIME_SCALE)
            blocking = invocation.fixture.blocking
            outcome = await run_blocking(invocation) if blocking else run(invocation)
            if not outcome.failed:
                return

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _stream(outcome: Outcome, tail: str) -> bytes:
    """Return a result as events: one chunk, then the completion with what went wrong."""
    complete: dict[str, str] = {}
    if outcome.failed:
        error = json.loads(outcome.payload)
        complete = {"ErrorCode": error["errorType"], "ErrorDetails": error["errorMessage"]}
    complete |= {"LogResult": tail} if tail else {}
    chunk = b"" if outcome.failed else encode(_event("PayloadChunk", "application/octet-stream", outcome.payload))
    return chunk + encode(_event("InvokeComplete", "application/json", json.dumps(complete).encode()))


def _event(kind: str, content_type: str, payload: bytes) -> Frame:
    return Frame({":message-type": "event", ":event-type": kind, ":content-type": content_type}, payload)


def _trace(request: Request) -> str:
    """Return the trace header in the form of December 2025; a caller's root is kept."""
    noise = os.urandom(24).hex()
    given = _ROOT.search("".join(request.header("X-Amzn-Trace-Id")))
    root = given[0] if given else f"Root=1-{int(time.time()):08x}-{noise[:24]}"
    return f"{root};Parent={noise[24:40]};Sampled=0;Lineage=1:{noise[40:48]}:0"
