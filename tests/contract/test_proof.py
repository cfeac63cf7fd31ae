"""The file in which the selftest keeps what it proved: written so that it reads well, and read back as it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.contract.proof import KeptProof, keep, kept_proof
from conformance.contract.source import spec_folder
from conformance.errors import HarnessError

if TYPE_CHECKING:
    from pathlib import Path

PROOF = KeptProof(
    matrix={"b/fault": ("c/two", "c/one"), "a/é": ("c/two",), "a/fault": ()},
    alarms=1,
    runs=20,
    smoke=("c/two", "c/one"),
    declared={"b/fault": ("r/z",), "a/é": ("r/z", "r/y"), "a/fault": ("r/y",)},
    generated={"b/fault": ("g/4", "g/2", "g/1", "g/3"), "a/é": ("g/1", "g/3"), "a/fault": ()},
)
WRITTEN = """\
{"alarms": 1,
"runs": 20,
"smoke": ["c/two", "c/one"],
"cases": ["c/one", "c/two"],
"matrix": {
  "a/fault": "",
  "a/\\u00e9": "1",
  "b/fault": "0-1"
},
"requirements": ["r/y", "r/z"],
"declared": {
  "a/fault": "0",
  "a/\\u00e9": "0-1",
  "b/fault": "1"
},
"generated cases": ["g/1", "g/2", "g/3", "g/4"],
"generated": {
  "a/fault": "",
  "a/\\u00e9": "0 2",
  "b/fault": "0-3"
}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is taken for that of the spec."""
    monkeypatch.setattr("conformance.contract.proof.spec_folder", lambda: tmp_path)
    return tmp_path


def read() -> KeptProof:
    """What is kept, read anew."""
    return kept_proof.__wrapped__()


def test_a_fault_has_a_line(folder: Path) -> None:
    """The tables are written fault by fault, by numbers, so that a change of them changes few lines."""
    keep(folder / "proof.json", PROOF)
    assert (folder / "proof.json").read_text(encoding="utf-8") == WRITTEN


def test_what_is_kept_reads_back(folder: Path) -> None:
    """What is written by number is read by name; a fault counts as killed when any case kills it."""
    keep(folder / "proof.json", PROOF)

    assert read() == KeptProof(
        matrix={"a/fault": (), "a/é": ("c/two",), "b/fault": ("c/one", "c/two")},
        alarms=1,
        runs=20,
        smoke=("c/two", "c/one"),
        declared={"a/fault": ("r/y",), "a/é": ("r/y", "r/z"), "b/fault": ("r/z",)},
        generated={"a/fault": (), "a/é": ("g/1", "g/3"), "b/fault": ("g/1", "g/2", "g/3", "g/4")},
    )
    assert read().killed == 2
    assert read().killers_of("a/é") == ("c/two", "g/1", "g/3")


def test_a_proof_may_declare_nothing() -> None:
    """Where nothing is said of what faults break, nothing is."""
    assert KeptProof({}, 0, 1, ()).declared == {}


def test_the_shipped_file_is_read() -> None:
    """Without another folder, it is the file that is shipped."""
    shipped = json.loads((spec_folder() / "proof.json").read_text(encoding="utf-8"))
    assert kept_proof().matrix.keys() == shipped["matrix"].keys()


SUMS = '"alarms": 0, "runs": 1, "smoke": []'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, "FileNotFoundError: "),
        ("{", "JSONDecodeError: Expecting property name"),
        ("{}", "KeyError: 'cases'"),
        ('{"cases": []}', "KeyError: 'matrix'"),
        ('{"cases": [], "matrix": {"a": "0"}}', "IndexError: list index out of range"),
        ('{"cases": [], "matrix": {"a": "one"}}', "ValueError: invalid literal"),
        ('{"cases": [], "matrix": {}}', "KeyError: 'alarms'"),
        (f'{{"cases": [], "matrix": {{}}, {SUMS}}}', "KeyError: 'requirements'"),
    ],
)
def test_a_damaged_file_is_the_harness_at_fault(text: str | None, problem: str, folder: Path) -> None:
    """What can't be read is named, with what is wrong and what writes it anew."""
    if text is not None:
        (folder / "proof.json").write_text(text, encoding="utf-8")
    with pytest.raises(HarnessError) as raised:
        read()

    assert raised.value.code == "proof-unreadable"
    assert raised.value.message.startswith(f"{folder / 'proof.json'}: {problem}")
    assert raised.value.hint == "invoke-conformance selftest --update writes it anew"
