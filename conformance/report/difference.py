"""What changed between two reports of one target, case by case."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from conformance.oracle.outcome import Outcome
from conformance.report.known import FAILING, signature_of
from conformance.report.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.report.records import CaseRecord, Report

KINDS: Mapping[str, tuple[str, bool]] = {
    "broken": ("failed not before, and fails now", True),
    "fails differently": ("failed before, and fails in another way now", True),
    "no longer tested": ("was judged before, and is skipped or void now", True),
    "vanished": ("was judged before, and is not there now", True),
    "fixed": ("failed before, and does not now", False),
    "tested now": ("was skipped or void before, and is judged now", False),
    "appeared": ("was not there before", False),
    "appeared failing": ("was not there before, and fails", True),
}
"""How a case can change: word -> what it means, and whether that is worse."""


@dataclass(frozen=True, slots=True)
class Change:
    """A case that is not as it was.

    Attributes:
        id: of the case.
        kind: of KINDS.
        before: outcome in the older report, or ``-``.
        after: outcome in the newer report, or ``-``.
        detail: how it fails now, or why it is not judged; may be empty.
    """

    id: str
    kind: str
    before: str
    after: str
    detail: str = ""

    @property
    def worse(self) -> bool:
        """Whether the target or its test got worse."""
        return KINDS[self.kind][1]


def differences(old: Report, new: Report) -> Sequence[Change]:
    """Return every case that changed, the kinds that are worse first, by id within a kind."""
    before, after = ({case.id: case for case in report.cases} for report in (old, new))
    found = list(_changes(before, after))
    order = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(found, key=lambda change: (order[change.kind], change.id))


def _changes(before: Mapping[str, CaseRecord], after: Mapping[str, CaseRecord]) -> Iterator[Change]:
    for id_, one in before.items():
        if id_ not in after:
            if one.outcome.judged:
                yield Change(id_, "vanished", one.outcome, "-")
        elif kind := _kind(one, after[id_]):
            yield Change(id_, kind, one.outcome, after[id_].outcome, _detail(after[id_]))
    for id_, one in after.items():
        if id_ not in before:
            kind = "appeared failing" if one.outcome in FAILING else "appeared"
            yield Change(id_, kind, "-", one.outcome, _detail(one))


def _kind(old: CaseRecord, new: CaseRecord) -> str:
    """Return how a case that both reports have changed; empty where it didn't."""
    if old.outcome.judged != new.outcome.judged:
        if new.outcome.judged and new.outcome in FAILING:
            return "broken"
        return "tested now" if new.outcome.judged else "no longer tested"
    if old.outcome in FAILING and new.outcome in FAILING:
        return "fails differently" if signature_of(old) != signature_of(new) else ""
    if new.outcome in FAILING:
        return "broken"
    return "fixed" if old.outcome in FAILING else ""


def _detail(case: CaseRecord) -> str:
    broken = next((check for check in case.broken if check.outcome is Outcome.FAIL), None)
    if broken is None:
        return case.reason
    return f"{broken.requirement}: {broken.subject}: expected {broken.expected}, observed {broken.observed}"


def shown(found: Sequence[Change], *, as_json: bool) -> str:
    """Return changes as lines, a kind after the other, with a last line that counts them; or as a JSON array."""
    if as_json:
        return json.dumps([{**asdict(one), "worse": one.worse} for one in found], indent=2, ensure_ascii=False)
    lines: list[str] = []
    for kind, some in groupby(found, key=lambda change: change.kind):
        lines.append(f"{kind}: {KINDS[kind][0]}")
        lines += [printable(f"  {one.id}  {one.before} -> {one.after}  {one.detail}".rstrip()) for one in some]
    counts = Counter(change.kind for change in found)
    told = " · ".join(f"{number} {kind}" for kind, number in counts.items()) or "nothing changed"
    return "\n".join([*lines, told])
