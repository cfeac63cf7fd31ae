"""The report for continuous integration, read back with a library that others use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import junitparser
import pytest
from support.reports import ALL, EVIL, TARGET, judged, named, report_of

from conformance.oracle.outcome import Outcome
from conformance.report.junit import SPOKEN_FOR
from conformance.run.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

library: Any = junitparser  # its types are incomplete


def suites(folder: Path) -> dict[str, Any]:
    """Return the suites of a report by name."""
    return {str(suite.name): suite for suite in library.JUnitXml.fromfile(str(folder / "junit.xml"))}


def cases(folder: Path) -> Iterator[Any]:
    """Yield the test cases of a report."""
    for suite in suites(folder).values():
        yield from suite


def test_each_outcome_is_told_in_junits_words(tmp_path: Path) -> None:
    """Fail is a failure, void an error; skip, known and note are skipped with the reason; a pass has no result."""
    report_of(*ALL, folder=tmp_path)

    found = {case.name: case.result for case in cases(tmp_path)}

    assert {name: [type(one) for one in results] for name, results in found.items()} == {
        "names/passing": [],
        "names/failing": [library.Failure],
        "names/known": [library.Skipped],
        "payload/skipped": [library.Skipped],
        "payload/void": [library.Error],
        "payload/noted": [library.Skipped],
    }
    assert [one.type for results in found.values() for one in results] == ["fail", "known", "skip", "void", "note"]
    assert all(one.message for results in found.values() for one in results)


def test_a_suite_per_area_with_true_counts(tmp_path: Path) -> None:
    """Areas are suites; the counts of suites and of the whole add up to the cases."""
    report_of(*ALL, folder=tmp_path)

    found = {name: (one.tests, one.failures, one.errors, one.skipped) for name, one in suites(tmp_path).items()}
    whole = library.JUnitXml.fromfile(str(tmp_path / "junit.xml"))

    assert found == {"names": (3, 1, 0, 1), "payload": (3, 0, 1, 2)}
    assert (whole.tests, whole.failures, whole.errors, whole.skipped) == (6, 1, 1, 3)


def test_the_order_that_readers_expect(broken_run: Path) -> None:
    """In a suite the properties come before the test cases, and each test case has at most one result."""
    root = ET.parse(broken_run / "junit.xml").getroot()  # noqa: S314  our own file

    assert root.tag == "testsuites"
    for suite in root:
        assert [child.tag for child in suite] == ["properties", *["testcase"] * int(suite.attrib["tests"])]
        assert {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"} <= suite.attrib.keys()
        assert all(len(case) <= 1 and {"name", "classname"} <= case.attrib.keys() for case in suite[1:])


def test_a_failure_says_what_to_do(tmp_path: Path) -> None:
    """A failure gives requirement, expected and observed, the curl line and the command that judges it alone."""
    report_of(judged(Outcome.FAIL, observed="404"), folder=tmp_path)

    ((result,),) = [case.result for case in cases(tmp_path)]

    assert result.message == "names/plain: status: expected 200, observed 404"
    assert "| curl " in str(result.text)
    assert str(result.text).endswith("--only names/plain")


def test_nothing_a_target_sends_breaks_the_xml(tmp_path: Path) -> None:
    """Markup stays text, and control characters, which XML has no way to say, are written as escapes."""
    controls = "".join(map(chr, [*range(0x20), 0x7F, 0x85, 0xFFFE, 0xFFFF])) + "\ud800"
    target = named(TARGET, f"<emulator> {controls}")

    report_of(judged(Outcome.FAIL, observed=f"{EVIL}{controls}]]>&amp;"), folder=tmp_path, target=target)

    data = (tmp_path / "junit.xml").read_bytes()
    tags = {one.tag for one in ET.fromstring(data).iter()}  # noqa: S314  our own file
    assert tags == {"testsuites", "testsuite", "properties", "property", "testcase", "failure"}
    assert re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data) is None
    ((result,),) = [case.result for case in cases(tmp_path)]
    assert "<script>alert(1)</script>" in result.message
    assert "\\x1b[31m" in result.message
    assert result.message.endswith("]]>&amp;")


@pytest.mark.parametrize("code", [code for code in ExitCode if code not in SPOKEN_FOR])
def test_what_is_no_verdict_is_never_green(tmp_path: Path, code: ExitCode) -> None:
    """A run that ended without a verdict has an error that says so, even when no case or only passes are in it."""
    report_of(judged(Outcome.PASS), folder=tmp_path, code=code, error="it was not there")

    (case,) = suites(tmp_path)["run"]

    assert [type(one) for one in case.result] == [library.Error]
    assert f"exit code {code.value}" in case.result[0].message


def test_a_run_that_passes_is_green(tmp_path: Path, reference_run: Path) -> None:
    """A run without failures has neither failures nor errors, and as many tests as cases."""
    report_of(judged(Outcome.PASS), folder=tmp_path, code=ExitCode.HOLDS)

    for folder in (tmp_path, reference_run):
        whole = library.JUnitXml.fromfile(str(folder / "junit.xml"))
        assert (whole.failures, whole.errors) == (0, 0)
        assert whole.tests == len(list(cases(folder))) > 0
