"""The installed command line as a program, and as a call."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support import aws

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAM = shutil.which("invoke-conformance", path=str(Path(sys.executable).parent)) or "invoke-conformance"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        """The last line of its output."""
        return self.out.rstrip("\n").rpartition("\n")[2]


def program(*arguments: str, cwd: Path, bound: float = 20.0, environment: Mapping[str, str] | None = None) -> Ended:
    """Run the command line to its end.

    Args:
        arguments: behind the program's name.
        cwd: where it runs.
        bound: seconds that it may take; more is an error.
        environment: of AWS's and other variables, beside ours.
    """
    ended = subprocess.run(
        [PROGRAM, *arguments],
        cwd=cwd,
        env=aws.environment(**(environment or {})),
        capture_output=True,
        text=True,
        timeout=bound,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def started(*arguments: str, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    """Start the command line; whoever calls stops it."""
    return subprocess.Popen(
        [PROGRAM, *arguments],
        cwd=cwd,
        env=aws.environment(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def records(folder: Path) -> list[dict[str, Any]]:
    """Return the lines of a report.jsonl."""
    return [json.loads(line) for line in (folder / "report.jsonl").read_text(encoding="utf-8").splitlines()]
