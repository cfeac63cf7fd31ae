"""Faults of function errors: how they are marked, and what those of exceptions say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.building import answer, extra, header
from conformance.reference.faults.editing import body, error, having, is_error, is_success, saying, set_header
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from conformance.exchange.message import Request
    from conformance.reference.answer import Answer
    from conformance.reference.faults.building import Change
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome

    Error = Mapping[str, Any]
    Run = Callable[[Invocation], Outcome | Awaitable[Outcome]]


HEADER = "X-Amz-Function-Error"
OF_PLATFORM = ("Runtime.", "Sandbox.", "Function.")
INSTEAD = "/usr/src/app/"
OURS = [
    "Traceback (most recent call last):",
    '  File "/app/emulator/worker.py", line 97, in invoke\n    return handler()\n',
]


def _marked(text: str | None, kind: str = "") -> Change:
    """Mark function errors of a kind in another way, or not at all."""
    return header(HEADER, text, lambda request, given: is_error(request, given) and kind.encode() in given.body)


def _without(*names: str) -> Callable[[Error], Error]:
    return lambda found: {name: one for name, one in found.items() if name not in names}


def _renamed(name: str, other: str) -> Callable[[Error], Error]:
    return lambda found: {other if key == name else key: one for key, one in found.items()}


def _stack(alter: Callable[[list[str]], object]) -> Callable[[Error], Error]:
    return lambda found: {**found, "stackTrace": alter(found["stackTrace"])} if found.get("stackTrace") else found


def _raised(alter: Callable[[Error], Any]) -> Change:
    """Change the errors of exceptions, not those of the platform."""
    return error(lambda found: found if found["errorType"].startswith(OF_PLATFORM) else alter(found))


def _by_type(given: Answer) -> Answer:
    """Mark as handled what a function raised, and as unhandled what the platform made of it."""
    kind = json.loads(given.body)["errorType"]
    return set_header(given, HEADER, "Unhandled" if kind.startswith(OF_PLATFORM) else "Handled")


def _looks_like_error(request: Request, given: Answer) -> bool:
    if not is_success(request, given):
        return False
    found = json.loads(given.body)
    return isinstance(found, dict) and {"errorMessage", "errorType"} <= found.keys()


MARKS = (
    Fault(
        "function-errors/no-header",
        "marks no answer of a function that failed",
        ("function-errors/header",),
        _marked(None),
        seen="the emulator of aws-sam-cli 1.170.0",
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
        _raised(having(errorType="Runtime.HandlerError")),
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
        _raised(saying(lambda text: text.partition("\n")[0])),
    ),
    Fault(
        "function-errors/message-in-ascii",
        "has a question mark for each character beyond ASCII in the message of an exception",
        ("function-errors/exception-payload",),
        _raised(saying(lambda text: text.encode("ascii", "replace").decode())),
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
        _raised(having(cause=None)),
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


FAULTS = (*MARKS, *BODIES)
