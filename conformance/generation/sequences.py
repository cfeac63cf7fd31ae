"""Sequences of calls as cases: a pure model that says of each call what must hold of it after those before.

A sequence is a row of plays, a play a move in one of its forms. The model is a fold over them: it makes a step of each
and remembers what later ones may show. What no call may leave behind is looked at in the end: each key is read, and
each function called once more in its plainest form.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from conformance.cases.building import TAIL, expect
from conformance.cases.model import Case, Step
from conformance.generation.drafts import GROUP, clauses_of
from conformance.generation.marks import ALONE, EFFECTS, ID, NEW, possible
from conformance.generation.moves import MOVES, PLAIN, Turn
from conformance.oracle.answers import ERROR, LOG, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.cases.model import Call
    from conformance.contract.model import Contract
    from conformance.generation.marks import Key
    from conformance.generation.moves import Move
    from conformance.oracle.clause import Clause

T = TypeVar("T")
Way: TypeAlias = Literal["line", "aside", "background"]
WAYS: tuple[Way, ...] = ("line", "aside", "background")
"""How a call is sent: over the case's connection, over another one, or over another one while the case goes on."""
LETTERS = "abc"
"""What the keys of marks in a sequence end with, by slot."""
PATIENCE = 5.0
"""Seconds that an Event may take to show its effect."""
ONE_CALL = r"(?s)^(?!.*\nSTART RequestId: )"
"""A log in which no second call starts."""
SEED, NUMBER, LENGTH = 24, 20, 8
"""Of the sequences that every run sends: the seed, how many there are, and how many calls each has at most. With this
seed all moves are among them."""
THEMES: Sequence[frozenset[str]] = (
    frozenset({"record", "echo"}),
    frozenset({"record", "refused"}),
    frozenset({"record"}),
    frozenset({"versioned", "refused"}),
    frozenset({"versioned", "echo", "nothing"}),
    frozenset({"context", "log"}),
    frozenset({"context", "raise", "echo"}),
    frozenset({"log", "raise", "versioned"}),
    frozenset({"tenant", "context"}),
)
"""Functions that are called in one of these sequences."""
DRAWN_SLOTS, DRAWN_TAILS = (0, 0, 1, 2), (False, False, False, False, True)
DRAWN_WAYS: Sequence[Way] = ("line", "line", "line", "aside")
"""Of the forms of a play, each as often as it is to be drawn. None is in the background: a run decides how many are."""
TELLING = frozenset({"status", "json", "error type", "log", ERROR, LOG, VERSION})
"""What of an answer tells of which call it is, and whether something of others sticks to it."""
FOUND = "sequence/"
"""What the ids of sequences begin with that a search found."""


@dataclass(frozen=True, slots=True)
class Play:
    """A move in one of its forms.

    Attributes:
        move: id.
        slot: which of the keys of marks, for a move that has to do with them.
        tail: whether the log is asked for.
        way: how the call is sent.
    """

    move: str
    slot: int = 0
    tail: bool = False
    way: Way = "line"

    def __str__(self) -> str:
        move = MOVES[self.move]
        said = f"{move.text} {LETTERS[self.slot]}" if move.effect else move.text
        with_log = " with its log" if self.tail else ""
        return f"{said}{with_log}{'' if self.way == 'line' else f' ({self.way})'}"


@dataclass(frozen=True, slots=True)
class State:
    """What is known after some plays.

    Attributes:
        word: in the keys of marks, so that they are those of no other case.
        plays: those so far.
        steps: of them, one each.
        keys: slot -> what is known of the marks.
        pending: the slot for which an Event is on its way.
    """

    word: str = "sequence"
    plays: tuple[Play, ...] = ()
    steps: tuple[Step, ...] = ()
    keys: Mapping[int, Key] = field(default_factory=dict[int, "Key"])
    pending: int | None = None

    def allows(self, play: Play) -> bool:
        """Tell whether a play may be next: what it would show is certain."""
        effect = MOVES[play.move].effect
        if not effect:
            return True
        if play.way == "background" or (effect in ALONE and self.pending is not None):
            return False
        return possible(effect, self.keys.get(play.slot, NEW), pending=self.pending == play.slot)

    def after(self, play: Play, contract: Contract) -> State:
        """Return what is known after one more play."""
        move, number = MOVES[play.move], len(self.steps) + 1
        known = self.keys.get(play.slot, NEW)
        before = frozenset(one.move for one in self.plays)
        turn = Turn(number, play.tail, f"{{run}}-{self.word}-{LETTERS[play.slot]}", known, before)
        steps = (*self.steps, _step(play, move, turn, contract))
        state = replace(self, plays=(*self.plays, play), steps=steps)
        if not move.effect:
            return state
        pending = {"event": play.slot, "wait": None}.get(move.effect, self.pending)
        keys = {**self.keys, play.slot: EFFECTS[move.effect](known, number)}
        return replace(state, keys=keys, pending=pending)

    def closed(self, contract: Contract) -> State:
        """Return what is known after the plays that show what the others left behind."""
        state = self
        for play in self._closing():
            state = state.after(play, contract)
        return state

    def _closing(self) -> Iterator[Play]:
        if self.pending is not None:
            yield Play("record/wait", self.pending)
        yield from (Play("record/read", slot) for slot, key in sorted(self.keys.items()) if not key.seen)
        last = {MOVES[play.move].function: play for play in self.plays}
        yield from (Play(move.id) for name, move in PLAIN.items() if last.get(name, Play(move.id)) != Play(move.id))


def _step(play: Play, move: Move, turn: Turn, contract: Contract) -> Step:
    """Return a play as a step: what the oracle says of its call, what the move adds, and what holds among calls."""
    call = move.call(turn)
    if play.tail and not any(name == TAIL[0][0] for name, _ in call.headers):
        call = replace(call, headers=(*call.headers, *TAIL))
    of_call = _of_call(call, contract)
    # All else that an answer has to have would fail each sequence before anything shows that takes several calls.
    kept = tuple(filter(_telling, of_call))
    return Step(
        call=call,
        expect=(*(kept or of_call), *move.own(turn), *_own_log(kept), *_own_id(turn.number)),
        within=PATIENCE if move.effect == "wait" else 0.0,
        background=play.way == "background",
        aside=play.way == "aside",
    )


def _telling(clause: Clause) -> bool:
    """Tell whether a clause tells the answer of one call from that of another."""
    return clause.subject in TELLING and (clause.subject, clause.rule) != (VERSION, "is absent")


@lru_cache(4096)
def _of_call(call: Call, contract: Contract) -> tuple[Clause, ...]:
    """Return what the oracle says of a call; most come again and again."""
    return clauses_of(call, contract)


def _own_log(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """Return that a log is of one call, where there is to be one; the logs of all moves fit."""
    there = any(one.subject == LOG and one.rule == "is present" for one in clauses)
    single = expect("logs/own-call-only", "log", "matches", ONE_CALL)
    return (*single, *expect("logs/start-end-report", "log", "contains", ID)) if there else ()


def _own_id(number: int) -> tuple[Clause, ...]:
    """Return that the request id of a step is that of no step before."""
    others = [f"step {other} {ID}" for other in range(1, number)]
    return expect("response-headers/request-id-unique", ID, "differs from all", others) if others else ()


def replayed(plays: Iterable[Play], contract: Contract, word: str = "sequence") -> State:
    """Return the state after plays, without those that can't be where they are.

    Args:
        plays: one after the other.
        contract: all constraints.
        word: in the keys of marks.
    """
    state = State(word)
    for play in plays:
        if state.allows(play):
            state = state.after(play, contract)
    return state


def case_of_plays(id: str, state: State) -> Case:
    """Return the plays of a state as a case."""
    moves = [MOVES[play.move] for play in state.plays]
    needed = dict.fromkeys(name for move in moves for name in move.capabilities)
    said = "; ".join(map(str, state.plays))
    return Case(id, f"In a row: {said}", state.steps, capabilities=tuple(needed))


def digest_of(plays: Iterable[Play]) -> str:
    """Return what tells a sequence from others, the same on every machine: twelve hexadecimal digits."""
    rows = [[play.move, play.slot, play.tail, play.way] for play in plays]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:12]


def sequences(contract: Contract) -> Iterator[Case]:
    """Yield the sequences that every run sends, drawn once and for all."""
    for number in range(1, NUMBER + 1):
        name = f"sequence/{number:04d}"
        theme = THEMES[number % len(THEMES)]
        yield case_of_plays(GROUP + name, _drawn(_Chance(number), theme, name.replace("/", "-"), contract))


class _Chance:
    """Choices of a seed.

    Args:
        number: of the sequence.
    """

    def __init__(self, number: int) -> None:
        # Of Random's methods, random() alone is promised to give the same numbers in every version of Python.
        self._random = Random(f"{SEED}/{number}").random  # noqa: S311  no secrets are made of it

    def one_of(self, table: Sequence[T]) -> T:
        """Return an element, each as likely as the others."""
        return table[int(self._random() * len(table))]


def _drawn(chance: _Chance, theme: frozenset[str], word: str, contract: Contract) -> State:
    """Draw plays of a few functions, so that they meet, as many as fit into the length with what closes them."""
    moves = [move.id for move in MOVES.values() if move.function in theme]
    state = State(word)
    while True:
        play = Play(
            chance.one_of(moves), chance.one_of(DRAWN_SLOTS), chance.one_of(DRAWN_TAILS), chance.one_of(DRAWN_WAYS)
        )
        if not state.allows(play):
            continue
        longer = state.after(play, contract)
        if len(longer.closed(contract).steps) > LENGTH:
            return state.closed(contract)
        state = longer
