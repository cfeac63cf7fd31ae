"""When the run of an Event is repeated and how its delivery ends: arithmetic on AWS's seconds, without a clock."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.fixtures.table import Fixture

RETRIES = 2
"""MaximumRetryAttempts of a function that has none configured (docs)."""
MAX_AGE = 6 * 60 * 60
"""MaximumEventAgeInSeconds of a function that has none configured (docs)."""
RETRY_WAITS = (60, 120)
"""Seconds between a failed run and the next (recorded 2025-11-25)."""
LONGEST_WAIT = 300
"""Seconds to which the waiting for a slot grows, from one second on (docs)."""


class Condition(StrEnum):
    """How the delivery of an Event ends, as destinations are told."""

    SUCCESS = "Success"
    RETRIES_EXHAUSTED = "RetriesExhausted"
    EVENT_AGE_EXCEEDED = "EventAgeExceeded"
    ZERO_RESERVED_CONCURRENCY = "ZeroReservedConcurrency"


def after_run(fixture: Fixture, count: int, age: float, *, failed: bool) -> Condition | float:
    """Return how an Event ends after a run, or the seconds until the next.

    A retry that would come when the Event is too old is not waited for: the end is known at once (recorded 2025-11-27).

    Args:
        fixture: the function.
        count: runs so far, this one included.
        age: seconds that the Event has been waiting so far.
        failed: whether the run did.
    """
    if not failed:
        return Condition.SUCCESS
    if count > (RETRIES if fixture.retries is None else fixture.retries):
        return Condition.RETRIES_EXHAUSTED
    return _in_time(fixture, age, RETRY_WAITS[count - 1])


def after_throttle(fixture: Fixture, throttles: int, age: float) -> Condition | float:
    """Return how an Event ends that found no slot, or the seconds until it tries again.

    Args:
        fixture: the function.
        throttles: times that it found none in a row, this one included.
        age: seconds that the Event has been waiting so far.
    """
    return _in_time(fixture, age, min(2 ** min(throttles - 1, 9), LONGEST_WAIT))


def _in_time(fixture: Fixture, age: float, wait: float) -> Condition | float:
    limit = MAX_AGE if fixture.max_age is None else fixture.max_age
    return Condition.EVENT_AGE_EXCEEDED if age + wait >= limit else wait
