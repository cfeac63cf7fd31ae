"""What came of the examples of a search: kinds of failures, each once, and how many of which kind held."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.oracle.outcome import Outcome
from conformance.run.events import VoidCause
from conformance.search.kinds import cell_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.generation.drawing.examples import Example
    from conformance.run.events import Judged
    from conformance.search.kinds import Kind

SUSPECTS = 12
"""Examples without a verdict of one kind that are told one by one: any of them may be to blame."""


@dataclass(slots=True)
class Finding:
    """A failure.

    Attributes:
        kind: what it has in common with others.
        example: that was drawn first.
        judged: what came of it, or of the smallest request that fails like it.
        count: examples that fail like it.
        small: whether a smaller request was looked for, and found or not.
        alone: whether it fails also when it is sent by itself.
    """

    kind: Kind
    example: Example
    judged: Judged
    count: int = 1
    small: bool = False
    alone: bool = True


@dataclass(slots=True)
class Tally:
    """All that came of a search so far.

    Attributes:
        sent: examples that were sent.
        findings: by kind; of a kind without a verdict, several.
        held: by cell, how many examples held and what came of the first.
    """

    sent: int = 0
    findings: dict[Kind, list[Finding]] = field(default_factory=dict["Kind", list[Finding]])
    held: dict[str, tuple[int, Judged]] = field(default_factory=dict[str, "tuple[int, Judged]"])
    _moved: dict[Kind, Finding] = field(default_factory=dict["Kind", Finding], init=False)

    def add(self, example: Example, judged: Judged) -> Finding | None:
        """Count an example that was sent; return the finding where it is the first of its kind."""
        never_sent = judged.void is VoidCause.BRACKET and not judged.exchanges
        if judged.outcome is Outcome.SKIP or never_sent:
            return None
        self.sent += 1
        kind = kind_of(judged)
        if kind is None:
            (step,) = judged.planned.case.steps
            cell = cell_of(step.call, step.expect)
            count, first = self.held.get(cell, (0, judged))
            self.held[cell] = (count + 1, first)
            return None
        return self._found(Finding(kind, example, judged))

    def _found(self, finding: Finding) -> Finding | None:
        if finding.kind in self._moved:
            self._moved[finding.kind].count += 1
            return None
        like = self.findings.setdefault(finding.kind, [])
        if not like:
            like.append(finding)
            return finding
        like[0].count += 1
        if finding.kind.outcome is Outcome.VOID and len(like) < SUSPECTS:
            like.append(finding)
        return None

    def settle(self, finding: Finding) -> bool:
        """Take a finding for one of the kind that its smallest request is of; tell whether it is the first of those.

        It was put under the kind of what was drawn, which may be drawn again: then it counts here.
        """
        kind = kind_of(finding.judged)
        if kind is None or kind == finding.kind:
            return True
        del self.findings[finding.kind]
        first = self.findings.setdefault(kind, [finding])[0]
        self._moved[finding.kind] = first
        finding.kind = kind
        if first is not finding:
            first.count += finding.count
        return first is finding

    def __str__(self) -> str:
        """Say how far the search is."""
        return f"{self.sent:,} sent, {len(self.findings):,} kinds of failures"


def sums(tally: Tally) -> Sequence[tuple[str, int, Judged]]:
    """Return the cells in order, each with how many examples held and what came of the first."""
    return [(cell, count, first) for cell, (count, first) in sorted(tally.held.items())]
