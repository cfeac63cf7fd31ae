"""How functions are run in the process of the reference: in threads where they take their time, and no longer."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.fixtures.table import FIXTURES, PREFIX
from conformance.reference.functions import Invocation
from conformance.reference.marks import Marks
from conformance.reference.outcomes import Outcome
from conformance.reference.running import SLICES, Clock, Runner, TimeIsUpError

if TYPE_CHECKING:
    from conformance.fixtures.table import Fixture

KEYS = {"op": "read", "key": "k"}


def invocation(fixture: Fixture, event: object) -> Invocation:
    """A call of a function."""
    return Invocation(fixture, PREFIX + fixture.name, "$LATEST", "arn", "id", event, b"{}", None, "trace", None)


def ran(runner: Runner, fixture: Fixture, event: object) -> Outcome:
    """What came of a run, after all of its threads have ended."""

    async def run() -> Outcome:
        outcome = runner(invocation(fixture, event))
        return outcome if isinstance(outcome, Outcome) else await outcome

    before = set(threading.enumerate())
    outcome = asyncio.run(run())
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive()
    return outcome


def test_a_function_that_is_out_of_time_goes_no_further() -> None:
    """It ends with its time limit, and does nothing of what it would have done afterwards (fe-timeout-new)."""
    runner = Runner(Marks())
    fixture = replace(FIXTURES["single"], timeout=0)

    outcome = ran(runner, fixture, {"seconds": 60, "key": "k"})

    error = json.loads(outcome.payload)
    assert error == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": "RequestId: id Error: Task timed out after 0.00 seconds",
    }
    assert json.loads(ran(runner, FIXTURES["single"], KEYS).payload) == {"count": 0, "request_ids": []}


def test_a_function_that_takes_its_time_is_waited_for() -> None:
    """Within its time limit it runs to its end."""
    runner = Runner(Marks())

    outcome = ran(runner, FIXTURES["single"], {"seconds": 0.05, "key": "k"})

    assert (json.loads(outcome.payload), outcome.failed) == ({"done": True}, False)
    assert outcome.seconds >= 0.05
    assert json.loads(ran(runner, FIXTURES["single"], KEYS).payload) == {"count": 1, "request_ids": ["id"]}


@pytest.mark.parametrize(("seconds", "failed"), [(9.99, False), (10, True), (10.01, True)])
def test_no_machine_is_too_slow_for_a_function(seconds: float, failed: bool) -> None:  # noqa: FBT001  a table
    """Whether a function sleeps past its timeout of ten seconds is a matter of numbers, however fast time goes."""
    runner = Runner(Marks(), scale=0.0)

    outcome = ran(runner, FIXTURES["single"], {"seconds": seconds, "key": "k"})

    assert outcome.failed is failed
    assert outcome.seconds >= min(seconds, 10)


def test_time_goes_faster_where_it_is_scaled() -> None:
    """A function that sleeps for nine seconds is done in a tenth, and its log says nine."""
    started = time.monotonic()

    outcome = ran(Runner(Marks(), scale=0.1), FIXTURES["single"], {"seconds": 9, "key": "k"})

    assert 0.9 <= time.monotonic() - started < 9
    assert outcome.seconds >= 9


def test_two_sleeps_add_up() -> None:
    """What a function slept before counts when it sleeps again."""

    async def sleep_twice() -> None:
        clock = Clock(1.0, 0.0, asyncio.get_running_loop())
        await asyncio.to_thread(clock.sleep, 0.6)
        with pytest.raises(TimeIsUpError):
            await asyncio.to_thread(clock.sleep, 0.6)

    asyncio.run(sleep_twice())


def test_a_busy_loop_ends_no_function_before_it_answers() -> None:
    """However long the loop is held up at a time, it comes round more often than a few requests need."""
    turns = 0

    async def held_up() -> None:
        nonlocal turns
        outcome = Runner(Marks(), scale=0.01)(invocation(FIXTURES["single"], {"seconds": 1, "key": "k"}))
        assert not isinstance(outcome, Outcome)
        running = asyncio.ensure_future(outcome)
        while not running.done():
            turns += 1
            time.sleep(0.002)  # noqa: ASYNC251  what is tried
            await asyncio.sleep(0)

    asyncio.run(held_up())

    assert turns >= SLICES


def test_who_is_given_up_does_not_begin_to_sleep() -> None:
    """A function that nobody waits for any more goes no further when it wants to sleep."""

    async def given_up() -> None:
        clock = Clock(10.0, 1.0, asyncio.get_running_loop())
        clock.give_up()
        with pytest.raises(TimeIsUpError):
            await asyncio.to_thread(clock.sleep, 5)

    started = time.monotonic()
    asyncio.run(given_up())
    assert time.monotonic() - started < 4


def test_nobody_waits_for_a_function_that_was_given_up() -> None:
    """When the server stops, a sleeping function is woken and goes no further."""
    runner = Runner(Marks())

    async def run() -> None:
        outcome = runner(invocation(FIXTURES["single"], {"seconds": 5, "key": "k"}))
        assert not isinstance(outcome, Outcome)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(outcome, 0.05)

    before, started = set(threading.enumerate()), time.monotonic()
    asyncio.run(run())
    for thread in set(threading.enumerate()) - before:
        thread.join(5)

    assert time.monotonic() - started < 4
    assert json.loads(ran(runner, FIXTURES["single"], KEYS).payload)["count"] == 0


def test_marks_are_those_of_the_service() -> None:
    """Two services in one process don't see each other's marks."""
    one, other = Runner(Marks()), Runner(Marks())

    ran(one, FIXTURES["record"], {"op": "mark", "key": "k"})

    assert json.loads(ran(one, FIXTURES["record"], KEYS).payload)["count"] == 1
    assert json.loads(ran(other, FIXTURES["record"], KEYS).payload)["count"] == 0


def test_what_text_can_be_is_answered() -> None:
    """Half a surrogate pair, which JSON may hold and UTF-8 may not, comes back as JSON in results and errors."""
    runner = Runner(Marks())
    event = {"message": "\ud800"}

    for name in ("echo", "node_echo", "raise", "node_raise"):
        outcome = ran(runner, FIXTURES[name], event)

        assert "\ud800" in json.loads(outcome.payload).get("message", json.loads(outcome.payload).get("errorMessage"))
