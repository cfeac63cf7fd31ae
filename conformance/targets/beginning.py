"""Starts the program of a target before anything else is done, so that it comes up while we do the rest."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.errors import TargetUnreachable
from conformance.targets.process import running

if TYPE_CHECKING:
    from collections.abc import Generator

    from conformance.targets.options import TargetOptions

REFERENCE = (sys.executable, "-P", "-m", "conformance.reference", "--port", "0")
"""-P: what lies in the current folder is nothing to import."""


@contextmanager
def begun(options: TargetOptions) -> Generator[TargetOptions]:
    """Start the reference, where it is the target, and stop it in the end.

    Whoever opens the target starts it again where that fails, and gets to know why.

    Args:
        options: say which target it is; what the block gets is these, with the program.
    """
    if options.endpoint_url or options.name not in {"", "reference"}:
        yield options
        return
    with ExitStack() as stack:
        program = None
        with suppress(TargetUnreachable):
            program = stack.enter_context(running(REFERENCE, {}))
        yield replace(options, program=program)
