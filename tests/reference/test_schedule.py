"""When an Event is run again and how its delivery ends: the arithmetic, in AWS's seconds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.fixtures.table import FIXTURES
from conformance.reference.schedule import Condition, after_run, after_throttle

PLAIN = FIXTURES["record"]


@pytest.mark.parametrize(("count", "wait"), [(1, 60), (2, 120)])
def test_waiting_times(count: int, wait: float) -> None:
    """A minute before the first retry, two before the second (as-retry-delays)."""
    assert after_run(PLAIN, count, 0, failed=True) == wait


@pytest.mark.parametrize(("retries", "runs"), [(None, 3), (0, 1), (1, 2), (2, 3)])
def test_the_number_of_runs(retries: int | None, runs: int) -> None:
    """One more than the retries that are configured, of which two are usual (as-default-two-retries, as-retries-0)."""
    fixture = replace(PLAIN, retries=retries)

    steps = [after_run(fixture, count, 0, failed=True) for count in range(1, runs + 1)]

    assert steps[-1] == Condition.RETRIES_EXHAUSTED
    assert Condition.RETRIES_EXHAUSTED not in steps[:-1]


def test_success_ends_it() -> None:
    """A run that does not fail is the last."""
    assert after_run(PLAIN, 1, 0, failed=False) == Condition.SUCCESS


@pytest.mark.parametrize(("max_age", "runs"), [(60, 1), (90, 2), (180, 2), (181, 3)])
def test_the_age_of_an_event(max_age: int, runs: int) -> None:
    """A retry that would come too late is not waited for (as-event-age-exceeded, as-event-age-90-one-retry)."""
    fixture = replace(PLAIN, max_age=max_age)
    count, age = 1, 0.0

    while not isinstance(step := after_run(fixture, count, age, failed=True), Condition):
        count, age = count + 1, age + step

    assert count == runs
    assert step == (Condition.EVENT_AGE_EXCEEDED if runs < 3 else Condition.RETRIES_EXHAUSTED)


def test_waiting_for_a_slot() -> None:
    """From one second to five minutes, for six hours, whatever the retries (as-throttle-retry)."""
    waits = [after_throttle(replace(PLAIN, retries=0), number, 0) for number in range(1, 12)]

    assert waits[:3] == [1, 2, 4]
    assert waits[-1] == after_throttle(PLAIN, 10_000, 0) == 300
    assert after_throttle(PLAIN, 10, 6 * 60 * 60 - 299) == Condition.EVENT_AGE_EXCEEDED
