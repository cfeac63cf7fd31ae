"""What the selftest of this build proved, as it is kept in ``spec/proof.json``: the kill matrix and false alarms."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
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
        declared: fault -> the requirements that it declares to break.
    """

    matrix: Mapping[str, tuple[str, ...]]
    alarms: int
    runs: int
    smoke: tuple[str, ...]
    declared: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def killed(self) -> int:
        """How many faults are killed."""
        return sum(bool(killers) for killers in self.matrix.values())

    def killed_by(self, case: str) -> tuple[str, ...]:
        """Return the faults that a case kills."""
        return tuple(fault for fault, killers in self.matrix.items() if case in killers)


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
        requirements: list[str] = data["requirements"]
        cited: dict[str, list[int]] = data["declared"]
        declared = {fault: tuple(requirements[index] for index in some) for fault, some in cited.items()}
        return KeptProof(matrix, data["alarms"], data["runs"], tuple(data["smoke"]), declared)
    except (OSError, ValueError, KeyError, IndexError) as error:
        message = f"{path}: {type(error).__name__}: {error}"
        raise HarnessError(
            "proof-unreadable", message, "invoke-conformance selftest --update writes it anew"
        ) from error


def keep(path: Path, proof: KeptProof) -> None:
    """Write what was proved; cases and requirements stand once, and their numbers in the rows of the faults.

    Raises:
        OSError: the file can't be written.
    """
    cases, matrix = _numbered(proof.matrix)
    requirements, declared = _numbered(proof.declared)
    head = f'"alarms": {proof.alarms}, "runs": {proof.runs},\n"smoke": {json.dumps(list(proof.smoke))}'
    rows = f'"cases": {cases},\n"matrix": {matrix},\n"requirements": {requirements},\n"declared": {declared}'
    path.write_text(f"{{{head},\n{rows}}}\n", encoding="utf-8")


def _numbered(table: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Return the names that stand in a table, and the table with their numbers instead, both as JSON."""
    names = sorted({one for row in table.values() for one in row})
    at = {name: index for index, name in enumerate(names)}
    rows = ",\n".join(
        f"  {json.dumps(key)}: {json.dumps(sorted(at[one] for one in row), separators=(',', ':'))}"
        for key, row in sorted(table.items())
    )
    return json.dumps(names), f"{{\n{rows}\n}}"
