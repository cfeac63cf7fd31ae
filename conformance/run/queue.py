"""The cases that a run still has to send, and which of them is next."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from conformance.run.plan import waits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.run.plan import Planned


LONG = 10
"""Calls from which on a case takes long, as they go out one after the other."""


class Queue:
    """Cases in four lanes: with a twin or without, long or short.

    Those with a twin are taken when all others have been, so that none waits for a twin which nobody sends. Among the
    others it is up to whoever takes one: long ones have to begin early, but were they always taken first, all workers
    would wait at a time.

    Args:
        plan: the cases; skipped ones are left out.
    """

    def __init__(self, plan: Sequence[Planned]) -> None:
        self._lanes: dict[tuple[bool, bool], deque[Planned]] = {
            (twin, long): deque() for twin in (False, True) for long in (False, True)
        }
        for planned in plan:
            if not planned.skip:
                self.put(planned)

    def put(self, planned: Planned) -> None:
        """Put a case behind the others of its lane."""
        self._lanes[bool(planned.case.twin), _long(planned)].append(planned)

    def take(self, *, long: bool) -> Planned:
        """Take the next case.

        Args:
            long: whether one that takes long is taken first, rather than a short one.

        Raises:
            IndexError: there is none left.
        """
        order = ((twin, kind) for twin in (False, True) for kind in (long, not long))
        lane = next((self._lanes[key] for key in order if self._lanes[key]), None)
        if lane is None:
            raise IndexError("the queue is empty")
        return lane.popleft()

    def __len__(self) -> int:
        return sum(map(len, self._lanes.values()))

    def __iter__(self) -> Iterator[Planned]:
        return (planned for lane in self._lanes.values() for planned in lane)


def _long(planned: Planned) -> bool:
    """Tell whether a case takes long: it waits, or makes many calls."""
    return waits(planned.case) or sum(step.repeat for step in planned.case.steps) >= LONG
