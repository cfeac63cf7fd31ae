"""What a run shows on the terminal: progress, then the failures by cause, then always the same last line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from conformance.oracle.outcome import Outcome
from conformance.report.causes import causes_of, reasons_of, said
from conformance.report.text import printable
from conformance.report.words import count, last_line, sentence, verdict

if TYPE_CHECKING:
    from rich.progress import TaskID

    from conformance.report.causes import Cause
    from conformance.report.records import Report
    from conformance.run.events import Judged
    from conformance.run.session import Started, Summary

STYLES = {"PASS": "green", "FAIL": "red"}
MOST = 30
NAMED = 8
"""Cases of a cause that are named."""
"""Causes that are listed; the report has them all."""


class Terminal:
    """Shows the progress of a run: a bar on a terminal, two plain lines elsewhere.

    Args:
        quiet: shows nothing but the last line.
        color: False leaves out colours, as NO_COLOR does.
    """

    def __init__(self, *, quiet: bool, color: bool) -> None:
        self._console = Console(no_color=not color or None, highlight=False, soft_wrap=True)
        self._quiet = quiet
        self._counts = dict.fromkeys(Outcome, 0)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        shown = self._console.is_terminal and not quiet
        self._progress = Progress(*columns, console=self._console, transient=True, disable=not shown)
        self._task: TaskID | None = None

    def started(self, event: Started) -> None:
        """Say what is judged."""
        if event.target is None:
            return
        where = f"{event.target.name} {event.target.version}".strip()
        cases = count(len(event.plan), "case")
        self._say(f"judging {where} at {event.target.endpoint.url}: {cases}, tier {event.options.tier}")
        self._progress.start()
        self._task = self._progress.add_task("", total=len(event.plan))

    def judged(self, event: Judged) -> None:
        """Count."""
        self._counts[event.outcome] += 1
        if self._task is not None:
            counts = " ".join(f"{number} {outcome}" for outcome, number in self._counts.items() if number)
            self._progress.update(self._task, advance=1, description=counts)

    def ended(self, event: Summary) -> None:  # noqa: ARG002  the report says how
        """Take the progress away."""
        self._progress.stop()

    def close(self, report: Report, where: str) -> None:
        """Show what failed and why, what was not judged and why, and the last line."""
        for outcome in (Outcome.VOID, Outcome.SKIP):
            for reason, cases in reasons_of(report.cases, outcome).items():
                self._say(f"{outcome:5} {count(len(cases), 'case')}: {reason}")
        for outcome, style in ((Outcome.NOTE, ""), (Outcome.FAIL, "red")):
            causes = causes_of(report.cases, outcome)
            for cause in causes[:MOST]:
                self._cause(cause, outcome, style, report)
            if len(causes) > MOST:
                self._say(f"\n… and {count(len(causes) - MOST, 'cause')} more, in the report")
        for id_, why in report.footer.stale.items():
            self._say(f"\nstale {id_} {why}", "yellow")
        self._say(f"\n{sentence(report)}")
        line = last_line(report, where)
        self._console.print(Text(printable(line, keep=""), style=STYLES.get(verdict(report), "yellow")))

    def _cause(self, cause: Cause, outcome: Outcome, style: str, report: Report) -> None:
        requirement = report.header.requirements[cause.requirement]
        cases = count(len(cause.cases), "case")
        self._say(f"\n{outcome:5} {cause.requirement}, {cases}: {requirement['text']}", style)
        self._say(f"      {cause.subject}: expected {cause.expected}")
        self._say(f"      observed {cause.observed}")
        for one in requirement["evidence"]:
            parts = (one["kind"], one["date"], one["answer"], f"— {one['source']}")
            self._say(f"      evidence: {' '.join(filter(None, parts))}")
        if cause.common:
            self._say(f"      all of these that combine parameters have {said(cause.common)}, and none that passes has")
        more = f", and {len(cause.cases) - NAMED} more" if len(cause.cases) > NAMED else ""
        self._say(f"      cases: {', '.join(case.id for case in cause.cases[:NAMED])}{more}")
        self._say(f"      again: {cause.cases[0].again}")

    def _say(self, text: str, style: str = "") -> None:
        if not self._quiet:
            self._console.print(Text(printable(text), style=style))
