"""How much of the contract a run tried, and what came of it: the table of coverage, narrowed to the run's cases."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from conformance.coverage.table import coverage
from conformance.generation.drafts import GROUP
from conformance.oracle.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.coverage.items import Item, Way
    from conformance.coverage.table import Row
    from conformance.report.records import CaseRecord

BROKEN = frozenset({Outcome.FAIL, Outcome.KNOWN})


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of one way to try an item.

    Attributes:
        judged: number of cases.
        broken: ids of those that fail.
        reason: why no case tries it at all; empty where one does, or where no reason is known.
    """

    judged: int
    broken: tuple[str, ...]
    reason: str = ""

    @property
    def word(self) -> str:
        """The outcome in a word; ``skip`` where nothing was judged."""
        return "fail" if self.broken else "pass" if self.judged else "skip"


@dataclass(frozen=True, slots=True)
class Line:
    """An item of the contract, and what a run says of it.

    Attributes:
        item: of the contract.
        cells: by way, those in which it has to be covered.
        killed: number of faults of the reference that the cases about it kill.
    """

    item: Item
    cells: Mapping[Way, Cell]
    killed: int

    @property
    def tried(self) -> bool:
        """Whether the run judged it in each way."""
        return all(cell.judged for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one kind.

    Attributes:
        lines: of which the run judged something.
        tried: how many were judged in each way.
        total: how many there are.
        untried: reason -> ids of the items that no case tries for it; an empty reason: none did in this run.
    """

    lines: tuple[Line, ...]
    tried: int
    total: int
    untried: Mapping[str, tuple[str, ...]]

    @property
    def ways(self) -> frozenset[Way]:
        """The ways in which its items have to be covered."""
        return frozenset(way for line in self.lines for way in line.cells)


def keywords(cases: Iterable[CaseRecord]) -> Mapping[str, Group]:
    """Return the items of the contract by kind, with what the cases of a run say of each."""
    outcomes = {case.id: case.outcome for case in cases if case.outcome.judged}
    generated = any(id_.startswith(GROUP) for id_ in outcomes)  # a run without them need not wait until they are made
    rows = sorted(coverage(generated=generated), key=lambda row: row.item.kind)
    groups = {kind: [_line(row, outcomes) for row in some] for kind, some in groupby(rows, lambda row: row.item.kind)}
    return {kind: _group(lines) for kind, lines in groups.items()}


def _line(row: Row, outcomes: Mapping[str, Outcome]) -> Line:
    return Line(row.item, {way: _cell(row, way, outcomes) for way in row.item.ways}, len(row.killed))


def _cell(row: Row, way: Way, outcomes: Mapping[str, Outcome]) -> Cell:
    judged = [case for case in row.cases.get(way, ()) if case in outcomes]
    return Cell(len(judged), tuple(case for case in judged if outcomes[case] in BROKEN), row.reasons.get(way, ""))


def _group(lines: list[Line]) -> Group:
    untried: dict[str, list[str]] = {}
    for line in lines:
        if not any(cell.judged for cell in line.cells.values()):
            reason = next((cell.reason for cell in line.cells.values() if cell.reason), "")
            untried.setdefault(reason, []).append(line.item.id)
    shown = tuple(line for line in lines if any(cell.judged for cell in line.cells.values()))
    told = {reason: tuple(ids) for reason, ids in untried.items()}
    return Group(shown, sum(line.tried for line in lines), len(lines), told)
