"""The examples of a search: numbered, each the same whenever its number is drawn with the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from conformance.cases.model import Call
from conformance.generation.drawing.calls import call
from conformance.generation.drawing.chance import Seeded, rarely
from conformance.generation.drawing.wire import wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.generation.drawing.calls import Scope
    from conformance.generation.drawing.chance import Chance

WIRE = 25
"""One in so many examples is of bytes that are no request."""


@dataclass(frozen=True, slots=True)
class Example:
    """A request that was drawn.

    Attributes:
        number: within the search; 0 for one that an earlier search found.
        taken: the choices that led to it; none for such a one.
        call: the request.
    """

    number: int
    taken: tuple[int, ...]
    call: Call


def maker(scope: Scope) -> Callable[[Chance], Call]:
    """Return the function that draws a request."""
    return partial(_made, scope=scope)


def _made(chance: Chance, scope: Scope) -> Call:
    return Call(wire=wire(chance)) if rarely(chance, WIRE) else call(chance, scope)


def examples(make: Callable[[Chance], Call], seed: int, shard: tuple[int, int] = (1, 1)) -> Iterator[Example]:
    """Yield examples without end.

    Args:
        make: draws a request.
        seed: of the search.
        shard: i and n: every n-th example, from the i-th on, so that n shards together make the search of one.
    """
    number, step = shard
    while True:
        chance = Seeded(seed, number)
        found = make(chance)
        yield Example(number, tuple(chance.taken), found)
        number += step
