"""What is kept of the selftest fits the tables: no fault or case was added without a new proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.authored import authored_cases
from conformance.contract.proof import kept_proof
from conformance.reference.faults.table import FAULTS
from conformance.selftest.kept import kept

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement

RENEW = "run `invoke-conformance selftest --update`; it says what is missing"


def test_every_fault_is_killed() -> None:
    """Each fault of the catalogue is in the kept matrix, with a case that kills it, and no other fault is."""
    matrix = kept_proof().matrix

    assert matrix.keys() == FAULTS.keys(), RENEW
    assert kept_proof().declared == {id_: tuple(sorted(one.requirements)) for id_, one in FAULTS.items()}, RENEW
    assert [fault for fault, killers in matrix.items() if not killers] == [], RENEW


def test_every_case_kills_a_fault(contract: Contract, requirements: Mapping[str, Requirement]) -> None:
    """Each case kills a fault, or is kept for a reason; the matrix names cases that there are."""
    cases = authored_cases(contract)
    killing = {case for killers in kept_proof().matrix.values() for case in killers}

    assert sorted(cases.keys() - killing - kept(cases, requirements).keys()) == [], RENEW
    assert sorted(killing - cases.keys()) == [], RENEW


def test_no_false_alarm_was_seen() -> None:
    """The unbroken reference passed under twenty seeds at least."""
    proof = kept_proof()

    assert (proof.alarms, proof.runs >= 20) == (0, True), RENEW


def test_the_smoke_set_kills_all() -> None:
    """The set that `--tier smoke` runs kills every fault, and is smaller than all cases together."""
    proof = kept_proof()
    smoke = set(proof.smoke)

    assert [fault for fault, killers in proof.matrix.items() if not smoke & set(killers)] == [], RENEW
    assert len(smoke) < len({case for killers in proof.matrix.values() for case in killers})
