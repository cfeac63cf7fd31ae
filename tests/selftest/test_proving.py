"""Trials: the suite on the reference within one process, unbroken and with a fault."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from conformance.cases.authored import authored_cases
from conformance.oracle.outcome import Outcome
from conformance.reference.faults.table import FAULTS
from conformance.selftest.proving import Among, attempt, cases_about, other_cases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement

FAULT = "routing/unknown-route-404"


def test_the_unbroken_reference_holds(contract: Contract) -> None:
    """Without a fault every case passes."""
    cases = {id_: case for id_, case in authored_cases(contract).items() if case.area == "routing"}

    trial = asyncio.run(attempt(cases))

    assert trial.broken == {}
    assert set(trial.outcomes.values()) == {Outcome.PASS}


def test_a_fault_is_seen(contract: Contract) -> None:
    """With a fault, cases fail that check what it declares, and those about other things pass."""
    cases = {id_: case for id_, case in authored_cases(contract).items() if case.area in {"routing", "logs"}}

    trial = asyncio.run(attempt(cases, FAULT))

    assert "routing/only-post" in trial.broken["routing/get"]
    assert {id_.partition("/")[0] for id_ in trial.broken} <= {"routing"}


def test_a_fault_meets_the_cases_about_it_first(contract: Contract) -> None:
    """The cases that check what a fault declares can kill it, slow ones among them; the others are quick."""
    every = authored_cases(contract)
    about, others = cases_about(FAULT, Among.AUTHORED), other_cases(FAULT, Among.AUTHORED)

    assert "routing/get" in about
    assert "function-errors/timeout" not in {*about, *others}
    assert about.keys() & others.keys() == set()
    assert {*about, *others} < every.keys()


@pytest.mark.parametrize("id_", FAULTS)
def test_a_fault_declares_what_can_go_red(
    id_: str, requirements: Mapping[str, Requirement], contract: Contract
) -> None:
    """Each requirement that a fault declares exists, can fail, and has a case."""
    cited = {one for case in authored_cases(contract).values() for one in case.requirements}

    declared = FAULTS[id_].requirements

    assert declared
    assert [one for one in declared if one not in cited or not requirements[one].can_fail] == []


def test_a_fault_has_the_id_of_its_area() -> None:
    """Ids are ``area/name``, and what is broken completes a sentence."""
    assert [id_ for id_ in FAULTS if id_.count("/") != 1] == []
    assert [one.id for one in FAULTS.values() if one.breaks != one.breaks.strip().rstrip(".")] == []
