"""The tables in words, and what there is to say about an id."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.errors import UsageError
from conformance.explain import TABLES, explain, table_as_json, table_as_text
from conformance.fixtures.table import FIXTURES
from conformance.generation.cases import every_case
from conformance.oracle.outcome import OUTCOMES
from conformance.targets.table import TARGETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_json_for_programs(name: str) -> None:
    """Each table is a JSON array of objects, each of which says what it is called and what it is."""
    rows = json.loads(table_as_json(name))

    assert len(rows) > 1
    assert all((row.get("id") or row["name"]) and (row.get("purpose") or row["text"]) for row in rows)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_a_line_for_each_row(name: str) -> None:
    """As text, a table has a line for each row, which begins with its name."""
    names = [row.get("id") or row["name"] for row in json.loads(table_as_json(name))]

    assert [line.split()[0] for line in table_as_text(name).splitlines()] == names


def test_the_tables_are_complete(contract: Contract, requirements: Mapping[str, Requirement]) -> None:
    """What is listed is what runs: all cases, requirements, fixtures and targets."""
    listed = {name: [row.get("id") or row["name"] for row in json.loads(table_as_json(name))] for name in TABLES}

    assert listed["cases"] == list(every_case(contract))
    assert listed["requirements"] == list(requirements)
    assert listed["fixtures"] == list(FIXTURES)
    assert listed["targets"] == list(TARGETS)


def test_requirements_name_the_cases_that_check_them(contract: Contract) -> None:
    """Each listed requirement names the cases that cite it."""
    rows = {row["id"]: row for row in json.loads(table_as_json("requirements"))}

    for case in every_case(contract).values():
        for id_ in case.requirements:
            assert case.id in rows[id_]["cases"]


def test_a_requirement_is_explained_with_its_evidence(requirements: Mapping[str, Requirement]) -> None:
    """A requirement is explained by tier, text, each piece of evidence with source and answer, and its cases."""
    one = requirements["qualifiers/unknown-alias"]

    text = explain(one.id)

    assert f"requirement {one.id} (tier {one.tier})" in text
    assert one.text in text
    for evidence in one.evidence:
        assert f"{evidence.kind} {evidence.date}".strip() in text
        assert evidence.source in text
        assert evidence.answer in text
    assert "checked by: qualifiers/unknown-alias" in text


def test_a_case_is_explained_with_its_steps_and_twin(contract: Contract) -> None:
    """A case is explained by its purpose, what each step sends and expects, and its twin."""
    case = every_case(contract)["qualifiers/unknown-alias"]

    text = explain(case.id)

    assert f"case {case.id}\n  {case.purpose}" in text
    assert "step 1: Invoke {versioned} Qualifier=no-such-alias" in text
    assert "status equals 404 [qualifiers/unknown-alias]" in text
    assert f"twin: {case.twin}" in text


def test_one_id_may_be_two_things(contract: Contract, requirements: Mapping[str, Requirement]) -> None:
    """An id that is both a requirement's and a case's is explained as both."""
    both = next(id_ for id_ in every_case(contract) if id_ in requirements)

    assert f"requirement {both}" in explain(both)
    assert f"case {both}" in explain(both)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_is_explained(outcome: str) -> None:
    """Each outcome is explained in words."""
    assert explain(outcome) == f"outcome {outcome}\n  {OUTCOMES[outcome]}"  # pyright: ignore[reportArgumentType]  # an Outcome is text


def test_everything_can_be_explained(contract: Contract, requirements: Mapping[str, Requirement]) -> None:
    """No id of a case or requirement is without an explanation."""
    for id_ in {*list(every_case(contract))[::60], *list(requirements)[::60]}:
        assert id_ in explain(id_)


def test_a_typo_gets_suggestions() -> None:
    """An id that is nearly one gets the nearest as a hint, each once."""
    with pytest.raises(UsageError) as caught:
        explain("qualifiers/unknown-allias")

    suggested = caught.value.hint.removeprefix("did you mean ").removesuffix("?").split(", ")
    assert caught.value.code == "id-unknown"
    assert suggested[0] == "qualifiers/unknown-alias"
    assert len(suggested) == len(set(suggested))


def test_nonsense_gets_the_way_to_all_ids() -> None:
    """An id that is like none gets no guess but the way to the tables."""
    with pytest.raises(UsageError) as caught:
        explain("xyzzy")

    assert caught.value.hint == "list requirements and list cases show all"
