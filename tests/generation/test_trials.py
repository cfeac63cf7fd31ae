"""Sequences that are tried again, made shorter, and traced to what was sent before, on a scripted target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from conformance.contract.reader import load_contract
from conformance.generation.sequences import Play, State
from conformance.generation.trials import REMEMBERED, Cause, Enough, Trials
from conformance.oracle.clause import Clause
from conformance.oracle.judge import Check
from conformance.oracle.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.cases.model import Call, Case

CONTRACT = load_contract()
RED = Clause("payload/empty-body-is-object", "json", "equals", {})
SEEN = Clause("qualifiers/unqualified-arn-seen-by-function", "json /version", "equals", "$LATEST")
GREEN = Clause("status-codes/synchronous-200", "status", "equals", 200)


@dataclass
class Answered:
    """What came of a case on a scripted target."""

    outcome: Outcome
    checks: Sequence[Check]
    exchanges: Sequence[None]


class Scripted:
    """A target that answers a call by what was sent to it before.

    Args:
        wrong: gets all calls since it was new, the one that is answered last, and tells whether that is wrong.
        red: the clause that fails then.
        renewable: whether it can be made new.
    """

    def __init__(self, wrong: Callable[[Sequence[Call]], bool], red: Clause = RED, *, renewable: bool = True) -> None:
        self.wrong = wrong
        self.red = red
        self.renewable = renewable
        self.calls: list[Call] = []
        self.cases: list[Case] = []
        self.silent = False

    def attempt(self, case: Case) -> Answered:
        """Answer the steps up to the first wrong one."""
        self.cases.append(case)
        for number, step in enumerate(case.steps, 1):
            self.calls.append(step.call)
            if self.silent:
                return Answered(Outcome.VOID, (), (None,) * number)
            about = {(one.requirement, one.subject) for one in step.expect}
            if self.wrong(self.calls) and (self.red.requirement, self.red.subject) in about:
                check = Check(self.red, Outcome.FAIL, "else", step=number)
                return Answered(Outcome.FAIL, (check,), (None,) * number)
        return Answered(Outcome.PASS, (Check(GREEN, Outcome.PASS, 200),), (None,) * len(case.steps))

    def renew(self) -> bool:
        """Forget what was sent."""
        if self.renewable:
            self.calls.clear()
        return self.renewable


STEP, SAME, PLAIN, LIVE = Play("echo/step"), Play("echo/same"), Play("echo/no-body"), Play("versioned/live")
LATEST = "Qualifier=$LATEST"
CAUSE = Cause("echo/no-body", "payload/empty-body-is-object", "json")


def kept(calls: Sequence[Call]) -> bool:
    """A call without a body gets the event of the call before it, as far as there is one."""
    return calls[-1].body == b"" and any(b"always" in bytes(one.body) for one in calls[:-1])


def qualified(calls: Sequence[Call]) -> bool:
    """A call without a qualifier gets that of the last call with one."""
    asked = [one.query for one in calls if one.query]
    return calls[-1].FunctionName == "{versioned}" and not calls[-1].query and asked[-1:] not in ([], [LATEST])


def trials(bench: Scripted, *plays: Play) -> tuple[Trials[Answered], State]:
    """Trials on a target, and a sequence."""
    made = Trials(bench, CONTRACT, None)
    return made, made.replayed(plays)


def moves(state: State) -> list[str]:
    """The moves of a sequence."""
    return [play.move for play in state.plays]


def test_a_wrong_answer_ends_a_sequence() -> None:
    """What was sent, and what is wrong of which move, are told; the calls behind are not part of it."""
    tried, state = trials(Scripted(kept), SAME, PLAIN, STEP)

    wrong = tried.send(state, 0)

    assert wrong is not None
    assert wrong.cause == CAUSE
    assert moves(wrong.state) == ["echo/same", "echo/no-body"]
    assert (tried.sequences, tried.calls) == (1, 2)


def test_what_is_answered_rightly_is_nothing() -> None:
    """A sequence without a wrong answer has no cause."""
    tried, state = trials(Scripted(kept), STEP, PLAIN)

    assert tried.send(state, 0) is None


def test_what_is_muted_is_overlooked() -> None:
    """A clause that fails wherever the call stands is not sent along again, but for a status."""
    tried, state = trials(Scripted(kept), SAME, PLAIN)
    tried.muted |= {CAUSE, Cause("echo/no-body", RED.requirement, "status")}

    assert tried.send(state, 0) is None
    bench_case = tried.replayed([PLAIN])
    assert "status" in {one.subject for one in bench_case.steps[0].expect}


def test_patience_is_that_of_the_trial() -> None:
    """The calls that wait for an Event wait no longer than is said."""
    bench = Scripted(kept)
    tried, state = trials(bench, Play("record/event"), Play("record/wait"))

    tried.send(state, 0.25)
    tried.send(state, 100)

    assert [case.steps[1].within for case in bench.cases] == [0.25, 5.0]


def test_a_sequence_is_tried_on_a_target_that_is_as_new() -> None:
    """What is wrong only because of what was sent before is not wrong again."""
    tried, state = trials(Scripted(kept), PLAIN)
    tried.send(tried.replayed([SAME]), 0)

    assert tried.send(state, 0) is not None
    assert tried.again(state, CAUSE, 0) is None


def test_without_a_new_target_plain_calls_settle_it() -> None:
    """Where the last call is answered rightly after plain ones, a sequence before it is to blame."""
    tried, state = trials(Scripted(qualified, SEEN, renewable=False), STEP, LIVE, Play("versioned/plain"))
    wrong = tried.send(state, 0)
    assert wrong is not None

    assert tried.again(state, wrong.cause, 0) is not None
    assert tried.again(tried.replayed([Play("versioned/plain")]), wrong.cause, 0) is None
    assert moves(tried.shortened(wrong).state) == ["versioned/live", "versioned/plain"]


def test_what_never_settles_is_no_proof() -> None:
    """Where the call alone stays wrong, no sequence can be shown to bring it about."""
    tried, state = trials(Scripted(kept, renewable=False), SAME, PLAIN)
    tried.send(state, 0)

    assert tried.again(state, CAUSE, 0) is None
    assert tried.again(tried.replayed([PLAIN]), CAUSE, 0, alone=True) is not None


def test_shortened_to_what_it_takes() -> None:
    """Of many calls the two remain that matter."""
    tried, state = trials(Scripted(kept), LIVE, STEP, LIVE, SAME, STEP, LIVE, STEP, STEP, PLAIN)
    wrong = tried.send(state, 0)
    assert wrong is not None

    short = tried.shortened(wrong)

    assert moves(short.state) == ["echo/same", "echo/no-body"]


def test_what_takes_many_calls_keeps_them() -> None:
    """A target that fails at the seventeenth call of a kind is shown by seventeen."""

    def seventeenth(calls: Sequence[Call]) -> bool:
        bodies = [one.body for one in calls]
        return bodies[-1] == b"" and bodies.count(b"") % 17 == 0

    tried, state = trials(Scripted(seventeenth), *[STEP, PLAIN, LIVE] * 20)
    wrong = tried.send(state, 0)
    assert wrong is not None

    short = tried.shortened(wrong)

    assert moves(short.state) == ["echo/no-body"] * 17


def test_traced_to_what_was_sent_before() -> None:
    """A sequence that is wrong because of an earlier one is shown with that, and can be made short then."""
    tried, state = trials(Scripted(kept), STEP, PLAIN)
    for before in ([LIVE, SAME], [STEP], [LIVE, STEP]):
        tried.send(tried.replayed(before), 0)
    wrong = tried.send(state, 0)
    assert wrong is not None

    traced = tried.traced(wrong)

    assert traced is not None
    assert moves(tried.shortened(traced).state) == ["echo/same", "echo/no-body"]


def test_the_past_is_not_remembered_for_ever() -> None:
    """What happened too long ago is not traced; what was wrong stays wrong, and unexplained."""
    tried, state = trials(Scripted(kept), PLAIN)
    tried.send(tried.replayed([SAME]), 0)
    for _ in range(REMEMBERED // 10):
        tried.send(tried.replayed([LIVE] * 10), 0)
    wrong = tried.send(state, 0)
    assert wrong is not None

    assert tried.traced(wrong) is None


def test_no_answer_ends_all() -> None:
    """Without an answer there is nothing to be judged, and what was sent last is told."""
    bench = Scripted(kept)
    tried, state = trials(bench, STEP, STEP)
    bench.silent = True

    with pytest.raises(Enough):
        tried.send(state, 0)

    assert tried.silent is not None
    assert moves(tried.silent[0]) == ["echo/step"]


def test_nothing_is_sent_when_the_time_is_over() -> None:
    """The limit holds from the first call on."""
    bench = Scripted(kept)
    late = Trials(bench, CONTRACT, 0.0)

    with pytest.raises(Enough):
        late.send(late.replayed([STEP]), 0)

    assert bench.calls == []
