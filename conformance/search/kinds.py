"""Which failures are the same, and which examples are of one kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from conformance.exchange.message import FailureKind
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import is_array
from conformance.run.events import VoidCause

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.cases.model import Call
    from conformance.oracle.clause import Clause
    from conformance.run.events import Judged

REPEATABLE = frozenset({FailureKind.CLOSED, FailureKind.GARBAGE, FailureKind.TOO_LARGE})
"""Ways to give no answer that can be tried again at once; the others would take their whole time each."""


class Kind(NamedTuple):
    """What failures of one kind have in common.

    Attributes:
        outcome: fail, note or void.
        requirement: the first that is broken; for void, why there is no verdict.
        subject: what the broken expectation looks at; for void, how no answer came.
    """

    outcome: Outcome
    requirement: str
    subject: str


def kind_of(judged: Judged) -> Kind | None:
    """Return of which kind a failure is; None for what is none."""
    if judged.outcome is Outcome.VOID:
        failure = judged.exchanges[-1].failure if judged.exchanges else None
        return Kind(Outcome.VOID, judged.void or VoidCause.HARNESS, failure.kind if failure is not None else "")
    if judged.outcome not in {Outcome.FAIL, Outcome.NOTE}:
        return None
    broken = _broken(judged)
    return Kind(judged.outcome, broken.requirement if broken else "", broken.subject if broken else "")


def _broken(judged: Judged) -> Clause | None:
    """Return the first clause that is broken."""
    return next((check.clause for check in judged.checks if check.outcome is judged.outcome), None)


def alike(judged: Judged, other: Judged) -> bool:
    """Tell whether two failures are of one kind, or the same is wrong for which other requirements are cited.

    A plain request cites a requirement of its own for the status that several odd ones share a general one for.
    """
    kind, clauses = kind_of(judged), [_broken(one) for one in (judged, other)]
    first, second = (replace(one, requirement="") if one is not None else None for one in clauses)
    return kind == kind_of(other) or (judged.outcome is other.outcome and first is not None and first == second)


def repeatable(kind: Kind) -> bool:
    """Tell whether a failure can be made small by sending smaller requests."""
    return kind.outcome is not Outcome.VOID or kind.subject in REPEATABLE


def cell_of(call: Call, expect: Sequence[Clause]) -> str:
    """Return of which kind an example is by what is expected of it: the id under which the report sums it up."""
    if call.wire:
        return "fuzz/no-request"
    expected = {clause.subject: clause.value for clause in reversed(expect) if clause.rule in _CHOSEN}
    if "status" not in expected:
        return f"fuzz/{call.operation}/anything"
    statuses, types = (list(_values(expected.get(subject))) for subject in ("status", "error type"))
    if len(statuses) > 1 or len(types) > 1:
        return f"fuzz/{call.operation}/one-of-several"
    return f"fuzz/{call.operation}/{'-'.join(map(str, (*statuses, *types)))}"


_CHOSEN = frozenset({"equals", "is one of"})


def _values(value: object) -> Iterator[object]:
    if is_array(value):
        yield from value
    elif value is not None:
        yield value
