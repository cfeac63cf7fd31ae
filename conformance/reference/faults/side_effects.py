"""Faults of what a call does to the function: how often it runs, and with what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.faults.model import Fault
from conformance.reference.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.answer import Answer
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.service import Stages


def _once_more(when: Callable[[Outcome], bool]) -> Change:
    """Run a quick function of a synchronous call again, where that is true of what came of it, and answer that."""

    def change(unbroken: Stages, _: Setting) -> Stages:
        def result(call: Call, invocation: Invocation, outcome: Outcome) -> Answer:
            again = when(outcome) and not invocation.fixture.blocking
            found = unbroken.run(invocation) if again else outcome
            return unbroken.result(call, invocation, found if isinstance(found, Outcome) else outcome)

        return replace(unbroken, result=result)

    return change


def _tried_first(unbroken: Stages, _: Setting) -> Stages:
    """Run the function of an Event before it is answered, and fail with it."""

    def accepted(call: Call, invocation: Invocation) -> Answer:
        given = unbroken.accepted(call, invocation)
        outcome = None if invocation.fixture.blocking else unbroken.run(invocation)
        return replace(given, status=500) if isinstance(outcome, Outcome) and outcome.failed else given

    return replace(unbroken, accepted=accepted)


def _without_event(unbroken: Stages, _: Setting) -> Stages:
    def admit(call: Call) -> Invocation:
        invocation = unbroken.admit(call)
        return replace(invocation, event={}) if call.InvocationType == "Event" else invocation

    return replace(unbroken, admit=admit)


FAULTS = (
    Fault(
        "invocation-types/synchronous-runs-twice",
        "runs the function of a synchronous call twice",
        ("invocation-types/synchronous-runs-once",),
        _once_more(lambda _: True),
    ),
    Fault(
        "invocation-types/synchronous-retried",
        "runs the function of a synchronous call again where it fails, as that of an Event",
        ("invocation-types/synchronous-runs-once",),
        _once_more(lambda outcome: outcome.failed),
    ),
    Fault(
        "invocation-types/event-fails-with-function",
        "runs the function of an Event before it answers, and answers 500 where that fails",
        ("invocation-types/event-accepted-though-function-fails",),
        _tried_first,
    ),
    Fault(
        "invocation-types/event-without-payload",
        "gives the function of an Event an empty object in place of its event",
        ("invocation-types/event-runs",),
        _without_event,
    ),
)
