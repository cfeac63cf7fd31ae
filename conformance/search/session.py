"""A search from options to exit code: opens the target, searches, tells the listeners of a run what came of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from conformance.contract.reader import load_contract
from conformance.contract.requirements import load_requirements
from conformance.generation.drawing.calls import CALLED, scope_of
from conformance.generation.drawing.examples import examples, maker
from conformance.oracle.outcome import Outcome
from conformance.run.session import conduct
from conformance.search.database import keep, known
from conformance.search.keeping import Keeper
from conformance.search.searching import Search
from conformance.search.tally import sums

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.run.caller import Caller
    from conformance.run.events import Ended, Judged
    from conformance.run.interruption import Interruption
    from conformance.run.session import Listener, Summary, Teller
    from conformance.search.options import SearchOptions
    from conformance.search.tally import Finding, Tally
    from conformance.targets.model import Target


class Progress(Protocol):
    """Is told how a search goes on; the listeners hear of it only when it is over."""

    def searching(self, target: Target) -> None:
        """The search begins."""

    def found(self, finding: Finding) -> None:
        """There is a failure of a new kind."""

    def going(self, tally: Tally) -> None:
        """Some more examples were judged."""


def search(options: SearchOptions, listeners: tuple[Listener, ...], progress: Progress) -> Summary:
    """Search a target for failures at random.

    Raises:
        UsageError: the options make no sense, or a file is not as it must be. Nothing was sent.
    """
    requirements = load_requirements(options.run.spec)
    contract = load_contract(options.run.spec)
    before = known(options.database)

    def judge(caller: Caller, teller: Teller, interruption: Interruption) -> Ended:
        target = caller.target
        progress.searching(target)
        keeper = Keeper(options, target, contract)

        def found(finding: Finding) -> None:
            keeper.keep(finding)
            if finding.kind.outcome is not Outcome.VOID or finding.small:
                keep(options.database, finding.judged.planned.case.steps[0].call)
            progress.found(finding)

        make = maker(scope_of(contract, frozenset(target.site.names), target.capabilities))
        with asyncio.Runner() as runner:
            hunt = Search(options, caller, runner, found, progress.going)
            try:
                with interruption.instead(hunt.interrupt):
                    ended = hunt.run(before, make, examples(make, options.seed, options.shard))
            finally:
                runner.run(caller.client.aclose())
        told = list(_told(hunt.tally, keeper))
        teller.start(target, [one.planned for one in told])
        for one in told:
            teller.judged(one)
        return ended

    return conduct(options.run, contract, requirements, frozenset(CALLED), listeners, judge)


def _told(tally: Tally, keeper: Keeper) -> Iterator[Judged]:
    """Yield what the report is to show: each finding, then a sum for each kind of examples that held."""
    ids: set[str] = set()
    for finding in (one for like in tally.findings.values() for one in like):
        told = keeper.told(finding)
        if told.planned.case.id not in ids:
            ids.add(told.planned.case.id)
            yield told
    for cell, count, first in sums(tally):
        purpose = f"{count:,} drawn at random, of which this was the first" if count > 1 else "One drawn at random"
        case = replace(first.planned.case, id=cell, purpose=purpose)
        yield replace(first, planned=replace(first.planned, case=case))
