"""The items of the contract: all of its keywords, and nothing that it doesn't have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.source import read_yaml, spec_folder
from conformance.coverage.constraints import CONSTRAINTS
from conformance.coverage.items import ENUM, KINDS, WAYS, Kind, Way, items

if TYPE_CHECKING:
    from conformance.contract.model import Contract

DOCUMENT: dict[str, Any] = read_yaml(spec_folder() / "openapi.yaml").data
TELLING = {"type", "default", "x-pattern", "x-groups"}
"""Keywords of a parameter's schema that constrain nothing."""
HELP = (
    "is no keyword that coverage knows: let conformance/contract/reader.py read it into Parameter, and say in "
    "conformance/coverage/constraints.py which values keep to it"
)


def test_ids_are_those_of_one_item(contract: Contract) -> None:
    """No id stands twice, and each says where in the contract the item is."""
    ids = [one.id for one in items(contract)]

    assert len(ids) == len(set(ids))
    assert {
        "Invoke/FunctionName/required",
        "Invoke/Qualifier/maxLength",
        "Invoke/InvocationType/enum/DryRun",
        "Invoke/ClientContext/contentEncoding",
        "InvokeAsync/body/required",
        "InvokeWithResponseStream/body/x-max-bytes/RequestResponse",
        "Invoke/status/413",
        "Invoke/error/ValidationException",
        "Invoke/200/X-Amz-Executed-Version",
        "Invoke/404/Date",
    } <= set(ids)


@pytest.mark.parametrize("name", DOCUMENT["components"]["parameters"])
def test_every_keyword_of_a_parameter_is_known(name: str) -> None:
    """A constraint that the contract gets is one that has to be covered: none is passed over."""
    known = {ENUM, *TELLING, *(one.keyword for one in CONSTRAINTS)}

    unknown = [f"{name}.{keyword} {HELP}" for keyword in DOCUMENT["components"]["parameters"][name]["schema"]]

    assert [one for one in unknown if one.split()[0].partition(".")[2] not in known] == []


def test_a_new_constraint_is_a_new_item(contract: Contract) -> None:
    """A parameter that gets a limit has one more item, to be covered in three ways."""
    invoke = contract.operations["Invoke"]
    limited = tuple(replace(one, max_length=4) if one.enum else one for one in invoke.parameters)
    other = replace(contract, operations={"Invoke": replace(invoke, parameters=limited)})

    added = {one.id: one.ways for one in items(other)}.items() - {one.id: one.ways for one in items(contract)}.items()

    ways = (Way.VALID, Way.BOUNDARY, Way.INVALID)
    assert added == {(f"Invoke/{name}/maxLength", ways) for name in ("InvocationType", "LogType")}


def test_headers_are_there_or_not(contract: Contract) -> None:
    """What an answer may have is to be seen, and what it must not have is to be missed."""
    ways = {one.id: one.ways for one in items(contract) if one.kind is Kind.HEADER}

    assert ways["Invoke/200/X-Amz-Function-Error"] == (Way.PRESENT,)
    assert ways["Invoke/202/X-Amz-Function-Error"] == (Way.ABSENT,)


def test_words_are_explained() -> None:
    """Each kind and each way has a text, which the pages show."""
    assert (KINDS.keys(), WAYS.keys()) == (set(Kind), set(Way))
