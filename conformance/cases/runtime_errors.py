"""Cases of the area function-errors: modules that can't be loaded, results that are no JSON, Node.js."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import case, expect, fails_in_the_function, sequence, step, succeeds
from conformance.cases.function_errors import ID, PYTHON, unhandled
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

MESSAGE = "json /errorMessage"
TYPE = "json /errorType"


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the cases of errors of functions made for them."""
    return (*_loading(), *_missing_module(), *_unserialisable(), *_node())


def _loading() -> tuple[Case, ...]:
    loading, members = "function-errors/loading", "function-errors/loading-members"
    return (
        case(
            "function-errors/loading",
            "An exception while the module is loaded comes back with its message and class",
            Call("{init_raise}"),
            unhandled(),
            expect(loading, MESSAGE, "equals", "Runtime startup fails"),
            expect(loading, TYPE, "equals", "Exception"),
        ),
        case(
            "function-errors/loading-members",
            "A module that can't be loaded gives an error with four members, and an empty request id",
            Call("{init_raise}"),
            fails_in_the_function(),
            expect(members, "members", "equals", PYTHON),
            expect(members, "json /requestId", "equals", ""),
        ),
        sequence(
            "function-errors/loading-again",
            "A module that can't be loaded fails in the same way at the next call",
            step(Call("{init_raise}"), fails_in_the_function()),
            step(Call("{init_raise}"), expect("function-errors/next-call-after-exit", TYPE, "is as", f"step 1 {TYPE}")),
        ),
    )


def _missing_module() -> tuple[Case, ...]:
    members = "function-errors/missing-module-members"
    return (
        case(
            "function-errors/missing-module",
            "A module that imports one that is not there gives Runtime.ImportModuleError",
            Call("{missing_module}"),
            unhandled(),
            expect("function-errors/missing-module", TYPE, "equals", "Runtime.ImportModuleError"),
            expect(
                "function-errors/missing-module-message",
                MESSAGE,
                "matches",
                "^Unable to import module 'importing': No module named '.+'",
            ),
        ),
        case(
            "function-errors/missing-module-members",
            "The error of a missing module has four members, and no stack",
            Call("{missing_module}"),
            fails_in_the_function(),
            expect(members, "members", "equals", PYTHON),
            expect(members, "json /requestId", "matches", f"^({ID})?$"),
            expect(members, "json /stackTrace", "equals", []),
        ),
    )


def _unserialisable() -> tuple[Case, ...]:
    message = "function-errors/unserialisable-message"
    return (
        case(
            "function-errors/unserialisable",
            "A result that JSON can't express gives Runtime.MarshalError",
            Call("{unserialisable}"),
            unhandled(),
            expect("function-errors/unserialisable", TYPE, "equals", "Runtime.MarshalError"),
        ),
        case(
            "function-errors/unserialisable-message",
            "The message says of which type the result was, and there is no stack",
            Call("{unserialisable}"),
            fails_in_the_function(),
            expect(
                message,
                MESSAGE,
                "matches",
                "^Unable to marshal response: Object of type .+ is not JSON serializable",
            ),
            expect(message, "json /stackTrace", "equals", []),
        ),
    )


def _node() -> tuple[Case, ...]:
    thrown, members = "function-errors/node-exception", "function-errors/node-members"
    return (
        case(
            "function-errors/node-exception",
            "An Error of a Node.js function comes back as its message and class, marked Unhandled",
            Call("{node_raise}", body=b'{"message": "thrown on purpose"}'),
            unhandled(),
            expect(thrown, MESSAGE, "equals", "thrown on purpose"),
            expect(thrown, TYPE, "equals", "Error"),
        ),
        case(
            "function-errors/node-members",
            "A Node.js function's error has its three members, the stack under the name of trace",
            Call("{node_raise}"),
            fails_in_the_function(),
            expect(members, "members", "equals", ["errorMessage", "errorType", "trace"]),
            expect(members, "json /trace/0", "is present"),
        ),
        case(
            "function-errors/node-handler-not-found",
            "A handler that a Node.js module doesn't export gives Runtime.HandlerNotFound",
            Call("{node_no_handler}"),
            unhandled(),
            expect("function-errors/node-handler-not-found", TYPE, "equals", "Runtime.HandlerNotFound"),
            expect(
                "function-errors/node-handler-not-found-message",
                MESSAGE,
                "matches",
                r"^handlers\.absent is undefined or not exported$",
            ),
        ),
        case(
            "function-errors/node-nothing",
            "A Node.js function that returns nothing has not failed, and gives null",
            Call("{node_nothing}"),
            succeeds(),
            expect("payload/nothing-returned-is-null", "json", "equals", None),
        ),
        case(
            "function-errors/node-echo",
            "A Node.js function that returns its event has not failed",
            Call("{node_echo}", body=b'{"errorMessage": "no error", "errorType": "none"}'),
            succeeds(),
            expect("payload/round-trip", "json", "equals", {"errorMessage": "no error", "errorType": "none"}),
        ),
        case(
            "function-errors/result-like-an-error",
            "A result that looks like an error is a result all the same",
            Call(body=b'{"errorMessage": "no error", "errorType": "none"}'),
            succeeds(),
            expect("payload/round-trip", "json", "equals", {"errorMessage": "no error", "errorType": "none"}),
        ),
    )
