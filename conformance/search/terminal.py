"""What a search shows on the terminal: how far it is, each failure as it is found, then what a run shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.generation.capsules import digest_of
from conformance.report.terminal import Terminal
from conformance.report.words import count

if TYPE_CHECKING:
    from conformance.run.session import Started
    from conformance.search.options import SearchOptions
    from conformance.search.second import Sums
    from conformance.search.sequences import Rows
    from conformance.search.tally import Finding, Tally
    from conformance.targets.model import Target


class SearchTerminal(Terminal):
    """Shows a search.

    Args:
        options: of the user.
        quiet: shows nothing but the last line.
        color: False leaves out colours, as NO_COLOR does.
    """

    def __init__(self, options: SearchOptions, *, quiet: bool, color: bool) -> None:
        super().__init__(quiet=quiet, color=color)
        self._options = options

    def searching(self, target: Target) -> None:
        """Say what is searched."""
        options = self._options
        where = f"{target.name} {target.version}".strip()
        limits = [count(options.examples, "example")] if options.examples is not None else []
        limits += [f"{options.seconds:g} s"] if options.seconds is not None else []
        shard = f", shard {options.shard[0]}/{options.shard[1]}" if options.shard != (1, 1) else ""
        what = f"{' or '.join(limits)}, seed {options.seed}{shard}, tier {options.run.tier}"
        self._say(f"searching {where} at {target.endpoint.url}: {what}")
        self._progress.start()
        self._task = self._progress.add_task("", total=options.examples)

    def found(self, finding: Finding) -> None:
        """Say what fails."""
        id_ = digest_of(finding.judged.planned.case.steps[0].call)
        kind = finding.kind
        self._say(f"found {kind.outcome} fuzz/{id_}: {kind.requirement} {kind.subject}".rstrip())

    def going(self, tally: Tally) -> None:
        """Show how far the search is."""
        if self._task is not None:
            self._progress.update(self._task, completed=tally.sent, description=str(tally))

    def second(self, sums: Sums) -> None:
        """Show how far Schemathesis is."""
        if self._task is not None:
            self._progress.update(self._task, total=None, description=str(sums))

    def rows_tried(self, rows: Rows) -> None:
        """Say which sequences are answered wrongly, and how many were tried."""
        for finding in rows.findings:
            self._say(f"found {finding.tried.outcome} {finding.case.id}: {finding.case.purpose}")
        if rows.sequences:
            self._say(str(rows))

    def opinion(self, sums: Sums) -> None:
        """Say what came of each of Schemathesis's phases."""
        for line in sums.lines:
            self._say(line)

    def started(self, event: Started) -> None:
        """Say nothing: the search is over when its report begins."""
