"""The tools that are measured: how each is called, and how what it found is read."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from peering.findings import Findings, read_ours, read_schemathesis

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parent.parent.parent
URL, SEED = "URL", "SEED"
"""What stands for them in a command."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A tool in one set-up.

    Attributes:
        name: in a word.
        title: in the page.
        text: what the set-up is, in a sentence.
        command: as typed in a checkout, with URL and SEED.
        environment: set for it, as typed.
        report: the file that it writes into the folder where it runs.
        wanted: options that make it write the report, and nothing where we don't look.
        read: reads the report.
        seeds: under how many it runs on the unbroken reference; an even number.
        chosen: whether it is measured unless asked otherwise.
    """

    name: str
    title: str
    text: str
    command: str
    environment: Mapping[str, str]
    report: str
    wanted: str
    read: Callable[[Path], Findings]
    seeds: int = 20
    chosen: bool = True

    @property
    def typed(self) -> str:
        """The command with its environment, as one types it."""
        return " ".join([*(f"{name}={value}" for name, value in self.environment.items()), self.command])

    def arguments(self, url: str, seed: int) -> list[str]:
        """Return the program and its arguments; files of the checkout are absolute, since it runs elsewhere."""
        words = [{URL: url, SEED: str(seed)}.get(word, word) for word in shlex.split(f"{self.command} {self.wanted}")]
        return [str(Path(sys.executable).parent / words[0]), *map(_absolute, words[1:])]

    def variables(self) -> dict[str, str]:
        """Return the environment, absolute as well; what is in PYTHONPATH already stays in it."""
        absolute = {name: _absolute(value) for name, value in self.environment.items()}
        inherited = os.environ.get("PYTHONPATH")
        if inherited and "PYTHONPATH" in absolute:
            absolute["PYTHONPATH"] += os.pathsep + inherited
        return absolute


def _absolute(word: str) -> str:
    return str(ROOT / word) if word and (ROOT / word).exists() else word


_SCHEMATHESIS = (
    "run spec/openapi.yaml --url URL --checks all --continue-on-failure --seed SEED --generation-database none"
)
_TUNED = f"st --config-file benchmarks/peering/tuned.toml {_SCHEMATHESIS} --no-shrink --suppress-health-check all"
_NDJSON = "--report ndjson --report-ndjson-path report.ndjson --no-color"
_HOOKS = {"PYTHONPATH": "benchmarks", "SCHEMATHESIS_HOOKS": "peering.tuned"}

CONTESTANTS: Mapping[str, Contestant] = {
    one.name: one
    for one in (
        Contestant(
            "ours",
            "invoke-conformance",
            "this suite, with all of its cases",
            "invoke-conformance run --target reference --endpoint-url URL --tier strict --include async --seed SEED",
            {},
            "reports/report.jsonl",
            "--quiet --no-color",
            read_ours,
        ),
        Contestant(
            "plain",
            "Schemathesis (plain)",
            "as it comes, but for the signing of its requests, without which the reference refuses them all",
            f"st {_SCHEMATHESIS}",
            {**_HOOKS, "SCHEMATHESIS_HOOKS": "peering.signing"},
            "report.ndjson",
            _NDJSON,
            read_schemathesis,
        ),
        Contestant(
            "tuned",
            "Schemathesis (tuned)",
            "set up for the target in benchmarks/peering/tuned.py and tuned.toml: functions that exist, parameters "
            "that fit one another, a format for client contexts, strict expectations of statuses",
            _TUNED,
            _HOOKS,
            "report.ndjson",
            _NDJSON,
            read_schemathesis,
        ),
        Contestant(
            "tuned-minute",
            "Schemathesis (tuned, for a minute)",
            "the same, generating requests for a minute",
            f"{_TUNED} --max-time 60",
            _HOOKS,
            "report.ndjson",
            _NDJSON,
            read_schemathesis,
            seeds=4,
            chosen=False,
        ),
    )
}
"""Name -> contestant; ours first."""
