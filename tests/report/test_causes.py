"""What to fix first: cases grouped by what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.reports import judged, report_of

from conformance.cases.model import Call, Step
from conformance.contract.requirements import Tier
from conformance.oracle.clause import Clause
from conformance.oracle.judge import Check
from conformance.oracle.outcome import Outcome
from conformance.report.causes import causes_of, reasons_of, said

if TYPE_CHECKING:
    from conformance.run.events import Judged


def broken(id_: str, *checks: tuple[str, str, str], tier: Tier = Tier.CORE) -> Judged:
    """Return a case that fails with these checks: requirement, subject, observation."""
    found = tuple(
        Check(Clause(name, subject, "equals", 1), Outcome.FAIL, seen, None, 1) for name, subject, seen in checks
    )
    event = judged(Outcome.FAIL, id_, tier=tier)
    case = replace(event.planned.case, steps=(Step(Call(), tuple(check.clause for check in found)),))
    return replace(event, planned=replace(event.planned, case=case), checks=found)


def test_the_most_frequent_cause_comes_first() -> None:
    """Cases that break a requirement in the same way are one cause, and the cause with most cases leads."""
    report = report_of(
        broken("names/a", ("names/a", "status", "500")),
        broken("names/b", ("payload/x", "status", "404")),
        broken("names/c", ("payload/x", "status", "404")),
    )

    found = causes_of(report.cases)

    assert [(one.requirement, [case.id for case in one.cases]) for one in found] == [
        ("payload/x", ["names/b", "names/c"]),
        ("names/a", ["names/a"]),
    ]


def test_among_equals_the_milder_tier_comes_first() -> None:
    """Of two causes with as many cases, the one that every client meets is first."""
    report = report_of(
        broken("names/a", ("names/a", "status", "500"), tier=Tier.STRICT),
        broken("names/b", ("names/b", "status", "500"), tier=Tier.CORE),
    )

    assert [cause.requirement for cause in causes_of(report.cases)] == ["names/b", "names/a"]


def test_another_observation_or_subject_is_another_cause() -> None:
    """One requirement that is broken in two ways has two causes."""
    report = report_of(
        broken("names/a", ("names/x", "status", "500")),
        broken("names/b", ("names/x", "status", "404")),
        broken("names/c", ("names/x", "error type", "404")),
    )

    assert len(causes_of(report.cases)) == 3


def test_ids_and_long_numbers_do_not_tell_causes_apart() -> None:
    """A request id or a timestamp in what was observed is no cause of its own."""
    report = report_of(
        broken("names/a", ("names/x", "json /id", "id 321680bf-a225-4dfc-af54-6e030b48c2f9 at 1764021600")),
        broken("names/b", ("names/x", "json /id", "id 9b7441d0-2e1f-4b9b-8da2-bf97ae97fc73 at 1764021977")),
    )

    assert [len(cause.cases) for cause in causes_of(report.cases)] == [2]


def test_the_first_broken_check_names_the_cause() -> None:
    """A case belongs to one cause, that of its first broken check, since the others tend to follow from it."""
    report = report_of(broken("names/a", ("names/x", "status", "500"), ("names/y", "json", "absent")))

    assert [cause.requirement for cause in causes_of(report.cases)] == ["names/x"]


def test_a_failure_without_checks_is_not_lost() -> None:
    """A case that fails because it checked nothing has a cause, too."""
    report = report_of(replace(judged(Outcome.FAIL), checks=()))

    (cause,) = causes_of(report.cases)

    assert (cause.requirement, cause.subject, cause.observed) == ("names/plain", "checks", "none")


def test_every_failure_has_one_cause_and_no_other_outcome_has() -> None:
    """The causes of an outcome hold exactly the cases of that outcome."""
    report = report_of(judged(Outcome.FAIL, "a/a"), judged(Outcome.NOTE, "a/b"), judged(Outcome.PASS, "a/c"))

    assert [case.id for cause in causes_of(report.cases) for case in cause.cases] == ["a/a"]
    assert [case.id for cause in causes_of(report.cases, Outcome.NOTE) for case in cause.cases] == ["a/b"]


def test_what_was_not_judged_by_reason() -> None:
    """Cases without a verdict are grouped by the reason, the most frequent first."""
    report = report_of(
        judged(Outcome.SKIP, "a/a", reason="one"),
        judged(Outcome.SKIP, "a/b", reason="other"),
        judged(Outcome.SKIP, "a/c", reason="other"),
        judged(Outcome.VOID, "a/d", reason="other"),
    )

    found = reasons_of(report.cases, Outcome.SKIP)

    assert [(reason, [case.id for case in cases]) for reason, cases in found.items()] == [
        ("other", ["a/b", "a/c"]),
        ("one", ["a/a"]),
    ]


def combined(outcome: Outcome, *classes: str, names: str = "LogType body name") -> Judged:
    """Return a case that combines parameters, with one check of the status."""
    event = judged(outcome, f"names/{'-'.join(classes)}")
    check = Check(Clause("names/x", "status", "equals", 200), outcome, "500")
    given = dict(zip(names.split(), classes, strict=True))
    case = replace(event.planned.case, classes=given, steps=(Step(Call(), (check.clause,)),))
    return replace(event, planned=replace(event.planned, case=case), checks=(check,))


def common(failing: str, holding: str) -> str:
    """Return what is said of failing combinations beside those that pass; each a word of one letter a class."""
    events = [combined(Outcome.FAIL, *one) for one in failing.split()]
    events += [combined(Outcome.PASS, *one) for one in holding.split()]
    (cause,) = causes_of(report_of(*events).cases)
    return said(cause.common)


@pytest.mark.parametrize(
    ("failing", "holding", "told"),
    [
        pytest.param("Tna Tnb Tma", "Nna Nmb Nma", "LogType=T", id="one class"),
        pytest.param("Tna Tnb Tnc Tnd", "Tma Tmb Nna Nnb", "LogType=T and body=n", id="two classes together"),
        pytest.param("Tna Umb Tnb Uma", "Nna Nmb Oma Onb", "LogType=T or U", id="two classes of one parameter"),
    ],
)
def test_what_sets_failing_combinations_apart_is_told(failing: str, holding: str, told: str) -> None:
    """The classes of which all failing combinations have one, and none that passes, are what brings a failure about."""
    assert common(failing, holding) == told


@pytest.mark.parametrize(
    ("failing", "holding"),
    [
        pytest.param("Tna Tnb", "Tnc", id="one passes though it is like them"),
        pytest.param("Tna", "Nna", id="one failure may be chance"),
        pytest.param("Tna Tmb", "", id="nothing passes"),
        pytest.param("Tna Una Vna Tmb Umb Vmb", "Nna Nmb", id="most classes of a parameter fail"),
    ],
)
def test_nothing_is_told_where_nothing_explains_it(failing: str, holding: str) -> None:
    """An explanation that is refuted, may be chance, or says next to nothing is none."""
    assert common(failing, holding) == ""


def test_what_is_quoted_makes_no_cause_of_its_own() -> None:
    """Messages that differ in the name that they quote, or in an ARN, are one cause."""
    report = report_of(
        broken("names/a", ("names/x", "error message", "Function not found: arn:aws:lambda:us-east-1:1:function:a")),
        broken("names/b", ("names/x", "error message", "Function not found: arn:aws:lambda:us-east-1:1:function:b")),
        broken("names/c", ("names/x", "error message", "Value 'a' is wrong")),
        broken("names/d", ("names/x", "error message", "Value 'b' is wrong")),
    )

    assert sorted(len(cause.cases) for cause in causes_of(report.cases)) == [2, 2]
