"""Capsules: written, read, and judged by what is known today."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from conformance.cases.model import Call, Sized, call_as_data, call_of_data
from conformance.contract.reader import load_contract
from conformance.errors import UsageError
from conformance.fixtures.table import FIXTURES
from conformance.generation.capsules import (
    TWINS,
    Capsule,
    SequenceCapsule,
    capsule_cases,
    case_of,
    digest_of,
    packed,
    read_capsule,
    unpacked,
    write_capsule,
)
from conformance.generation.cases import generated_cases
from conformance.generation.drafts import clauses_of
from conformance.generation.drawing.calls import scope_of
from conformance.generation.drawing.examples import examples, maker
from conformance.generation.sequences import Play
from conformance.oracle.clause import Clause
from conformance.targets.model import CAPABILITIES

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = load_contract()
FOUND = {
    "date": "2026-11-24",
    "suite": "lambda-invoke-conformance 0.1.0",
    "requirement_set": "2026.11",
    "contract": "1",
    "python": "3.11.7",
    "target": {"name": "emulator", "version": "1.0"},
    "tier": "strict",
    "search": {"seed": 1, "example": 7, "shard": "1/1"},
    "small": True,
}
BYTES = {"size": 2, "base64": "e30=", "whole": True}
OBSERVED: dict[str, Any] = {"outcome": "fail", "reason": "", "broken": [], "answer": BYTES}
REFUSED = Call("{missing}", body='{"é": "\xff"}'.encode())


def capsule(call: Call = REFUSED, *expect: Clause) -> Capsule:
    """Return the capsule of a call, with what the oracle says of it today, or something else."""
    return Capsule(call, expect or clauses_of(call, CONTRACT), FOUND, BYTES, OBSERVED)


def drawn() -> list[Call]:
    """Return many different calls."""
    make = maker(scope_of(CONTRACT, frozenset(FIXTURES), frozenset(CAPABILITIES)))
    return [one.call for one in islice(examples(make, 5), 1000)]


def test_calls_survive_as_data() -> None:
    """Every call comes back from JSON as it was, whatever bytes are in it."""
    for call in (*drawn(), Call(body=Sized(7)), Call(path="/x", method="GET", framing="none", version="HTTP/1.0")):
        assert call_of_data(json.loads(json.dumps(call_as_data(call)))) == call
        assert unpacked(packed(call)) == call


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"{}", b'{"body": 1}', b"null"])
def test_what_is_no_call_is_none(data: bytes) -> None:
    """What something else put into a database is passed over."""
    assert unpacked(data) is None


def test_a_capsule_survives_a_file(tmp_path: Path) -> None:
    """A capsule is written under its digest, and read as it was; the same request overwrites it."""
    for call in drawn()[:50]:
        path = write_capsule(capsule(call), tmp_path)
        assert path.name == f"{digest_of(call)}.json"
        assert read_capsule(path) == capsule(call)
    before = len(list(tmp_path.iterdir()))

    write_capsule(capsule(drawn()[0]), tmp_path)

    assert len(list(tmp_path.iterdir())) == before


def test_a_sequence_survives_a_file(tmp_path: Path) -> None:
    """Calls in a row are kept as moves; their case is made of these anew, with keys of its own."""
    plays = (Play("record/mark", 1, tail=True, way="aside"), Play("record/read", 1))
    call: dict[str, Any] = {"call": call_as_data(Call()), "expect": []}
    kept = SequenceCapsule(plays, [call, call], FOUND, OBSERVED)

    path = write_capsule(kept, tmp_path)
    (case,) = capsule_cases([tmp_path], CONTRACT)

    assert read_capsule(path) == kept
    assert case.id == f"capsule/{path.stem}" == f"capsule/{kept.digest}"
    assert case.purpose == (
        "Calls in a row, drawn at random, kept on 2026-11-24 for emulator 1.0. "
        "In a row: mark b with its log (aside); read the marks b"
    )
    assert [step.aside for step in case.steps] == [True, False]
    assert f"{{run}}-capsule-{path.stem}-b".encode() in bytes(case.steps[0].call.body)


def test_a_move_that_is_gone_is_told(tmp_path: Path) -> None:
    """A sequence of an older version may have moves that there are no more."""
    path = write_capsule(SequenceCapsule((Play("record/read"),), [], FOUND, OBSERVED), tmp_path)
    path.write_text(path.read_text().replace("record/read", "record/forget"))

    with pytest.raises(UsageError, match="there is no move 'record/forget' any more"):
        read_capsule(path)


def test_its_case_is_judged_by_what_is_known_today() -> None:
    """The case has today's expectation, a twin where that is a refusal, and says nothing of a change without one."""
    case = case_of(capsule(), CONTRACT)

    assert case.id == f"capsule/{digest_of(REFUSED)}"
    assert case.steps[0].expect == clauses_of(REFUSED, CONTRACT)
    assert case.twin == "generated/FunctionName/seed/name"
    assert "emulator 1.0" in case.purpose
    assert "changed" not in case.purpose
    assert case_of(capsule(Call()), CONTRACT).twin == ""


def test_a_changed_expectation_is_told() -> None:
    """Where the oracle sees a request otherwise than it did then, the case says how."""
    case = case_of(capsule(Call(), Clause("status-codes/synchronous-200", "status", "equals", 418)), CONTRACT)

    assert "what must hold has changed since: then status equals 418, now status equals 200" in case.purpose


def test_what_nothing_is_known_of_any_more_has_no_expectation() -> None:
    """A request of which the oracle says nothing becomes a case without expectations, which a run skips."""
    odd = Call(path="/2015-03-31/functions//x")

    assert (
        case_of(capsule(odd, Clause("routing/unknown-route", "status", "equals", 403)), CONTRACT).steps[0].expect == ()
    )


def test_twins_are_there() -> None:
    """The cases that refusals are compared with exist, one for each operation."""
    assert set(TWINS) == set(CONTRACT.operations)
    assert {*TWINS.values()} <= generated_cases(CONTRACT).keys()


def test_a_folder_is_all_its_capsules(tmp_path: Path) -> None:
    """Files and folders may be given; the cases come in the order of the files' names."""
    calls = drawn()[:5]
    paths = [write_capsule(capsule(call), tmp_path / "some") for call in calls]
    write_capsule(capsule(), tmp_path)

    cases = capsule_cases([tmp_path / "some", tmp_path / f"{digest_of(REFUSED)}.json"], CONTRACT)

    ids = [f"capsule/{path.stem}" for path in sorted(paths)]
    assert [case.id for case in cases] == [*ids, f"capsule/{digest_of(REFUSED)}"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", r"capsule-invalid: .*\[\] is not of type 'object'"),
        ('{"schema": 2}', "capsule-invalid"),
        ("null", "capsule-invalid"),
    ],
)
def test_what_is_no_capsule_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """A file that is no capsule is the user's affair, named with what is wrong about it."""
    (tmp_path / "it.json").write_text(text)

    with pytest.raises(UsageError, match=r"it\.json") as caught:
        read_capsule(tmp_path / "it.json")
    assert re.search(said, caught.value.render())
    assert caught.value.code == "capsule-invalid"
    with pytest.raises(UsageError) as again:
        capsule_cases([tmp_path], CONTRACT)
    assert again.value.render() == caught.value.render()


def test_a_wrong_key_is_named(tmp_path: Path) -> None:
    """What is wrong within a capsule is found by its key: here a signer that capsules never have."""
    path = write_capsule(capsule(), tmp_path)
    path.write_text(path.read_text().replace('"signing": "valid"', '"signing": "unsigned"'))

    with pytest.raises(UsageError, match=r"call\.signing"):
        read_capsule(path)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing file and an empty folder are errors of the user, and so is a place that can't be written to."""
    for path, code in ((tmp_path / "none.json", "file-unreadable"), (tmp_path, "capsule-missing")):
        with pytest.raises(UsageError) as caught:
            capsule_cases([path], CONTRACT)
        assert caught.value.code == code
    (tmp_path / "taken").touch()
    with pytest.raises(UsageError) as written:
        write_capsule(capsule(), tmp_path / "taken")
    assert written.value.code == "save-unwritable"


def test_the_digest_is_of_the_request_alone() -> None:
    """The same request has the same id, whenever and wherever it was found."""
    other = replace(capsule(), found={**FOUND, "date": "2027-01-01"}, expect=())

    assert other.digest == capsule().digest != capsule(Call()).digest
