"""Known failures: a case that fails exactly as a list says is *known*; anything else makes the list stale."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from conformance.contract.source import check, read_yaml, spec_folder
from conformance.oracle.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from conformance.contract.source import Document
    from conformance.run.events import Judged

TOLD = ("status", "error type")
"""Subjects of which the observation is part of how a case fails; of the others, only whether there was anything."""
NOTHING = "absent"
NOT_FAILING = "is listed as a failure, and does not fail"


Broken = tuple[str, str, str]
"""A check that does not hold: requirement, subject, and the observation in words."""


@dataclass(frozen=True, slots=True)
class Known:
    """A failure that is expected.

    Attributes:
        id: of the case.
        fails: its signature.
        reason: why it is put up with.
        owner: who is to end it; may be empty.
        expires: the last day on which it is; None for no end.
    """

    id: str
    fails: str
    reason: str
    owner: str = ""
    expires: date | None = None

    @property
    def why(self) -> str:
        """The reason, with owner and end, in words."""
        until = f"until {self.expires.isoformat()}" if self.expires else ""
        return ", ".join(filter(None, (self.reason, self.owner, until)))


@dataclass(frozen=True, slots=True)
class Baseline:
    """The failures of a target that are known.

    Attributes:
        failures: by the case's id.
        unstable: id of a case that fails now and then -> the reason; such a case is never a pass.
    """

    failures: Mapping[str, Known] = field(default_factory=dict[str, Known])
    unstable: Mapping[str, str] = field(default_factory=dict[str, str])


def signature(broken: Iterable[Broken]) -> str:
    """Return how a case fails, as a short digest: the same on the next run, another one when it fails in another way.

    Statuses and error types count as they are. Of everything else it only counts whether something was there, since it
    may hold ids, times and whatever a target says differently each time.
    """
    told = sorted({(requirement, subject, _told(subject, observed)) for requirement, subject, observed in broken})
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def _told(subject: str, observed: str) -> str:
    return observed if subject in TOLD or observed == NOTHING else "another"


def read_baseline(path: Path) -> Baseline:
    """Read a list of known failures.

    Raises:
        UsageError: the file is not as spec/schemas/baseline.schema.json says; names file, line and key.
    """
    document = read_yaml(path)
    check(document, json.loads((spec_folder() / "schemas" / "baseline.schema.json").read_text(encoding="utf-8")))
    data: Mapping[str, Any] = document.data
    failures: dict[str, Known] = {}
    for index, row in enumerate(data.get("failures") or ()):
        if row["id"] in failures:
            raise document.blame(("failures", index, "id"), f"{row['id']} stands twice")
        expires = _day(document, index, row["expires"]) if "expires" in row else None
        failures[row["id"]] = Known(row["id"], row["fails"], row["reason"], row.get("owner", ""), expires)
    return Baseline(failures, {row["id"]: row["reason"] for row in data.get("unstable") or ()})


def _day(document: Document, index: int, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise document.blame(("failures", index, "expires"), f"{text} is no day") from error


def held_against(event: Judged, baseline: Baseline, today: date) -> tuple[Judged, str]:
    """Return what comes of a case in the light of what is known, and why the list is stale; empty when it isn't."""
    id_, outcome = event.planned.case.id, event.outcome
    if id_ in baseline.unstable and outcome in {Outcome.PASS, Outcome.FAIL, Outcome.NOTE}:
        return replace(event, outcome=Outcome.KNOWN, reason=f"unstable: {baseline.unstable[id_]}"), ""
    known = baseline.failures.get(id_)
    if known is None or not outcome.judged:
        return event, ""
    if outcome is not Outcome.FAIL:
        return event, NOT_FAILING
    broken = (one for one in event.checks if one.outcome is Outcome.FAIL)
    found = signature((one.clause.requirement, one.clause.subject, one.observed) for one in broken)
    stale = untrue(known, found, today)
    if stale:
        return replace(event, reason=stale), stale
    return replace(event, outcome=Outcome.KNOWN, reason=known.why), ""


def untrue(known: Known, found: str, today: date) -> str:
    """Return why a case that fails with a signature is not known to do so; empty when it is."""
    if found != known.fails:
        return f"fails in another way than is known: {found}, not {known.fails}"
    if known.expires is not None and known.expires < today:
        return f"was known until {known.expires.isoformat()}, which is over"
    return ""
