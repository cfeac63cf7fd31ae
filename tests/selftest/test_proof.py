"""What trials prove: fates of faults, false alarms, idle cases, the smallest killing set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.oracle.outcome import Outcome
from conformance.reference.faults.building import stage
from conformance.reference.faults.model import Fault
from conformance.selftest.command import lines
from conformance.selftest.proof import Fate, Proof, prove
from conformance.selftest.proving import Trial
from conformance.selftest.trials import Made, Order

if TYPE_CHECKING:
    from collections.abc import Mapping

CASES = {"a/one": 1.0, "a/two": 1.0, "a/three": 1.0}


def fault(id_: str) -> Fault:
    """A fault that declares the requirement ``a/declared``."""
    return Fault(id_, "does wrong", ("a/declared",), stage())


def made(id_: str, broken: dict[str, tuple[str, ...]], *, differs: bool = True) -> Made:
    """A trial of a fault in which cases found requirements broken."""
    outcomes = {case: Outcome.FAIL if case in broken else Outcome.PASS for case in CASES}
    return Made(Order(id_), Trial(id_, outcomes, broken, {}), ("a/one",) if differs else ())


def proof(*trials: Made, kept: tuple[str, ...] = (), costs: Mapping[str, float] = CASES) -> Proof:
    """What trials prove over three cases."""
    faults = {one.order.fault: fault(one.order.fault) for one in trials if one.order.fault}
    return prove(trials, faults, costs, kept)


def fate(one: Made) -> Fate:
    """The fate of a single fault."""
    return proof(one).results[0].fate


def test_a_fault_is_killed_by_a_declared_requirement() -> None:
    """A case that fails for a requirement which the fault declares kills it, whatever else fails."""
    assert fate(made("x", {"a/one": ("a/other", "a/declared"), "a/two": ("a/other",)})) is Fate.KILLED


def test_another_reason_is_no_kill() -> None:
    """Cases that fail for other requirements alone don't kill a fault."""
    assert fate(made("x", {"a/one": ("a/other",)})) is Fate.OTHER_REASON


def test_a_fault_may_survive() -> None:
    """A fault that changes answers without a failing case has survived."""
    assert fate(made("x", {})) is Fate.SURVIVED


def test_what_changes_no_answer_is_not_applied() -> None:
    """Where no answer differs, nothing was tried, even if a case failed."""
    assert fate(made("x", {"a/one": ("a/declared",)}, differs=False)) is Fate.NOT_APPLIED


def test_every_outcome_but_pass_is_a_false_alarm() -> None:
    """On the unbroken reference all but a pass is a false alarm, named with seed, workers and what was the matter."""
    outcomes = {"a/one": Outcome.FAIL, "a/two": Outcome.NOTE, "a/three": Outcome.PASS}
    reasons = {"a/one": "step 1, status: 500, not 200", "a/two": "step 2, status: 500, not 200"}
    unbroken = Made(Order("", 7, 64), Trial("", outcomes, {"a/one": ("a/declared",)}, {}, reasons=reasons), ())

    assert proof(unbroken).alarms == (
        "a/one (seed 7, 64 workers): fail, step 1, status: 500, not 200",
        "a/two (seed 7, 64 workers): note, step 2, status: 500, not 200",
    )


def test_a_case_that_kills_nothing_is_idle_unless_it_is_kept() -> None:
    """Idle cases are those without a kill, but for those that the table keeps."""
    killing = made("x", {"a/one": ("a/declared",)})

    assert proof(killing).idle == ("a/two", "a/three")
    assert proof(killing, kept=("a/two", "a/three")).idle == ()


def test_the_smallest_set_kills_all() -> None:
    """The case that kills most comes first, and only what adds a kill is taken."""
    trials = (
        made("x", {"a/one": ("a/declared",), "a/two": ("a/declared",)}),
        made("y", {"a/two": ("a/declared",)}),
        made("z", {"a/three": ("a/declared",)}),
    )

    assert proof(*trials).smoke == ("a/three", "a/two")


def test_cheap_cases_kill_rather_than_dear_ones() -> None:
    """Two quick cases are taken for one that takes longer than both, but not for one as quick as each."""
    trials = (
        made("x", {"a/one": ("a/declared",), "a/two": ("a/declared",)}),
        made("y", {"a/one": ("a/declared",), "a/three": ("a/declared",)}),
    )

    assert proof(*trials).smoke == ("a/one",)
    assert proof(*trials, costs={**CASES, "a/one": 3.0}).smoke == ("a/three", "a/two")


def test_no_case_of_the_set_could_be_left_out() -> None:
    """What looked like a good choice is dropped when later ones, which have to be there, kill the same."""
    trials = (
        made("w", {"a/one": ("a/declared",), "a/two": ("a/declared",)}),
        made("x", {"a/one": ("a/declared",), "a/three": ("a/declared",)}),
        made("y", {"a/two": ("a/declared",)}),
        made("z", {"a/three": ("a/declared",)}),
    )

    assert proof(*trials, costs={**CASES, "a/one": 0.5}).smoke == ("a/three", "a/two")


def test_it_holds_only_if_all_of_it_does() -> None:
    """A survivor, a false alarm or an idle case each break the proof, and the last line says so."""
    everything: dict[str, tuple[str, ...]] = dict.fromkeys(CASES, ("a/declared",))
    whole = made("x", everything)
    alarm = Made(Order(), Trial("", {"a/one": Outcome.VOID}, {}, {}), ())

    assert proof(whole).holds
    assert not proof(whole, made("y", {})).holds
    assert not proof(whole, alarm).holds
    assert not proof(made("x", {"a/one": ("a/declared",)})).holds
    assert lines(proof(whole))[-1].startswith("PROVEN · 1 of 1 faults killed · 0 false alarms")
    assert lines(proof(whole, alarm))[-1].startswith("NOT PROVEN")


def test_what_breaks_it_is_named() -> None:
    """A survivor and an idle case are said, each with what it is."""
    said = lines(proof(made("x", {"a/one": ("a/declared",)}), made("y", {})))

    assert "survived: y: the reference does wrong (no case failed)" in said
    assert any(line.startswith("idle: a/two: kills no fault") for line in said)
