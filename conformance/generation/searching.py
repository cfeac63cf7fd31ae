"""The search for sequences that a target answers wrongly: each move alone, then rows of them.

What a call gets wrong wherever it stands is found first, said once and overlooked from then on, so that it doesn't hide
what takes several calls.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Generic

from conformance.generation.machine import Broken, Draws, draw
from conformance.generation.sequences import PATIENCE, Play, State
from conformance.generation.trials import IMPATIENCE, STATUS, Enough, T_co, Trials, case_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.database import ExampleDatabase

    from conformance.cases.model import Case
    from conformance.contract.model import Contract
    from conformance.generation.moves import Move
    from conformance.generation.trials import Bench, Wrong

HUNTS = 20
"""Causes that are looked for at most, beside those of single moves."""
SHRINKING = 120
"""Sequences that are tried at most while Hypothesis shrinks one."""
DEVIATIONS = 12
"""Calls of one sequence that are found wrong at most, one after the other."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is searched.

    Attributes:
        seed: chooses the sequences.
        most: number of examples that are drawn at most, each of one sequence or a few.
        seconds: after which the search ends; None for no limit.
        length: number of moves of an example at most.
        database: where what was wrong is kept, and tried first by the next search; None keeps nothing.
        overlapping: whether calls may be under way at a time; some targets take one after the other alone.
    """

    seed: int
    most: int = 200
    seconds: float | None = None
    length: int = 20
    database: ExampleDatabase | None = None
    overlapping: bool = True


@dataclass(frozen=True, slots=True)
class Finding(Generic[T_co]):
    """A sequence that was answered wrongly.

    Attributes:
        plays: the sequence, up to the call that was answered wrongly.
        case: the same as a case.
        tried: what came of it.
        again: whether it was answered wrongly again, by a target that was as new.
    """

    plays: tuple[Play, ...]
    case: Case
    tried: T_co
    again: bool


@dataclass(frozen=True, slots=True)
class Found(Generic[T_co]):
    """What came of a search.

    Attributes:
        findings: one for each requirement that was broken in its own way; the last one, where no answer came, is void.
            What was not seen again is among them only where nothing else was found, which may be its cause.
        sequences: number of those that were tried.
        calls: number of those that were sent.
        whole: whether all was tried that was asked for.
        interrupted: whether that is so because somebody stopped it.
    """

    findings: tuple[Finding[T_co], ...]
    sequences: int
    calls: int
    whole: bool
    interrupted: bool = False


@dataclass(slots=True)
class _Hunt(Generic[T_co]):
    """One hunt for a cause.

    Attributes:
        best: the shortest sequence that was answered wrongly again and again; shrinking keeps to its cause.
        verdicts: plays -> whether they were answered wrongly in this way; none is sent twice.
        drawn: number of sequences until the first that was.
        shrinking: number of those since.
    """

    best: Wrong[T_co] | None = None
    verdicts: dict[tuple[Play, ...], bool] = field(default_factory=dict[tuple[Play, ...], bool])
    drawn: int = 0
    shrinking: int = 0


class Search(Generic[T_co]):
    """A search.

    Args:
        bench: where sequences are tried.
        contract: all constraints.
        moves: that the target allows.
        effort: how much is searched.
    """

    def __init__(self, bench: Bench[T_co], contract: Contract, moves: Sequence[Move], effort: Effort) -> None:
        self._trials = Trials(bench, contract, effort.seconds)
        self._contract = contract
        self._moves = list(moves)
        self._effort = effort
        self._findings: list[Finding[T_co]] = []
        self._doubtful: list[Finding[T_co]] = []
        self._said: set[tuple[str, str]] = set()
        self._shown: set[tuple[str, str]] = set()
        self._hunt = _Hunt[T_co]()

    def interrupt(self) -> None:
        """Stop as soon as may be. A signal handler may call it at any time."""
        self._trials.interrupt()

    def run(self) -> Found[T_co]:
        """Search until all is tried, or the time is over, or no answer comes."""
        whole = True
        try:
            self._alone()
            self._together()
        except Enough:
            whole = False
            if self._hunt.best is not None:
                self._keep(self._hunt.best, again=True)
        found = self._findings or self._doubtful
        if self._trials.silent is not None:
            state, tried = self._trials.silent
            found = [*found, Finding(state.plays, case_of(state), tried, again=False)]
        trials = self._trials
        return Found(tuple(found), trials.sequences, trials.calls, whole, trials.interrupted)

    def _alone(self) -> None:
        """Try each move alone, with what closes it, until nothing new is wrong; leave out those that don't work."""
        for move, tail in product(tuple(self._moves), (False, True)):
            state = self._trials.replayed([Play(move.id, tail=tail)]).closed(self._contract)
            for _ in range(DEVIATIONS):
                wrong = self._trials.send(state, PATIENCE) if move in self._moves and state.plays else None
                if wrong is None:
                    break
                if not self._known(wrong):
                    self._say(wrong, alone=len(wrong.state.plays) == 1)
                if any(one.subject == STATUS for one in wrong.causes):
                    # What holds of the calls behind would rest on an answer that never comes.
                    self._moves = [one for one in self._moves if one.id != wrong.cause.move]

    def _together(self) -> None:
        """Try rows of moves, hunting one cause after the other."""
        effort = self._effort
        left = effort.most
        for number in range(HUNTS):
            hunt = self._hunt = _Hunt[T_co]()
            draws = Draws(f"{effort.seed}/{number}", left, effort.length, effort.database, effort.overlapping)
            with suppress(Broken):
                draw(self._moves, self._contract, draws, self._example)
            if hunt.best is None:
                return
            self._say(hunt.best)
            left -= hunt.drawn
            if left <= 0:
                return

    def _example(self, state: State) -> None:
        """Try a sequence that was drawn.

        Raises:
            Broken: it is answered wrongly, again and again.
        """
        verdicts = self._hunt.verdicts
        if state.plays not in verdicts:
            self._hunt.drawn += self._hunt.best is None
            self._hunt.shrinking += self._hunt.best is not None
            verdicts[state.plays] = False
            verdicts[state.plays] = self._broken(state.closed(self._contract))
        if verdicts[state.plays]:
            raise Broken

    def _broken(self, state: State) -> bool:
        """Tell whether a sequence is answered wrongly, for the cause that is hunted."""
        best = self._hunt.best
        if self._hunt.shrinking > SHRINKING:
            return False
        patience = PATIENCE if best is None else IMPATIENCE
        wrong = self._trials.send(state, patience)
        if wrong is None or self._known(wrong) or (best is not None and wrong.cause.kind != best.cause.kind):
            return False
        again = self._trials.again(state, wrong.cause, patience)
        if again is None:
            if best is None:
                self._say(wrong)
            return False
        if best is None or len(again.state.plays) <= len(best.state.plays):
            self._hunt.best = again
        return True

    def _known(self, wrong: Wrong[T_co]) -> bool:
        """Tell whether what is wrong was said, perhaps of another move; of this one it is overlooked from now on."""
        known = wrong.cause.kind in self._said or self._follows(wrong)
        if known:
            self._trials.muted.add(wrong.cause)
        return known

    def _follows(self, wrong: Wrong[T_co]) -> bool:
        """Tell whether it is wrong in the same call as what was said of a sequence, and so but another side of it."""
        if not self._shown:
            return False
        whole = self._trials.send(wrong.state, IMPATIENCE, whole=True)
        if whole is None or len(whole.state.plays) < len(wrong.state.plays):
            return False
        return any(one.move == wrong.cause.move and one.kind in self._shown for one in whole.causes)

    def _say(self, wrong: Wrong[T_co], *, alone: bool = False) -> None:
        """Make a sequence as short as can be, try it once more with patience, and keep it.

        Args:
            wrong: the sequence.
            alone: whether it is a single call that was never answered rightly.
        """
        trials, cause = self._trials, wrong.cause
        sure = trials.again(wrong.state, cause, PATIENCE, alone=alone) or trials.traced(wrong)
        if sure is None:
            self._keep(wrong, again=False)
            return
        short = trials.shortened(sure)
        self._keep(trials.again(short.state, cause, PATIENCE, alone=alone) or sure, again=True)

    def _keep(self, wrong: Wrong[T_co], *, again: bool) -> None:
        """Keep a finding, overlook what is wrong with it from now on, and go on with a target that is as new."""
        self._trials.muted.update(wrong.causes)
        kinds = {cause.kind for cause in wrong.causes}
        self._said |= kinds
        self._shown |= kinds if len(wrong.state.plays) > 1 else set()
        (self._findings if again else self._doubtful).append(
            Finding(wrong.state.plays, case_of(wrong.state), wrong.tried, again=again)
        )
        if self._trials.silent is None:
            self._trials.renew()
