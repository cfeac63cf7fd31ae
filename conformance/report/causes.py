"""Groups failures by their cause, so that a report says first what to fix first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.oracle.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    """Group cases of an outcome by the first check of each that is broken; the most frequent cause first.

    Two failures have one cause when requirement, subject and observation are the same, ids and long
    numbers apart.
    """
    groups: dict[tuple[str, str, str], list[tuple[CheckRecord, CaseRecord]]] = {}
    for case in cases:
        broken = [check for check in case.broken if check.outcome is outcome]
        if case.outcome is outcome and broken:
            groups.setdefault(_signature(broken[0]), []).append((broken[0], case))
    found = [
        Cause(first.requirement, first.subject, first.expected, first.observed, tuple(case for _, case in group))
        for group in groups.values()
        for first, _ in group[:1]
    ]
    return sorted(found, key=lambda cause: -len(cause.cases))


def _signature(check: CheckRecord) -> tuple[str, str, str]:
    return check.requirement, check.subject, _CHANGING.sub("*", check.observed)
