"""Faults of how Events are delivered: how often and when their functions run, and how that is said to end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from conformance.reference.faults.building import around
from conformance.reference.faults.model import Fault
from conformance.reference.outcomes import Outcome
from conformance.reference.schedule import MAX_AGE, Condition

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conformance.fixtures.table import Fixture
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.records import Delivered
    from conformance.reference.service import Stages

    Deliver = Callable[[Invocation], Awaitable[Delivered]]


def _configured(alter: Callable[[Fixture], Fixture]) -> Change:
    """Deliver Events as if their functions were configured in another way."""

    def wrap(unbroken: Deliver) -> Deliver:
        async def deliver(invocation: Invocation) -> Delivered:
            delivered = await unbroken(replace(invocation, fixture=alter(invocation.fixture)))
            return replace(delivered, invocation=invocation)

        return deliver

    return around("deliver", wrap)


def _told(condition: Condition, alter: Callable[[Delivered], Delivered]) -> Change:
    """Say other things of deliveries that end in one way."""

    def wrap(unbroken: Deliver) -> Deliver:
        async def deliver(invocation: Invocation) -> Delivered:
            delivered = await unbroken(invocation)
            return alter(delivered) if delivered.condition is condition else delivered

        return deliver

    return around("deliver", wrap)


def _once_more(condition: Condition) -> Change:
    """Run the function once more when a delivery has ended in one way."""

    def change(unbroken: Stages, _: Setting) -> Stages:
        async def deliver(invocation: Invocation) -> Delivered:
            delivered = await unbroken.deliver(invocation)
            if delivered.condition is not condition:
                return delivered
            found = unbroken.run(invocation)
            outcome = found if isinstance(found, Outcome) else await found
            return replace(delivered, count=delivered.count + 1, outcome=outcome)

        return replace(unbroken, deliver=deliver)

    return change


def _by_new_ids(unbroken: Stages, _: Setting) -> Stages:
    """Give each run of an Event but the first a request id of its own."""
    ran: dict[str, bool] = {}

    async def deliver(invocation: Invocation) -> Delivered:
        ran[invocation.request_id] = False
        try:
            return await unbroken.deliver(invocation)
        finally:
            del ran[invocation.request_id]

    def run(invocation: Invocation) -> Outcome | Awaitable[Outcome]:
        again = ran.get(invocation.request_id, False)
        if invocation.request_id in ran:
            ran[invocation.request_id] = True
        return unbroken.run(replace(invocation, request_id=str(uuid4())) if again else invocation)

    return replace(unbroken, deliver=deliver, run=run)


def _as_runs(fixture: Fixture) -> Fixture:
    return fixture if fixture.retries is None else replace(fixture, retries=max(fixture.retries - 1, 0))


def _older(fixture: Fixture) -> Fixture:
    return replace(fixture, max_age=(MAX_AGE if fixture.max_age is None else fixture.max_age) + 1)


FAULTS = (
    Fault(
        "asynchronous/one-retry-by-default",
        "runs a failing Event again only once where nothing is configured",
        ("asynchronous/default-retries",),
        _configured(lambda fixture: replace(fixture, retries=1 if fixture.retries is None else fixture.retries)),
    ),
    Fault(
        "asynchronous/never-retried",
        "never runs a failing Event again",
        ("asynchronous/default-retries", "asynchronous/configured-retries"),
        _configured(lambda fixture: replace(fixture, retries=0)),
    ),
    Fault(
        "asynchronous/one-retry-more",
        "runs a failing Event once more than its retries allow",
        ("asynchronous/default-retries", "asynchronous/configured-retries"),
        _once_more(Condition.RETRIES_EXHAUSTED),
    ),
    Fault(
        "asynchronous/attempts-are-runs",
        "takes MaximumRetryAttempts for the number of runs, the first one included",
        ("asynchronous/configured-retries",),
        _configured(_as_runs),
    ),
    Fault(
        "asynchronous/retries-not-configurable",
        "overlooks MaximumRetryAttempts",
        ("asynchronous/configured-retries",),
        _configured(lambda fixture: replace(fixture, retries=None)),
    ),
    Fault(
        "asynchronous/retry-by-another-id",
        "gives each further run of an Event a request id of its own",
        ("asynchronous/same-request-id",),
        _by_new_ids,
        seen="ministack 1.5.33",
    ),
    Fault(
        "asynchronous/success-runs-again",
        "runs an Event again that has succeeded",
        ("asynchronous/success-record",),
        _once_more(Condition.SUCCESS),
    ),
    Fault(
        "asynchronous/any-age",
        "overlooks MaximumEventAgeInSeconds",
        ("asynchronous/event-too-old",),
        _configured(lambda fixture: replace(fixture, max_age=None)),
    ),
    Fault(
        "asynchronous/oldest-runs",
        "runs an Event again that is exactly as old as it may become",
        ("asynchronous/event-too-old",),
        _configured(_older),
        seen="ministack 1.5.33",
    ),
    Fault(
        "asynchronous/too-old-as-exhausted",
        "says RetriesExhausted of an Event that was given up because it was too old",
        ("asynchronous/event-too-old",),
        _told(Condition.EVENT_AGE_EXCEEDED, lambda one: replace(one, condition=Condition.RETRIES_EXHAUSTED)),
        seen="ministack 1.5.33",
    ),
    Fault(
        "asynchronous/too-old-without-response",
        "leaves the last response out of the record of an Event that was too old",
        ("asynchronous/event-too-old",),
        _told(Condition.EVENT_AGE_EXCEEDED, lambda one: replace(one, outcome=None)),
    ),
    Fault(
        "asynchronous/no-concurrency-as-exhausted",
        "says RetriesExhausted of an Event whose function has no concurrency",
        ("asynchronous/no-concurrency-record",),
        _told(Condition.ZERO_RESERVED_CONCURRENCY, lambda one: replace(one, condition=Condition.RETRIES_EXHAUSTED)),
        seen="ministack 1.5.33",
    ),
    Fault(
        "asynchronous/no-concurrency-counted",
        "counts a run of an Event whose function has no concurrency",
        ("asynchronous/no-concurrency-record",),
        _told(Condition.ZERO_RESERVED_CONCURRENCY, lambda one: replace(one, count=1)),
    ),
)
