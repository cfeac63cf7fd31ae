"""Lists of known failures out of reports, and back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from support.reports import judged, report_of

from conformance.errors import UsageError
from conformance.oracle.outcome import Outcome
from conformance.report.known import signature_of, standing, update
from conformance.run.baseline import held_against, read_baseline
from conformance.run.exit_codes import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.records import Report
    from conformance.run.events import Judged

TODAY = date(2026, 11, 25)
FAILING = (judged(Outcome.FAIL, "names/a"), judged(Outcome.FAIL, "names/b"), judged(Outcome.PASS, "names/c"))


def write(report: Report, path: Path, **given: object) -> list[str]:
    """Write a list with the usual reason."""
    usual = {"reason": "old", "owner": "me", "expires": None, "ratchet": False}
    return update(report, path, **{**usual, **given})  # type: ignore[arg-type]  words by name


def test_what_fails_is_known_the_next_time(tmp_path: Path) -> None:
    """The failures of a report are those of its list, and the events that made it are known by it."""
    path = tmp_path / "known.yaml"

    changed = write(report_of(*FAILING), path)

    found = [held_against(one, read_baseline(path), TODAY) for one in FAILING]
    assert changed == ["2 known", "2 added", "0 changed", "0 removed"]
    assert [(event.outcome, stale) for event, stale in found] == [
        (Outcome.KNOWN, ""),
        (Outcome.KNOWN, ""),
        (Outcome.PASS, ""),
    ]


def test_what_is_said_of_a_failure_is_kept(tmp_path: Path) -> None:
    """A failure that is still the same keeps its reason; a new one gets the new one; a mended one goes."""
    path = tmp_path / "known.yaml"
    write(report_of(*FAILING), path)

    again = (judged(Outcome.FAIL, "names/a"), judged(Outcome.PASS, "names/b"), judged(Outcome.FAIL, "names/c"))
    changed = write(report_of(*again), path, reason="new")

    assert {id_: known.reason for id_, known in read_baseline(path).failures.items()} == {
        "names/a": "old",
        "names/c": "new",
    }
    assert changed == ["2 known", "1 added", "0 changed", "1 removed"]


def test_what_was_not_judged_stays_listed(tmp_path: Path) -> None:
    """A run of a few cases, or one that skips some, forgets nothing about the others."""
    path = tmp_path / "known.yaml"
    write(report_of(*FAILING), path)
    before = read_baseline(path).failures

    write(report_of(judged(Outcome.SKIP, "names/a", reason="absent")), path)

    assert read_baseline(path).failures == before


def test_unstable_cases_are_left_alone(tmp_path: Path) -> None:
    """What is listed as unstable stays so, and never becomes a known failure."""
    path = tmp_path / "known.yaml"
    path.write_text("unstable:\n- {id: names/a, reason: races}\n")

    write(report_of(*FAILING), path)

    assert read_baseline(path).unstable == {"names/a": "races"}
    assert set(read_baseline(path).failures) == {"names/b"}


@pytest.mark.parametrize("newcomer", [judged(Outcome.FAIL, "names/d"), judged(Outcome.FAIL, "names/a", observed="500")])
def test_the_ratchet_takes_no_new_failure(tmp_path: Path, newcomer: Judged) -> None:
    """With the ratchet, a failure that was not there, or was another one, is refused, and the list stays as it was."""
    path = tmp_path / "known.yaml"
    write(report_of(*FAILING), path)
    before = path.read_text()

    with pytest.raises(UsageError, match=newcomer.planned.case.id):
        write(report_of(newcomer, FAILING[1]), path, ratchet=True)

    assert path.read_text() == before
    assert write(report_of(FAILING[1], judged(Outcome.PASS, "names/a")), path, ratchet=True)[0] == "1 known"


def test_a_report_stands_to_a_list_as_a_run_would(tmp_path: Path) -> None:
    """A report with the listed failures ends with 0; with another one 1; with one that is mended or differs 5."""
    path = tmp_path / "known.yaml"
    write(report_of(*FAILING), path)
    baseline = read_baseline(path)

    same = standing(report_of(*FAILING), baseline)
    more = standing(report_of(*FAILING, judged(Outcome.FAIL, "names/d")), baseline)
    less = standing(report_of(FAILING[0], judged(Outcome.PASS, "names/b")), baseline)
    other = standing(report_of(judged(Outcome.FAIL, "names/a", observed="500"), FAILING[1]), baseline)

    assert [same[1], more[1], less[1], other[1]] == [
        ExitCode.HOLDS,
        ExitCode.BROKEN,
        ExitCode.STALE_BASELINE,
        ExitCode.STALE_BASELINE,
    ]
    assert any("names/d" in line for line in more[0])
    assert any("names/b" in line for line in less[0])


def test_the_signature_of_a_record_is_that_of_its_event(tmp_path: Path) -> None:
    """What is written from a report is what a run compares with, whatever the report hides."""
    path = tmp_path / "known.yaml"
    write(report_of(*FAILING), path)

    (case, *_) = report_of(*FAILING).cases

    assert signature_of(case) == read_baseline(path).failures["names/a"].fails
