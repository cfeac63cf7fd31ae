"""The report as JUnit XML: a suite per area, a test case per case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from conformance.oracle.outcome import Outcome
from conformance.report.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.records import CaseRecord, Report


def write_junit(report: Report, path: Path) -> None:
    """Write the report; void cases are errors, skipped, known and noted ones say why, never silently pass."""
    xml = JUnitXml("invoke-conformance")
    suites: dict[str, TestSuite] = {}
    for case in report.cases:
        suite = suites.setdefault(case.area, TestSuite(case.area))
        suite.add_testcase(_case(case))
    if report.footer.error:
        suites["target"] = _unreachable(report.footer.error)
    for suite in suites.values():
        suite.add_property("target", report.header.target["name"])
        suite.add_property("command", printable(report.header.command))
        xml.add_testsuite(suite)
    xml.write(str(path), pretty=True)  # pyright: ignore[reportUnknownMemberType]  # the library leaves a parameter untyped


def _unreachable(error: str) -> TestSuite:
    suite = TestSuite("target")
    case = TestCase("target", "target")
    case.result = [Error(printable(error))]
    suite.add_testcase(case)
    return suite


def _case(case: CaseRecord) -> TestCase:
    found = TestCase(case.id, case.requirements[0] if case.requirements else case.area, round(case.seconds, 6))
    message = printable(case.reason) or "; ".join(
        printable(f"{check.requirement}: {check.subject}: expected {check.expected}, observed {check.observed}")
        for check in case.broken
    )
    kinds = {
        Outcome.FAIL: Failure,
        Outcome.VOID: Error,
        Outcome.SKIP: Skipped,
        Outcome.KNOWN: Skipped,
        Outcome.NOTE: Skipped,
    }
    if case.outcome in kinds:
        result = kinds[case.outcome](message, case.outcome.value)
        if case.curl and case.outcome is Outcome.FAIL:
            result.text = printable("\n".join((message, *case.curl, case.again)))
        found.result = [result]
    return found
