"""The part of a search that is about calls in a row: what only one call behind another brings about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.generation.searching import Effort
from conformance.oracle.outcome import Outcome
from conformance.run.events import Ended, VoidCause
from conformance.run.sequences import search_sequences
from conformance.search.brackets import bracket
from conformance.search.kinds import alike

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Iterator

    from conformance.generation.searching import Finding, Found
    from conformance.run.caller import Caller
    from conformance.run.events import Judged
    from conformance.run.interruption import Interruption
    from conformance.search.options import SearchOptions


@dataclass(frozen=True, slots=True)
class Rows:
    """What came of sequences.

    Attributes:
        findings: those that are answered wrongly; void where the known-good Invoke no longer holds.
        ended: how the search went so far; it is over where a reason stands there.
        sequences: number of those that were tried.
        calls: number of those that were sent.
    """

    findings: tuple[Finding[Judged], ...]
    ended: Ended
    sequences: int = 0
    calls: int = 0

    @property
    def over(self) -> bool:
        """Tell whether the search is over with them."""
        return self.ended.interrupted or bool(self.ended.stopped)

    def before(self, ended: Ended) -> Ended:
        """Return how a search ended that went on with single requests."""
        if not self.sequences:
            return ended
        gone = self.ended.brackets[0].holds and not ended.brackets[-1].holds  # which is all that there is to say
        more = "" if gone else f", and {self.sequences:,} sequences"
        brackets = (*self.ended.brackets[:1], *ended.brackets[-1:])
        return replace(ended, brackets=brackets, stopped=f"{ended.stopped}{more}")

    def beside(self, found: Iterable[Judged]) -> Iterator[Finding[Judged]]:
        """Yield the findings but for single calls that fail like single requests that were found."""
        others = tuple(found)
        for one in self.findings:
            if len(one.plays) > 1 or not any(alike(one.tried, other) for other in others):
                yield one

    def __str__(self) -> str:
        """Say how many there were."""
        wrong = f"{len(self.findings):,} of them answered wrongly"
        return f"{self.sequences:,} sequences of {self.calls:,} calls in all, {wrong}"


NONE = Rows((), Ended(()))
"""What comes of no sequences."""


def try_rows(options: SearchOptions, caller: Caller, runner: asyncio.Runner, interruption: Interruption) -> Rows:
    """Search for sequences that are answered wrongly, between two known-good Invokes.

    Args:
        options: of the user.
        caller: knows the target.
        runner: of the event loop in which single requests are sent.
        interruption: ends the search in order.
    """
    before = bracket(caller, runner)
    if before.unreachable:
        return Rows((), replace(before, stopped=f"the known-good Invoke {before.brackets[0].detail}"))
    found: Found[Judged] = search_sequences(
        caller.target,
        caller.contract,
        caller.requirements,
        caller.tier,
        Effort(options.seed, options.sequences, options.times[1], database=options.database),
        timeout=caller.client.timeout,
        interruption=interruption,
    )
    first, last = before.brackets[0], bracket(caller, runner).brackets[-1]
    broken = "" if last.holds or (last.answered and not first.holds) else f"the known-good Invoke {last.detail}"
    stopped = broken or (f"interrupted after {found.sequences:,} sequences" if found.interrupted else "")
    findings = tuple(_void(one, broken) for one in found.findings) if broken else found.findings
    return Rows(findings, Ended((first, last), found.interrupted, stopped), found.sequences, found.calls)


def _void(finding: Finding[Judged], reason: str) -> Finding[Judged]:
    judged = replace(finding.tried, outcome=Outcome.VOID, reason=reason, void=VoidCause.BRACKET)
    return replace(finding, tried=judged)
