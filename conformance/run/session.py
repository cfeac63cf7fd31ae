"""One run from options to exit code; whoever wants to know what happens listens."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from conformance.cases.authored import authored_cases
from conformance.contract.reader import load_contract
from conformance.contract.requirements import Tier, load_requirements
from conformance.errors import TargetUnreachable
from conformance.exchange.client import Client
from conformance.run.caller import Caller
from conformance.run.engine import Engine, Settings
from conformance.run.events import Ended, Judged
from conformance.run.exit_codes import ExitCode, exit_code
from conformance.run.plan import make_plan
from conformance.targets.table import open_target

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.contract.requirements import Requirement
    from conformance.oracle.outcome import Outcome
    from conformance.run.plan import Planned
    from conformance.targets.model import Target
    from conformance.targets.table import TargetOptions

REQUIREMENT_SET = "2026.11"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the user asked for.

    Attributes:
        target: which, where, with what credentials.
        tier: how much of the contract is insisted on.
        only: globs of case ids; none means all.
        skip: globs of case ids that are left out.
        workers: cases under way at a time.
        timeout: seconds for one exchange.
        max_failures: give up after so many; 0 means never.
        min_cases: fewer judged cases are no run.
        spec: folder to read instead of the shipped spec.
        command: how to say this run again, as a shell line.
    """

    target: TargetOptions
    tier: Tier = Tier.FULL
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    workers: int = 8
    timeout: float = 10.0
    max_failures: int = 0
    min_cases: int = 1
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
    """

    totals: Mapping[Outcome, int]
    ended: Ended
    exit_code: ExitCode
    seconds: float
    error: str = ""


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
    began = time.perf_counter()
    contract = load_contract(options.spec)
    requirements = load_requirements(options.spec)
    cases = authored_cases(contract)
    totals: Counter[Outcome] = Counter()

    def emit(event: Judged) -> None:
        totals[event.outcome] += 1
        for listener in listeners:
            listener.judged(event)

    def finish(ended: Ended, code: ExitCode, error: str = "") -> Summary:
        summary = Summary(totals, ended, code, time.perf_counter() - began, error)
        for listener in listeners:
            listener.ended(summary)
        return summary

    def start(target: Target | None, plan: list[Planned]) -> None:
        event = Started(options, requirements, target, tuple(plan))
        for listener in listeners:
            listener.started(event)

    try:
        with open_target(options.target) as target:
            plan = make_plan(cases, requirements, target, options.tier, options.only, options.skip)
            start(target, plan)
            client = Client(timeout=options.timeout)
            caller = Caller(target, contract, requirements, options.tier, client)
            engine = Engine(plan, caller, Settings(options.workers, options.max_failures), emit)
            ended = asyncio.run(_run(engine, client))
    except TargetUnreachable as error:
        start(None, [])
        return finish(Ended(()), ExitCode.UNREACHABLE, error.render())
    return finish(ended, exit_code(totals, ended, options.min_cases))


async def _run(engine: Engine, client: Client) -> Ended:
    """Run the engine; the first SIGINT or SIGTERM ends it early and in order."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, engine.interrupt)
    try:
        return await engine.run()
    finally:
        await client.aclose()
