"""What ``selftest`` does: makes the trials, shows them as they come, writes the matrix, and says whether all holds."""

from __future__ import annotations

import json
from itertools import cycle
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from conformance.cases.authored import authored_cases
from conformance.contract.proof import FILE, KeptProof, keep
from conformance.contract.reader import load_contract
from conformance.contract.requirements import load_requirements
from conformance.contract.source import spec_folder
from conformance.errors import UsageError
from conformance.reference.faults.table import FAULTS
from conformance.selftest.kept import kept
from conformance.selftest.page import render_page
from conformance.selftest.proof import FATES, Fate, prove
from conformance.selftest.proving import cost
from conformance.selftest.trials import Order, make

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.selftest.proof import Proof
    from conformance.selftest.trials import Made

SEEDS = 20
WORKERS = (1, 4, 16, 64)
FILES = ("selftest.json", "selftest.html")


def selftest(folder: Path, *, update: bool, quiet: bool) -> Proof:
    """Prove the suite; write ``selftest.json`` and ``selftest.html`` into a folder.

    Args:
        folder: made where it is missing.
        update: whether to keep what was proved in the spec folder.
        quiet: whether to print the last line only.

    Raises:
        UsageError: the folder can't be written to.
    """
    orders = _orders()
    console = Console(highlight=False, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    made: list[Made] = []
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("trials", total=len(orders))
        for one in make(orders):
            made.append(one)
            progress.update(task, advance=1, description=one.order.fault or "unbroken")
    cases = authored_cases(load_contract())
    proof = prove(made, FAULTS, {id_: cost(case) for id_, case in cases.items()}, kept(cases, load_requirements()))
    _write(proof, folder)
    if update:
        keep(spec_folder() / FILE, _kept(proof))
    for line in lines(proof) if not quiet else lines(proof)[-1:]:
        console.print(line, markup=False)
    return proof


def _kept(proof: Proof) -> KeptProof:
    return KeptProof(
        matrix={one.fault.id: one.killers for one in proof.results},
        alarms=len(proof.alarms),
        runs=proof.runs,
        smoke=proof.smoke,
        declared={one.fault.id: one.fault.requirements for one in proof.results},
    )


def _orders() -> list[Order]:
    """Return all trials: the unbroken reference first, under each seed with one of the numbers of workers in turn."""
    unbroken = [Order(seed=seed, workers=workers) for seed, workers in zip(range(1, SEEDS + 1), cycle(WORKERS))]
    return [*sorted(unbroken, key=lambda one: one.workers), *(Order(fault=id_) for id_ in FAULTS)]


def _write(proof: Proof, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILES[0]).write_text(json.dumps(as_data(proof), indent=1), encoding="utf-8")
        (folder / FILES[1]).write_text(render_page(proof), encoding="utf-8")
    except OSError as error:
        raise UsageError("report-dir-unwritable", f"--report-dir {folder}: {error.strerror}") from error


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
