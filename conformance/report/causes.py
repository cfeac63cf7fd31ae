"""Groups cases by their cause, so that a report says first what to fix first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

from conformance.contract.requirements import Tier
from conformance.oracle.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.report.records import CaseRecord, CheckRecord

_CHANGING = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8,}|\d{5,}|'[^']*'|\barn:\S+")
FOR_EACH = 2
"""Failing combinations that each class of an explanation needs."""
MOST_TOGETHER = 3
"""Parameters that are looked for together as what brings a failure about."""


def said(common: Mapping[str, Sequence[str]]) -> str:
    """Return classes in words: ``LogType=Tail and body=none or null``."""
    return " and ".join(f"{parameter}={' or '.join(classes)}" for parameter, classes in common.items())


@dataclass(frozen=True, slots=True)
class Cause:
    """One way in which a requirement is broken.

    Attributes:
        requirement: its id.
        subject: what was looked at.
        expected: in words, of the first case.
        observed: in words, of the first case.
        cases: that fail in this way, in order.
        common: what brings it about: parameter -> the classes of which each failing combination has one, and no
            combination in which the check holds has one of each; empty where that can't be told.
    """

    requirement: str
    subject: str
    expected: str
    observed: str
    cases: tuple[CaseRecord, ...]
    common: Mapping[str, Sequence[str]] = field(default_factory=dict[str, "Sequence[str]"])


def causes_of(cases: Sequence[CaseRecord], outcome: Outcome = Outcome.FAIL) -> list[Cause]:
    """Group cases of an outcome by the first check of each that is broken.

    Two failures have one cause when requirement, subject and observation are the same, but for ids, long numbers, ARNs
    and what is quoted. The cause with the most cases comes first; among equals, the one that a milder tier has already.
    """
    groups: dict[tuple[str, str, str], list[Cause]] = {}
    for case in cases:
        if case.outcome is outcome:
            one = _cause(case, outcome)
            groups.setdefault((one.requirement, one.subject, _CHANGING.sub("*", one.observed)), []).append(one)
    found = [_together(group, cases) for group in groups.values()]
    return sorted(found, key=lambda cause: (-len(cause.cases), _mildest(cause)))


def _cause(case: CaseRecord, outcome: Outcome) -> Cause:
    broken: CheckRecord | None = next((check for check in case.broken if check.outcome is outcome), None)
    if broken is None:  # a case without a single check fails, since it shows nothing
        return Cause(case.requirements[0], "checks", "at least one", "none", (case,))
    return Cause(broken.requirement, broken.subject, broken.expected, broken.observed, (case,))


def _together(group: list[Cause], every: Sequence[CaseRecord]) -> Cause:
    first = group[0]
    cases = tuple(case for cause in group for case in cause.cases)
    failing = [case.classes for case in cases if case.classes]
    return replace(first, cases=cases, common=_common(failing, _holding(first, every)))


def _holding(cause: Cause, every: Sequence[CaseRecord]) -> list[Mapping[str, str]]:
    """Return the classes of the combinations in which the check of a cause holds."""
    return [
        case.classes
        for case in every
        if case.classes
        and any(
            (check.requirement, check.subject) == (cause.requirement, cause.subject) and check.outcome is Outcome.PASS
            for check in case.checks
        )
    ]


def _common(failing: Sequence[Mapping[str, str]], holding: Sequence[Mapping[str, str]]) -> Mapping[str, Sequence[str]]:
    """Return the fewest parameters whose classes in the failing combinations set them apart from all others.

    Few failures can be set apart by chance, so each class needs its failures, and a parameter of which most classes
    fail explains nothing.
    """
    if not failing or not holding:
        return {}
    seen = {name: list(dict.fromkeys(one[name] for one in failing)) for name in failing[0]}
    known = {name: {one[name] for one in (*failing, *holding)} for name in seen}
    names = [name for name in seen if 2 * len(seen[name]) <= len(known[name])]
    for size in range(1, MOST_TOGETHER + 1):
        for chosen in combinations(sorted(names, key=lambda name: len(seen[name])), size):
            if len(failing) < FOR_EACH * sum(len(seen[name]) for name in chosen):
                continue
            if not any(all(one[name] in seen[name] for name in chosen) for one in holding):
                return {name: seen[name] for name in chosen}
    return {}


def _mildest(cause: Cause) -> int:
    return min(Tier(case.tier).rank for case in cause.cases)


def reasons_of(cases: Iterable[CaseRecord], outcome: Outcome) -> Mapping[str, list[CaseRecord]]:
    """Group cases that have no verdict by the reason for it, the most frequent first."""
    groups: dict[str, list[CaseRecord]] = {}
    for case in cases:
        if case.outcome is outcome:
            groups.setdefault(case.reason, []).append(case)
    return dict(sorted(groups.items(), key=lambda item: -len(item[1])))
