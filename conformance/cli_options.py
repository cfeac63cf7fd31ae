"""The options that several commands share, and the kinds of values that they take."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

DEFAULT_SEED = 2015_03_31


class Seconds(click.FloatRange):
    """A number of seconds; ``nan`` is in no range, though click finds it in each."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401  click's signature
        """Return the number; click's usage error where it is none."""
        found: float = super().convert(value, param, ctx)
        return self.fail(f"{value!r} is not a number of seconds.", param, ctx) if math.isnan(found) else found


def shard(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, int]:
    """Return i and n of ``i/n``."""
    index, _, of = value.partition("/")
    if not (index.isdecimal() and of.isdecimal() and 1 <= int(index) <= int(of)):
        raise click.BadParameter(f"{value!r} is not of the form I/N, with I from 1 to N.", ctx, param)
    return int(index), int(of)


TARGET = click.option(
    "--target",
    default="",
    metavar="NAME|FILE",
    help="A target of `list targets`, or a YAML file with functions made by hand.",
)
ENDPOINT_URL = click.option(
    "--endpoint-url",
    default="",
    metavar="URL",
    help="Where the target runs. Without it and --target: the embedded reference.",
)
REGION = click.option(
    "--region", default="", help="To sign for; default: AWS_REGION, AWS_DEFAULT_REGION, or us-east-1."
)
PROFILE = click.option("--profile", default="", help="Of the shared AWS configuration.")
KEEP_FIXTURES = click.option(
    "--keep-fixtures",
    is_flag=True,
    help="Leave the functions that are made for the run, so that its curl lines repeat; fixtures clean removes them.",
)
WORKERS = click.option(
    "--workers", type=click.IntRange(1, 256), default=12, show_default=True, help="Cases under way at a time."
)
TIMEOUT = click.option(
    "--timeout",
    type=Seconds(0.1, 3600),
    default=10.0,
    show_default=True,
    metavar="S",
    help="Seconds for one exchange.",
)
SPEC = click.option(
    "--spec",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DIR",
    help="A spec folder in place of the one shipped.",
)
TIER = click.option(
    "--tier",
    type=click.Choice(["core", "full", "strict"]),
    default="full",
    show_default=True,
    help="How much of the contract to insist on.",
)
SEED = click.option(
    "--seed",
    type=int,
    default=DEFAULT_SEED,
    show_default=True,
    help="The same seed sends the same bytes to the reference.",
)
QUIET = click.option("--quiet", is_flag=True, help="Print the last line only.")
NO_COLOR = click.option("--no-color", is_flag=True, help="No colours; NO_COLOR does the same.")
REPORT_DIR = click.option(
    "--report-dir",
    type=click.Path(path_type=Path),
    default=Path("reports"),
    show_default=True,
    metavar="DIR",
    help="Where the reports go.",
)


REPORT = click.argument("report", metavar="REPORT.jsonl", type=click.Path(path_type=Path))
BASELINE = click.option(
    "--baseline", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The list of known failures."
)
