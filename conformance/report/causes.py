"""Groups cases by their cause, so that a report says first what to fix first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.contract.requirements import Tier
from conformance.oracle.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.report.records import CaseRecord, CheckRecord

_CHANGING = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8,}|\d{5,}")


@dataclass(frozen=True, slots=True)
class Cause:
    """One way in which a requirement is broken.

    Attributes:
        requirement: its id.
        subject: what was looked at.
        expected: in words, of the first case.
        observed: in words, of the first case.
        cases: that fail in this way, in order.
    """

    requirement: str
    subject: str
    expected: str
    observed: str
    cases: tuple[CaseRecord, ...]


def causes_of(cases: Iterable[CaseRecord], outcome: Outcome = Outcome.FAIL) -> list[Cause]:
    """Group cases of an outcome by the first check of each that is broken.

    Two failures have one cause when requirement, subject and observation are the same, ids and long numbers apart.
    The cause with the most cases comes first; among equals, the one that a milder tier has already.
    """
    groups: dict[tuple[str, str, str], list[Cause]] = {}
    for case in cases:
        if case.outcome is outcome:
            one = _cause(case, outcome)
            groups.setdefault((one.requirement, one.subject, _CHANGING.sub("*", one.observed)), []).append(one)
    return sorted(map(_together, groups.values()), key=lambda cause: (-len(cause.cases), _mildest(cause)))


def _cause(case: CaseRecord, outcome: Outcome) -> Cause:
    broken: CheckRecord | None = next((check for check in case.broken if check.outcome is outcome), None)
    if broken is None:  # a case without a single check fails, since it shows nothing
        return Cause(case.requirements[0], "checks", "at least one", "none", (case,))
    return Cause(broken.requirement, broken.subject, broken.expected, broken.observed, (case,))


def _together(group: list[Cause]) -> Cause:
    first = group[0]
    cases = tuple(case for cause in group for case in cause.cases)
    return Cause(first.requirement, first.subject, first.expected, first.observed, cases)


def _mildest(cause: Cause) -> int:
    return min(Tier(case.tier).rank for case in cause.cases)


def reasons_of(cases: Iterable[CaseRecord], outcome: Outcome) -> Mapping[str, list[CaseRecord]]:
    """Group cases that have no verdict by the reason for it, the most frequent first."""
    groups: dict[str, list[CaseRecord]] = {}
    for case in cases:
        if case.outcome is outcome:
            groups.setdefault(case.reason, []).append(case)
    return dict(sorted(groups.items(), key=lambda item: -len(item[1])))
