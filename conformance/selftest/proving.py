"""Runs the suite on the reference within this process, with a fault or without, and says what came of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from conformance.cases.authored import authored_cases
from conformance.contract.reader import load_contract
from conformance.contract.requirements import Tier, load_requirements
from conformance.exchange.client import Client
from conformance.generation.cases import every_case, generated_cases
from conformance.oracle.outcome import Outcome
from conformance.reference.faults.table import FAULTS
from conformance.reference.server import Front, served
from conformance.run.caller import Caller
from conformance.run.engine import Engine, Settings
from conformance.run.plan import large, make_plan, waits
from conformance.selftest.canary import signature
from conformance.targets.identity import PACE
from conformance.targets.reference import target_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.cases.model import Case
    from conformance.contract.model import Contract
    from conformance.run.events import Judged

LOCAL = "127.0.0.1"
COSTLY = 30.0
"""Short calls that go out while a case waits, or moves megabytes."""
TIMEOUT = 60.0
"""Seconds for one exchange: beside other trials a large one takes its time, and that is no one's fault."""
EVERYTHING = ("async",)
"""The groups of cases that are included."""


class Among(StrEnum):
    """Which cases a trial is made with."""

    AUTHORED = "authored"
    GENERATED = "generated"
    EVERY = "every"


CATALOGUES: Mapping[Among, Callable[[Contract], Mapping[str, Case]]] = {
    Among.AUTHORED: authored_cases,
    Among.GENERATED: generated_cases,
    Among.EVERY: every_case,
}


def catalogue(among: Among) -> Mapping[str, Case]:
    """Return the cases of a kind, by id."""
    return CATALOGUES[among](load_contract())


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of the cases in one run on the reference.

    Attributes:
        fault: id of the fault; empty for the unbroken reference.
        outcomes: of the cases that were run, by id.
        broken: the requirements that each failing case found broken, by the case's id.
        answers: what each case was answered, but for what changes from call to call.
        seconds: that it took.
        reasons: what was the matter with each case that did not pass, in words, by its id.
    """

    fault: str
    outcomes: Mapping[str, Outcome]
    broken: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, tuple[object, ...]] = field(repr=False)
    seconds: float = 0.0
    reasons: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


async def attempt(cases: Mapping[str, Case], fault: str = "", *, seed: int = 1, workers: int = 16) -> Trial:
    """Run cases on the reference.

    Args:
        cases: to run, beside their twins.
        fault: id of the fault that it has; empty for none.
        seed: of the run.
        workers: cases under way at a time.
    """
    if not cases:
        return Trial(fault, {}, {}, {})
    contract, requirements = load_contract(), load_requirements()
    every = catalogue(Among.EVERY)
    chosen = {**cases, **{one.twin: every[one.twin] for one in cases.values() if one.twin}}
    began = time.perf_counter()
    found: list[Judged] = []
    client = Client(connect_timeout=TIMEOUT, timeout=TIMEOUT)
    async with served(LOCAL, 0, Front(PACE, FAULTS[fault] if fault else None)) as url:
        target = target_at(url, f"seed-{seed}")
        plan = make_plan(chosen, requirements, target, Tier.STRICT, include=EVERYTHING)
        caller = Caller(target, contract, requirements, Tier.STRICT, client)
        try:
            await Engine(plan, caller, Settings(workers), found.append).run()
        finally:
            await client.aclose()
    return Trial(
        fault=fault,
        outcomes={one.planned.case.id: one.outcome for one in found},
        broken={one.planned.case.id: _broken(one) for one in found if one.outcome is Outcome.FAIL},
        answers={one.planned.case.id: signature(one.exchanges) for one in found},
        seconds=time.perf_counter() - began,
        reasons={one.planned.case.id: _reason(one) for one in found if one.outcome is not Outcome.PASS},
    )


def _reason(judged: Judged) -> str:
    """Return why a case was not judged, or what it found first."""
    broken = (check for check in judged.checks if check.outcome is not Outcome.PASS)
    said = (f"step {one.step}, {one.clause.subject}: {one.observed}, not {one.expected}" for one in broken)
    return judged.reason or next(said, "nothing was checked")


def _broken(judged: Judged) -> tuple[str, ...]:
    failed = (check.clause.requirement for check in judged.checks if check.outcome is Outcome.FAIL)
    return tuple(dict.fromkeys(failed))


def cases_about(fault: str, among: Among) -> Mapping[str, Case]:
    """Return the cases that check what a fault declares to break: those that can kill it."""
    declared = set(FAULTS[fault].requirements)
    return {id_: case for id_, case in catalogue(among).items() if not declared.isdisjoint(case.requirements)}


def other_cases(fault: str, among: Among) -> Mapping[str, Case]:
    """Return the quick cases about other things, which show whether a fault that nobody kills is seen at all."""
    about = cases_about(fault, among)
    return {id_: case for id_, case in catalogue(among).items() if id_ not in about and not _costly(case)}


def cost(case: Case) -> float:
    """Return what a case costs, in short calls; its twin is sent with it."""
    calls = sum(step.repeat for step in case.steps) + bool(case.twin)
    return calls + (COSTLY if _costly(case) else 0.0)


def _costly(case: Case) -> bool:
    """Tell whether a case waits, or moves megabytes."""
    return large(case) or bool(case.group) or waits(case) or any(step.repeat > 1 for step in case.steps)
