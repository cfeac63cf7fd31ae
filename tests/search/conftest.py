"""Searches of servers in this process, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from support import aws
from support.programs import records

from conformance.contract.requirements import Tier
from conformance.report.collect import Collector
from conformance.run.session import RunOptions
from conformance.search.options import SearchOptions
from conformance.search.session import search

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.run.session import Summary
    from conformance.search.second import Sums
    from conformance.search.sequences import Rows
    from conformance.search.tally import Finding, Tally
    from conformance.targets.model import Target
    from conformance.targets.options import TargetOptions


class Seen:
    """Is told how a search goes on."""

    def __init__(self) -> None:
        self.targets: list[str] = []
        self.findings: list[Finding] = []
        self.sent = 0
        self.tried = 0
        self.rows: Rows | None = None
        self.opinions: list[str] = []

    def searching(self, target: Target) -> None:
        """Keep where."""
        self.targets.append(target.endpoint.url)

    def found(self, finding: Finding) -> None:
        """Keep what."""
        self.findings.append(finding)

    def going(self, tally: Tally) -> None:
        """Keep how far."""
        self.sent = tally.sent

    def rows_tried(self, rows: Rows) -> None:
        """Keep what came of sequences."""
        self.rows = rows

    def second(self, sums: Sums) -> None:
        """Keep how far the second opinion is."""
        self.tried = sums.total

    def opinion(self, sums: Sums) -> None:
        """Keep what came of it."""
        self.opinions = list(sums.lines)


@dataclass(frozen=True, slots=True)
class Searched:
    """What came of a search: how it ended, what was told meanwhile, and the lines of its report."""

    summary: Summary
    seen: Seen
    lines: list[dict[str, Any]]

    @property
    def cases(self) -> dict[str, dict[str, Any]]:
        """The cases of the report by id."""
        return {line["id"]: line for line in self.lines if line["kind"] == "case"}

    def outcomes(self, outcome: str) -> list[dict[str, Any]]:
        """Return the cases with an outcome."""
        return [case for case in self.cases.values() if case["outcome"] == outcome]


class Searcher(Protocol):
    """Searches."""

    def __call__(self, target: TargetOptions, examples: int = 300, **options: Any) -> Searched:
        """Return what came of a search of a target with these options."""
        ...


@pytest.fixture
def searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Searcher:
    """A search in this process, in a folder and an AWS configuration of its own."""
    aws.forget(monkeypatch)
    monkeypatch.chdir(tmp_path)

    def run(target: TargetOptions, examples: int = 300, **options: Any) -> Searched:
        common = RunOptions(target, Tier.STRICT, timeout=options.pop("timeout", 5.0), command="invoke-conformance fuzz")
        chosen = replace(SearchOptions(common, 1, examples), **options)
        seen = Seen()
        with Collector(tmp_path / "reports") as collector:
            summary = search(chosen, (collector,), seen)
        return Searched(summary, seen, records(tmp_path / "reports"))

    return run
