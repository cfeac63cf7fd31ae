"""The report as JUnit XML: a suite per area, a test case per case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from conformance.oracle.outcome import Outcome
from conformance.report.text import printable
from conformance.report.words import sentence
from conformance.run.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.report.records import CaseRecord, Report

RESULTS: Mapping[Outcome, type[Failure | Error | Skipped]] = {
    Outcome.FAIL: Failure,
    Outcome.VOID: Error,
    Outcome.SKIP: Skipped,
    Outcome.KNOWN: Skipped,
    Outcome.NOTE: Skipped,
}
"""What JUnit calls an outcome; a pass has no result."""
SPOKEN_FOR = frozenset({ExitCode.HOLDS, ExitCode.BROKEN})
"""Exit codes that follow from the cases; any other one is an error of its own, lest a reader take it for a success."""


def write_junit(report: Report, path: Path) -> None:
    """Write the report; void cases are errors, skipped, known and noted ones say why, never silently pass."""
    xml = JUnitXml("invoke-conformance")
    suites = {area: _suite(area, report) for area in dict.fromkeys(case.area for case in report.cases)}
    for area, suite in suites.items():
        # All at once: the library counts a suite anew with each addition.
        suite.add_testcases([_case(case) for case in report.cases if case.area == area])
    if report.footer.exit_code not in SPOKEN_FOR:
        suites["run"] = _suite("run", report)
        suites["run"].add_testcase(_run(report))
    for suite in suites.values():
        xml.add_testsuite(suite)
    xml.update_statistics()
    xml.write(str(path), pretty=True)  # pyright: ignore[reportUnknownMemberType]  # the library leaves a parameter untyped


def _suite(name: str, report: Report) -> TestSuite:
    """Return a suite with its properties, which come before its cases."""
    suite = TestSuite(name)
    suite.timestamp = report.header.started
    suite.add_property("target", printable(report.header.target["name"]))
    suite.add_property("command", printable(report.header.command))
    return suite


def _run(report: Report) -> TestCase:
    case = TestCase("exit-code", "run")
    case.result = [Error(printable(sentence(report)), f"exit {report.footer.exit_code}")]
    return case


def _case(case: CaseRecord) -> TestCase:
    found = TestCase(case.id, case.requirements[0] if case.requirements else case.area, round(case.seconds, 6))
    if case.outcome in RESULTS:
        message = printable(case.reason) or "; ".join(_broken(case))
        result = RESULTS[case.outcome](message, case.outcome.value)
        if case.outcome is Outcome.FAIL:
            result.text = printable("\n".join((*_broken(case), *filter(None, case.curl), case.again)))
        found.result = [result]
    return found


def _broken(case: CaseRecord) -> list[str]:
    return [
        printable(f"{check.requirement}: {check.subject}: expected {check.expected}, observed {check.observed}")
        for check in case.broken
    ]
