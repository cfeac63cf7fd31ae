"""In which order cases are sent: long ones early but not all at a time, twins before the cases that need them."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from support.running import expecting, planned, simple

from conformance.cases.model import Call
from conformance.run.queue import LONG, Queue

if TYPE_CHECKING:
    from collections.abc import Iterable

WAITING = simple("a/waiting", expecting(200, within=5.0))
PAUSED = simple("a/paused", replace(expecting(200), pause=0.1))
BLOCKING = simple("a/blocking", replace(expecting(200), call=Call("{sleep}")))
MANY = simple("a/many", replace(expecting(200), repeat=LONG))
SHORT = simple("a/short", replace(expecting(200), repeat=LONG - 1))
REFUSED = simple("a/refused", twin="a/short")
REFUSED_LATE = simple("a/refused-late", expecting(400, within=5.0), twin="a/short")
ALL = (REFUSED, REFUSED_LATE, SHORT, WAITING, PAUSED, BLOCKING, MANY)


def taken(queue: Queue, kinds: Iterable[bool]) -> list[str]:
    """The ids of all cases in the order in which workers that want these kinds take them."""
    wanted = iter(kinds)
    return [queue.take(long=next(wanted)).case.id for _ in range(len(queue))]


def test_long_cases_come_first_to_who_wants_them() -> None:
    """A case is long where it waits, pauses, calls a function that takes its time, or makes many calls."""
    order = taken(Queue(planned(*ALL)), cycle([True]))

    assert order == ["a/waiting", "a/paused", "a/blocking", "a/many", "a/short", "a/refused-late", "a/refused"]


def test_short_cases_go_on_meanwhile() -> None:
    """Who wants short ones gets them first, so that not all workers wait at a time."""
    assert taken(Queue(planned(*ALL)), cycle([False]))[0] == "a/short"


@pytest.mark.parametrize("kinds", [(True,), (False,), (True, False), (False, False, True)])
def test_what_has_a_twin_comes_when_all_others_were_taken(kinds: tuple[bool, ...]) -> None:
    """Whoever takes them: nobody may wait for a twin that is still in the queue, as it might be for ever."""
    order = taken(Queue(planned(*ALL)), cycle(kinds))

    assert set(order[-2:]) == {"a/refused", "a/refused-late"}


def test_each_case_is_taken_once() -> None:
    """What was taken is gone, what was put back is there again, and skipped cases never were."""
    queue = Queue([*planned(SHORT, MANY), *planned(WAITING, skip="no such fixture")])

    first = queue.take(long=False)

    assert (len(queue), [one.case.id for one in queue]) == (1, ["a/many"])
    queue.put(first)
    assert sorted(taken(queue, cycle([True]))) == ["a/many", "a/short"]
    with pytest.raises(IndexError, match="empty"):
        queue.take(long=True)
