"""Faults in which something of one call is still there at the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.building import around
from conformance.reference.faults.model import Fault
from conformance.reference.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conformance.exchange.message import Request
    from conformance.reference.answer import Answer
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.service import Stages

    Admit = Callable[[Call], Invocation]
    Result = Callable[[Call, Invocation, Outcome], Answer]
    Run = Callable[[Invocation], Outcome | Awaitable[Outcome]]


def _kept(name: str) -> Change:
    """Take for a parameter that a call does not have that of the last good call of the function that had it."""

    def change(unbroken: Stages, _: Setting) -> Stages:
        last: dict[str, str] = {}

        def read(request: Request, route: Route, request_id: str) -> Call:
            call = unbroken.read(request, route, request_id)
            known = any(one.name == name for one in call.operation.parameters)
            found = last.get(route.FunctionName) if known else None
            return call if found is None else replace(call, values={name: found, **call.values})

        def admit(call: Call) -> Invocation:
            invocation = unbroken.admit(call)
            if name in call.values:
                last[call.values["FunctionName"]] = call.values[name]
            return invocation

        return replace(unbroken, read=read, admit=admit)

    return change


def _last_context(unbroken: Admit) -> Admit:
    """Give a function that is called without a client context that of its last call with one."""
    last: dict[str, Any] = {}

    def admit(call: Call) -> Invocation:
        invocation = unbroken(call)
        if invocation.client_context is not None:
            last[invocation.function_name] = invocation.client_context
        return replace(invocation, client_context=last.get(invocation.function_name))

    return admit


def _last_event(unbroken: Admit) -> Admit:
    """Give a function that is called without a body the event of its last call."""
    last: dict[str, Any] = {}

    def admit(call: Call) -> Invocation:
        invocation = unbroken(call)
        event = invocation.event if call.body else last.get(invocation.function_name, invocation.event)
        last[invocation.function_name] = event
        return replace(invocation, event=event)

    return admit


def _last_error(unbroken: Result) -> Result:
    """Call the result after a function error one, too."""
    failed: set[str] = set()

    def result(call: Call, invocation: Invocation, outcome: Outcome) -> Answer:
        given = unbroken(call, invocation, outcome)
        before = invocation.function_name in failed
        (failed.add if outcome.failed else failed.discard)(invocation.function_name)
        extra = (("X-Amz-Function-Error", "Unhandled"),) if before and not outcome.failed else ()
        return replace(given, headers=given.headers + extra)

    return result


def _last_log(unbroken: Run) -> Run:
    """Keep in the log of a quick function what it printed before."""
    printed: dict[str, str] = {}

    def run(invocation: Invocation) -> Outcome | Awaitable[Outcome]:
        found = unbroken(invocation)
        if not isinstance(found, Outcome):
            return found
        before = printed.get(invocation.function_name, "")
        printed[invocation.function_name] = found.printed
        return replace(found, printed=before + found.printed)

    return run


FAULTS = (
    Fault(
        "payload/event-kept",
        "gives a function that is called without a body the event of its last call",
        ("payload/empty-body-is-object",),
        around("admit", _last_event),
    ),
    Fault(
        "client-context/kept",
        "gives a function that is called without a client context that of its last call with one",
        ("client-context/absent-is-null",),
        around("admit", _last_context),
    ),
    Fault(
        "qualifiers/kept",
        "takes for the qualifier of a call without one that of the last call of the function with one",
        ("response-headers/executed-version", "qualifiers/unqualified-arn-seen-by-function"),
        _kept("Qualifier"),
    ),
    Fault(
        "logs/type-kept",
        "goes on answering with logs when a function was once called with Tail",
        ("logs/none",),
        _kept("X-Amz-Log-Type"),
    ),
    Fault(
        "logs/output-kept",
        "has in a log what the function printed at its last call, too",
        ("logs/own-call-only",),
        around("run", _last_log),
    ),
    Fault(
        "function-errors/kept",
        "calls the result after a function error one, too",
        ("function-errors/next-call-unharmed",),
        around("result", _last_error),
    ),
)
