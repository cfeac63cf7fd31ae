"""Which failures are the same, and what an example is by what is expected of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.reports import answered, judged, unanswered

from conformance.cases.model import Call
from conformance.contract.reader import load_contract
from conformance.exchange.message import Failure, FailureKind
from conformance.generation.drafts import clauses_of
from conformance.oracle.clause import Clause
from conformance.oracle.judge import Check
from conformance.oracle.outcome import Outcome
from conformance.run.events import VoidCause
from conformance.search.kinds import Kind, cell_of, kind_of, repeatable


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.SKIP])
def test_what_is_no_failure_is_of_no_kind(outcome: Outcome) -> None:
    """A pass and a skip are nothing to be found."""
    assert kind_of(judged(outcome)) is None


def test_the_first_broken_requirement_is_the_kind() -> None:
    """Of a failure, the first check that fails counts, not a note before it; of a note, the first note."""
    checks = (
        Check(Clause("a/passed", "status", "equals", 200), Outcome.PASS, 200),
        Check(Clause("a/noted", "body", "is empty"), Outcome.NOTE, b"x"),
        Check(Clause("a/failed", "json /x", "is present"), Outcome.FAIL, 0),
        Check(Clause("a/other", "text", "is empty"), Outcome.FAIL, 0),
    )
    failed = replace(judged(Outcome.FAIL), checks=checks)

    assert kind_of(failed) == Kind(Outcome.FAIL, "a/failed", "json /x")
    assert kind_of(replace(failed, outcome=Outcome.NOTE, checks=checks[:2])) == Kind(Outcome.NOTE, "a/noted", "body")


def test_without_a_verdict_the_cause_is_the_kind() -> None:
    """Of a void case it counts why there is no verdict, and how no answer came."""
    void = replace(judged(Outcome.VOID, exchange=unanswered()), void=VoidCause.NO_ANSWER)

    assert kind_of(void) == Kind(Outcome.VOID, "no answer", "closed")
    assert kind_of(replace(void, void=VoidCause.BRACKET, exchanges=(answered(),))) == Kind(
        Outcome.VOID, "the bracket broke", ""
    )
    assert kind_of(judged(Outcome.VOID)) == Kind(Outcome.VOID, "the harness failed", "")


@pytest.mark.parametrize(("how", "expected"), [(FailureKind.CLOSED, True), (FailureKind.TIMEOUT, False)])
def test_what_takes_its_time_is_not_tried_again(how: FailureKind, expected: bool) -> None:  # noqa: FBT001  a parameter
    """A request that is closed on can be made smaller at once; one that hangs would hang at each try."""
    exchange = replace(unanswered(), failure=Failure(how, "so"))
    kind = kind_of(replace(judged(Outcome.VOID, exchange=exchange), void=VoidCause.NO_ANSWER))

    assert kind is not None
    assert repeatable(kind) is expected
    assert repeatable(Kind(Outcome.FAIL, "a/b", "status"))


@pytest.mark.parametrize(
    ("call", "cell"),
    [
        (Call(), "fuzz/Invoke/200"),
        (Call(headers=(("X-Amz-Invocation-Type", "Event"),)), "fuzz/Invoke/202"),
        (Call("{missing}"), "fuzz/Invoke/404-ResourceNotFoundException"),
        (Call("{echo}!", operation="InvokeAsync"), "fuzz/InvokeAsync/400-ValidationException"),
        (Call("{missing}", body=b"{"), "fuzz/Invoke/one-of-several"),
        (Call(body=b"1 2"), "fuzz/Invoke/anything"),
        (Call(method="PUT"), "fuzz/Invoke/403"),
        (Call(wire=b"x"), "fuzz/no-request"),
    ],
)
def test_examples_are_summed_up_by_what_is_expected(call: Call, cell: str) -> None:
    """What is expected of an example, not what came, says where it is counted."""
    assert cell_of(call, clauses_of(call, load_contract())) == cell
