"""What must hold of the body of an answer from a function that failed, by why it did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.oracle.clause import Clause

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.oracle.world import Cause, Deployed, Ran

Clauses = tuple[Clause, ...]

ID = "header x-amzn-RequestId"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MESSAGE, TYPE = "json /errorMessage", "json /errorType"
PLATFORM = ["errorMessage", "errorType"]
PYTHON = ["errorMessage", "errorType", "requestId", "stackTrace"]
NODE = ["errorMessage", "errorType", "trace"]
NEW_FORM = rf"RequestId: {UUID} Error: "
OLD_FORM = rf"\d{{4}}-\d\d-\d\dT[\d:.]+Z {UUID} "
"""How the message of a timeout begins today, and from 2018 to 2024."""


def of_failure(ran: Ran, deployed: Deployed) -> Clauses:
    """Return what must hold of the headers and the body of an answer from a function that failed."""
    of_cause = _OF_CAUSES.get(ran.cause)
    return (
        Clause("function-errors/header", "header X-Amz-Function-Error", "is present"),
        *_marked(ran),
        *(of_cause(ran, deployed) if of_cause is not None else _known(ran, "function-errors/exception-payload")),
    )


def _marked(ran: Ran) -> Clauses:
    """Return how the error is marked: Unhandled since 2019; in 2018, errors that Node.js code reported were Handled."""
    header = "header X-Amz-Function-Error"
    if ran.cause:
        return (Clause("function-errors/unhandled", header, "equals", "Unhandled"),)
    return (Clause("function-errors/header", header, "is one of", ["Unhandled", "Handled"]),)


def _known(ran: Ran, requirement: str) -> Clauses:
    """Return that message and class are what is known of them."""
    known: Mapping[str, Any] = ran.payload or {}
    members = {"errorMessage": MESSAGE, "errorType": TYPE}
    return tuple(
        Clause(requirement, subject, "equals", known[name]) for name, subject in members.items() if name in known
    )


def _exception(ran: Ran, _: Deployed) -> Clauses:
    empty = not ran.payload.get("errorMessage", True)
    members = "function-errors/python-members"
    return (
        *_known(ran, "function-errors/empty-message" if empty else "function-errors/exception-payload"),
        Clause(members, "members", "equals", PYTHON),
        Clause(members, "json /requestId", "is as", ID),
        Clause(
            "function-errors/python-stack",
            "json /stackTrace/0",
            "matches",
            r'^  File "/var/task/[^"\n]+", line [0-9]+, in \w+\n    \S',
        ),
    )


def _exit(_: Ran, __: Deployed) -> Clauses:
    message = f"^RequestId: {UUID} Error: Runtime exited without providing a reason$"
    return (
        Clause("function-errors/exit", TYPE, "equals", "Runtime.ExitError"),
        Clause("function-errors/exit-message", MESSAGE, "matches", message),
        Clause("function-errors/exit-message", MESSAGE, "contains", ID),
        Clause("function-errors/exit-members", "members", "equals", PLATFORM),
    )


def _timeout(_: Ran, deployed: Deployed) -> Clauses:
    form, ended = "function-errors/timeout-form", r"Task timed out after \d+\.\d\d seconds$"
    seconds = rf"Task timed out after {deployed.timeout}\.00 seconds$"
    return (
        Clause("function-errors/timeout", MESSAGE, "matches", ended),
        Clause("function-errors/timeout-seconds", MESSAGE, "matches", seconds),
        Clause(form, MESSAGE, "matches", f"^({NEW_FORM}|{OLD_FORM}){ended}"),
        Clause(form, MESSAGE, "contains", ID),
        Clause(form, "members", "is one of", [PLATFORM, ["errorMessage"]]),
    )


def _loading(ran: Ran, _: Deployed) -> Clauses:
    members = "function-errors/loading-members"
    return (
        *_known(ran, "function-errors/loading"),
        Clause(members, "members", "equals", PYTHON),
        Clause(members, "json /requestId", "equals", ""),
    )


def _missing_module(ran: Ran, _: Deployed) -> Clauses:
    members, module = "function-errors/missing-module-members", re.escape(ran.payload["module"])
    text = f"^Unable to import module '{module}': No module named '.+'"
    return (
        Clause("function-errors/missing-module", TYPE, "equals", "Runtime.ImportModuleError"),
        Clause("function-errors/missing-module-message", MESSAGE, "matches", text),
        Clause(members, "members", "equals", PYTHON),
        Clause(members, "json /requestId", "matches", f"^({UUID})?$"),
        Clause(members, "json /stackTrace", "equals", []),
    )


def _unserialisable(_: Ran, __: Deployed) -> Clauses:
    message = "function-errors/unserialisable-message"
    text = "^Unable to marshal response: Object of type .+ is not JSON serializable"
    return (
        Clause("function-errors/unserialisable", TYPE, "equals", "Runtime.MarshalError"),
        Clause(message, MESSAGE, "matches", text),
        Clause(message, "json /stackTrace", "equals", []),
    )


def _too_large(ran: Ran, _: Deployed) -> Clauses:
    huge, members = "limits/synchronous-response-too-large", "function-errors/response-too-large-members"
    text = f"Response payload size exceeded maximum allowed payload size ({ran.payload['most']} bytes)."
    return (
        Clause(huge, "header X-Amz-Function-Error", "is present"),
        Clause(huge, TYPE, "equals", "Function.ResponseSizeTooLarge"),
        Clause("function-errors/response-too-large", TYPE, "equals", "Function.ResponseSizeTooLarge"),
        Clause("limits/synchronous-response-too-large-message", MESSAGE, "equals", text),
        Clause(members, "members", "equals", PLATFORM),
    )


def _node_exception(ran: Ran, _: Deployed) -> Clauses:
    members = "function-errors/node-members"
    return (
        *_known(ran, "function-errors/node-exception"),
        Clause(members, "members", "equals", NODE),
        Clause(members, "json /trace/0", "is present"),
    )


def _no_handler(ran: Ran, _: Deployed) -> Clauses:
    text = f"^{re.escape(ran.payload['handler'])} is undefined or not exported$"
    return (
        Clause("function-errors/node-handler-not-found", TYPE, "equals", "Runtime.HandlerNotFound"),
        Clause("function-errors/node-handler-not-found-message", MESSAGE, "matches", text),
    )


_OF_CAUSES: Mapping[Cause, Callable[[Ran, Deployed], Clauses]] = {
    "exception": _exception,
    "exit": _exit,
    "timeout": _timeout,
    "loading": _loading,
    "missing module": _missing_module,
    "unserialisable": _unserialisable,
    "too large": _too_large,
    "node exception": _node_exception,
    "node handler not found": _no_handler,
}
