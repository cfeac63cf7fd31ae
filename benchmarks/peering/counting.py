"""What trials say: which faults each contestant caught, its false alarms, and what a run of it costs."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from conformance.reference.faults.table import FAULTS
from peering.contestants import CONTESTANTS
from peering.trials import Order, Trial, versions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from conformance.reference.faults.model import Fault

BROKEN = 1
"""The exit code of our suite that says that the target breaks the contract."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of a contestant.

    Attributes:
        name: of the contestant.
        results: fault -> whether it was caught, for those that were tried.
        declared: the faults that ours caught through a requirement which they declare; none for another tool.
        unended: the faults under which a run had to be stopped.
        runs: on the unbroken reference.
        alarms: kinds of failures in any of them.
        alarmed: how many of them had any.
        surprised: of their second half, how many had a kind that none of the first half had: by chance, each would
            have been taken for a fault.
        fastest: the least of their wall times, which other work on the machine stretches.
        seconds: the median of them.
        processor: median of their processor times.
        requests: median of the requests that they sent.
        accepted: median of those that were answered 2xx.
    """

    name: str
    results: Mapping[str, bool]
    declared: tuple[str, ...]
    unended: tuple[str, ...]
    runs: int
    alarms: tuple[str, ...]
    alarmed: int
    surprised: int
    fastest: float
    seconds: float
    processor: float
    requests: int
    accepted: int

    @property
    def caught(self) -> int:
        """How many faults were caught."""
        return sum(self.results.values())


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured: the versions of what took part, and the figures of each contestant, by name."""

    versions: Mapping[str, str]
    figures: Mapping[str, Figures]

    def lines(self) -> Iterator[str]:
        """Yield a line for each contestant."""
        for name, one in self.figures.items():
            yield (
                f"{name}: caught {one.caught} of {len(one.results)} faults, {len(one.alarms)} kinds of false alarms in "
                f"{one.runs} runs, {one.fastest:.1f} s at best and {one.processor:.1f} s of processor time a run, "
                f"{one.requests} requests"
            )


def area(fault: str) -> str:
    """Return the area that a fault belongs to."""
    return fault.partition("/")[0]


def sampled(faults: Iterable[str], every: int) -> list[str]:
    """Return every n-th fault, counted through the areas one after the other, so that each has its share."""
    return sorted(faults, key=area)[::every]


def unbroken_orders(contestant: str) -> list[Order]:
    """Return the trials of a contestant on the unbroken reference."""
    return [Order(contestant, "", seed) for seed in range(1, CONTESTANTS[contestant].seeds + 1)]


def measured(trials: Iterable[Trial], faults: Mapping[str, Fault] = FAULTS) -> Measured:
    """Return what trials say; a contestant without a trial on the unbroken reference has no figures."""
    every = list(trials)
    figures: dict[str, Figures] = {}
    for name in CONTESTANTS:
        unbroken = sorted((one for one in every if one.contestant == name and not one.fault), key=lambda one: one.seed)
        broken = [one for one in every if one.contestant == name and one.fault]
        if unbroken:
            figures[name] = _figures(name, unbroken, broken, faults)
    return Measured(versions(), figures)


def _figures(name: str, unbroken: list[Trial], broken: list[Trial], faults: Mapping[str, Fault]) -> Figures:
    known = {kind for one in unbroken for kind in one.kinds}
    half = len(unbroken) // 2
    learned = {kind for one in unbroken[:half] for kind in one.kinds}
    results = {one.fault: caught(one, known) for one in broken}
    declared = (one.fault for one in broken if results[one.fault] and _declared(one, faults))
    return Figures(
        name=name,
        results={fault: results[fault] for fault in sorted(results)},
        declared=tuple(sorted(declared)),
        unended=tuple(sorted(one.fault for one in broken if one.code is None)),
        runs=len(unbroken),
        alarms=tuple(sorted(known)),
        alarmed=sum(bool(one.kinds) for one in unbroken),
        surprised=sum(bool(set(one.kinds) - learned) for one in unbroken[half:]),
        fastest=min(one.seconds for one in unbroken),
        seconds=median(one.seconds for one in unbroken),
        processor=median(one.processor for one in unbroken),
        requests=round(median(one.requests for one in unbroken)),
        accepted=round(median(one.accepted for one in unbroken)),
    )


def caught(trial: Trial, known: Collection[str]) -> bool:
    """Tell whether a contestant caught a fault: it saw a kind of failure that it never saw on the unbroken reference.

    Ours has to end with the exit code that says so as well; a run of it without a verdict caught nothing.
    """
    if trial.contestant == "ours" and trial.code != BROKEN:
        return False
    return bool(set(trial.kinds) - set(known))


def _declared(trial: Trial, faults: Mapping[str, Fault]) -> bool:
    return bool(set(trial.requirements) & set(faults[trial.fault].requirements))
