"""Coverage of a run: what its cases tried of the contract, and how that came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.reports import judged, report_of

from conformance.coverage import table
from conformance.coverage.items import Kind, Way
from conformance.coverage.table import coverage
from conformance.oracle.outcome import Outcome
from conformance.report.keywords import keywords

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

LONG = "names/257-characters"
ITEM = "Invoke/FunctionName/maxLength"


@pytest.mark.parametrize(
    ("outcome", "word", "counted"),
    [
        (Outcome.PASS, "pass", 1),
        (Outcome.NOTE, "pass", 1),
        (Outcome.FAIL, "fail", 1),
        (Outcome.KNOWN, "fail", 1),
        (Outcome.SKIP, "skip", 0),
        (Outcome.VOID, "skip", 0),
    ],
)
def test_a_cell_counts_what_was_judged(outcome: Outcome, word: str, counted: int) -> None:
    """A case that fails makes its cell fail, and one without a verdict counts for nothing."""
    lines = keywords(report_of(judged(outcome, LONG)).cases)[Kind.CONSTRAINT].lines

    found = [line.cells[Way.INVALID] for line in lines if line.item.id == ITEM]

    assert [(one.word, one.judged, len(one.broken)) for one in found] == [(word, 1, word == "fail")] * counted


def test_untried_items_are_there_with_their_reasons() -> None:
    """A run without cases shows no line, and each item under the reason why no case tries it, or under none."""
    groups = keywords(())

    assert {kind: group.lines for kind, group in groups.items()} == dict.fromkeys(Kind, ())
    assert sum(len(ids) for group in groups.values() for ids in group.untried.values()) == len(coverage())
    assert "Invoke/error/EFSIOException" not in groups[Kind.ERROR].untried[""]
    assert "Invoke/error/ValidationException" in groups[Kind.ERROR].untried[""]


def test_an_item_is_tried_in_each_way_or_not() -> None:
    """An item counts as tried where each way was judged."""
    row = next(row for row in coverage() if row.item.id == ITEM)
    every = [judged(Outcome.PASS, row.cases[way][0]) for way in row.item.ways]

    assert keywords(report_of(*every).cases)[Kind.CONSTRAINT].tried >= 1
    assert ITEM not in [
        line.item.id for line in keywords(report_of(*every[1:]).cases)[Kind.CONSTRAINT].lines if line.tried
    ]


def test_a_run_of_cases_written_by_hand_makes_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quick run does not pay for the cases that it left out; what it says of its own is the same."""
    made: list[Contract] = []

    def every(contract: Contract) -> dict[str, Case]:
        made.append(contract)
        return {}

    monkeypatch.setattr(table, "every_case", every)
    coverage.cache_clear()

    few = keywords(report_of(judged(Outcome.PASS, LONG)).cases)[Kind.CONSTRAINT]
    coverage.cache_clear()

    assert made == []
    assert [line.item.id for line in few.lines if line.cells[Way.INVALID].judged] == [ITEM]
