"""The commands that search for failures, and that send again what was found."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from conformance.cli_judging import command_line, judge, target_of
from conformance.cli_options import (
    ENDPOINT_URL,
    KEEP_FIXTURES,
    NO_COLOR,
    PROFILE,
    QUIET,
    REGION,
    REPORT_DIR,
    SEED,
    SPEC,
    TARGET,
    TIER,
    TIMEOUT,
    WORKERS,
    Seconds,
    shard,
)


@click.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@TARGET
@ENDPOINT_URL
@TIER
@REGION
@PROFILE
@KEEP_FIXTURES
@TIMEOUT
@SEED
@SPEC
@REPORT_DIR
@QUIET
@NO_COLOR
def replay(files: tuple[Path, ...], **options: Any) -> None:  # noqa: ANN401  click's options
    """Send the requests of capsules again and judge them by what is known today.

    FILE is a capsule that `fuzz --save` wrote, or a folder of them. Reports and exit codes are those of `run`.
    """
    from conformance.contract.requirements import Tier
    from conformance.generation.capsules import GROUP
    from conformance.run import session

    chosen = session.RunOptions(
        target_of(options),
        Tier(options["tier"]),
        only=(f"{GROUP}*",),
        capsules=files,
        timeout=options["timeout"],
        spec=options["spec"],
        command=command_line(sys.argv[1:]),
    )
    sys.exit(int(judge(chosen, options).exit_code))


@click.command()
@TARGET
@ENDPOINT_URL
@TIER
@click.option("--max-time", type=Seconds(0.1, 1e9), default=None, metavar="S", help="Draw requests for S seconds.")
@click.option("--max-examples", type=click.IntRange(1), default=None, metavar="N", help="Draw N requests at most.")
@SEED
@click.option(
    "--shard", callback=shard, default="1/1", metavar="I/N", help="Send every N-th request, from the I-th on."
)
@click.option(
    "--database",
    default="",
    metavar="DIR|URL",
    help="Begin with the failures kept here, and keep new ones: a folder, or redis://…",
)
@click.option(
    "--read-only-database",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DIR",
    help="Begin with the failures kept in this folder, too.",
)
@click.option(
    "--save", type=click.Path(path_type=Path), default=None, metavar="DIR", help="Write each failure as a capsule."
)
@click.option(
    "--sequences",
    type=click.IntRange(0),
    default=100,
    show_default=True,
    metavar="N",
    help="Draw N sequences of calls at most, after the single requests; they get a quarter of the time.",
)
@click.option(
    "--with",
    "opinion",
    type=click.Choice(["schemathesis"]),
    help="Hear a second opinion, too: Schemathesis's own cases, judged by our oracle beside its checks.",
)
@click.option(
    "--with-examples",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    metavar="N",
    help="Random cases of the second opinion for each operation, and sequences of calls.",
)
@REGION
@PROFILE
@KEEP_FIXTURES
@WORKERS
@TIMEOUT
@SPEC
@REPORT_DIR
@QUIET
@NO_COLOR
def fuzz(**options: Any) -> None:  # noqa: ANN401  click's options
    """Search for failures at random, and make each as small as can be.

    Requests are drawn from a seed: the same one draws the same requests. Without a limit it goes on for a minute.
    """
    from conformance.contract.requirements import Tier
    from conformance.report.collect import Collector
    from conformance.run.session import RunOptions
    from conformance.search.database import open_database
    from conformance.search.options import SECONDS, SearchOptions
    from conformance.search.session import search
    from conformance.search.terminal import SearchTerminal

    folder: Path = options["report_dir"]
    seconds, examples = options["max_time"], options["max_examples"]
    words = {key: options[key] for key in ("workers", "timeout", "spec")}
    common = RunOptions(target_of(options), Tier(options["tier"]), **words, command=command_line(sys.argv[1:]))
    chosen = SearchOptions(
        common,
        options["seed"],
        examples,
        SECONDS if seconds is None and examples is None else seconds,
        options["shard"],
        open_database(options["database"], options["read_only_database"]),
        options["save"],
        command_line(["replay", *sys.argv[2:]], *_only_fuzz()),
        options["sequences"],
        options["with_examples"] if options["opinion"] else 0,
    )
    terminal = SearchTerminal(chosen, quiet=options["quiet"], color=not options["no_color"])
    with Collector(folder) as collector:
        summary = search(chosen, (collector, terminal), terminal)
        if collector.report is not None:
            terminal.close(collector.report, str(folder / "report.html"))
    sys.exit(int(summary.exit_code))


def _only_fuzz() -> list[str]:
    """Return the options of ``fuzz`` that ``replay`` does not have; all of them have a value."""
    shared = {name for parameter in replay.params for name in parameter.opts}
    return [name for parameter in fuzz.params for name in parameter.opts if name not in shared]
