"""The fixtures as functions of the reference: found by name and qualifier, run in this process."""

from __future__ import annotations

import asyncio
import io
import json
import os
import random
import sys
import threading
import time
import traceback
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.fixtures import handlers
from conformance.fixtures.table import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.fixtures.table import Fixture

MEMORY = "256"
LATEST = "$LATEST"


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run of a function.

    Attributes:
        fixture: that runs.
        function_name: under which it is deployed.
        version: that runs.
        arn: through which it was called.
        request_id: of the call.
        event: its argument.
        client_context: as decoded; None without one.
        trace: for _X_AMZN_TRACE_ID.
    """

    fixture: Fixture
    function_name: str
    version: str
    arn: str
    request_id: str
    event: Any
    client_context: Any
    trace: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: the result or error as JSON, whether it is an error, and what was printed."""

    payload: bytes
    failed: bool
    printed: str
    seconds: float


class Context:
    """The context object, as the Python runtime makes it."""

    memory_limit_in_mb = MEMORY
    log_group_name = "/aws/lambda/reference"
    log_stream_name = "reference"
    identity = None

    def __init__(self, invocation: Invocation) -> None:
        self.function_name = invocation.function_name
        self.function_version = invocation.version
        self.invoked_function_arn = invocation.arn
        self.aws_request_id = invocation.request_id
        self.client_context = invocation.client_context
        self._deadline = time.monotonic() + invocation.fixture.timeout

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still run."""
        return max(int((self._deadline - time.monotonic()) * 1000), 0)


def resolve(fixture: Fixture, qualifier: str | None) -> str | None:
    """Return the version that a qualifier stands for; None when there is no such version or alias."""
    if qualifier is None or qualifier == LATEST:
        return LATEST
    if qualifier.isdecimal():
        return qualifier if 1 <= int(qualifier) <= fixture.versions else None
    return fixture.aliases.get(qualifier)


def deployed(prefix: str) -> Mapping[str, Fixture]:
    """Return the fixtures by the names under which they are deployed."""
    return {prefix + name: fixture for name, fixture in FIXTURES.items()}


async def run_blocking(invocation: Invocation) -> Outcome:
    """Run a function that takes its time in a thread, and end the wait at its timeout.

    The thread is not waited for: it can't be ended, and is a daemon so that it can't keep the process.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Outcome] = loop.create_future()

    def deliver(outcome: Outcome) -> None:
        if not done.done():
            done.set_result(outcome)

    def work() -> None:
        outcome = _call(invocation, io.StringIO())
        loop.call_soon_threadsafe(deliver, outcome)

    threading.Thread(target=work, daemon=True).start()
    timeout = invocation.fixture.timeout
    try:
        return await asyncio.wait_for(done, timeout)
    except TimeoutError:
        text = f"RequestId: {invocation.request_id} Error: Task timed out after {timeout:.2f} seconds"
        return _platform_error("Sandbox.Timedout", text, "", float(timeout))


def run(invocation: Invocation) -> Outcome:
    """Run a function in this thread."""
    os.environ["_X_AMZN_TRACE_ID"] = invocation.trace
    if invocation.fixture.versions:
        os.environ["MARKER"] = "unpublished" if invocation.version == LATEST else f"code {invocation.version}"
    printed = io.StringIO()
    with redirect_stdout(printed):
        return _call(invocation, printed)


def _call(invocation: Invocation, printed: io.StringIO) -> Outcome:
    handler: Callable[[Any, Context], Any] = getattr(handlers, invocation.fixture.handler.partition(".")[2])
    started = time.perf_counter()
    try:
        result = handler(invocation.event, Context(invocation))
        payload = json.dumps(result).encode()
    except SystemExit:
        text = f"RequestId: {invocation.request_id} Error: Runtime exited without providing a reason"
        return _platform_error("Runtime.ExitError", text, printed.getvalue(), time.perf_counter() - started)
    except Exception as error:  # noqa: BLE001  whatever a handler raises is its answer
        payload, log = _runtime_error(error, invocation.request_id)
        return Outcome(payload, failed=True, printed=printed.getvalue() + log, seconds=time.perf_counter() - started)
    return Outcome(payload, failed=False, printed=printed.getvalue(), seconds=time.perf_counter() - started)


def too_large(most: int, outcome: Outcome) -> Outcome:
    """Return what becomes of a result that is larger than a synchronous answer may be."""
    text = f"Response payload size exceeded maximum allowed payload size ({most} bytes)."
    return _platform_error("Function.ResponseSizeTooLarge", text, outcome.printed, outcome.seconds)


def _platform_error(kind: str, text: str, printed: str, seconds: float) -> Outcome:
    return Outcome(
        json.dumps({"errorType": kind, "errorMessage": text}).encode(), failed=True, printed=printed, seconds=seconds
    )


def _runtime_error(error: Exception, request_id: str) -> tuple[bytes, str]:
    """Return the payload and the log line of an exception, as the Python runtime makes them."""
    frames = traceback.extract_tb(sys.exc_info()[2])[1:]
    stack = [
        f'  File "/var/task/{Path(frame.filename).name}", line {frame.lineno}, in {frame.name}\n    {frame.line}\n'
        for frame in frames
    ]
    kind = type(error).__name__
    payload = {"errorMessage": str(error), "errorType": kind, "requestId": request_id, "stackTrace": stack}
    log = f"[ERROR] {kind}: {error}\nTraceback (most recent call last):\n{''.join(stack)}"
    return json.dumps(payload).encode(), log


def log_of(invocation: Invocation, outcome: Outcome) -> bytes:
    """Return the whole log of a run, framed as the platform frames it."""
    id_, milliseconds = invocation.request_id, outcome.seconds * 1000
    printed = outcome.printed if not outcome.printed or outcome.printed.endswith("\n") else outcome.printed + "\n"
    return (
        f"START RequestId: {id_} Version: {invocation.version}\n{printed}END RequestId: {id_}\n"
        f"REPORT RequestId: {id_}\tDuration: {milliseconds:.2f} ms\tBilled Duration: {int(milliseconds) + 1} ms\t"
        f"Memory Size: {MEMORY} MB\tMax Memory Used: {random.randint(30, 60)} MB\t\n"  # noqa: S311  a plausible number
    ).encode()
