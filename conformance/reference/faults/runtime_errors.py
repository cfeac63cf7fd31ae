"""Faults of the errors of runtimes: modules that can't be loaded, results that are no JSON, Node.js."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.building import answer, outcome
from conformance.reference.faults.editing import error, having, is_error
from conformance.reference.faults.model import Fault
from conformance.reference.outcomes import failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.exchange.message import Request
    from conformance.reference.answer import Answer
    from conformance.reference.faults.building import Change
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome

    Error = Mapping[str, Any]

MISSING = "Runtime.ImportModuleError"
MARSHAL = "Runtime.MarshalError"
NO_HANDLER = "Runtime.HandlerNotFound"
DIED = "Worker process exited immediately."


def _of(handler: str, alter: Callable[[Error], Error]) -> Change:
    """Change the errors of one handler."""

    def altered(invocation: Invocation, found: Outcome) -> Outcome:
        if invocation.fixture.handler != handler:
            return found
        return replace(failure(dict(alter(json.loads(found.payload)))), printed=found.printed, seconds=found.seconds)

    return outcome(altered)


def _loading(alter: Callable[[Error], Error]) -> Change:
    return _of("raising.handler", alter)


def _thrown(alter: Callable[[Error], Error]) -> Change:
    return _of("handlers.raise", alter)


def _two(found: Error) -> Error:
    return {name: found[name] for name in ("errorMessage", "errorType")}


def _is_marshal(request: Request, given: Answer) -> bool:
    return is_error(request, given) and MARSHAL.encode() in given.body


def _as_text(given: Answer) -> Answer:
    kept = tuple(pair for pair in given.headers if pair[0] != "X-Amz-Function-Error")
    return replace(given, headers=kept, body=json.dumps("{'a', 'set'}").encode())


FAULTS = (
    Fault(
        "function-errors/loading-died",
        "says no more than that a worker died where a module can't be loaded",
        ("function-errors/loading",),
        _loading(having(errorType="RuntimeError", errorMessage=DIED)),
        seen="ministack 1.5.33",
    ),
    Fault(
        "function-errors/loading-with-request-id",
        "has the request id in the error of a module that can't be loaded",
        ("function-errors/loading-members",),
        _loading(having(requestId="11111111-2222-3333-4444-555555555555")),
    ),
    Fault(
        "function-errors/loading-of-two-members",
        "has no more than message and class in the error of a module that can't be loaded",
        ("function-errors/loading-members",),
        _loading(_two),
        seen="ministack 1.5.33",
    ),
    Fault(
        "function-errors/missing-module-by-class",
        "names the class of the exception where a module is missing",
        ("function-errors/missing-module",),
        error(having(errorType="ModuleNotFoundError"), kind=MISSING),
    ),
    Fault(
        "function-errors/missing-module-bare",
        "says which module is missing, and not which one imports it",
        ("function-errors/missing-module-message",),
        error(lambda found: {**found, "errorMessage": found["errorMessage"].partition(": ")[2]}, kind=MISSING),
    ),
    Fault(
        "function-errors/missing-module-with-stack",
        "has a stack in the error of a missing module",
        ("function-errors/missing-module-members",),
        error(having(stackTrace=['  File "/var/task/importing.py", line 3, in <module>\n']), kind=MISSING),
    ),
    Fault(
        "function-errors/unserialisable-as-text",
        "writes as a string what JSON can't express",
        ("function-errors/header",),
        answer(_as_text, _is_marshal),
    ),
    Fault(
        "function-errors/unserialisable-by-class",
        "names the class of the exception where a result is no JSON",
        ("function-errors/unserialisable",),
        error(having(errorType="TypeError"), kind=MARSHAL),
    ),
    Fault(
        "function-errors/unserialisable-bare",
        "does not say that it was the result that could not be marshalled",
        ("function-errors/unserialisable-message",),
        error(lambda found: {**found, "errorMessage": found["errorMessage"].partition(": ")[2]}, kind=MARSHAL),
        seen="ministack 1.5.33",
    ),
    Fault(
        "function-errors/node-stack-trace",
        "has the stack of an Error of Node.js in stackTrace",
        ("function-errors/node-members",),
        _thrown(lambda found: {"stackTrace" if name == "trace" else name: one for name, one in found.items()}),
    ),
    Fault(
        "function-errors/node-of-two-members",
        "has no more than message and class in the error of a function of Node.js",
        ("function-errors/node-members",),
        _thrown(_two),
        seen="ministack 1.5.33",
    ),
    Fault(
        "function-errors/node-message-with-class",
        "puts the class before the message of an Error of Node.js",
        ("function-errors/node-exception",),
        _thrown(lambda found: {**found, "errorMessage": f"Error: {found['errorMessage']}"}),
    ),
    Fault(
        "function-errors/node-no-handler-by-class",
        "calls a handler of Node.js that is not there a TypeError",
        ("function-errors/node-handler-not-found",),
        error(having(errorType="TypeError"), kind=NO_HANDLER),
    ),
    Fault(
        "function-errors/node-no-handler-in-other-words",
        "says of a handler of Node.js that is not there that it is no function",
        ("function-errors/node-handler-not-found-message",),
        error(having(errorMessage="handlers.absent is not a function"), kind=NO_HANDLER),
    ),
)
