"""Writes lists of known failures out of reports, and holds reports against them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import yaml

from conformance.errors import UsageError
from conformance.oracle.outcome import Outcome
from conformance.report.text import printable
from conformance.run.baseline import NOT_FAILING, Baseline, read_baseline, signature, untrue
from conformance.run.exit_codes import EXIT_CODES, ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from conformance.report.records import CaseRecord, Report

FAILING = frozenset({Outcome.FAIL, Outcome.KNOWN})
UNTOLD = "not yet looked into"


def signature_of(case: CaseRecord) -> str:
    """Return how a recorded case fails, as :func:`conformance.run.baseline.signature` does."""
    broken = (check for check in case.checks if check.outcome is Outcome.FAIL)
    return signature((check.requirement, check.subject, check.observed) for check in broken)


def update(report: Report, path: Path, *, reason: str, owner: str, expires: date | None, ratchet: bool) -> list[str]:
    """Write the failures of a report as known ones; return in words what changed.

    What a list says of a failure that is still the same is kept: reason, owner and end. So is what it says of cases
    that the report did not judge, and of unstable ones.

    Args:
        report: of a run on the target.
        path: of the list; made where it is missing.
        reason: for new failures; empty for none yet.
        owner: of new failures.
        expires: of new failures.
        ratchet: whether the list may only get shorter.

    Raises:
        UsageError: the list is not as it must be, can't be written, or would get longer than the ratchet allows.
    """
    old = read_baseline(path) if path.exists() else Baseline()
    rows = {row["id"]: row for row in _rows(report, old, reason, owner, expires)}
    added, gone = rows.keys() - old.failures.keys(), old.failures.keys() - rows.keys()
    changed = {id_ for id_ in rows.keys() & old.failures.keys() if rows[id_]["fails"] != old.failures[id_].fails}
    if ratchet and (added or changed):
        named = ", ".join(sorted(added | changed)[:5])
        raise UsageError(
            "baseline-longer", f"{path}: {len(added | changed)} new failures, such as {named}", "--ratchet"
        )
    data: dict[str, Any] = {
        "target": f"{report.header.target['name']} {report.header.target['version']}".strip(),
        "tier": report.header.tier,
        "failures": [rows[id_] for id_ in sorted(rows)],
        "unstable": [{"id": id_, "reason": why} for id_, why in old.unstable.items()],
    }
    try:
        path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120), encoding="utf-8")
    except OSError as error:
        raise UsageError("baseline-unwritable", f"{path}: {error.strerror}") from error
    return [f"{len(rows)} known", f"{len(added)} added", f"{len(changed)} changed", f"{len(gone)} removed"]


def standing(report: Report, baseline: Baseline) -> tuple[list[str], ExitCode]:
    """Return in words how a report stands to what is known, a line a case, and the exit code that follows."""
    today = datetime.now(UTC).date()
    lines: list[str] = []
    worst = ExitCode.HOLDS
    for case in report.cases:
        known = baseline.failures.get(case.id)
        if case.id in baseline.unstable or not case.outcome.judged:
            continue
        if known is None and case.outcome in FAILING:
            lines.append(printable(f"new    {case.id}  {_how(case)}"))
            worst = ExitCode.BROKEN
        elif known is not None:
            failing = case.outcome in FAILING
            stale = untrue(known, signature_of(case), today) if failing else NOT_FAILING
            if stale:
                lines.append(printable(f"stale  {case.id}  {stale}"))
                worst = worst or ExitCode.STALE_BASELINE
    return [*lines, f"{len(lines)} not as is known; exit code {int(worst)}: {EXIT_CODES[worst]}"], worst


def _rows(report: Report, old: Baseline, reason: str, owner: str, expires: date | None) -> Iterator[Mapping[str, Any]]:
    cases = {case.id: case for case in report.cases}
    for id_, known in old.failures.items():
        if id_ not in cases or not cases[id_].outcome.judged:
            yield _row(id_, known.fails, "", known.reason, known.owner, known.expires)
    for case in report.cases:
        if case.outcome in FAILING and case.id not in old.unstable:
            known = old.failures.get(case.id)
            fails, how = signature_of(case), _how(case)
            if known is not None and known.fails == fails:
                yield _row(case.id, fails, how, known.reason, known.owner, known.expires)
            else:
                yield _row(case.id, fails, how, reason or UNTOLD, owner, expires)


def _row(id_: str, fails: str, how: str, reason: str, owner: str, expires: date | None) -> Mapping[str, Any]:
    row = {"id": id_, "fails": fails, "how": how, "reason": reason, "owner": owner}
    row["expires"] = expires.isoformat() if expires else ""
    return {key: value for key, value in row.items() if value}


def _how(case: CaseRecord) -> str:
    """Return the first check that a case breaks, in words."""
    broken = next((check for check in case.broken if check.outcome is Outcome.FAIL), None)
    return f"{broken.requirement}: {broken.subject}: {broken.observed}"[:200] if broken else "no check was made"
