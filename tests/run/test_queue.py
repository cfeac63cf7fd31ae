"""In which order cases are sent: long ones early but not all at a time, twins before the cases that need them."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from support.running import expecting, planned, simple

from conformance.cases.model import Call, Sized
from conformance.run.queue import MANY, Kind, Queue

if TYPE_CHECKING:
    from collections.abc import Iterable

WAITING = simple("a/waiting", expecting(200, within=5.0))
PAUSED = simple("a/paused", replace(expecting(200), pause=0.1))
BLOCKING = simple("a/blocking", replace(expecting(200), call=Call("{sleep}")))
REPEATED = simple("a/many", replace(expecting(200), repeat=MANY))
SHORT = simple("a/short", replace(expecting(200), repeat=MANY - 1))
LARGE = simple("a/large", replace(expecting(200), call=Call(body=Sized(7))))
REFUSED = simple("a/refused", twin="a/short")
REFUSED_LATE = simple("a/refused-late", expecting(400, within=5.0), twin="a/short")
REFUSED_LARGE = simple("a/refused-large", replace(expecting(400), call=Call("{big}")), twin="a/short")
ALL = (REFUSED, REFUSED_LATE, REFUSED_LARGE, LARGE, SHORT, WAITING, PAUSED, BLOCKING, REPEATED)


def taken(queue: Queue, kinds: Iterable[Kind]) -> list[str]:
    """The ids of all cases in the order in which workers that want these kinds take them."""
    wanted = iter(kinds)
    return [queue.take(next(wanted)).case.id for _ in range(len(queue))]


def test_long_cases_come_first_to_who_wants_them() -> None:
    """A case is long where it waits, pauses, calls a function that takes its time, or makes many calls."""
    order = taken(Queue(planned(*ALL)), cycle([Kind.LONG]))

    assert order[:6] == ["a/waiting", "a/paused", "a/blocking", "a/many", "a/short", "a/large"]
    assert order[6:] == ["a/refused-late", "a/refused", "a/refused-large"]


def test_short_cases_go_on_meanwhile() -> None:
    """Who wants short ones gets them first, so that not all workers wait at a time; large ones come last."""
    order = taken(Queue(planned(*ALL)), cycle([Kind.SHORT]))

    assert (order[0], order[5]) == ("a/short", "a/large")


@pytest.mark.parametrize("kinds", [(Kind.LONG,), (Kind.SHORT,), (Kind.LONG, Kind.SHORT), tuple(Kind)])
def test_what_has_a_twin_comes_when_all_others_were_taken(kinds: tuple[Kind, ...]) -> None:
    """Whoever takes them: nobody may wait for a twin that is still in the queue, as it might be for ever."""
    order = taken(Queue(planned(*ALL)), cycle(kinds))

    assert set(order[-3:]) == {"a/refused", "a/refused-late", "a/refused-large"}


def test_each_case_is_taken_once() -> None:
    """What was taken is gone, what was put back is there again, and skipped cases never were."""
    queue = Queue([*planned(SHORT, REPEATED), *planned(WAITING, skip="no such fixture")])

    first = queue.take(Kind.SHORT)

    assert (len(queue), [one.case.id for one in queue]) == (1, ["a/many"])
    queue.put(first)
    assert sorted(taken(queue, cycle([Kind.LONG]))) == ["a/many", "a/short"]
    with pytest.raises(IndexError, match="empty"):
        queue.take(Kind.LONG)
