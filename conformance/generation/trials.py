"""Tries sequences on a target, again and shorter, and says what is wrong with them.

What a target keeps from a call may still be there at the next sequence. So a sequence counts as the reason of a wrong
answer only when it brings it about on a target that is as new, or that answered the call in question rightly just
before; where it doesn't, those sent before it have a part in it.
"""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from conformance.generation.moves import MOVES, PLAIN
from conformance.generation.sequences import FOUND, Play, State, case_of_plays, digest_of, replayed
from conformance.oracle.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Sized
    from collections.abc import Set as AbstractSet

    from conformance.cases.model import Case, Step
    from conformance.contract.model import Contract
    from conformance.oracle.clause import Clause
    from conformance.oracle.judge import Check

IMPATIENCE = 0.5
"""Seconds that an Event gets while a sequence is made shorter; what remains is tried with patience."""
REMEMBERED = 600
"""Plays of the past that may have a part in what is wrong now."""
SHORTENING = 200
"""Sequences that are tried at most to make one shorter."""
SETTLING = (*PLAIN.values(), MOVES["versioned/$LATEST"])
"""Calls after which most of what a target kept is gone."""


class Tried(Protocol):
    """What came of a case."""

    @property
    def outcome(self) -> Outcome:
        """Of the case."""
        ...

    @property
    def checks(self) -> Sequence[Check]:
        """Of the steps that were answered."""
        ...

    @property
    def exchanges(self) -> Sized:
        """One for each step that was sent."""
        ...


T_co = TypeVar("T_co", bound=Tried, covariant=True)


class Bench(Protocol[T_co]):
    """Where sequences are tried."""

    def attempt(self, case: Case) -> T_co:
        """Send a case; the word ``run`` of its keys is another one each time."""
        ...

    def renew(self) -> bool:
        """Make the target as if nothing had been sent yet; False where that can't be done."""
        ...


class Cause(NamedTuple):
    """What is wrong: the call of which move, by which requirement, in what of its answer."""

    move: str
    requirement: str
    subject: str

    @property
    def kind(self) -> tuple[str, str]:
        """What it has in common with its like in calls of other moves, which cite other requirements for a status."""
        return "" if self.subject == STATUS else self.requirement, self.subject


@dataclass(frozen=True, slots=True)
class Wrong(Generic[T_co]):
    """A sequence that ends with a call that was answered wrongly.

    Attributes:
        state: the sequence.
        tried: what came of it.
        causes: what is wrong, the first thing first; at least one.
        past: what was sent since the target was new, this sequence last.
    """

    state: State
    tried: T_co
    causes: tuple[Cause, ...]
    past: tuple[Play, ...]

    @property
    def cause(self) -> Cause:
        """The first thing that is wrong."""
        return self.causes[0]


class Enough(KeyboardInterrupt):
    """Ends a search in the middle. Hypothesis takes other exceptions for failures, and keeps them."""


class Trials(Generic[T_co]):
    """Tries sequences.

    Args:
        bench: where.
        contract: all constraints.
        seconds: after which no more are tried; None for no limit.

    Attributes:
        muted: what is wrong wherever a call stands, and therefore not looked at any more. A status always is, since
            what holds of the calls behind rests on it.
        sequences: number of those that were tried.
        calls: number of those that were sent.
        silent: the sequence whose last call got no answer, and what came of it; None where all did.
        interrupted: whether nothing more is to be tried.
    """

    def __init__(self, bench: Bench[T_co], contract: Contract, seconds: float | None) -> None:
        self._bench = bench
        self._contract = contract
        self._until = time.monotonic() + seconds if seconds is not None else math.inf
        self._past = deque[Play](maxlen=REMEMBERED)
        self.muted: set[Cause] = set()
        self.sequences = 0
        self.calls = 0
        self.silent: tuple[State, T_co] | None = None
        self.interrupted = False

    def interrupt(self) -> None:
        """Try no more sequences. A signal handler may call it at any time."""
        self.interrupted, self._until = True, -math.inf

    def renew(self) -> bool:
        """Make the target as new; False where that can't be done."""
        new = self._bench.renew()
        if new:
            self._past.clear()
        return new

    def send(self, state: State, patience: float, *, whole: bool = False) -> Wrong[T_co] | None:
        """Send a sequence, and return what is wrong with it.

        Args:
            state: the sequence.
            patience: seconds that an Event gets.
            whole: whether to look at what is muted, too.

        Raises:
            Enough: the time is over, or no answer came.
        """
        if time.monotonic() >= self._until:
            raise Enough
        tried = self._bench.attempt(self._case(state, patience, frozenset() if whole else self.muted))
        sent = len(tried.exchanges)
        cut = replace(state, plays=state.plays[:sent], steps=state.steps[:sent])
        self._past.extend(cut.plays)
        self.sequences += 1
        self.calls += sent
        if tried.outcome is Outcome.VOID:
            self.silent = cut, tried
            raise Enough
        causes = tuple(
            Cause(state.plays[one.step - 1].move, one.clause.requirement, one.clause.subject)
            for one in tried.checks
            if one.outcome is Outcome.FAIL
        )
        return Wrong(cut, tried, causes, tuple(self._past)) if causes else None

    def again(self, state: State, cause: Cause, patience: float, *, alone: bool = False) -> Wrong[T_co] | None:
        """Send a sequence to a target that is as new; return what is wrong with it, if that is of the same kind.

        Args:
            state: the sequence.
            cause: of what was wrong.
            patience: seconds that an Event gets.
            alone: whether it is a single call that was never answered rightly, so that none before it is to blame.
        """
        if not (self.renew() or alone or self._settled(cause)):
            return None
        wrong = self.send(state, patience)
        return wrong if wrong is not None and wrong.cause.kind == cause.kind else None

    def traced(self, wrong: Wrong[T_co]) -> Wrong[T_co] | None:
        """Return a sequence that brings about what is wrong, with as much of the past as that takes."""
        size = len(wrong.state.plays)
        while size < len(wrong.past):
            size *= 2
            found = self.again(self.replayed(wrong.past[-size:]), wrong.cause, IMPATIENCE)
            if found is not None:
                return found
        return None

    def shortened(self, wrong: Wrong[T_co]) -> Wrong[T_co]:
        """Return a sequence without the plays that have no part in what is wrong."""
        left, size = SHORTENING, max(1, (len(wrong.state.plays) - 1) // 2)
        while True:
            start, before = 0, wrong
            while start < len(wrong.state.plays) - 1 and left:
                plays, end = wrong.state.plays, min(start + size, len(wrong.state.plays) - 1)
                less, left = self.replayed((*plays[:start], *plays[end:])), left - 1
                found = self.again(less, wrong.cause, IMPATIENCE) if less.plays else None
                wrong, start = (wrong, end) if found is None else (found, start)
            if size == 1 and (wrong is before or not left):
                return wrong
            size = max(1, size // 2)

    def replayed(self, plays: Iterable[Play]) -> State:
        """Return the state after plays, without those that can't be where they are."""
        return replayed(plays, self._contract)

    def _settled(self, cause: Cause) -> bool:
        """Tell whether the call in question is answered rightly by itself now, if need be after plain ones."""
        if self._right(cause):
            return True
        for move in SETTLING:
            self.send(self.replayed([Play(move.id)]), IMPATIENCE)
        return self._right(cause)

    def _right(self, cause: Cause) -> bool:
        """Tell whether a call, alone, is answered rightly now; of marks under a key, which is new each time, it is."""
        controls = [self.replayed([Play(cause.move, tail=tail)]) for tail in (False, True)]
        found = [self.send(control, IMPATIENCE) for control in controls if control.plays]
        return all(wrong is None or cause.kind not in {one.kind for one in wrong.causes} for wrong in found)

    def _case(self, state: State, patience: float, muted: AbstractSet[Cause]) -> Case:
        """Return a sequence as a case, without what is muted."""
        steps = tuple(
            replace(step, expect=_unmuted(play, step, muted), within=min(step.within, patience))
            for play, step in zip(state.plays, state.steps, strict=True)
        )
        return case_of(replace(state, steps=steps))


def _unmuted(play: Play, step: Step, muted: AbstractSet[Cause]) -> tuple[Clause, ...]:
    if not muted:
        return step.expect
    return tuple(
        one
        for one in step.expect
        if one.subject == STATUS or Cause(play.move, one.requirement, one.subject) not in muted
    )


STATUS = "status"


def case_of(state: State) -> Case:
    """Return a sequence as a case whose id tells it from others."""
    return case_of_plays(FOUND + digest_of(state.plays), state)
