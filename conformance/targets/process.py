"""Programs that are started for a run and stopped after it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from conformance.errors import TargetUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

GRACE = 5.0
"""Seconds that a program gets to stop when asked to."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(
    command: Sequence[str],
    environment: Mapping[str, str],
    ready: Callable[[], bool],
    seconds: float,
) -> Generator[None]:
    """Run a program until the block is left, entering it when the program is ready.

    It has its own process group, so that Ctrl-C reaches us alone and all of it is stopped in the end.

    Args:
        command: the program and its arguments.
        environment: set beside ours.
        ready: asked again and again until it says yes.
        seconds: to become ready in.

    Raises:
        TargetUnreachable: the program is not there, ends early or does not become ready.
    """
    with tempfile.TemporaryFile() as output:
        try:
            program = subprocess.Popen(  # noqa: S603  the table's own commands
                command,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise TargetUnreachable("start-failed", f"{command[0]} can't be started: {error.strerror}") from error
        try:
            _wait(program, ready, seconds, output)
            yield
        finally:
            _stop(program)


def _wait(program: subprocess.Popen[bytes], ready: Callable[[], bool], seconds: float, output: IO[bytes]) -> None:
    until = time.monotonic() + seconds
    while not ready():
        name = str(program.args[0]) if isinstance(program.args, (list, tuple)) else str(program.args)
        if program.poll() is not None:
            raise TargetUnreachable("start-failed", f"{name} ended with {program.returncode}: {_last_line(output)}")
        if time.monotonic() > until:
            raise TargetUnreachable("start-failed", f"{name} was not ready in {seconds:.0f} s: {_last_line(output)}")
        time.sleep(0.05)


def _last_line(output: IO[bytes]) -> str:
    output.seek(0)
    lines = output.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it printed nothing"


def _stop(program: subprocess.Popen[bytes]) -> None:
    """Ask a program and its children to stop, then make them."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(program.pid, number)
        except ProcessLookupError:
            break
        try:
            program.wait(GRACE)
        except subprocess.TimeoutExpired:
            continue
    program.wait()
