"""The search for sequences, on the reference with a fault and without, and on targets that don't answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.background import closes, in_background
from support.references import references
from support.running import target_at

from conformance.contract.requirements import Tier
from conformance.generation.moves import MOVES
from conformance.generation.searching import Effort
from conformance.oracle.outcome import Outcome
from conformance.report.recording import Recorder
from conformance.run.events import VoidCause
from conformance.run.sequences import Reopened, moves_for, search_sequences
from conformance.targets.options import TargetOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement
    from conformance.generation.searching import Found
    from conformance.run.events import Judged
    from conformance.targets.model import Target

QUICK = Effort(1, most=15)


@pytest.fixture
def search(contract: Contract, requirements: Mapping[str, Requirement]) -> Search:
    """A search with what the tests share."""
    return Search(contract, requirements)


class Search:
    """Searches on a target or, by its fault, on the reference."""

    def __init__(self, contract: Contract, requirements: Mapping[str, Requirement]) -> None:
        self.contract = contract
        self.requirements = requirements

    def at(self, target: Target, effort: Effort = QUICK) -> Found[Judged]:
        """Search on a target that can't be made new."""
        return search_sequences(target, self.contract, self.requirements, Tier.STRICT, effort)

    def of(self, fault: str, effort: Effort = QUICK) -> Found[Judged]:
        """Search on the reference with a fault, made new as often as need be."""
        with references(fault) as renewal:
            return search_sequences(renewal(), self.contract, self.requirements, Tier.STRICT, effort, renewal=renewal)


def said(found: Found[Judged]) -> list[str]:
    """What the sequences that were found do."""
    return [one.case.purpose.removeprefix("In a row: ") for one in found.findings]


def test_the_unbroken_reference_answers_rightly(search: Search) -> None:
    """No finding, and all that was asked for was tried."""
    found = search.of("", Effort(2, most=30))

    assert found.findings == ()
    assert found.whole
    assert found.sequences > 100
    assert found.calls > found.sequences


def test_two_searches_on_one_target_leave_each_other_alone(search: Search) -> None:
    """The marks of one are not those of the other, though both draw the same sequences."""
    with references() as renewal:
        target = renewal()

        assert [search.at(target).findings, search.at(target).findings] == [(), ()]


@pytest.mark.parametrize(
    ("fault", "sequence", "requirement"),
    [
        ("client-context/kept", "context with one of the client; context", "client-context/absent-is-null"),
        ("payload/event-kept", "echo of the step; echo without a body", "payload/empty-body-is-object"),
        ("qualifiers/kept", "versioned, 1; versioned, unqualified", "response-headers/executed-version"),
        ("logs/type-kept", "echo without a body with its log; echo without a body", "logs/none"),
        ("logs/output-kept", "lines of log; lines of log with its log", "logs/own-call-only"),
        ("function-errors/kept", "mark, then fail a; read the marks a", "function-errors/next-call-unharmed"),
        (
            "invocation-types/dry-run-runs",
            "dry run of a mark a; read the marks a",
            "invocation-types/dry-run-does-not-run",
        ),
        (
            "invocation-types/synchronous-runs-twice",
            "mark a; read the marks a",
            "invocation-types/synchronous-runs-once",
        ),
        (
            "invocation-types/event-by-another-id",
            "Event of a mark a; wait for the Event's mark a; read the marks a",
            "invocation-types/event-runs-with-its-request-id",
        ),
        ("tenant/of-the-first-call", "tenant blue with its log; tenant green", "tenant/seen-by-function"),
        (
            "response-headers/request-id-always-same",
            "echo without a body with its log; echo without a body",
            "response-headers/request-id-unique",
        ),
    ],
)
def test_a_fault_is_shown_by_the_fewest_calls(search: Search, fault: str, sequence: str, requirement: str) -> None:
    """What takes several calls is found once, for its reason, by those calls alone, and again on a target made new."""
    found = search.of(fault, Effort(1, most=3))

    (finding,) = found.findings
    failed = {one.clause.requirement for one in finding.tried.checks if one.outcome is Outcome.FAIL}
    assert said(found) == [sequence]
    assert finding.again
    assert requirement in failed
    assert finding.case.id.startswith("sequence/")


def test_what_takes_many_calls_is_found_and_shown_by_them(search: Search) -> None:
    """A target that fails each seventeenth time is shown by a call made seventeen times."""
    found = search.of("routing/every-17th-repetition-500", Effort(1, most=40))

    (finding,) = found.findings
    assert finding.again
    assert len(finding.case.steps) == 17
    assert len({step.call.FunctionName for step in finding.case.steps}) == 1


def test_a_finding_is_judged_like_a_case_of_a_run(search: Search) -> None:
    """The report shows each call with its answer, its checks and its curl line, and the step that is wrong."""
    with references("client-context/kept") as renewal:
        target = renewal()
        (finding,) = search.at(target).findings
    record = Recorder("invoke-conformance fuzz", target).case(finding.tried)

    assert record.outcome is Outcome.FAIL
    assert record.id == finding.case.id
    assert len(record.exchanges) == len(record.curl) == len(finding.case.steps) == 2
    assert all(record.curl)
    assert {check.step for check in record.broken} == {2}


def test_a_target_that_does_not_answer_ends_the_search(search: Search) -> None:
    """That no answer came is a finding without a verdict, with the call that got none."""
    with in_background(closes) as recorder:
        target = target_at(recorder.endpoint, fixtures=("echo", "context"))
        found = search.at(target)

    (finding,) = found.findings
    assert finding.tried.void is VoidCause.NO_ANSWER
    assert len(finding.case.steps) == 1
    assert not found.whole


def test_the_time_is_kept(search: Search) -> None:
    """A search whose time is over sends nothing more, and says that it is not whole."""
    with references() as renewal:
        found = search.at(renewal(), Effort(1, seconds=0.0))

    assert (found.calls, found.whole) == (0, False)


def test_moves_are_those_that_a_target_allows(reference: Target) -> None:
    """What calls a function that is not there, or needs what is not claimed, is left out."""
    site = replace(reference.site, names={"echo": "e", "versioned": "v", "tenant": "t"})
    few = moves_for(replace(reference, site=site, capabilities=frozenset()))

    assert [move.id for move in moves_for(reference)] == list(MOVES)
    assert {move.function for move in few} == {"echo", "versioned", "refused"}
    assert "refused/context" not in {move.id for move in few}


def test_a_target_that_we_start_can_be_made_new() -> None:
    """It is another process then, which remembers nothing; the one before is gone."""
    with Reopened(TargetOptions("reference", seed=1)) as reopened:
        first, second = reopened.target, reopened()

        assert first.endpoint != second.endpoint
        assert reopened.target is second
        with pytest.raises(ConnectionRefusedError):
            asyncio.run(asyncio.wait_for(asyncio.open_connection(first.endpoint.host, first.endpoint.port), 2))
