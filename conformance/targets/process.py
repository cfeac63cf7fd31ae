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
POLL = 0.01
"""Seconds between two looks at whether a program is ready."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Program:
    """A program that runs; made by :func:`running`.

    Args:
        process: it.
        name: by which it is reported.
        output: where it prints to.
    """

    def __init__(self, process: subprocess.Popen[bytes], name: str, output: IO[bytes]) -> None:
        self._process = process
        self._name = name
        self._output = output

    def wait(self, ready: Callable[[str], T | None], seconds: float) -> T:
        """Wait until it is ready.

        Args:
            ready: asked again and again, with what the program has printed so far, until it returns something; that
                is returned.
            seconds: to become ready in.

        Raises:
            TargetUnreachable: it ends early or does not become ready.
        """
        until = time.monotonic() + seconds
        while True:
            code = self._process.poll()  # before asking: somebody else may answer where it was to listen
            found = ready(self._printed()) if code is None else None
            if found is not None:
                return found
            if code is not None:
                raise TargetUnreachable("start-failed", f"{self._name} ended with {code}: {self._last_line()}")
            if time.monotonic() > until:
                message = f"{self._name} was not ready in {seconds:g} s: {self._last_line()}"
                raise TargetUnreachable("start-failed", message)
            time.sleep(POLL)

    def ask_to_stop(self) -> None:
        """Ask it and its children to stop, without waiting for it."""
        self._signal(signal.SIGTERM)

    def stop(self) -> None:
        """Ask it and its children to stop; make those that don't, even when we are interrupted meanwhile."""
        try:
            self.ask_to_stop()
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _printed(self) -> str:
        """Return what it has printed; its own position in the file, which it shares with us, stays as it is."""
        descriptor = self._output.fileno()
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode("utf-8", "replace")

    def _last_line(self) -> str:
        lines = self._printed().strip().splitlines()
        return lines[-1] if lines else "it printed nothing"


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str]) -> Generator[Program]:
    """Run a program until the block is left, entering it at once.

    It has its own process group, so that Ctrl-C reaches us alone and all of it is stopped in the end.

    Args:
        command: the program and its arguments.
        environment: set beside ours.

    Raises:
        TargetUnreachable: the program is not there.
    """
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(  # noqa: S603  the table's own commands
                command,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise TargetUnreachable("start-failed", f"{command[0]} can't be started: {error.strerror}") from error
        program = Program(process, command[0], output)
        try:
            yield program
        finally:
            program.stop()


@contextmanager
def started(
    command: Sequence[str],
    environment: Mapping[str, str],
    ready: Callable[[str], T | None],
    seconds: float,
) -> Generator[T]:
    """Run a program until the block is left, entering it when the program is ready.

    Args:
        command: as for :func:`running`.
        environment: the same.
        ready: as for :meth:`Program.wait`; what it returns is what the block gets.
        seconds: the same.

    Raises:
        TargetUnreachable: the program is not there, ends early or does not become ready.
    """
    with running(command, environment) as program:
        yield program.wait(ready, seconds)
