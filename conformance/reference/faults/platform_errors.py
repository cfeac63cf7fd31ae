"""Faults of the errors that the platform makes of a run, and of what a failure leaves behind."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.building import answer, around, status
from conformance.reference.faults.editing import error, having, is_error, saying
from conformance.reference.faults.model import Fault
from conformance.reference.outcomes import Outcome, failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from conformance.exchange.message import Request
    from conformance.reference.answer import Answer
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.service import Stages

    Error = Mapping[str, Any]
    Run = Callable[[Invocation], Outcome | Awaitable[Outcome]]

HEADER = "X-Amz-Function-Error"
TIMEOUT = "Task timed out"
LONG = 60
"""Seconds after which every function has come to its end by itself."""


def _plain_timeout(given: Answer) -> Answer:
    kept = tuple(pair for pair in given.headers if pair[0] != HEADER)
    return replace(given, headers=kept, body=b"Task timed out after 1.00 seconds")


def _is_timeout(request: Request, given: Answer) -> bool:
    return is_error(request, given) and TIMEOUT.encode() in given.body


def _is_exit(request: Request, given: Answer) -> bool:
    return is_error(request, given) and b"Runtime.ExitError" in given.body


def _unmarked(given: Answer, text: bytes) -> Answer:
    return replace(given, headers=tuple(pair for pair in given.headers if pair[0] != HEADER), body=text)


def _endless(run: Run) -> Run:
    return lambda invocation: run(replace(invocation, fixture=replace(invocation.fixture, timeout=LONG)))


def _lasting(kind: bytes) -> Change:
    """Let the call after a failure of a kind fail, too, as the environment is not made anew."""

    def change(unbroken: Stages, _: Setting) -> Stages:
        broken: set[str] = set()

        def noted(invocation: Invocation, found: Outcome) -> Outcome:
            if kind in found.payload and found.failed:
                broken.add(invocation.function_name)
            return found

        async def later(invocation: Invocation, found: Awaitable[Outcome]) -> Outcome:
            return noted(invocation, await found)

        def run(invocation: Invocation) -> Outcome | Awaitable[Outcome]:
            if invocation.function_name in broken:
                broken.discard(invocation.function_name)
                return failure({"errorType": "Runtime.ExitError", "errorMessage": "Worker process died"})
            found = unbroken.run(invocation)
            return noted(invocation, found) if isinstance(found, Outcome) else later(invocation, found)

        return replace(unbroken, run=run)

    return change


FAULTS = (
    Fault(
        "function-errors/timeout-unmarked",
        "answers a timeout with plain text, as if it were a result",
        ("function-errors/header", "function-errors/timeout"),
        answer(_plain_timeout, _is_timeout),
        seen="the emulator of aws-sam-cli 1.170.0",
    ),
    Fault(
        "function-errors/timeout-ignored",
        "lets functions run on past their timeout",
        ("function-errors/header",),
        around("run", _endless),
    ),
    Fault(
        "function-errors/timeout-without-message",
        "does not say that it was a timeout which ended a function",
        ("function-errors/timeout",),
        error(having(errorMessage="Internal error"), text=TIMEOUT),
    ),
    Fault(
        "function-errors/timeout-without-request-id",
        "leaves the request id out of the message of a timeout",
        ("function-errors/timeout-form",),
        error(saying(lambda text: text.partition("Error: ")[2]), text=TIMEOUT),
        seen="ministack 1.5.33",
    ),
    Fault(
        "function-errors/timeout-whole-seconds",
        "says after which time a function was ended without decimals",
        ("function-errors/timeout", "function-errors/timeout-seconds"),
        error(saying(lambda text: re.sub(r"(\d+)\.\d+ seconds", r"\1 seconds", text)), text=TIMEOUT),
    ),
    Fault(
        "function-errors/timeout-of-default",
        "says in the message of a timeout the seconds of the default, not of the function",
        ("function-errors/timeout-seconds",),
        error(saying(lambda text: re.sub(r"[\d.]+ seconds", "3.00 seconds", text)), text=TIMEOUT),
    ),
    Fault(
        "function-errors/timeout-with-stack",
        "has a stackTrace in the error of a timeout",
        ("function-errors/timeout-form",),
        error(having(stackTrace=[]), text=TIMEOUT),
    ),
    Fault(
        "function-errors/exit-succeeds",
        "answers null where a process ends, as if the function had returned",
        ("function-errors/header",),
        answer(lambda given: _unmarked(given, b"null"), _is_exit),
    ),
    Fault(
        "function-errors/exit-502",
        "answers 502 where a process ends",
        ("status-codes/function-error-200",),
        status(502, _is_exit),
    ),
    Fault(
        "function-errors/exit-by-another-type",
        "calls the end of a process Runtime.Unknown",
        ("function-errors/exit",),
        error(having(errorType="Runtime.Unknown"), kind="Runtime.ExitError"),
    ),
    Fault(
        "function-errors/exit-in-other-words",
        "says that a worker died where a process ends",
        ("function-errors/exit-message",),
        error(having(errorMessage="Worker process died"), kind="Runtime.ExitError"),
        seen="ministack 1.5.33",
    ),
    Fault(
        "function-errors/exit-with-request-id",
        "has a requestId in the error of a process that ended",
        ("function-errors/exit-members",),
        error(having(requestId=""), kind="Runtime.ExitError"),
    ),
    Fault(
        "function-errors/lasting-timeout",
        "lets the call after a timeout fail, too",
        ("function-errors/next-call-unharmed",),
        _lasting(b"Sandbox.Timedout"),
    ),
    Fault(
        "function-errors/lasting-exception",
        "lets the call after an exception fail, too",
        ("function-errors/exception-payload",),
        _lasting(b'"stackTrace"'),
    ),
)
