"""Faults of function errors: how they are marked, and what they say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.reference.answer import Answer
from conformance.reference.faults.building import answer, around, extra, header, status
from conformance.reference.faults.editing import body, error, is_error, is_success, set_header
from conformance.reference.faults.model import Fault
from conformance.reference.outcomes import Outcome, failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from conformance.exchange.message import Request
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.service import Stages

    Error = Mapping[str, Any]
    Run = Callable[[Invocation], Outcome | Awaitable[Outcome]]

HEADER = "X-Amz-Function-Error"
TIMEOUT = "Task timed out"
OF_PLATFORM = ("Runtime.", "Sandbox.", "Function.")
LONG = 60
"""Seconds after which every function has come to its end by itself."""
INSTEAD = "/usr/src/app/"
OURS = [
    "Traceback (most recent call last):",
    '  File "/app/emulator/worker.py", line 97, in invoke\n    return handler()\n',
]


def _marked(text: str | None, kind: str = "") -> Change:
    """Mark function errors of a kind in another way, or not at all."""
    return header(HEADER, text, lambda request, given: is_error(request, given) and kind.encode() in given.body)


def _with(**members: Any) -> Callable[[Error], Error]:  # noqa: ANN401  any JSON values
    return lambda found: {**found, **members}


def _without(*names: str) -> Callable[[Error], Error]:
    return lambda found: {name: one for name, one in found.items() if name not in names}


def _renamed(name: str, other: str) -> Callable[[Error], Error]:
    return lambda found: {other if key == name else key: one for key, one in found.items()}


def _said(alter: Callable[[str], str]) -> Callable[[Error], Error]:
    return lambda found: {**found, "errorMessage": alter(found["errorMessage"])}


def _stack(alter: Callable[[list[str]], object]) -> Callable[[Error], Error]:
    return lambda found: {**found, "stackTrace": alter(found["stackTrace"])} if found.get("stackTrace") else found


def _raised(alter: Callable[[Error], Any]) -> Change:
    """Change the errors of exceptions, not those of the platform."""
    return error(lambda found: found if found["errorType"].startswith(OF_PLATFORM) else alter(found))


def _by_type(given: Answer) -> Answer:
    """Mark as handled what a function raised, and as unhandled what the platform made of it."""
    kind = json.loads(given.body)["errorType"]
    return set_header(given, HEADER, "Unhandled" if kind.startswith(OF_PLATFORM) else "Handled")


def _plain_timeout(given: Answer) -> Answer:
    kept = tuple(pair for pair in given.headers if pair[0] != HEADER)
    return replace(given, headers=kept, body=b"Task timed out after 1.00 seconds")


def _is_timeout(request: Request, given: Answer) -> bool:
    return is_error(request, given) and TIMEOUT.encode() in given.body


def _is_exit(request: Request, given: Answer) -> bool:
    return is_error(request, given) and b"Runtime.ExitError" in given.body


def _unmarked(given: Answer, text: bytes) -> Answer:
    return replace(given, headers=tuple(pair for pair in given.headers if pair[0] != HEADER), body=text)


def _looks_like_error(request: Request, given: Answer) -> bool:
    if not is_success(request, given):
        return False
    found = json.loads(given.body)
    return isinstance(found, dict) and {"errorMessage", "errorType"} <= found.keys()


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


MARKS = (
    Fault(
        "function-errors/no-header",
        "marks no answer of a function that failed",
        ("function-errors/header",),
        _marked(None),
        seen="runtime interface emulator of aws-sam-cli 1.170.0",
    ),
    Fault(
        "function-errors/no-header-on-exit",
        "does not mark the answer of a function whose process ended",
        ("function-errors/header",),
        _marked(None, "Runtime.ExitError"),
    ),
    Fault(
        "function-errors/handled",
        "calls every function error Handled",
        ("function-errors/unhandled",),
        _marked("Handled"),
        seen="moto 5.2.5 with Docker",
    ),
    Fault(
        "function-errors/handled-exceptions",
        "calls exceptions Handled, and Unhandled what the platform ends",
        ("function-errors/unhandled",),
        answer(_by_type, is_error),
        seen="AWS in 2018, for errors that functions of Node.js 6 and 8 called back with",
    ),
    Fault(
        "function-errors/marked-true",
        "has true for Unhandled in X-Amz-Function-Error",
        ("function-errors/unhandled",),
        _marked("true"),
    ),
    Fault(
        "function-errors/marked-by-class",
        "has the class of the exception in X-Amz-Function-Error",
        ("function-errors/unhandled",),
        answer(lambda given: set_header(given, HEADER, json.loads(given.body)["errorType"]), is_error),
    ),
    Fault(
        "function-errors/marked-on-success",
        "has an empty X-Amz-Function-Error where the function succeeds",
        ("function-errors/not-on-success",),
        extra(HEADER, "", is_success),
    ),
    Fault(
        "function-errors/result-taken-for-error",
        "takes a result with errorMessage and errorType for an error",
        ("function-errors/not-on-success",),
        extra(HEADER, "Unhandled", _looks_like_error),
        seen="SAM local 1.170.0",
    ),
)

BODIES = (
    Fault(
        "function-errors/wrapped",
        "wraps the error of a function in an object",
        ("function-errors/exception-payload",),
        error(lambda found: {"error": found}),
    ),
    Fault(
        "function-errors/encoded-twice",
        "writes the error of a function as JSON in a JSON string",
        ("function-errors/exception-payload",),
        error(json.dumps),
    ),
    Fault(
        "function-errors/plain-text",
        "answers with the message of an exception as plain text",
        ("function-errors/exception-payload",),
        body(lambda data: json.loads(data)["errorMessage"].encode(), is_error),
    ),
    Fault(
        "function-errors/no-body",
        "answers without a body where the function fails",
        ("function-errors/exception-payload",),
        body(lambda _: b"", is_error),
    ),
    Fault(
        "function-errors/message-for-error-message",
        "calls the message of an error message",
        ("function-errors/exception-payload",),
        error(_renamed("errorMessage", "message")),
    ),
    Fault(
        "function-errors/no-error-type",
        "does not say of which class an exception was",
        ("function-errors/exception-payload",),
        error(_without("errorType")),
    ),
    Fault(
        "function-errors/one-error-type",
        "calls every exception a Runtime.HandlerError",
        ("function-errors/exception-payload", "function-errors/empty-message"),
        _raised(_with(errorType="Runtime.HandlerError")),
        seen="ministack 1.5.33",
    ),
    Fault(
        "function-errors/error-type-with-module",
        "puts the module before the class of an exception",
        ("function-errors/exception-payload",),
        _raised(lambda found: {**found, "errorType": f"builtins.{found['errorType']}"}),
    ),
    Fault(
        "function-errors/message-with-class",
        "puts the class before the message of an exception",
        ("function-errors/exception-payload", "function-errors/empty-message"),
        _raised(lambda found: {**found, "errorMessage": f"{found['errorType']}: {found['errorMessage']}"}),
    ),
    Fault(
        "function-errors/message-of-one-line",
        "cuts the message of an exception behind its first line",
        ("function-errors/exception-payload",),
        _raised(_said(lambda text: text.partition("\n")[0])),
    ),
    Fault(
        "function-errors/message-in-ascii",
        "has a question mark for each character beyond ASCII in the message of an exception",
        ("function-errors/exception-payload",),
        _raised(_said(lambda text: text.encode("ascii", "replace").decode())),
    ),
    Fault(
        "function-errors/no-message-null",
        "has null for the message of an exception without text",
        ("function-errors/empty-message",),
        _raised(lambda found: {**found, "errorMessage": found["errorMessage"] or None}),
    ),
    Fault(
        "function-errors/no-stack",
        "leaves stackTrace out of the error of an exception",
        ("function-errors/python-members",),
        _raised(_without("stackTrace")),
    ),
    Fault(
        "function-errors/no-request-id",
        "leaves requestId out of the error of an exception",
        ("function-errors/python-members",),
        _raised(_without("requestId")),
        seen="AWS with Python 3.8",
    ),
    Fault(
        "function-errors/one-member-more",
        "has a cause in the error of an exception",
        ("function-errors/python-members", "function-errors/loading-members"),
        _raised(_with(cause=None)),
    ),
    Fault(
        "function-errors/stack-as-text",
        "has stackTrace as one string",
        ("function-errors/python-stack",),
        error(_stack("".join)),
    ),
    Fault(
        "function-errors/stack-of-emulator",
        "has its own frames before those of the function in stackTrace",
        ("function-errors/python-stack",),
        error(_stack(lambda frames: OURS + frames)),
    ),
    Fault(
        "function-errors/stack-elsewhere",
        "says in stackTrace where it keeps the code, not /var/task",
        ("function-errors/python-stack",),
        error(_stack(lambda frames: [one.replace("/var/task/", INSTEAD) for one in frames])),
    ),
)

PLATFORM = (
    Fault(
        "function-errors/timeout-unmarked",
        "answers a timeout with plain text, as if it were a result",
        ("function-errors/header", "function-errors/timeout"),
        answer(_plain_timeout, _is_timeout),
        seen="runtime interface emulator of aws-sam-cli 1.170.0",
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
        error(_with(errorMessage="Internal error"), text=TIMEOUT),
    ),
    Fault(
        "function-errors/timeout-without-request-id",
        "leaves the request id out of the message of a timeout",
        ("function-errors/timeout-form",),
        error(_said(lambda text: text.partition("Error: ")[2]), text=TIMEOUT),
        seen="ministack 1.5.33",
    ),
    Fault(
        "function-errors/timeout-whole-seconds",
        "says after which time a function was ended without decimals",
        ("function-errors/timeout", "function-errors/timeout-seconds"),
        error(_said(lambda text: re.sub(r"(\d+)\.\d+ seconds", r"\1 seconds", text)), text=TIMEOUT),
    ),
    Fault(
        "function-errors/timeout-of-default",
        "says in the message of a timeout the seconds of the default, not of the function",
        ("function-errors/timeout-seconds",),
        error(_said(lambda text: re.sub(r"[\d.]+ seconds", "3.00 seconds", text)), text=TIMEOUT),
    ),
    Fault(
        "function-errors/timeout-with-stack",
        "has a stackTrace in the error of a timeout",
        ("function-errors/timeout-form",),
        error(_with(stackTrace=[]), text=TIMEOUT),
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
        error(_with(errorType="Runtime.Unknown"), kind="Runtime.ExitError"),
    ),
    Fault(
        "function-errors/exit-in-other-words",
        "says that a worker died where a process ends",
        ("function-errors/exit-message",),
        error(_with(errorMessage="Worker process died"), kind="Runtime.ExitError"),
        seen="ministack 1.5.33",
    ),
    Fault(
        "function-errors/exit-with-request-id",
        "has a requestId in the error of a process that ended",
        ("function-errors/exit-members",),
        error(_with(requestId=""), kind="Runtime.ExitError"),
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

FAULTS = (*MARKS, *BODIES, *PLATFORM)
