"""Programs that are started for a run: when they are ready, and how they are stopped whatever they do."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from conformance.errors import TargetUnreachable
from conformance.targets import process, reference
from conformance.targets.options import TargetOptions
from conformance.targets.process import started

if TYPE_CHECKING:
    from pathlib import Path

CHILD = """
import os, signal, sys, time
if "stubborn" in sys.argv: signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "parent" in sys.argv and os.fork() == 0: signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", os.getpid(), os.environ.get("WORD"), flush=True)
time.sleep(60)
"""


def python(program: str, *arguments: str) -> list[str]:
    """The command of a Python program."""
    return [sys.executable, "-c", program, *arguments]


def said(words: str, lines: int = 1) -> str | None:
    """What was printed, once there are enough lines."""
    return words if words.count("\n") >= lines else None


def lives(pid: int) -> bool:
    """Whether there is such a process that has not ended; one that nobody waited for yet has."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="ascii") as status:  # noqa: PTH123  no path of ours
        return status.read().rpartition(")")[2].split()[0] not in {"Z", "X"}
    return False


def ended(pid: int) -> bool:
    """Whether a process has ended, or does so at once."""
    until = time.monotonic() + 5
    while lives(pid) and time.monotonic() < until:
        os.sched_yield()
    return not lives(pid)


@pytest.mark.parametrize(("arguments", "lines"), [((), 1), (("stubborn",), 1), (("parent",), 2)])
def test_a_program_is_stopped_with_its_children(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], lines: int
) -> None:
    """A program, one that ignores SIGTERM, and a child that outlives its parent: none is there after the block."""
    monkeypatch.setattr(process, "GRACE", 0.2)

    with started(python(CHILD, *arguments), {"WORD": "given"}, lambda text: said(text, lines), 10) as printed:
        pids = [int(line.split()[1]) for line in printed.splitlines()]
        assert all(line.endswith("given") for line in printed.splitlines())
        assert all(map(lives, pids))

    assert len(pids) == lines
    assert all(map(ended, pids))


def test_it_is_stopped_when_the_block_fails() -> None:
    """Whatever goes wrong in the block, the program does not outlive it."""
    pids: list[int] = []

    def fail() -> None:
        with started(python(CHILD), {}, said, 10) as printed:
            pids.append(int(printed.split()[1]))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert ended(pids[0])


def test_it_is_killed_when_stopping_is_interrupted() -> None:
    """A second Ctrl-C while a stubborn program is being stopped kills it, and it does not stay behind."""
    pids: list[int] = []

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    def stop_twice() -> None:
        with started(python(CHILD, "stubborn"), {}, said, 10) as printed:
            pids.append(int(printed.split()[1]))
            signal.setitimer(signal.ITIMER_REAL, 0.1)

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            stop_twice()
    finally:
        signal.signal(signal.SIGALRM, before)

    assert ended(pids[0])


def failure(command: list[str], ready: object = None, seconds: float = 10.0) -> str:
    """The message with which a program that does not come up is reported."""
    with pytest.raises(TargetUnreachable) as caught, started(command, {}, lambda _: ready, seconds):
        pass
    assert (caught.value.code, caught.value.exit_code) == ("start-failed", 3)
    return caught.value.message


def test_a_program_that_is_not_there() -> None:
    """A program that can't be started is named, with the reason."""
    assert failure(["/no/such/program"]) == "/no/such/program can't be started: No such file or directory"


def test_a_program_that_ends_early() -> None:
    """A program that ends before it is ready is reported with its exit code and its last words."""
    command = python("import sys; print('first', flush=True); sys.exit('the last words')")

    assert failure(command) == f"{sys.executable} ended with 1: the last words"


def test_a_program_that_ends_silently() -> None:
    """A program that says nothing is reported as such."""
    assert failure(["/bin/false"]) == "/bin/false ended with 1: it printed nothing"


def test_a_program_that_ended_is_not_ready() -> None:
    """What answers in the place of a program that has ended, such as another one on its port, is not it."""
    command = python("import sys; sys.exit('port taken')")
    asked = 0

    def late(_: str) -> bool | None:
        nonlocal asked
        asked += 1
        return True if asked > 1000 else None

    with pytest.raises(TargetUnreachable, match="ended with 1: port taken"), started(command, {}, late, 10):
        pass


def test_a_program_that_is_never_ready() -> None:
    """A program that does not become ready in time is reported with its last words, and stopped."""
    message = failure(["/bin/sh", "-c", "echo starting; exec sleep 60"], seconds=0.2)

    assert message == "/bin/sh was not ready in 0.2 s: starting"


def test_what_it_prints_is_not_overwritten_by_reading() -> None:
    """Looking at the output while it grows leaves the program's own position in it alone."""
    program = "import time\nfor number in range(20): print(number, flush=True); time.sleep(0.005)\ntime.sleep(60)"

    with started(python(program), {}, lambda text: said(text, 20), 10) as printed:
        assert printed.split() == [str(number) for number in range(20)]


def test_the_reference_ignores_the_folder_it_is_started_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Files in the current folder that are named like modules are nothing to the reference."""
    (tmp_path / "conformance").mkdir()
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    monkeypatch.chdir(tmp_path)

    with reference.opened(TargetOptions(seed=3)) as target:
        assert target.site.run == "seed-3"
        assert target.endpoint.host == "127.0.0.1"
