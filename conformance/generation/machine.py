"""A state machine that draws sequences: its rules are the moves, and its state is the model's.

A sequence is sent when it is complete, not call by call, so that what is drawn never depends on what a target answers.
The choices come from a generator of our own: Hypothesis's own ones depend on which modules are loaded, and where from.
So one seed draws the same sequences everywhere. Shrinking is Hypothesis's.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from itertools import groupby
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, PrimitiveProvider
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from conformance.generation.sequences import LETTERS, WAYS, Play, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hypothesis.database import ExampleDatabase

    from conformance.contract.model import Contract
    from conformance.generation.moves import Move
    from conformance.generation.sequences import Way

IN_ORDER = WAYS[:-1]
"""The ways in which a call is answered before the next; in the background, its order among the others is not known."""
SELDOM = 5
"""Most sequences are to be as long as they may be: in long ones more moves meet. Shrinking ends them earlier."""
SLOTS = range(len(LETTERS))


SEED: ContextVar[str] = ContextVar("seed of the choices")
BACKEND = "conformance"
AVAILABLE_PROVIDERS[BACKEND] = f"{__name__}.Choices"  # so that Hypothesis's documentation has backends made known
UNBOUNDED = 1 << 31


class Choices(PrimitiveProvider):
    """Choices of the seed that ``SEED`` has; made by Hypothesis."""

    def __init__(self, conjecturedata: Any, /) -> None:  # noqa: ANN401  a type of Hypothesis's own
        super().__init__(conjecturedata)
        # Of Random's methods, random() alone is promised to give the same numbers in every version of Python.
        self._random = Random(SEED.get()).random  # noqa: S311  no secrets are made of it

    def draw_boolean(self, p: float = 0.5) -> bool:
        """Return True with a probability."""
        return self._random() < p

    def draw_integer(self, min_value: int | None = None, max_value: int | None = None, **_: object) -> int:
        """Return a number between two, each as likely as the others."""
        least, most = -UNBOUNDED if min_value is None else min_value, UNBOUNDED if max_value is None else max_value
        return least + int(self._random() * (most - least + 1))

    def _undrawn(self, *_: object, **__: object) -> NoReturn:
        """Draw what no move is made of."""
        raise NotImplementedError

    draw_float = draw_string = draw_bytes = _undrawn


class Broken(Exception):  # noqa: N818  it is no error of ours
    """A sequence was not answered as it must be."""


@dataclass(frozen=True, slots=True)
class Draws:
    """What is drawn.

    Attributes:
        seed: chooses the sequences.
        most: number of sequences at most, before one is found to be broken.
        length: number of moves in a sequence at most, without those that close it.
        database: where those that were broken are kept, and tried first; None keeps none.
        overlapping: whether calls may be under way at a time.
    """

    seed: str
    most: int
    length: int
    database: ExampleDatabase | None = None
    overlapping: bool = True


def draw(moves: Sequence[Move], contract: Contract, draws: Draws, attempt: Callable[[State], None]) -> None:
    """Draw sequences, and shrink the first that is broken.

    Args:
        moves: what there is to be done.
        contract: all constraints.
        draws: how many, how long.
        attempt: sends a sequence. It raises :class:`Broken`, and does so again for the same one.

    Raises:
        Broken: one is broken; the one that ``attempt`` got last is the simplest.
    """
    machine = type("Sequences", (_Machine,), dict(_rules(moves, WAYS if draws.overlapping else IN_ORDER)))
    machine.contract, machine.length, machine.attempt = contract, draws.length, staticmethod(attempt)
    phases = [Phase.generate, Phase.shrink, *([] if draws.database is None else [Phase.reuse])]
    chosen = settings(
        backend=BACKEND,
        database=draws.database,
        deadline=None,
        derandomize=False,
        max_examples=draws.most,
        phases=phases,
        print_blob=False,
        report_multiple_bugs=False,
        stateful_step_count=draws.length,
        suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]  an enumeration to Python
        verbosity=Verbosity.quiet,
    )
    before = SEED.set(draws.seed)
    try:
        run_state_machine_as_test(seeded(draws.seed)(machine), settings=chosen)
    finally:
        SEED.reset(before)


class _Machine(RuleBasedStateMachine):
    """What all machines share; the rules of the moves are added to it."""

    contract: ClassVar[Contract]
    length: ClassVar[int]
    attempt: ClassVar[Callable[[State], None]]

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.drawn = 0

    def play(self, move: str, slot: int, *, tail: bool, way: Way) -> None:
        """Make a move, of the other key where it can't be of this one."""
        fitting = (Play(move, one, tail, way) for one in (slot, *SLOTS))
        play = next((one for one in fitting if self.state.allows(one)), None)
        if play is not None:
            self.state = self.state.after(play, self.contract)
        self._counted()

    @rule(later=st.integers(0, SELDOM))
    def end(self, later: int) -> None:
        """The client is done, if not later: what it did is sent, and another one begins."""
        if not later:
            self._send()
        self._counted()

    def possible(self, move: str) -> bool:
        """Tell whether a move can be made, of any key."""
        return any(self.state.allows(Play(move, slot)) for slot in SLOTS)

    def _counted(self) -> None:
        """Send what there is where no further rule follows."""
        self.drawn += 1
        if self.drawn >= self.length:
            self._send()

    def _send(self) -> None:
        state, self.state = self.state, State()
        if state.plays:
            type(self).attempt(state)


def _rules(moves: Sequence[Move], ways: Sequence[Way]) -> Iterator[tuple[str, Any]]:
    """Yield a rule for each function, and for each move that has to do with marks."""
    for function, group in groupby(moves, key=lambda move: move.function):
        some = list(group)
        if any(move.effect for move in some):
            yield from ((_name(move.id), _about_marks(move)) for move in some)
        else:
            yield _name(function), _of_function(function, some, ways)


def _name(id: str) -> str:
    return "rule_" + "".join(letter if letter.isalnum() else "_" for letter in id)


def _of_function(function: str, moves: Sequence[Move], ways: Sequence[Way]) -> Any:  # noqa: ANN401  Hypothesis gives rules no type
    def play(self: _Machine, move: str, tail: bool, way: Way) -> None:  # noqa: FBT001  Hypothesis passes it by name
        self.play(move, 0, tail=tail, way=way)

    play.__name__ = _name(function)
    ids = [move.id for move in moves]
    return rule(move=st.sampled_from(ids), tail=st.booleans(), way=st.sampled_from(ways))(play)


def _about_marks(move: Move) -> Any:  # noqa: ANN401  Hypothesis gives rules no type
    def play(self: _Machine, slot: int, tail: bool, way: Way) -> None:  # noqa: FBT001  Hypothesis passes it by name
        self.play(move.id, slot, tail=tail, way=way)

    play.__name__ = _name(move.id)
    made = rule(slot=st.sampled_from(SLOTS), tail=st.booleans(), way=st.sampled_from(IN_ORDER))(play)
    return precondition(lambda self: self.possible(move.id))(made)
