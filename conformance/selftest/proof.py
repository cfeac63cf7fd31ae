"""What the trials prove: which faults are caught and how, which cases catch nothing, whether there is a false alarm."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from conformance.oracle.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from conformance.reference.faults.model import Fault
    from conformance.selftest.trials import Made


class Fate(StrEnum):
    """What became of a fault."""

    KILLED = "killed"
    OTHER_REASON = "killed for another reason"
    SURVIVED = "survived"
    NOT_APPLIED = "not applied"


FATES: Mapping[Fate, str] = {
    Fate.KILLED: "a case failed that checks a requirement which the fault declares",
    Fate.OTHER_REASON: "cases failed, but none for a requirement that the fault declares",
    Fate.SURVIVED: "no case failed",
    Fate.NOT_APPLIED: "no answer differs from the unbroken reference's",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a fault.

    Attributes:
        fault: of the catalogue.
        fate: in a word.
        killers: cases that failed for a declared requirement.
        others: cases that failed for other requirements alone.
        canary: the first case whose answer differs from the unbroken reference's; empty without one.
    """

    fault: Fault
    fate: Fate
    killers: tuple[str, ...]
    others: tuple[str, ...]
    canary: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What the trials prove.

    Attributes:
        results: of each fault.
        alarms: ``case (seed S, W workers): outcome, reason`` for each outcome but pass on the unbroken reference.
        runs: on the unbroken reference.
        idle: cases that killed no fault.
        smoke: the cheapest set of cases found that kills all faults that are killed.
    """

    results: tuple[Result, ...]
    alarms: tuple[str, ...]
    runs: int
    idle: tuple[str, ...]
    smoke: tuple[str, ...]

    @property
    def killed(self) -> int:
        """How many faults were killed for a declared reason."""
        return sum(one.fate is Fate.KILLED for one in self.results)

    @property
    def holds(self) -> bool:
        """Tell whether every fault was killed, without a false alarm or an idle case."""
        return self.killed == len(self.results) and not self.alarms and not self.idle


def prove(
    made: Sequence[Made], faults: Mapping[str, Fault], cases: Mapping[str, float], kept: Collection[str]
) -> Proof:
    """Return what trials prove.

    Args:
        made: the trials.
        faults: the catalogue.
        cases: what each case costs, by id.
        kept: ids of those that may kill nothing, for a reason that the table gives.
    """
    results = tuple(_result(one, faults[one.order.fault]) for one in made if one.order.fault)
    unbroken = [one for one in made if not one.order.fault]
    alarms = tuple(
        f"{case} (seed {one.order.seed}, {one.order.workers} workers): {outcome}, {one.trial.reasons.get(case, '')}"
        for one in unbroken
        for case, outcome in one.trial.outcomes.items()
        if outcome is not Outcome.PASS
    )
    busy = {case for one in results for case in one.killers}
    idle = tuple(case for case in cases if case not in busy and case not in kept)
    return Proof(
        tuple(sorted(results, key=lambda one: one.fault.id)), alarms, len(unbroken), idle, smallest(results, cases)
    )


def _result(made: Made, fault: Fault) -> Result:
    declared = set(fault.requirements)
    killers = tuple(sorted(case for case, broken in made.trial.broken.items() if declared & set(broken)))
    others = tuple(sorted(made.trial.broken.keys() - set(killers)))
    canary = min(made.differing, default="")
    if not canary:
        fate = Fate.NOT_APPLIED
    elif killers:
        fate = Fate.KILLED
    else:
        fate = Fate.OTHER_REASON if others else Fate.SURVIVED
    return Result(fault, fate, killers, others, canary)


def smallest(results: Sequence[Result], costs: Mapping[str, float]) -> tuple[str, ...]:
    """Return a cheap set of cases that kills all faults which are killed: no case of it could be left out.

    Args:
        results: say what is killed by which cases.
        costs: of the cases, by id.
    """
    every: list[set[str]] = [set(one.killers) for one in results if one.killers]
    left: list[set[str]] = [*every]
    chosen: set[str] = set()
    while left:
        counts = Counter(case for killers in left for case in killers)
        chosen.add(min(counts, key=lambda case: (-counts[case] / costs[case], case)))
        left = [killers for killers in left if killers.isdisjoint(chosen)]
    for case in sorted(chosen, key=lambda case: (-costs[case], case)):
        rest = chosen - {case}
        if not any(killers.isdisjoint(rest) for killers in every):
            chosen = rest
    return tuple(sorted(chosen))
