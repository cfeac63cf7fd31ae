"""What the selftest of this build proved, as it is kept in ``spec/proof.json``: the kill matrix and false alarms."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from conformance.contract.source import spec_folder
from conformance.errors import HarnessError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

FILE = "proof.json"


@dataclass(frozen=True, slots=True)
class KeptProof:
    """What the selftest proved when it was last asked to keep it.

    Attributes:
        matrix: fault -> the authored cases that kill it.
        alarms: false alarms on the unbroken reference.
        runs: on the unbroken reference.
        smoke: a small set of cases that kills all faults.
        declared: fault -> the requirements that it declares to break.
        generated: fault -> the generated cases that kill it.
    """

    matrix: Mapping[str, tuple[str, ...]]
    alarms: int
    runs: int
    smoke: tuple[str, ...]
    declared: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    generated: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def killed(self) -> int:
        """How many faults authored cases kill."""
        return sum(map(bool, self.matrix.values()))

    def killers_of(self, fault: str) -> tuple[str, ...]:
        """Return the cases that kill a fault, the authored ones first."""
        return (*self.matrix.get(fault, ()), *self.generated.get(fault, ()))


@cache
def kept_proof() -> KeptProof:
    """Read what is kept.

    Raises:
        HarnessError: the file is not there, or damaged.
    """
    path = spec_folder() / FILE
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return KeptProof(
            _named(data["cases"], data["matrix"]),
            data["alarms"],
            data["runs"],
            tuple(data["smoke"]),
            _named(data["requirements"], data["declared"]),
            _named(data["generated cases"], data["generated"]),
        )
    except (OSError, ValueError, KeyError, IndexError) as error:
        message = f"{path}: {type(error).__name__}: {error}"
        raise HarnessError(
            "proof-unreadable", message, "invoke-conformance selftest --update writes it anew"
        ) from error


def keep(path: Path, proof: KeptProof) -> None:
    """Write what was proved; names stand once, and their numbers in the rows of the faults.

    Raises:
        OSError: the file can't be written.
    """
    parts = {"alarms": str(proof.alarms), "runs": str(proof.runs), "smoke": json.dumps(list(proof.smoke))}
    for names, table, rows in (
        ("cases", "matrix", proof.matrix),
        ("requirements", "declared", proof.declared),
        ("generated cases", "generated", proof.generated),
    ):
        parts[names], parts[table] = _numbered(rows)
    text = ",\n".join(f"{json.dumps(name)}: {part}" for name, part in parts.items())
    path.write_text(f"{{{text}}}\n", encoding="utf-8")


def _numbered(table: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Return the names that stand in a table, and the table with their numbers instead, both as JSON."""
    names = sorted({one for row in table.values() for one in row})
    at = {name: index for index, name in enumerate(names)}
    rows = ",\n".join(
        f"  {json.dumps(key)}: {json.dumps(_ranges(sorted(at[one] for one in row)))}"
        for key, row in sorted(table.items())
    )
    return json.dumps(names), f"{{\n{rows}\n}}"


def _ranges(numbers: Sequence[int]) -> str:
    """Return numbers in rising order as ``1-4 7``; the like of a case, which are its neighbours, kill the same."""
    groups: list[list[int]] = []
    for one in numbers:
        if groups and one == groups[-1][1] + 1:
            groups[-1][1] = one
        else:
            groups.append([one, one])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in groups)


def _named(names: Sequence[str], table: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Return a table with the names in place of their numbers."""
    return {key: tuple(names[index] for index in _numbers(row)) for key, row in table.items()}


def _numbers(ranges: str) -> Iterator[int]:
    for one in ranges.split():
        first, _, last = one.partition("-")
        yield from range(int(first), int(last or first) + 1)
