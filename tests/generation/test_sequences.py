"""Sequences as cases: what the model allows, and what it expects of a call because of those before it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from conformance.contract.reader import load_contract
from conformance.fixtures import handlers
from conformance.generation.moves import MOVES, PLAIN, Turn
from conformance.generation.sequences import LENGTH, LETTERS, NUMBER, Play, State, case_of_plays, digest_of, sequences
from conformance.oracle.clause import RULES, Clause

if TYPE_CHECKING:
    from conformance.cases.model import Case

CONTRACT = load_contract()
CASES = tuple(sequences(CONTRACT))
A, B = 0, 1


def after(*plays: Play) -> State:
    """The state after plays, each of which has to be allowed."""
    state = State()
    for play in plays:
        assert state.allows(play), play
        state = state.after(play, CONTRACT)
    return state


def about(state: State, subject: str) -> list[Clause]:
    """What is expected of a subject of the last step."""
    return [one for one in state.steps[-1].expect if one.subject == subject]


def test_the_sequences_of_every_run_are_short_and_make_every_move() -> None:
    """A run sends all moves in a few sequences of a few calls, each under a key of its own and in order."""
    texts = [case.purpose for case in CASES]

    assert len(CASES) == NUMBER
    assert all(2 <= len(case.steps) <= LENGTH for case in CASES)
    assert all(any(move.text in text for text in texts) for move in MOVES.values())
    assert not any(step.background for case in CASES for step in case.steps)


def test_no_two_sequences_share_a_key() -> None:
    """The keys of marks name the run and the sequence."""
    for case in CASES:
        bodies = b"".join(bytes(step.call.body) for step in case.steps)
        words = set(re.findall(rb'"key": "([^"]*)-[abc]"', bodies))
        assert words <= {b"{run}-sequence-%b" % case.id[-4:].encode()}


def test_tenants_are_asked_of_targets_that_have_them_alone() -> None:
    """A sequence with a tenant needs the capability, and no other does."""
    for case in CASES:
        assert ("tenancy" in case.capabilities) == any("{tenant}" in step.call.FunctionName for step in case.steps)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_step_compares_with_those_before_it(case: Case) -> None:
    """A clause that names a step names an earlier one; what comes later is not known yet."""
    for number, step in enumerate(case.steps, 1):
        named = [str(one.value) for one in step.expect if RULES[one.rule].operand]
        assert all(int(other) < number for value in named for other in re.findall(r"step (\d+)", value))


@pytest.mark.parametrize(
    ("plays", "play", "allowed"),
    [
        ((), Play("record/read"), False),
        ((), Play("record/wait"), False),
        ((), Play("record/mark", way="background"), False),
        ((), Play("echo/step", way="background"), True),
        ((Play("record/mark"),), Play("record/read"), True),
        ((Play("record/mark"),), Play("record/read", B), False),
        ((Play("record/mark"),), Play("record/fail"), True),
        ((Play("record/mark"),), Play("record/dry-run"), False),
        ((Play("record/mark"),), Play("record/event"), False),
        ((Play("record/dry-run"),), Play("record/mark"), False),
        ((Play("record/event"),), Play("record/wait"), True),
        ((Play("record/event"),), Play("record/wait", B), False),
        ((Play("record/event"),), Play("record/read"), False),
        ((Play("record/event"),), Play("record/mark", B), False),
        ((Play("record/event"),), Play("record/dry-run", B), True),
        ((Play("record/event"),), Play("versioned/live"), True),
        ((Play("record/event"), Play("record/wait")), Play("record/event", B), True),
    ],
    ids=str,
)
def test_a_play_is_allowed_where_what_it_shows_is_certain(plays: tuple[Play, ...], play: Play, allowed: bool) -> None:  # noqa: FBT001  a table
    """Nothing else of ``record`` is called while an Event is on its way, and the marks of a key are of one kind."""
    assert after(*plays).allows(play) is allowed


def test_the_marks_of_calls_that_waited_are_counted() -> None:
    """Two calls leave two marks at most, of their own request ids, whether they fail or not."""
    state = after(Play("record/mark"), Play("record/fail"), Play("echo/step"), Play("record/read"))

    once, ids = "invocation-types/synchronous-runs-once", "response-headers/request-id-is-the-functions"
    calls = ["step 1 header x-amzn-RequestId", "step 2 header x-amzn-RequestId"]
    assert about(state, "json /count") == [Clause(once, "json /count", "is at most", 2)]
    assert about(state, "json /request_ids") == [Clause(ids, "json /request_ids", "are among", calls)]


def test_a_dry_run_leaves_no_mark() -> None:
    """However often it is asked for."""
    state = after(Play("record/dry-run"), Play("record/dry-run"), Play("record/read"))

    idle = "invocation-types/dry-run-does-not-run"
    assert about(state, "json /count") == [Clause(idle, "json /count", "is at most", 0)]


def test_an_event_leaves_a_mark_sooner_or_later() -> None:
    """Its mark is waited for, under its request id; how often it is delivered is left open."""
    waiting = after(Play("record/event"), Play("record/wait"))
    read = after(Play("record/event"), Play("record/wait"), Play("record/read"))

    runs, own = "invocation-types/event-runs", "invocation-types/event-runs-with-its-request-id"
    assert waiting.steps[-1].within > 0
    assert about(waiting, "json /count") == [Clause(runs, "json /count", "is at least", 1)]
    assert read.steps[-1].within == 0
    assert about(read, "json /count") == []
    assert about(read, "json /request_ids") == [
        Clause(own, "json /request_ids", "are among", ["step 1 header x-amzn-RequestId"])
    ]


def test_a_failure_is_nothing_to_the_next_call() -> None:
    """The call of a function that failed before has to succeed, and cites the requirement about that."""
    again = "function-errors/next-call-unharmed"

    assert again in {one.requirement for one in after(Play("record/fail"), Play("record/mark")).steps[-1].expect}
    assert again not in {one.requirement for one in after(Play("record/mark"), Play("record/mark")).steps[-1].expect}


def test_request_ids_are_compared_with_all_before() -> None:
    """Each answer has an id that none before had."""
    state = after(Play("echo/same"), Play("refused/name"), Play("echo/dry-run"))

    value = ["step 1 header x-amzn-RequestId", "step 2 header x-amzn-RequestId"]
    unique = Clause("response-headers/request-id-unique", "header x-amzn-RequestId", "differs from all", value)
    assert about(state, "header x-amzn-RequestId") == [unique]


def test_a_log_is_of_its_own_call() -> None:
    """A log that is asked for holds what its call printed, and is not there where it isn't asked for."""
    tail, plain = after(Play("log/lines", tail=True)), after(Play("log/lines", tail=True), Play("log/lines"))

    own = [one.rule for one in about(tail, "log") if one.requirement == "logs/own-call-only"]
    assert own == ["matches"] * 5
    assert [one.rule for one in about(plain, "header X-Amz-Log-Result")] == ["is absent"]
    assert about(plain, "log") == []


def test_the_log_of_every_move_fits(capsys: pytest.CaptureFixture[str]) -> None:
    """The longest log that a move asks for is shorter than what comes back, with room for the frame."""
    bodies = [bytes(MOVES["log/lines"].call(Turn(number)).body) for number in range(1, 200)]
    handlers.log({"lines": max(json.loads(body)["lines"] for body in bodies)}, None)  # pyright: ignore[reportUnknownMemberType]  it runs on targets, without annotations

    assert len(capsys.readouterr().out) < CONTRACT.limits["log-result"] - 512


def test_what_is_closed_shows_what_was_left_behind() -> None:
    """In the end an Event is waited for, every key is read, and each function is called plainly."""
    plays = (Play("context/custom"), Play("record/dry-run", B), Play("record/event"), Play("versioned/2"))

    closed = after(*plays).closed(CONTRACT)

    assert [one.move for one in closed.plays[4:]] == [
        *("record/wait", "record/read", "record/read", "versioned/plain", "context/plain"),
    ]
    assert closed.closed(CONTRACT) is closed


def test_every_function_to_which_something_may_stick_has_a_plain_call() -> None:
    """Those that are called in several forms, but for what never succeeds and what leaves marks."""
    several = {name for name in {move.function for move in MOVES.values()} if _forms(name) > 1}

    assert several - {"record", "refused", "tenant"} <= PLAIN.keys()


def _forms(function: str) -> int:
    return sum(move.function == function for move in MOVES.values())


def test_nothing_is_asked_that_a_call_alone_shows() -> None:
    """The headers of every answer, and the texts of refusals, would fail each sequence before anything else shows."""
    subjects = {one.subject for case in CASES for one in case.clauses}

    assert "header Date" not in subjects
    assert "error message" not in subjects
    assert not any(subject.startswith("members") for subject in subjects)


def test_an_id_tells_sequences_apart() -> None:
    """The same plays have the same id on every machine, and others another one."""
    one, other = after(Play("record/mark"), Play("record/read")), after(Play("record/mark", B), Play("record/read", B))

    assert digest_of(one.plays) == digest_of(after(Play("record/mark"), Play("record/read")).plays)
    assert digest_of(one.plays) == "84a3c4e84250"
    assert digest_of(other.plays) != digest_of(one.plays)
    assert digest_of(after(Play("echo/step", tail=True)).plays) != digest_of(after(Play("echo/step")).plays)
    assert digest_of(after(Play("echo/step", way="aside")).plays) != digest_of(after(Play("echo/step")).plays)


def test_a_case_says_what_is_done() -> None:
    """The purpose names each call, its key, and how it is sent."""
    state = after(Play("record/mark", B), Play("echo/same", tail=True, way="aside"))

    assert case_of_plays("a/b", state).purpose == "In a row: mark b; echo of the same as ever with its log (aside)"
    assert len(LETTERS) > B
