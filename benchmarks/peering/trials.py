"""Trials: a contestant run as a program of its own on the reference as a program of its own; kept as they are made."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance import DISTRIBUTION
from conformance.targets.process import started
from peering.contestants import CONTESTANTS, ROOT

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

START, BOUND = 30.0, 240.0
"""Seconds that the reference may take to start, and a run to end."""
SERVE = (sys.executable, "-P", "-m", "conformance.cli", "serve", "--port", "0")
TIMED_OUT = "run · did not end in time"
MEASURED_CODE = (
    "conformance/**/*.py",
    "spec/**/*.yaml",
    *(f"benchmarks/peering/{name}" for name in ("signing.py", "tuned.py", "tuned.toml", "findings.py")),
)
"""The files on which a measurement depends, beside the commands."""


@dataclass(frozen=True, slots=True)
class Order:
    """A trial to be made: a contestant's name, the id of a fault (empty: the unbroken reference), a seed."""

    contestant: str
    fault: str
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial that was made.

    Attributes:
        contestant: name.
        fault: id; empty for the unbroken reference.
        seed: of the run.
        code: with which the program ended; None where it had to be stopped.
        kinds: of failures.
        requirements: of ours that were found broken.
        requests: sent.
        accepted: of them.
        seconds: that the program took.
        processor: seconds of processor time that it used, the reference's not counted.
    """

    contestant: str
    fault: str
    seed: int
    code: int | None
    kinds: tuple[str, ...]
    requirements: tuple[str, ...]
    requests: int
    accepted: int
    seconds: float
    processor: float

    @property
    def order(self) -> Order:
        """What was asked for."""
        return Order(self.contestant, self.fault, self.seed)


class NotMeasured(Exception):  # noqa: N818  the name says more than NotMeasuredError
    """A trial says nothing: the tool could not be run as it should be."""


def make(order: Order) -> Trial:
    """Make a trial.

    Raises:
        NotMeasured: the tool ended without a whole report, though nobody stopped it.
    """
    contestant = CONTESTANTS[order.contestant]
    with tempfile.TemporaryDirectory() as folder, reference(order.fault) as url:
        ended = run(contestant.arguments(url, order.seed), contestant.variables(), Path(folder))
        found = contestant.read(Path(folder) / contestant.report)
    if ended.code is not None and not found.whole:
        raise NotMeasured(f"{order}: ended with {ended.code} and no whole report: {ended.printed[-500:]}")
    return Trial(
        contestant=order.contestant,
        fault=order.fault,
        seed=order.seed,
        code=ended.code,
        kinds=found.kinds if ended.code is not None else (*found.kinds, TIMED_OUT),
        requirements=found.requirements,
        requests=found.requests,
        accepted=found.accepted,
        seconds=round(ended.seconds, 3),
        processor=round(ended.processor, 3),
    )


@contextmanager
def reference(fault: str) -> Generator[str]:
    """Serve the reference, with a fault or (empty) without, and yield its URL."""
    with started((*SERVE, *(("--fault", fault) if fault else ())), {}, _listening, START) as url:
        yield url


def _listening(printed: str) -> str | None:
    found = re.search(r"^listening on (http://\S+)\n", printed, re.MULTILINE)
    return found and found[1]


@dataclass(frozen=True, slots=True)
class Ended:
    """A program that has ended: its exit code (None where it had to be stopped), times and what it printed."""

    code: int | None
    seconds: float
    processor: float
    printed: str


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path, bound: float = BOUND) -> Ended:
    """Run a program in a folder until it ends, or until it is stopped after ``bound`` seconds."""
    stopped = threading.Event()
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        program = subprocess.Popen(  # noqa: S603  the table's own commands
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )

        def stop() -> None:
            stopped.set()
            os.kill(program.pid, signal.SIGKILL)

        timer = threading.Timer(bound, stop)
        timer.start()
        _, status, used = os.wait4(program.pid, 0)
        timer.cancel()
        seconds = time.perf_counter() - began
        program.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read().decode("utf-8", "replace")
    code = None if stopped.is_set() else program.returncode
    return Ended(code, seconds, used.ru_utime + used.ru_stime, printed)


class Store:
    """A file of trials, a line each, to which one is added as soon as it is made.

    Args:
        path: made where it is missing.

    Raises:
        NotMeasured: the file holds trials of other code than this.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        header = {"versions": versions(), "digest": digest()}
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(header) + "\n", encoding="utf-8")
        lines = path.read_text(encoding="utf-8").split("\n")
        if json.loads(lines[0]) != header:
            raise NotMeasured(f"{path} was measured with other code or versions; delete it or name another file")
        self.trials = {trial.order: trial for trial in map(_trial, filter(None, lines[1:]))}

    def add(self, trial: Trial) -> None:
        """Keep a trial."""
        self.trials[trial.order] = trial
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(trial)) + "\n")


def _trial(line: str) -> Trial:
    data: dict[str, Any] = json.loads(line)
    data["kinds"], data["requirements"] = tuple(data["kinds"]), tuple(data["requirements"])
    return Trial(**data)


def missing(store: Store, orders: Iterable[Order]) -> list[Order]:
    """Return the orders that are still to be made."""
    return [order for order in orders if order not in store.trials]


def make_all(store: Store, orders: Sequence[Order], jobs: int) -> Iterator[Trial]:
    """Make trials, a number at a time, keep and yield each; where one can't be made, those under way are the last."""
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for future in as_completed([pool.submit(make, order) for order in orders]):
                trial = future.result()
                store.add(trial)
                yield trial
        finally:
            pool.shutdown(cancel_futures=True)


def versions() -> dict[str, str]:
    """Return the versions of what is measured."""
    named = {one: version(one) for one in (DISTRIBUTION, "schemathesis", "hypothesis")}
    return {**named, "python": ".".join(map(str, sys.version_info[:3]))}


def digest() -> str:
    """Return a word for all code and commands that a measurement depends on."""
    found = hashlib.sha256()
    for one in CONTESTANTS.values():
        found.update(f"{one.name} {one.typed} {one.wanted}\n".encode())
    for path in sorted(path for pattern in MEASURED_CODE for path in ROOT.glob(pattern)):
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]
