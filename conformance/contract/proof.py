"""What the selftest of this build proved, as it is kept in ``spec/proof.json``: the kill matrix and false alarms."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from conformance.contract.source import spec_folder
from conformance.errors import HarnessError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FILE = "proof.json"


@dataclass(frozen=True, slots=True)
class KeptProof:
    """What the selftest proved when it was last asked to keep it.

    Attributes:
        matrix: fault -> the cases that kill it.
        alarms: false alarms on the unbroken reference.
        runs: on the unbroken reference.
        smoke: a small set of cases that kills all faults.
    """

    matrix: Mapping[str, tuple[str, ...]]
    alarms: int
    runs: int
    smoke: tuple[str, ...]

    @property
    def killed(self) -> int:
        """How many faults are killed."""
        return sum(bool(killers) for killers in self.matrix.values())


@cache
def kept_proof() -> KeptProof:
    """Read what is kept.

    Raises:
        HarnessError: the file is not there, or damaged.
    """
    path = spec_folder() / FILE
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        cases: list[str] = data["cases"]
        kept: dict[str, list[int]] = data["matrix"]
        matrix = {fault: tuple(cases[index] for index in killers) for fault, killers in kept.items()}
        return KeptProof(matrix, data["alarms"], data["runs"], tuple(data["smoke"]))
    except (OSError, ValueError, KeyError, IndexError) as error:
        message = f"{path}: {type(error).__name__}: {error}"
        raise HarnessError(
            "proof-unreadable", message, "invoke-conformance selftest --update writes it anew"
        ) from error


def keep(path: Path, matrix: Mapping[str, Sequence[str]], alarms: int, runs: int, smoke: Sequence[str]) -> None:
    """Write what was proved; cases stand once, and their numbers in the matrix.

    Raises:
        OSError: the file can't be written.
    """
    cases = sorted({case for killers in matrix.values() for case in killers})
    at = {case: index for index, case in enumerate(cases)}
    rows = ",\n".join(
        f"  {json.dumps(fault)}: {json.dumps(sorted(at[case] for case in killers), separators=(',', ':'))}"
        for fault, killers in sorted(matrix.items())
    )
    head = f'"alarms": {alarms}, "runs": {runs},\n"smoke": {json.dumps(list(smoke))},\n"cases": {json.dumps(cases)}'
    path.write_text(f'{{{head},\n"matrix": {{\n{rows}\n}}}}\n', encoding="utf-8")
