"""A search from options to exit code: opens the target, searches, tells the listeners of a run what came of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from conformance.contract.reader import load_contract
from conformance.contract.requirements import load_requirements
from conformance.generation.drawing.calls import CALLED, scope_of
from conformance.generation.drawing.examples import examples, maker
from conformance.generation.moves import MOVES
from conformance.generation.views import VIEWS
from conformance.oracle.outcome import Outcome
from conformance.run.session import conduct
from conformance.search.database import keep, known
from conformance.search.keeping import Keeper
from conformance.search.searching import Search
from conformance.search.sequences import NONE, try_rows
from conformance.search.tally import sums

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.run.caller import Caller
    from conformance.run.events import Ended, Judged
    from conformance.run.interruption import Interruption
    from conformance.run.session import Listener, Summary, Teller
    from conformance.search.options import SearchOptions
    from conformance.search.second import Sums
    from conformance.search.sequences import Rows
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

    def second(self, sums: Sums) -> None:
        """Some more cases of Schemathesis were judged."""

    def rows_tried(self, rows: Rows) -> None:
        """All sequences were tried; none are where nobody asks for them."""

    def opinion(self, sums: Sums) -> None:
        """All cases of Schemathesis were judged."""


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
            try:
                rows = try_rows(options, caller, runner, interruption) if options.sequences else NONE
                progress.rows_tried(rows)
                hunt = Search(options, caller, runner, found, progress.going)
                ended = rows.ended
                if not rows.over:
                    with interruption.instead(hunt.interrupt):
                        ended = rows.before(hunt.run(before, make, examples(make, options.seed, options.shard)))
                singles = (finding.judged for like in hunt.tally.findings.values() for finding in like)
                told = [*map(keeper.sequence, rows.beside(singles)), *_told(hunt.tally, keeper)]
                if options.opinions and not (ended.interrupted or ended.unreachable):
                    more, ended = _second(options, caller, runner, interruption, progress, ended, keeper)
                    told += more
            finally:
                runner.run(caller.client.aclose())
        teller.start(target, [one.planned for one in told])
        for one in told:
            teller.judged(one)
        return ended

    needed = frozenset(CALLED).union(*(view.fixtures for view in VIEWS if options.opinions))
    needed |= {move.function for move in MOVES.values() if options.sequences}
    return conduct(options.run, contract, requirements, needed, listeners, judge)


def _second(
    options: SearchOptions,
    caller: Caller,
    runner: asyncio.Runner,
    interruption: Interruption,
    progress: Progress,
    before: Ended,
    keeper: Keeper,
) -> tuple[list[Judged], Ended]:
    """Let Schemathesis try its cases, too; return what the report shows of them, and how it ended in all."""
    from conformance.search.second import Second, told  # noqa: PLC0415  Schemathesis is heavy, and rarely asked for

    second = Second(options, caller, runner, progress.second)
    with interruption.instead(second.interrupt):
        ended = second.run()
    brackets = (*before.brackets[:1], *ended.brackets[-1:])
    stopped = ended.stopped or f"{before.stopped}, and {second.sums.total:,} cases of Schemathesis"
    progress.opinion(second.sums)
    return list(told(second.sums, keeper, options.run.command)), replace(ended, brackets=brackets, stopped=stopped)


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
