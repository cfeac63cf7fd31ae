"""Searches the unbroken reference at random: 20 seeds, 5,000 requests each, in which nothing may be found."""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from conformance.contract.requirements import Tier
from conformance.run.session import RunOptions
from conformance.search.options import SearchOptions
from conformance.search.session import search
from conformance.targets.options import TargetOptions

if TYPE_CHECKING:
    from conformance.run.events import Judged
    from conformance.run.session import Started, Summary
    from conformance.search.sequences import Rows
    from conformance.search.tally import Finding, Tally
    from conformance.targets.model import Target


class Watch:
    """Listens to one search: how many requests were sent, and what was found."""

    def __init__(self) -> None:
        self.sent = 0
        self.alarms: list[str] = []

    def searching(self, target: Target) -> None:
        """Called when the search begins."""

    def found(self, finding: Finding) -> None:
        """Keep what was found."""
        self.alarms.append(f"{finding.kind} {finding.judged.planned.case.steps[0].call}")

    def going(self, tally: Tally) -> None:
        """Count."""
        self.sent = tally.sent

    def rows_tried(self, rows: Rows) -> None:
        """Keep what was found of sequences."""
        self.alarms += [finding.case.purpose for finding in rows.findings]

    def started(self, event: Started) -> None:
        """Called when the report begins."""

    def judged(self, event: Judged) -> None:
        """Called for each case of the report."""

    def ended(self, event: Summary) -> None:
        """Called when the search is over."""


def watched(seed: int, examples: int) -> tuple[int, int, list[str], float]:
    """Search with one seed; return it, how many were sent, what was found, and the seconds that it took."""
    watch, begun = Watch(), time.perf_counter()
    options = SearchOptions(
        RunOptions(TargetOptions("reference", seed=seed), Tier.STRICT), seed, examples, sequences=20
    )
    summary = search(options, (watch,), watch)
    alarms = [*watch.alarms, *([f"exit code {summary.exit_code}"] if summary.exit_code else [])]
    return seed, watch.sent, alarms, time.perf_counter() - begun


def main() -> int:
    """Print what each seed found; return 0 where that is nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many (default: %(default)s)")
    parser.add_argument("--examples", type=int, default=5_000, help="requests of each (default: %(default)s)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (default: %(default)s)")
    given = parser.parse_args()
    begun, sent, alarms = time.perf_counter(), 0, 0
    seeds = range(given.first, given.first + given.seeds)
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for seed, number, found, took in pool.map(partial(watched, examples=given.examples), seeds):
            sent, alarms = sent + number, alarms + len(found)
            print(f"seed {seed}: {number:,} requests in {took:.1f} s, {len(found)} found")
            for one in found:
                print(f"  {one}")
    seconds = time.perf_counter() - begun
    print(f"{sent:,} requests over {given.seeds} seeds in {seconds:.1f} s, {sent / seconds:,.0f} a second")
    print(f"{alarms} alarms")
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
