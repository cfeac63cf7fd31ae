"""What the commands that judge have in common: from the options of the command line to a run and its reports."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from conformance.run.session import RunOptions, Summary
    from conformance.targets.options import TargetOptions

PROGRAM = "invoke-conformance"


def target_of(options: Mapping[str, Any]) -> TargetOptions:
    """Return what the options of the command line say of the target."""
    from conformance.targets.options import TargetOptions

    words = ("target", "endpoint_url", "region", "profile", "seed", "timeout", "keep_fixtures")
    return TargetOptions(*(options[key] for key in words))


def judge(chosen: RunOptions, options: Mapping[str, Any]) -> Summary:
    """Judge and write the reports."""
    from conformance.report.collect import Collector
    from conformance.report.terminal import Terminal
    from conformance.run import session

    folder: Path = options["report_dir"]
    terminal = Terminal(quiet=options["quiet"], color=not options["no_color"])
    with Collector(folder) as collector:
        summary = session.run(chosen, (collector, terminal))
        if collector.report is not None:
            terminal.close(collector.report, str(folder / "report.html"))
    return summary


def command_line(arguments: Sequence[str], *without: str) -> str:
    """Return how this run is said again, without the cases that it was narrowed to and what is a matter of taste.

    Args:
        arguments: of the command line.
        without: further options, each with a value, that are left out.
    """
    valued = ("--only", "--report-dir", *without)
    kept: list[str] = []
    words = iter(arguments)
    for word in words:
        if word in valued:
            next(words, None)
        elif word not in {"--quiet", "--no-color"} and not word.startswith(tuple(f"{one}=" for one in valued)):
            kept.append(word)
    return shlex.join([PROGRAM, *kept])
