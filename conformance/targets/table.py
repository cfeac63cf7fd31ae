"""The table of targets, and how one is opened."""

from __future__ import annotations

import difflib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import UsageError
from conformance.targets import custom, endpoint, ministack, reference
from conformance.targets.options import TargetOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from contextlib import AbstractContextManager

    from conformance.targets.model import Target

__all__ = ["TARGETS", "TargetKind", "TargetOptions", "open_target"]


@dataclass(frozen=True, slots=True)
class TargetKind:
    """A row of the table.

    Attributes:
        text: what it is, in a sentence.
        open: starts or finds it, makes the fixtures, and undoes both in the end.
    """

    text: str
    open: Callable[[TargetOptions], AbstractContextManager[Target]]


TARGETS: Mapping[str, TargetKind] = {
    "reference": TargetKind(
        "our own endpoint, started for the run; with --endpoint-url one that `serve` started",
        reference.opened,
    ),
    "endpoint": TargetKind(
        "any endpoint with the Lambda control plane, at --endpoint-url; fixtures are made and removed",
        endpoint.opened,
    ),
    "ministack": TargetKind(
        "ministack, started for the run; with --endpoint-url one that is running", ministack.opened
    ),
}
"""Name -> kind. A path to a YAML file is a target, too: functions made by hand (see the README)."""


@contextmanager
def open_target(options: TargetOptions) -> Generator[Target]:
    """Make a target ready, and clean up in the end, whatever happens.

    Raises:
        UsageError: there is no such target, or its file is not as it must be.
        TargetUnreachable: it can't be reached or its fixtures can't be made; nothing is left behind.
    """
    with _opener(options)(options) as target:
        yield target


def _opener(options: TargetOptions) -> Callable[[TargetOptions], AbstractContextManager[Target]]:
    name = options.name or ("endpoint" if options.endpoint_url else "reference")
    if name in TARGETS:
        return TARGETS[name].open
    if Path(name).suffix in {".yaml", ".yml"}:
        return custom.opened
    close = difflib.get_close_matches(name, TARGETS, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(TARGETS)}, or a path to a YAML file"
    raise UsageError("target-unknown", f"--target {name}: there is no such target", hint)
