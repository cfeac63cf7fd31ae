"""The command line: a thin front on :mod:`conformance.run`. Heavy imports wait until a command needs them."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance import DISTRIBUTION
from conformance.cli_judging import PROGRAM, command_line, judge, target_of
from conformance.cli_options import (
    BASELINE,
    ENDPOINT_URL,
    KEEP_FIXTURES,
    NO_COLOR,
    PROFILE,
    QUIET,
    REGION,
    REPORT,
    REPORT_DIR,
    SEED,
    SPEC,
    TARGET,
    TIMEOUT,
    WORKERS,
    Seconds,
)
from conformance.cli_search import fuzz, replay
from conformance.errors import ConformanceError, HarnessError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.run.session import Summary
    from conformance.targets.options import TargetOptions

KEPT = ("only", "skip", "include", "capsules", "workers", "timeout", "max_failures", "min_cases", "strength", "spec")
"""Options of ``run`` that go into its RunOptions as they are."""
SMOKE = "smoke"
"""No tier of requirements: the smallest set of cases that kills every fault, judged as strictly as can be."""
LISTED = ("cases", "requirements", "faults", "fixtures", "targets", "contradictions", "coverage")


class _Commands(click.Group):
    """A group whose errors are one line with the exit code of whoever is at fault."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  click's signature
        try:
            return super().invoke(ctx)
        except ConformanceError as error:
            click.echo(f"{PROGRAM}: {error.render()}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo(f"{PROGRAM}: interrupted", err=True)
            ctx.exit(130)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception:  # noqa: BLE001  a fault of ours is no verdict: Python's own exit code, 1, would be one
            click.echo(traceback.format_exc(), err=True)
            click.echo(f"{PROGRAM}: internal-error: a fault of ours, please report it with the lines above", err=True)
            ctx.exit(HarnessError.exit_code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name=DISTRIBUTION, prog_name=PROGRAM)
def main() -> None:
    """Say whether an HTTP endpoint is a faithful AWS Lambda Invoke API, and prove it exchange by exchange.

    \b
    Exit codes of `run`:
      0  every check of the chosen tier holds, known failures fail as listed
      1  the contract is broken
      2  usage: bad option, unreadable file, unknown name
      3  the target can't be reached, refused the credentials, or can't be provisioned
      4  verdicts are void: no answer came, or the harness is at fault
      5  the baseline is stale: a listed failure passes, has expired, or fails in another way
      6  nothing was judged, or fewer cases than --min-cases
      130  interrupted
    """  # noqa: D301  click's marker for a block that is not re-wrapped


main.add_command(replay)
main.add_command(fuzz)


@main.command()
@TARGET
@ENDPOINT_URL
@click.option(
    "--tier",
    type=click.Choice(["core", "full", "strict", SMOKE]),
    default="full",
    show_default=True,
    help="How much of the contract to insist on.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    help="Judge the cases that match, and their twins; may be repeated.",
)
@click.option("--skip", multiple=True, metavar="GLOB", help="Leave out the cases that match; may be repeated.")
@click.option(
    "--include",
    multiple=True,
    type=click.Choice(["async"]),
    help="Judge a group of cases that takes its time, too: async waits for retries.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="Failures that are known, as `baseline update` writes them.",
)
@click.option(
    "--capsules",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Judge the capsules of a folder as cases, too (see `fuzz --save`); may be repeated.",
)
@REGION
@PROFILE
@KEEP_FIXTURES
@WORKERS
@TIMEOUT
@click.option("--max-failures", type=click.IntRange(0), default=0, metavar="N", help="Stop after N failures; 0: never.")
@click.option(
    "--min-cases",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    help="Fewer judged cases are exit code 6.",
)
@click.option(
    "--strength",
    type=click.IntRange(1, 6),
    default=3,
    show_default=True,
    metavar="N",
    help="Parameters that meet in every combination of their classes, in generated cases.",
)
@SEED
@SPEC
@REPORT_DIR
@QUIET
@NO_COLOR
def run(**options: Any) -> None:  # noqa: ANN401  click's options
    """Judge a target and write the reports."""
    from conformance.targets.beginning import begun

    with begun(target_of(options)) as target:
        sys.exit(int(_run(target, options).exit_code))


def _run(target: TargetOptions, options: Mapping[str, Any]) -> Summary:
    """Run with the options of the command line, and write the reports."""
    from conformance.contract.proof import kept_proof
    from conformance.contract.requirements import Tier
    from conformance.run import session
    from conformance.run.baseline import Baseline, read_baseline

    smoke = options["tier"] == SMOKE
    chosen = session.RunOptions(
        target,
        Tier.STRICT if smoke else Tier(options["tier"]),
        **{key: options[key] for key in KEPT},
        among=kept_proof().smoke if smoke else (),
        baseline=read_baseline(options["baseline"]) if options["baseline"] else Baseline(),
        command=command_line(sys.argv[1:]),
    )
    return judge(chosen, options)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listens on loopback unless told otherwise.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="0 takes a free one.")
@click.option(
    "--time-scale",
    type=Seconds(0, 1),
    default=0.0002,
    show_default=True,
    metavar="S",
    help="Seconds for a second of AWS's waiting times, such as that before a retry.",
)
@click.option(
    "--function-scale",
    type=Seconds(0, 1),
    default=0.1,
    show_default=True,
    metavar="S",
    help="Seconds for a second that a function takes.",
)
@click.option("--fault", default="", metavar="ID", help="With one deviation of `list faults`.")
def serve(host: str, port: int, time_scale: float, function_scale: float, fault: str) -> None:
    """Run the reference as a server until it is stopped."""
    from conformance.reference.faults.table import find_fault
    from conformance.reference.server import run_forever
    from conformance.targets.identity import Pace

    run_forever(host, port, Pace(time_scale, function_scale), find_fault(fault) if fault else None)


@main.command()
@REPORT_DIR
@click.option("--generated", is_flag=True, help="The generated cases by themselves, in place of the authored ones.")
@click.option(
    "--update", is_flag=True, help="Prove both, and keep it in spec/proof.json, for reports and --tier smoke."
)
@click.option("--quiet", is_flag=True, help="Print the last line only.")
def selftest(report_dir: Path, *, generated: bool, update: bool, quiet: bool) -> None:
    """Prove the suite: every fault against it, and no false alarm on the unbroken reference."""
    from conformance.run.exit_codes import ExitCode
    from conformance.selftest.command import selftest as prove

    holds = prove(report_dir, generated_alone=generated, update=update, quiet=quiet)
    sys.exit(int(ExitCode.HOLDS if holds else ExitCode.BROKEN))


@main.command("list")
@click.argument("table", type=click.Choice(LISTED))
@click.option("--json", "as_json", is_flag=True, help="Everything there is, for other programs.")
def list_(table: str, *, as_json: bool) -> None:
    """Show a table of the suite."""
    from conformance import explain as tables

    click.echo(tables.table_as_json(table) if as_json else tables.table_as_text(table))


@main.group()
def fixtures() -> None:
    """The functions that make a target observable: write them as files, or remove those that were left."""


@fixtures.command("export")
@click.argument("format_", metavar="FORMAT", type=click.Choice(["sam", "serverless", "zip"]))
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def fixtures_export(format_: str, folder: Path) -> None:
    """Write the fixtures into DIR, as FORMAT: sam, serverless or zip.

    With them come target.yaml for `run --target` and a README that says how they are used. No file is overwritten
    that an export did not write.
    """
    from conformance.fixtures.exporting import export

    for path in export(format_, folder):
        click.echo(path)


@fixtures.command("clean")
@click.option("--endpoint-url", required=True, metavar="URL", help="Where the target runs.")
@click.option("--region", default="", help="To sign for; default: as for `run`.")
@click.option("--profile", default="", help="Of the shared AWS configuration.")
@click.option(
    "--timeout", type=Seconds(0.1, 3600), default=10.0, show_default=True, metavar="S", help="Seconds for one call."
)
def fixtures_clean(**options: Any) -> None:  # noqa: ANN401  click's options
    """Remove the functions, queues and roles that runs left behind; not while a run is under way."""
    from conformance.targets.cleaning import clean
    from conformance.targets.options import TargetOptions

    clean(TargetOptions("endpoint", **options), click.echo)


@main.group()
def baseline() -> None:
    """Known failures: write them out of a report, or hold a report against them."""


@baseline.command("update")
@REPORT
@BASELINE
@click.option("--reason", default="", help="Why the new failures are put up with.")
@click.option("--owner", default="", help="Who is to end them.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The last day on which they are.")
@click.option("--ratchet", is_flag=True, help="Refuse new failures: the list may only get shorter.")
def baseline_update(report: Path, baseline: Path, *, reason: str, owner: str, expires: Any, ratchet: bool) -> None:  # noqa: ANN401  click's value
    """Write the failures of a report into a list of known ones."""
    from conformance.report.jsonl import read_report
    from conformance.report.known import update

    until = expires.date() if expires else None
    changed = update(read_report(report), baseline, reason=reason, owner=owner, expires=until, ratchet=ratchet)
    click.echo(f"{baseline}: {', '.join(changed)}")


@baseline.command("check")
@REPORT
@BASELINE
def baseline_check(report: Path, baseline: Path) -> None:
    """Say how a report stands to a list of known failures; exit code 0, 1 or 5, as of `run --baseline`."""
    from conformance.report.jsonl import read_report
    from conformance.report.known import standing
    from conformance.run.baseline import read_baseline

    lines, code = standing(read_report(report), read_baseline(baseline))
    for line in lines:
        click.echo(line)
    sys.exit(int(code))


@main.command()
@click.argument("old", metavar="OLD.jsonl", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW.jsonl", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
def diff(old: Path, new: Path, *, as_json: bool) -> None:
    """Say what changed between two reports of a target, by the ids of the cases; exit code 1 if anything is worse."""
    from conformance.report.difference import differences, shown
    from conformance.report.jsonl import read_report

    found = differences(read_report(old), read_report(new))
    click.echo(shown(found, as_json=as_json))
    sys.exit(int(any(change.worse for change in found)))


@main.command()
@click.argument("id_", metavar="ID")
def explain(id_: str) -> None:
    """Say all about a requirement, a case or an outcome."""
    from conformance import explain as tables

    click.echo(tables.explain(id_))


if __name__ == "__main__":
    main()
