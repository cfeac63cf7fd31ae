"""The table of targets, and how one is opened."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import UsageError
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


def _reference(options: TargetOptions) -> AbstractContextManager[Target]:
    from conformance.targets import reference  # noqa: PLC0415  each brings what the others don't need, such as boto3

    return reference.opened(options)


def _endpoint(options: TargetOptions) -> AbstractContextManager[Target]:
    from conformance.targets import endpoint  # noqa: PLC0415  what a kind of target brings in

    return endpoint.opened(options)


def _ministack(options: TargetOptions) -> AbstractContextManager[Target]:
    from conformance.targets import ministack  # noqa: PLC0415  what a kind of target brings in

    return ministack.opened(options)


def _custom(options: TargetOptions) -> AbstractContextManager[Target]:
    from conformance.targets import custom  # noqa: PLC0415  what a kind of target brings in

    return custom.opened(options)


TARGETS: Mapping[str, TargetKind] = {
    "reference": TargetKind(
        "our own endpoint, started for the run; with --endpoint-url one that `serve` started",
        _reference,
    ),
    "endpoint": TargetKind(
        "any endpoint with the Lambda control plane, at --endpoint-url; fixtures are made and removed",
        _endpoint,
    ),
    "ministack": TargetKind("ministack, started for the run; with --endpoint-url one that is running", _ministack),
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
        return _custom
    import difflib  # noqa: PLC0415  for a typo alone

    close = difflib.get_close_matches(name, TARGETS, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(TARGETS)}, or a path to a YAML file"
    raise UsageError("target-unknown", f"--target {name}: there is no such target", hint)
