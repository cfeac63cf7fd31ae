"""The table of coverage: each item of the contract, the cases that try it, the faults that they kill, the holes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from conformance.cases.authored import authored_cases
from conformance.contract.holes import load_holes
from conformance.contract.proof import kept_proof
from conformance.contract.reader import load_contract
from conformance.contract.requirements import load_requirements
from conformance.coverage.items import Kind, Way, items
from conformance.coverage.reasons import Reasons
from conformance.coverage.sent import sent
from conformance.coverage.trials import Trials
from conformance.generation.cases import every_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.cases.model import Case
    from conformance.contract.holes import Hole
    from conformance.contract.model import Contract, Operation
    from conformance.contract.proof import KeptProof
    from conformance.contract.requirements import Requirement
    from conformance.coverage.items import Item
    from conformance.coverage.sent import Sent
    from conformance.oracle.clause import Clause

ABOUT_REFUSALS = ("status", "error type")
"""Subjects that tell whether a value was taken or refused."""


@dataclass(frozen=True, slots=True)
class Row:
    """An item and what covers it.

    Attributes:
        item: of the contract.
        cases: ids of those that try it, by way.
        noted: ways that only inferred evidence stands behind, so that a breach is noted and never fails.
        killed: faults that those cases kill, for what they say of the item.
        reasons: why it is not covered, by way, where a reason is known.
    """

    item: Item
    cases: Mapping[Way, tuple[str, ...]]
    noted: frozenset[Way]
    killed: tuple[str, ...]
    reasons: Mapping[Way, str]

    @property
    def holes(self) -> tuple[Way, ...]:
        """The ways in which it has to be covered and is not."""
        return tuple(way for way in self.item.ways if not self.cases.get(way))

    @property
    def unexplained(self) -> tuple[Way, ...]:
        """The holes without a reason."""
        return tuple(way for way in self.holes if way not in self.reasons)


@cache
def coverage(*, generated: bool = True) -> tuple[Row, ...]:
    """Return the table of the shipped contract and all cases, or of those alone that are written by hand."""
    contract = load_contract()
    cases = (every_case if generated else authored_cases)(contract).values()
    return cover(contract, cases, load_requirements(), load_holes(), kept_proof())


def cover(
    contract: Contract,
    cases: Iterable[Case],
    requirements: Mapping[str, Requirement],
    holes: Sequence[Hole],
    proof: KeptProof,
) -> tuple[Row, ...]:
    """Return the table of a contract.

    Args:
        contract: its items are the rows.
        cases: that try them.
        requirements: by id; what is ``untested`` of them gives reasons, too.
        holes: the other reasons.
        proof: which case kills which fault.
    """
    calls: dict[str, list[Sent]] = {name: [] for name in contract.operations}
    for one in sent(cases, contract):
        calls[one.operation.id].append(one)
    covering = {name: _Covering(operation, calls[name]) for name, operation in contract.operations.items()}
    reasons, killers = Reasons(contract, requirements, holes), _Killers(proof)
    firm = frozenset(id_ for id_, one in requirements.items() if one.can_fail)
    return tuple(_row(item, covering[item.operation].of(item), reasons, killers, firm) for item in items(contract))


if TYPE_CHECKING:
    Found = Iterable[tuple[Way, Sent, tuple[Clause, ...]]]


class _Covering:
    """The calls of an operation, by what they cover."""

    def __init__(self, operation: Operation, calls: Sequence[Sent]) -> None:
        self._trials = Trials(operation, calls)
        self._statuses: dict[str, list[Sent]] = {}
        self._errors: dict[str, list[Sent]] = {}
        self._headers: dict[tuple[str, str], list[tuple[Way, Sent, tuple[Clause, ...]]]] = {}
        for one in calls:
            for error in one.errors if len(one.errors) == 1 else ():
                self._errors.setdefault(error, []).append(one)
            if len(one.statuses) == 1:
                status = str(*one.statuses)
                self._statuses.setdefault(status, []).append(one)
                for name, clause in one.headers:
                    way = Way.ABSENT if clause.rule == "is absent" else Way.PRESENT
                    self._headers.setdefault((status, name), []).append((way, one, (clause,)))

    def of(self, item: Item) -> Found:
        """Yield the calls that cover an item, each with the way and with the clauses that say so."""
        if item.kind is Kind.CONSTRAINT:
            return ((way, one, one.about(*ABOUT_REFUSALS)) for way, one in self._trials.of(item))
        if item.kind is Kind.STATUS:
            return ((Way.EXPECTED, one, one.about("status")) for one in self._statuses.get(item.subject, ()))
        if item.kind is Kind.ERROR:
            return ((Way.EXPECTED, one, one.about("error type")) for one in self._errors.get(item.keyword, ()))
        return self._headers.get((item.subject, item.keyword), ())


def _row(item: Item, found: Found, reasons: Reasons, killers: _Killers, firm: frozenset[str]) -> Row:
    cases: dict[Way, dict[str, None]] = {}
    sure: set[Way] = set()
    killed: set[str] = set()
    for way, one, clauses in found:
        cases.setdefault(way, {})[one.case] = None
        cited = {clause.requirement for clause in clauses}
        if way not in sure and not cited.isdisjoint(firm):
            sure.add(way)
        if way is not Way.VALID:  # which nearly every case is that has the parameter at all
            killed.update(killers.of(one.case, cited))
    told = {way: reason for way in item.ways if way not in cases and (reason := reasons.of(item, way))}
    named = {way: tuple(ids) for way, ids in cases.items()}
    return Row(item, named, frozenset(named.keys() - sure), tuple(sorted(killed)), told)


class _Killers:
    """Which faults a case kills by what it says about one thing."""

    def __init__(self, proof: KeptProof) -> None:
        self._declared = {fault: frozenset(some) for fault, some in proof.declared.items()}
        self._killed: dict[str, list[str]] = {}
        for fault in proof.declared:
            for case in proof.killers_of(fault):
                self._killed.setdefault(case, []).append(fault)

    def of(self, case: str, requirements: set[str]) -> Iterator[str]:
        """Yield the faults that a case kills and that declare to break one of the requirements."""
        for fault in self._killed.get(case, ()):
            if not requirements.isdisjoint(self._declared.get(fault, ())):
                yield fault


def as_data(row: Row) -> dict[str, Any]:
    """Return a row as JSON values."""
    item = row.item
    return {
        "id": item.id,
        "text": text(row),
        "kind": item.kind,
        "operation": item.operation,
        "subject": item.subject or None,
        "keyword": item.keyword or None,
        "limit": item.limit or None,
        "ways": list(item.ways),
        "cases": {way: list(ids) for way, ids in row.cases.items()},
        "noted": sorted(row.noted),
        "killed": list(row.killed),
        "holes": {way: row.reasons.get(way) for way in row.holes},
    }


def text(row: Row) -> str:
    """Return what covers a row, in a line."""
    counts = [f"{len(ids)} {way}{' (noted only)' if way in row.noted else ''}" for way, ids in row.cases.items()]
    killed = [f"{len(row.killed)} faults killed"] * bool(row.killed)
    holes = [f"not {way}: {row.reasons.get(way, 'no reason is known')}" for way in row.holes]
    return "; ".join([", ".join(counts) or "no case", *killed, *holes])
