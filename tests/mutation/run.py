"""Runs the tests against every mutant of the oracle and the contract, and writes what became of each.

A mutant gets a process of its own, forked from one that has imported the libraries and nothing of ours: so no cache,
no table and no class that was made from the unchanged code is left over in it.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import shutil
import sys
import tempfile
import time
import tomllib
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mutation.mutants import Mutant, mutants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import CodeType, ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent
LIBRARIES = ("boto3", "hypothesis", "jinja2", "jsonschema", "openapi_spec_validator", "requests", "rich", "yaml")
"""What takes long to import and does not depend on what is changed."""
BRIEF = ("--exitfirst", "--assert=plain", "--tb=no", "-pno:cacheprovider", "-pno:unraisableexception")
"""Nobody reads what pytest says of a mutant: that it fails is enough."""
SLOWEST = 10.0
"""A mutant whose tests take this many times as long as those of the unchanged code is taken to loop for ever."""
SHORTEST = 5
"""Seconds of processor time that any mutant gets."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What ``pyproject.toml`` says of the run.

    Attributes:
        tests: folder of modules -> the tests that ought to notice a change in them.
        nearest: module -> those that are likeliest to, where that is not ``test_MODULE.py``; they are run first.
        slow: tests that take long and of which no claim on these modules depends.
        wordings: tables whose texts are words for people.
    """

    tests: Mapping[str, Sequence[str]]
    nearest: Mapping[str, Sequence[str]]
    slow: Sequence[str]
    wordings: Sequence[str]


class _Changed(importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader):
    """Imports a module from a changed text instead of its file."""

    def __init__(self, mutant: Mutant) -> None:
        self.module = mutant.path.removesuffix(".py").replace("/", ".")
        super().__init__(self.module, str(ROOT / mutant.path))
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the changed module for its name; None for all others."""
        del path, target
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self)
            if fullname == self.module
            else None
        )

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code of the changed text."""
        del fullname
        return compile(self.mutant.source, self.path, "exec")


def main() -> int:
    """Run; 0 when every mutant was tried, whatever became of it, 2 when the tests fail without one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="try these alone: PATH or PATH::FUNCTION, with * and ?")
    parser.add_argument("--results", type=Path, default=Path("mutants.jsonl"), help="file to write (JSON Lines)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    given = parser.parse_args()
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for library in LIBRARIES:
        importlib.import_module(library)
    gc.freeze()  # what is imported stays: a mutant's collector needn't look through it, nor copy it by doing so
    gc.disable()
    setup = _setup()
    limits = {folder: _limit(folder, setup) for folder in setup.tests}
    if None in limits.values():
        print("the tests fail on the unchanged code; nothing can be learned from mutants", file=sys.stderr)
        return 2
    began = time.monotonic()
    counts: Counter[str] = Counter()
    with given.results.open("w", encoding="utf-8") as file:
        print(json.dumps({"whole": not given.only}), file=file)
        for mutant, outcome in _tried(_chosen(setup, given.only), setup, limits, given.jobs):
            counts[outcome] += 1
            print(json.dumps({"key": mutant.key, "outcome": outcome}), file=file, flush=True)
            if not sum(counts.values()) % 100:
                print(f"{sum(counts.values())} mutants in {time.monotonic() - began:.0f} s: {dict(counts)}", flush=True)
    print(f"{sum(counts.values())} mutants in {time.monotonic() - began:.0f} s: {dict(counts)}")
    return 0


def _setup() -> Setup:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return Setup(**tomllib.load(file)["tool"]["lambda-invoke-conformance"]["mutation"])


def _chosen(setup: Setup, only: Sequence[str]) -> Iterator[tuple[str, Mutant]]:
    """Yield the mutants that are asked for, each with the folder that it belongs to."""
    for folder in setup.tests:
        for path in sorted(Path(folder).glob("*.py")):
            if not only or any(fnmatch(str(path), pattern.partition("::")[0]) for pattern in only):
                for mutant in mutants(str(path), path.read_text(encoding="utf-8"), setup.wordings):
                    if not only or any(fnmatch(f"{path}::{mutant.where}", _pattern(pattern)) for pattern in only):
                        yield folder, mutant


def _pattern(given: str) -> str:
    return given if "::" in given else f"{given}::*"


def _limit(folder: str, setup: Setup) -> int | None:
    """Return the seconds of processor time that a mutant gets; None when the tests fail without one."""
    with tempfile.TemporaryDirectory() as scratch:
        began = time.monotonic()
        _, status = os.waitpid(_start(None, folder, setup, 0, scratch), 0)
        return max(SHORTEST, round(SLOWEST * (time.monotonic() - began))) if status == 0 else None


def _tried(
    chosen: Iterable[tuple[str, Mutant]], setup: Setup, limits: Mapping[str, Any], jobs: int
) -> Iterator[tuple[Mutant, str]]:
    """Yield what became of each mutant, as they come to an end."""
    running: dict[int, tuple[Mutant, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for place, mutant in chosen:
            scratch = tempfile.mkdtemp(dir=folder)
            running[_start(mutant, place, setup, limits[place], scratch)] = (mutant, scratch)
            if len(running) >= jobs:
                yield _ended(running)
        while running:
            yield _ended(running)


def _ended(running: dict[int, tuple[Mutant, str]]) -> tuple[Mutant, str]:
    pid, status = os.wait()
    mutant, scratch = running.pop(pid)
    shutil.rmtree(scratch, ignore_errors=True)
    if os.WIFSIGNALED(status):
        return mutant, "endless"
    return mutant, "killed" if os.WEXITSTATUS(status) else "survived"


def _start(mutant: Mutant | None, folder: str, setup: Setup, limit: int, scratch: str) -> int:
    """Run the tests in a process of its own, with the mutant in the place of its module; return the process's id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os._exit(_test(mutant, folder, setup, limit, scratch))
    finally:
        os._exit(3)


def _test(mutant: Mutant | None, folder: str, setup: Setup, limit: int, scratch: str) -> int:
    if limit:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    if mutant is not None:
        sys.meta_path.insert(0, _Changed(mutant))
    quick = [f"--deselect={test}" for test in setup.slow]
    brief = [*BRIEF, f"--basetemp={scratch}/tests", *quick]
    near: Sequence[str] = _nearest(mutant, setup) if mutant is not None else ()
    if near and (seen := pytest.main([*brief, *near])):
        return int(seen)
    return int(pytest.main([*brief, *setup.tests[folder]]))


def _nearest(mutant: Mutant, setup: Setup) -> Sequence[str]:
    """Return the test files that most likely notice a mutant, so that the others needn't even be read."""
    path = Path(mutant.path)
    own = f"tests/{path.parent.name}/test_{path.stem}.py"
    return setup.nearest.get(mutant.path, [own] if Path(own).exists() else [])


if __name__ == "__main__":
    sys.exit(main())
