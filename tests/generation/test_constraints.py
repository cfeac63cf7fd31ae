"""Cases about constraints: the last value allowed, the first that is not, and their neighbours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.contract.reader import load_contract
from conformance.generation.cases import generated_cases
from conformance.generation.constraints import boundaries, name_of, near_misses, sendable
from conformance.generation.placing import GROUNDS
from conformance.oracle.reading import is_array

CONTRACT = load_contract()
INVOKE = CONTRACT.operations["Invoke"]
CASES = generated_cases(load_contract())
UNRECORDED = {("FunctionName", "/")}
"""That an encoded slash is a character like any other is only reasoned."""
LONGEST = [(name_of(one), one.max_length) for one in INVOKE.parameters if one.max_length is not None]


def statuses(id_: str) -> set[int]:
    """Return the statuses that a case allows; none where nothing is known."""
    found = [one.value for one in CASES[id_].steps[0].expect if one.subject == "status"]
    return {status for value in found for status in (value if is_array(value) else [value])}


@pytest.mark.parametrize(("name", "longest"), LONGEST)
def test_the_limit_is_kept_to_the_character(name: str, longest: int) -> None:
    """The longest value is no violation, one character more is 400."""
    assert 400 not in statuses(f"generated/{name}/maxLength/{longest}")
    assert statuses(f"generated/{name}/maxLength/{longest + 1}") == {400}


@pytest.mark.parametrize("number", range(0x20, 0x7F))
def test_the_pattern_decides_about_each_character(number: int) -> None:
    """A name or a qualifier with a character is 400 exactly where the pattern says so."""
    value = f"a{chr(number)}b"
    for name in ("FunctionName", "Qualifier"):
        if (name, chr(number)) in UNRECORDED:
            assert statuses(f"generated/{name}/pattern/character/{number:04x}") == set()
            continue
        parameter = INVOKE.parameter(name)
        refused = statuses(f"generated/{name}/pattern/character/{number:04x}") == {400}
        assert refused == bool(parameter.violations(value)), value


def test_a_new_limit_makes_new_cases() -> None:
    """The cases follow the contract: with a limit of 10 characters, they are about 10 and 11."""
    qualifier = INVOKE.parameter("Qualifier")
    shorter = replace(INVOKE, parameters=(replace(qualifier, max_length=10),))

    ids = {draft.id for draft in boundaries(shorter, CONTRACT)}

    assert {"Qualifier/maxLength/10", "Qualifier/maxLength/11"} <= ids
    assert "Qualifier/maxLength/129" not in ids


def test_near_misses_are_one_edit_from_what_is_taken() -> None:
    """The neighbours of each value of an enumeration and of each seed are numbered, some are valid, most are not."""
    found = [draft.id for draft in near_misses(INVOKE)]
    refused = [id_ for id_ in found if statuses(f"generated/{id_}") == {400}]

    assert len(found) == len(set(found))
    assert {"InvocationType/enum/near-miss/0001", "Qualifier/pattern/near-miss/0001"} <= set(found)
    assert len(found) / 2 < len(refused) < len(found)


@pytest.mark.parametrize(
    ("name", "value", "gets_there"),
    [
        ("FunctionName", "a/b", True),
        ("FunctionName", "", False),
        ("FunctionName", "..", False),
        ("X-Amz-Log-Type", " Tail", False),
        ("X-Amz-Log-Type", "Tail\n", False),
        ("X-Amz-Log-Type", "Té", False),
        ("X-Amz-Log-Type", "T!il", True),
    ],
)
def test_what_would_arrive_as_something_else_is_not_sent(name: str, value: str, gets_there: bool) -> None:  # noqa: FBT001  a row of the table
    """A path segment that is another path, or a header value that is trimmed or no ASCII, is no case."""
    assert sendable(INVOKE.parameter(name), value) is gets_there


def test_every_parameter_has_a_ground() -> None:
    """Each parameter of each operation can be tried; a new one needs a line in the table of grounds."""
    named = {one.name for operation in load_contract().operations.values() for one in operation.parameters}

    assert named == set(GROUNDS), "add the parameter to GROUNDS in conformance/generation/placing.py"
