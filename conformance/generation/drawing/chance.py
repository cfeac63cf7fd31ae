"""Where choices come from: a seed, or Hypothesis. What is drawn follows from the sequence of numbers that is given.

Draws are functions of a :class:`Chance`. The search gives them numbers of a seeded generator, which costs next to
nothing and is the same on every machine and with every version of Python and of Hypothesis; shrinking and the public
strategies give them numbers that Hypothesis draws. The numbers that led to a failure are all that Hypothesis needs to
shrink it.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

GOES_ON = 4
"""One in so many lists ends behind each of its elements."""


class Chance(Protocol):
    """Chooses numbers."""

    def below(self, bound: int) -> int:
        """Return a number from 0 to ``bound - 1``; 0 is the plainest choice, so that shrinking leads there."""
        ...


class Seeded:
    """Choices of a seed.

    Args:
        seed: of the search.
        number: of the draw within it, so that each can be made again without those before it.

    Attributes:
        taken: the numbers that were chosen, in order.
    """

    __slots__ = ("_random", "taken")

    def __init__(self, seed: int, number: int) -> None:
        # Of Random's methods, random() alone is promised to give the same numbers in every version of Python.
        self._random = Random(f"{seed}/{number}").random  # noqa: S311  no secrets are made of it
        self.taken: list[int] = []

    def below(self, bound: int) -> int:
        """Return the next number."""
        if bound <= 1:
            return 0
        chosen = int(self._random() * bound)
        self.taken.append(chosen)
        return chosen


class Replayed:
    """Choices that were made before, as far as they go; the plainest ones behind them.

    Args:
        given: the numbers; one that is out of bounds is taken for the greatest.

    Attributes:
        taken: the numbers that were really chosen.
    """

    __slots__ = ("_given", "taken")

    def __init__(self, given: Sequence[int]) -> None:
        self._given = iter(given)
        self.taken: list[int] = []

    def below(self, bound: int) -> int:
        """Return the next number."""
        if bound <= 1:
            return 0
        chosen = min(next(self._given, 0), bound - 1)
        self.taken.append(chosen)
        return chosen


def one_of(chance: Chance, table: Sequence[T]) -> T:
    """Return an element of a table, each as likely as the others; the first is the plainest."""
    return table[chance.below(len(table))]


def rarely(chance: Chance, times: int) -> bool:
    """Tell once in so many times that something happens; that it doesn't is the plainer choice."""
    return chance.below(times) == times - 1


def some(chance: Chance, draw: Callable[[Chance], T], most: int, least: int = 0) -> list[T]:
    """Return a few draws: at least ``least``, at most ``most``, short lists more often than long ones."""
    found = [draw(chance) for _ in range(least)]
    while len(found) < most and chance.below(GOES_ON):
        found.append(draw(chance))
    return found


def weighted(weights: dict[T, int]) -> tuple[T, ...]:
    """Return a table for :func:`one_of` in which each element stands as often as is said."""
    return tuple(element for element, times in weights.items() for _ in range(times))
