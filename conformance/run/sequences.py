"""The search for sequences, on a target: sends them as a run sends its cases, and judges them in the same way."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Protocol, Self

from conformance.cases.model import SITE_WORDS
from conformance.exchange.client import Client
from conformance.generation.moves import MOVES, Turn
from conformance.generation.searching import Search
from conformance.run.caller import Caller
from conformance.run.plan import Planned, tier_of
from conformance.targets.table import open_target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.model import Case
    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement, Tier
    from conformance.generation.moves import Move
    from conformance.generation.searching import Effort, Finding, Found
    from conformance.run.events import Judged
    from conformance.run.interruption import Interruption
    from conformance.targets.model import Target
    from conformance.targets.options import TargetOptions


NUMBERS = count(1)
"""Tells the keys of one attempt from those of all others in this process; the word ``run`` tells those of others."""


class Renewal(Protocol):
    """Makes a target as new."""

    def __call__(self) -> Target:
        """Return a target in place of the one before, to which nothing was sent yet."""
        ...


def search_sequences(
    target: Target,
    contract: Contract,
    requirements: Mapping[str, Requirement],
    tier: Tier,
    effort: Effort,
    *,
    timeout: float = 10.0,
    renewal: Renewal | None = None,
    interruption: Interruption | None = None,
) -> Found[Judged]:
    """Search for sequences of calls that a target answers wrongly.

    Args:
        target: ready to be judged.
        contract: all constraints.
        requirements: by id.
        tier: leaves out the checks of stricter ones.
        effort: seed, number, time, length and database.
        timeout: seconds for one exchange.
        renewal: makes a target as new, where that is possible; without it a sequence may stay longer than need be.
        interruption: ends the search in order.

    Returns:
        The findings, each judged as a case of a run is, cut behind the call that was answered wrongly; a finding
        that is void got no answer there.
    """
    with _Bench(target, contract, requirements, tier, timeout, renewal) as bench:
        search = Search(bench, contract, moves_for(target), effort)
        with interruption.instead(search.interrupt) if interruption is not None else nullcontext():
            found = search.run()
    return replace(found, findings=tuple(map(_told, found.findings)))


def moves_for(target: Target) -> list[Move]:
    """Return the moves that a target allows: of functions that are there, with what it claims."""
    there, claimed = target.site.names.keys() | SITE_WORDS, target.capabilities
    return [
        move for move in MOVES.values() if claimed.issuperset(move.capabilities) and move.call(Turn(1)).words <= there
    ]


class Reopened:
    """A target that this program starts, and starts anew when it is called; a :class:`Renewal`.

    Args:
        options: of a target that is started for them, such as the reference without a URL.

    Attributes:
        target: the one that is running.
    """

    def __init__(self, options: TargetOptions) -> None:
        self._options = options
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __call__(self) -> Target:
        """Stop the target and start it anew.

        Raises:
            UsageError: as :func:`conformance.targets.table.open_target`.
            TargetUnreachable: the same.
        """
        self._stack.close()
        self.target = self._stack.enter_context(open_target(self._options))
        return self.target


def _told(finding: Finding[Judged]) -> Finding[Judged]:
    """Return a finding whose verdict is about the case as it is shown."""
    planned = replace(finding.tried.planned, case=finding.case)
    return replace(finding, tried=replace(finding.tried, planned=planned))


class _Bench:
    """Sends cases to a target, one after the other."""

    def __init__(
        self,
        target: Target,
        contract: Contract,
        requirements: Mapping[str, Requirement],
        tier: Tier,
        timeout: float,
        renewal: Renewal | None,
    ) -> None:
        self._caller = Caller(target, contract, requirements, tier, Client(timeout=timeout))
        self._renewal = renewal
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._caller.client.aclose())
        self._runner.close()

    def attempt(self, case: Case) -> Judged:
        """Send a case, its marks under keys of their own."""
        caller = self._caller
        site = replace(caller.target.site, run=f"{caller.target.site.run}-{next(NUMBERS)}")
        caller = replace(caller, target=replace(caller.target, site=site))
        return self._runner.run(caller.run(Planned(case, tier_of(case, caller.requirements))))

    def renew(self) -> bool:
        """Take a target that is as new, where there is a way to it."""
        if self._renewal is None:
            return False
        self._runner.run(self._caller.client.aclose())
        self._caller = replace(self._caller, target=self._renewal())
        return True
