"""The state machine: what it draws follows from the seed alone, and a sequence that is broken gets short."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis.database import InMemoryExampleDatabase

from conformance.contract.reader import load_contract
from conformance.generation.machine import Broken, Draws, draw
from conformance.generation.moves import MOVES

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.generation.sequences import State

CONTRACT = load_contract()
PROGRAM = """
import sys
{imports}
from conformance.contract.reader import load_contract
from conformance.generation.machine import Draws, draw
from conformance.generation.moves import MOVES
from conformance.generation.sequences import digest_of
found = []
draw(list(MOVES.values()), load_contract(), Draws("{seed}", 40, 12), lambda state: found.append(digest_of(state.plays)))
print(*found)
"""


def drawn(draws: Draws) -> list[State]:
    """The sequences that are drawn while none is broken."""
    found: list[State] = []
    draw(list(MOVES.values()), CONTRACT, draws, found.append)
    return found


def digests(seed: str, hashing: str, imports: str = "") -> str:
    """The digests of the sequences that a process of its own draws."""
    program = PROGRAM.format(seed=seed, imports=imports)
    environment = {**os.environ, "PYTHONHASHSEED": hashing}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    return ended.stdout


def test_one_seed_draws_the_same_sequences_in_every_process() -> None:
    """Whatever order a process hashes texts in and whatever else it has loaded; another seed draws others."""
    first = digests("7/0", "0")

    assert len(first.split()) > 40
    assert digests("7/0", "4711", "import conformance.cli, conformance.run.session, schemathesis") == first
    assert digests("8/0", "0") != first


def test_every_move_is_drawn() -> None:
    """In all ways that it can be sent, with the log and without."""
    states = drawn(Draws("1", 150, 12))
    plays = {play for state in states for play in state.plays}

    assert {play.move for play in plays} == MOVES.keys()
    assert {play.way for play in plays if not MOVES[play.move].effect} == {"line", "aside", "background"}
    assert {play.way for play in plays if MOVES[play.move].effect} == {"line", "aside"}
    assert {play.tail for play in plays} == {False, True}
    assert max(len(state.plays) for state in states) > 8


def test_calls_overlap_only_where_they_may() -> None:
    """A target that takes one call after the other is sent no other."""
    states = drawn(Draws("1", 40, 12, overlapping=False))

    assert not any(step.background for state in states for step in state.steps)


def test_moves_that_a_target_does_not_allow_are_not_drawn() -> None:
    """What is drawn is made of the moves that are given."""
    few = [MOVES[id_] for id_ in ("echo/step", "record/mark", "record/read")]
    found: list[State] = []

    draw(few, CONTRACT, Draws("1", 20, 12), found.append)

    assert {play.move for state in found for play in state.plays} == {move.id for move in few}


def broken_by(test: Callable[[tuple[str, ...]], bool], found: list[State]) -> Callable[[State], None]:
    """An attempt that is broken where something is true of the moves."""

    def attempt(state: State) -> None:
        if test(tuple(play.move for play in state.plays)):
            found.append(state)
            raise Broken

    return attempt


def test_a_broken_sequence_gets_as_short_as_can_be() -> None:
    """Of a long sequence those calls remain that it takes, in their plainest form."""

    def broken(moves: tuple[str, ...]) -> bool:
        return "record/fail" in moves and "versioned/2" in moves[moves.index("record/fail") :]

    found: list[State] = []
    with pytest.raises(Broken):
        draw(list(MOVES.values()), CONTRACT, Draws("3", 200, 12), broken_by(broken, found))

    assert len(found[0].plays) > 2
    assert [str(play) for play in found[-1].plays] == ["mark, then fail a", "versioned, 2"]


def test_what_was_broken_is_tried_first_the_next_time() -> None:
    """A search finds again at once what one before it kept."""
    kept = InMemoryExampleDatabase()
    found: list[State] = []
    attempt = broken_by(lambda moves: "refused/context" in moves, found)
    with pytest.raises(Broken):
        draw(list(MOVES.values()), CONTRACT, Draws("3", 200, 12, kept), attempt)
    shortest = found[-1].plays
    found.clear()

    with pytest.raises(Broken):
        draw(list(MOVES.values()), CONTRACT, Draws("4", 200, 12, kept), attempt)

    assert found[0].plays == shortest


def test_nothing_is_printed_or_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """What a search finds is told by its report alone."""
    with pytest.raises(Broken):
        draw(list(MOVES.values()), CONTRACT, Draws("3", 50, 12), broken_by(lambda moves: len(moves) > 1, []))

    assert capsys.readouterr() == ("", "")
