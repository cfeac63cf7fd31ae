"""Programs that are started for a run and stopped after it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, TypeVar

from conformance.errors import TargetUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

T = TypeVar("T")

GRACE = 5.0
"""Seconds that a program gets to stop when asked to."""
POLL = 0.02
"""Seconds between two looks at whether a program is ready."""


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
    ready: Callable[[str], T | None],
    seconds: float,
) -> Generator[T]:
    """Run a program until the block is left, entering it when the program is ready.

    It has its own process group, so that Ctrl-C reaches us alone and all of it is stopped in the end.

    Args:
        command: the program and its arguments.
        environment: set beside ours.
        ready: asked again and again, with what the program has printed so far, until it returns something; that is
            what the block gets.
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
            yield _wait(program, command[0], ready, seconds, output)
        finally:
            _stop(program)


def _wait(
    program: subprocess.Popen[bytes],
    name: str,
    ready: Callable[[str], T | None],
    seconds: float,
    output: IO[bytes],
) -> T:
    until = time.monotonic() + seconds
    while True:
        code = program.poll()  # before asking: somebody else may answer where it was to listen
        found = ready(_printed(output)) if code is None else None
        if found is not None:
            return found
        if code is not None:
            raise TargetUnreachable("start-failed", f"{name} ended with {code}: {_last_line(output)}")
        if time.monotonic() > until:
            raise TargetUnreachable("start-failed", f"{name} was not ready in {seconds:g} s: {_last_line(output)}")
        time.sleep(POLL)


def _printed(output: IO[bytes]) -> str:
    """Return what the program has printed; its own position in the file, which it shares with us, stays as it is."""
    descriptor = output.fileno()
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode("utf-8", "replace")


def _last_line(output: IO[bytes]) -> str:
    lines = _printed(output).strip().splitlines()
    return lines[-1] if lines else "it printed nothing"


def _stop(program: subprocess.Popen[bytes]) -> None:
    """Ask a program and its children to stop; make those that don't, even when we are interrupted meanwhile."""
    try:
        _signal(program, signal.SIGTERM)
        program.wait(GRACE)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _signal(program, signal.SIGKILL)
        program.wait()


def _signal(program: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, number)
