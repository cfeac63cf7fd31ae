"""Draws as strategies of Hypothesis, and what is drawn made small by it."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from hypothesis import Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.database import ExampleDatabase, choices_to_bytes
from hypothesis.errors import Flaky

from conformance.generation.drawing.chance import Replayed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from conformance.generation.drawing.chance import Chance

T = TypeVar("T")

SHORT = 4
"""Choices that are left to Hypothesis one by one."""


class Drawn:
    """Choices of Hypothesis.

    Args:
        draw: of a composite strategy.
    """

    __slots__ = ("_draw",)

    def __init__(self, draw: DrawFn) -> None:
        self._draw = draw

    def below(self, bound: int) -> int:
        """Return a number that Hypothesis chooses."""
        return self._draw(_below(bound)) if bound > 1 else 0


@cache
def _below(bound: int) -> SearchStrategy[int]:
    return st.integers(0, bound - 1)


def drawn(make: Callable[[Chance], T]) -> SearchStrategy[T]:
    """Return the strategy of what a function draws."""
    return _drawn(make)


@st.composite
def _drawn(draw: DrawFn, make: Callable[[Chance], T]) -> T:
    return make(Drawn(draw))


def shrunk(taken: Sequence[int], make: Callable[[Chance], T], holds: Callable[[T], bool]) -> T | None:
    """Return the smallest draw of which something holds that can be found from one of which it holds.

    Args:
        taken: the choices of that one (see :class:`conformance.generation.drawing.chance.Seeded`).
        make: draws.
        holds: is asked of smaller and smaller draws; may send requests.

    Returns:
        None where it does not hold of the first one either.
    """
    found: list[T] = []

    @settings(
        database=_Known(_plainer(taken, make, holds)),
        phases=(Phase.reuse, Phase.shrink),
        deadline=None,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
    )
    @seed(0)
    @given(drawn(make))
    def search(value: T) -> None:
        if holds(value):
            found.append(value)
            raise _Holds

    with suppress(_Holds, Flaky):
        search()
    return found[-1] if found else None


def _plainer(taken: Sequence[int], make: Callable[[Chance], T], holds: Callable[[T], bool]) -> Sequence[int]:
    """Return choices with as many of the plainest among them as long runs of those leave it holding.

    Hypothesis does the same and more, but takes a hundred times as long for each try at a draw of hundreds of choices.
    """
    length = len(taken)
    while length > SHORT:
        length //= 2
        for at in reversed(range(0, len(taken), length)):
            run = taken[at : at + length]
            tried = Replayed([*taken[:at], *[0] * len(run), *taken[at + length :]])
            if any(run) and holds(make(tried)):
                taken = tried.taken
    return taken


class _Holds(Exception):  # noqa: N818  what Hypothesis looks for; no error
    """It holds of a draw."""


class _Known(ExampleDatabase):
    """Tells Hypothesis of a draw that it did not find itself, as a database tells of one that it found before.

    One choice more than is drawn tells it that the draw was never shrunk.
    """

    def __init__(self, taken: Sequence[int]) -> None:
        super().__init__()
        self._entry = choices_to_bytes((*taken, 0))

    def fetch(self, key: bytes) -> Iterator[bytes]:  # noqa: ARG002  there is one draw only, whatever it is kept under
        """Return the draw."""
        yield self._entry

    def save(self, key: bytes, value: bytes) -> None:
        """Keep nothing."""

    def delete(self, key: bytes, value: bytes) -> None:
        """Forget nothing."""
