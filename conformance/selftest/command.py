"""What ``selftest`` does: makes the trials, shows them as they come, writes the matrix, and says whether all holds."""

from __future__ import annotations

import json
from itertools import cycle
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from conformance.contract.proof import FILE, KeptProof, keep, kept_proof
from conformance.contract.requirements import load_requirements
from conformance.contract.source import spec_folder
from conformance.errors import UsageError
from conformance.reference.faults.table import FAULTS
from conformance.selftest import score as generated
from conformance.selftest.kept import kept, kept_families
from conformance.selftest.page import render_page
from conformance.selftest.proof import FATES, Fate, prove
from conformance.selftest.proving import Among, catalogue, cost
from conformance.selftest.trials import Order, make

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.selftest.proof import Proof
    from conformance.selftest.score import Score
    from conformance.selftest.trials import Made

SEEDS = 20
WORKERS = (1, 4, 16, 64)
FILES = ("selftest.json", "selftest.html")
GENERATED_FILE = "selftest-generated.json"


def selftest(folder: Path, *, generated_alone: bool, update: bool, quiet: bool) -> bool:
    """Prove the suite; write what was proved into a folder, and tell whether all of it holds.

    Args:
        folder: made where it is missing. It gets ``selftest.json`` and ``selftest.html`` for the authored cases,
            ``selftest-generated.json`` for the generated ones.
        generated_alone: whether to try the generated cases by themselves, in place of the authored ones.
        update: whether to try both, and to keep what was proved in the spec folder.
        quiet: whether to print the last line of each only.

    Raises:
        UsageError: the folder can't be written to.
    """
    console = Console(highlight=False, soft_wrap=True)
    orders = [*_authored()] if update or not generated_alone else []
    orders += [Order(fault=id_, among=Among.GENERATED) for id_ in FAULTS] if update or generated_alone else []
    made = _made(orders, console, quiet=quiet)
    requirements, holds = load_requirements(), True
    proof = score = None
    if by_generated := [one for one in made if one.order.among is Among.GENERATED]:
        cases = catalogue(Among.GENERATED)
        score = generated.score(by_generated, FAULTS, cases, kept_families(cases, requirements))
        _write(folder, {GENERATED_FILE: json.dumps(generated.as_data(score), indent=1)})
        _print(console, generated.lines(score), quiet=quiet)
        holds = score.holds
    if others := [one for one in made if one.order.among is not Among.GENERATED]:
        cases = catalogue(Among.AUTHORED)
        costs = {id_: cost(case) for id_, case in cases.items()}
        proof = prove(others, FAULTS, costs, kept(cases, requirements))
        _write(folder, dict(zip(FILES, (json.dumps(as_data(proof), indent=1), render_page(proof)), strict=True)))
        _print(console, lines(proof), quiet=quiet)
        holds = holds and proof.holds
    if proof and score:
        keep(spec_folder() / FILE, _kept(proof, score))
        kept_proof.cache_clear()
    return holds


def _authored() -> Iterator[Order]:
    """Yield the unbroken reference under each seed, with one of the numbers of workers in turn, then each fault."""
    unbroken = [Order(seed=seed, workers=workers) for seed, workers in zip(range(1, SEEDS + 1), cycle(WORKERS))]
    yield from sorted(unbroken, key=lambda one: one.workers)
    yield from (Order(fault=id_, among=Among.AUTHORED) for id_ in FAULTS)


def _made(orders: Sequence[Order], console: Console, *, quiet: bool) -> list[Made]:
    """Make the trials, showing how far they are."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    made: list[Made] = []
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("trials", total=len(orders))
        for one in make(orders):
            made.append(one)
            progress.update(task, advance=1, description=one.order.fault or "unbroken")
    return made


def _kept(proof: Proof, score: Score) -> KeptProof:
    return KeptProof(
        matrix={one.fault.id: one.killers for one in proof.results},
        alarms=len(proof.alarms),
        runs=proof.runs,
        smoke=proof.smoke,
        declared={one.fault.id: one.fault.requirements for one in proof.results},
        generated={one.fault.id: one.killers if one.fate is Fate.KILLED else () for one in score.results},
    )


def _write(folder: Path, files: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError("report-dir-unwritable", f"--report-dir {folder}: {error.strerror}") from error


def _print(console: Console, found: Sequence[str], *, quiet: bool) -> None:
    for line in found[-1:] if quiet else found:
        console.print(line, markup=False)


def as_data(proof: Proof) -> dict[str, Any]:
    """Return a proof as JSON values; the matrix is the killers of each fault."""
    return {
        "holds": proof.holds,
        "faults": len(proof.results),
        "killed": proof.killed,
        "runs": proof.runs,
        "alarms": list(proof.alarms),
        "idle": list(proof.idle),
        "smoke": list(proof.smoke),
        "matrix": {
            one.fault.id: {
                "fate": one.fate.value,
                "requirements": list(one.fault.requirements),
                "killers": list(one.killers),
                "others": list(one.others),
                "canary": one.canary,
            }
            for one in proof.results
        },
    }


def lines(proof: Proof) -> list[str]:
    """Return what is printed: what breaks the proof, each kind apart, and the last line."""
    found = [
        f"{fate}: {one.fault.id}: the reference {one.fault.breaks} ({FATES[fate]})"
        for fate in Fate
        if fate is not Fate.KILLED
        for one in proof.results
        if one.fate is fate
    ]
    found += [f"false alarm: {alarm}" for alarm in proof.alarms]
    found += [
        f"idle: {case}: kills no fault; write one that it kills, or say in the table why it is kept"
        for case in proof.idle
    ]
    verdict = "PROVEN" if proof.holds else "NOT PROVEN"
    last = (
        f"{verdict} · {proof.killed} of {len(proof.results)} faults killed · {len(proof.alarms)} false alarms in "
        f"{proof.runs} runs · {len(proof.idle)} idle cases · smallest set {len(proof.smoke)} cases"
    )
    return [*found, last]
