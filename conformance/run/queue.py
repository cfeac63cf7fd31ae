"""The cases that a run still has to send, and which of them is next."""

from __future__ import annotations

from collections import deque
from enum import Enum, auto
from itertools import product
from typing import TYPE_CHECKING

from conformance.run.plan import large, waits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.run.plan import Planned

MANY = 10
"""Calls from which on a case takes long, as they go out one after the other."""


class Kind(Enum):
    """What it takes to run a case: time, little of anything, or the whole machine for a moment."""

    LONG = auto()
    SHORT = auto()
    LARGE = auto()


ORDERS = {first: tuple(product((False, True), sorted(Kind, key=lambda kind: kind is not first))) for first in Kind}
"""In which order lanes are looked into by whoever wants one kind first: twin or not, and kind."""


class Queue:
    """Cases in lanes, by their kind and by whether they have a twin.

    Those with a twin are taken when all others have been, so that none waits for a twin which nobody sends. Large ones
    come behind the others, which they hold up. Whether long or short ones are taken first is up to whoever takes one:
    long ones have to begin early, but were they always taken first, all workers would wait at a time.

    Args:
        plan: the cases; skipped ones are left out.
    """

    def __init__(self, plan: Sequence[Planned]) -> None:
        self._lanes: dict[tuple[bool, Kind], deque[Planned]] = {key: deque() for key in product((False, True), Kind)}
        for planned in plan:
            if not planned.skip:
                self.put(planned)

    def put(self, planned: Planned) -> None:
        """Put a case behind the others of its lane."""
        self._lanes[bool(planned.case.twin), kind_of(planned)].append(planned)

    def take(self, first: Kind) -> Planned:
        """Take the next case, one of the ``first`` kind where there is any.

        Raises:
            IndexError: there is none left.
        """
        for key in ORDERS[first]:
            if lane := self._lanes[key]:
                return lane.popleft()
        raise IndexError("the queue is empty")

    def __len__(self) -> int:
        return sum(map(len, self._lanes.values()))

    def __iter__(self) -> Iterator[Planned]:
        return (planned for lane in self._lanes.values() for planned in lane)


def kind_of(planned: Planned) -> Kind:
    """Return what it takes to run a case."""
    case = planned.case
    if large(case):
        return Kind.LARGE
    return Kind.LONG if waits(case) or sum(step.repeat for step in case.steps) >= MANY else Kind.SHORT
