"""One run from options to exit code; whoever wants to know what happens listens."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from conformance.cases.authored import authored_cases
from conformance.contract.reader import load_contract
from conformance.contract.requirements import Tier, load_requirements
from conformance.contract.source import spec_folder
from conformance.errors import TargetUnreachable, UsageError
from conformance.exchange.client import Client
from conformance.generation.capsules import capsule_cases
from conformance.generation.combinations import STRENGTH
from conformance.oracle.outcome import Outcome
from conformance.run.baseline import Baseline, held_against
from conformance.run.caller import Caller
from conformance.run.engine import Engine, Settings
from conformance.run.events import Ended, Judged
from conformance.run.exit_codes import ExitCode, exit_code
from conformance.run.interruption import Interruption
from conformance.run.plan import choose, make_plan, matches
from conformance.targets.table import open_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from conformance.cases.model import Case
    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement
    from conformance.run.plan import Planned
    from conformance.targets.model import Target
    from conformance.targets.table import TargetOptions


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the user asked for.

    Attributes:
        target: which, where, with what credentials.
        tier: how much of the contract is insisted on.
        only: globs of case ids; none means all.
        skip: globs of case ids that are left out.
        include: groups of cases that are run beside the others.
        among: ids of the cases to choose from, of whatever group, and their twins; none means all.
        workers: cases under way at a time.
        timeout: seconds for one exchange.
        max_failures: give up after so many; 0 means never.
        min_cases: fewer judged cases are no run.
        baseline: the failures that are known.
        capsules: files of capsules, or folders with some, that are judged as cases, too.
        strength: how many parameters meet in every combination of their classes, in generated cases.
        spec: folder to read instead of the shipped spec.
        command: how to say this run again, as a shell line.
    """

    target: TargetOptions
    tier: Tier = Tier.FULL
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    workers: int = 12
    timeout: float = 10.0
    max_failures: int = 0
    min_cases: int = 1
    baseline: Baseline = field(default_factory=Baseline)
    strength: int = STRENGTH
    capsules: tuple[Path, ...] = ()
    spec: Path | None = None
    command: str = "invoke-conformance run"


@dataclass(frozen=True, slots=True)
class Started:
    """What is known when a run begins.

    Attributes:
        options: of the user.
        requirements: by id.
        target: None when it could not be opened.
        plan: the cases, skipped ones included.
        at: when.
    """

    options: RunOptions
    requirements: Mapping[str, Requirement]
    target: Target | None
    plan: tuple[Planned, ...]
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known when a run is over.

    Attributes:
        totals: number of cases by outcome.
        ended: how it ended.
        exit_code: of the process.
        seconds: that the run took, with start and clean-up of the target.
        error: why the target could not be opened; empty when it could.
        stale: cases of the baseline of which it is not true any more: id -> why.
    """

    totals: Mapping[Outcome, int]
    ended: Ended
    exit_code: ExitCode
    seconds: float
    error: str = ""
    stale: Mapping[str, str] = field(default_factory=dict[str, str])


class Listener(Protocol):
    """Is told what happens, in this order: ``started`` once, ``judged`` once a case, ``ended`` once."""

    def started(self, event: Started) -> None:
        """A run begins."""

    def judged(self, event: Judged) -> None:
        """A case has its outcome."""

    def ended(self, event: Summary) -> None:
        """The run is over."""


def run(options: RunOptions, listeners: tuple[Listener, ...]) -> Summary:
    """Judge a target.

    Raises:
        UsageError: the options make no sense, or a file is not as it must be. Nothing was sent.
    """
    requirements = load_requirements(options.spec)
    contract = load_contract(options.spec)
    cases = _cases(contract, options)
    chosen = choose(cases, requirements, options.tier, options.only, options.skip, options.include)
    needed = frozenset[str]().union(*(case.fixtures for case in chosen))

    def judge(caller: Caller, teller: Teller, interruption: Interruption) -> Ended:
        target = caller.target
        plan = make_plan(cases, requirements, target, options.tier, options.only, options.skip, options.include)
        if not options.among:
            teller.vanished(options.baseline.failures.keys() - cases.keys())
        teller.start(target, plan)
        settings = Settings(options.workers, options.max_failures, teller.known)
        engine = Engine(plan, caller, settings, teller.judged)
        with interruption.instead(engine.interrupt):
            return asyncio.run(_run(engine, caller.client))

    return conduct(options, contract, requirements, needed, listeners, judge)


def conduct(
    options: RunOptions,
    contract: Contract,
    requirements: Mapping[str, Requirement],
    needed: frozenset[str],
    listeners: tuple[Listener, ...],
    judge: Callable[[Caller, Teller, Interruption], Ended],
) -> Summary:
    """Open a target, let it be judged, and tell how it ended, whatever happens meanwhile.

    Args:
        options: of the user.
        contract: all constraints.
        requirements: by id.
        needed: fixtures that are called.
        listeners: are told.
        judge: sends and tells what came of it.

    Raises:
        UsageError: the target's options make no sense.
    """
    teller = Teller(options, requirements, listeners)
    ended, error = Ended(()), ""
    with Interruption() as interruption:
        try:
            with open_target(replace(options.target, needed=needed)) as target:
                client = Client(timeout=options.timeout)
                caller = Caller(target, contract, requirements, options.tier, client)
                ended = judge(caller, teller, interruption)
        except TargetUnreachable as reason:
            error = reason.render()
        except KeyboardInterrupt:
            ended = replace(ended, interrupted=True, stopped=ended.stopped or "interrupted at start or clean-up")
        with interruption.instead(_go_on):
            return teller.finish(ended, error)


def _go_on() -> None:
    """Writing the reports takes a moment only, and half of them would be worse than all."""


def _cases(contract: Contract, options: RunOptions) -> Mapping[str, Case]:
    try:
        every = authored_cases(contract)
        if not options.among or not every.keys() >= {*options.among}:
            from conformance.generation.cases import every_case  # noqa: PLC0415  takes its time, as they do themselves

            every = every_case(contract, options.strength)
    except KeyError as error:
        path = (options.spec or spec_folder()) / "openapi.yaml"
        raise UsageError("file-invalid", f"{path}:1: {error.args[0]}: is missing, and cases need it") from error
    capsules = {case.id: case for case in capsule_cases(options.capsules, contract)}
    every = {**every, **capsules}
    if not options.among:
        return every
    among = {*options.among, *capsules}
    wanted = {*among, *(every[id_].twin for id_ in among)}
    return {id_: replace(case, group="") for id_, case in every.items() if id_ in wanted}


class Teller:
    """Tells the listeners of a run what happens, and counts.

    Args:
        options: of the user.
        requirements: by id.
        listeners: are told.
    """

    def __init__(
        self, options: RunOptions, requirements: Mapping[str, Requirement], listeners: tuple[Listener, ...]
    ) -> None:
        self._options = options
        self._requirements = requirements
        self._listeners = listeners
        self._began = time.perf_counter()
        self._today = datetime.now(UTC).date()
        self._totals: Counter[Outcome] = Counter()
        self._asked = 0
        self._stale: dict[str, str] = {}
        self._listed = 0
        self._started = False

    def vanished(self, ids: Iterable[str]) -> None:
        """Take note of cases that the baseline lists and that don't exist."""
        self._stale.update(dict.fromkeys(sorted(ids), "there is no such case any more"))

    def start(self, target: Target | None, plan: Sequence[Planned]) -> None:
        """Tell that it begins; ``target`` is None where it could not be opened."""
        self._started = True
        event = Started(self._options, self._requirements, target, tuple(plan))
        for listener in self._listeners:
            listener.started(event)

    def known(self, event: Judged) -> bool:
        """Tell whether a case fails as the baseline says."""
        return held_against(event, self._options.baseline, self._today)[0].outcome is Outcome.KNOWN

    def judged(self, event: Judged) -> None:
        """Tell what came of a case."""
        event, stale = held_against(event, self._options.baseline, self._today)
        if stale:
            self._stale[event.planned.case.id] = stale
            self._listed += event.outcome is Outcome.FAIL
        self._totals[event.outcome] += 1
        self._asked += event.outcome.judged and matches(event.planned.case.id, self._options.only or ("*",))
        for listener in self._listeners:
            listener.judged(event)

    def finish(self, ended: Ended, error: str = "") -> Summary:
        """Tell how it ended; ``error`` is why the target could not be opened."""
        if not self._started:
            self.start(None, ())
        counts = (len(self._stale), self._listed)
        code = exit_code(self._totals, ended, self._options.min_cases, self._asked, *counts)
        code = ExitCode.UNREACHABLE if error else code
        summary = Summary(self._totals, ended, code, time.perf_counter() - self._began, error, self._stale)
        for listener in self._listeners:
            listener.ended(summary)
        return summary


async def _run(engine: Engine, client: Client) -> Ended:
    try:
        return await engine.run()
    finally:
        await client.aclose()
