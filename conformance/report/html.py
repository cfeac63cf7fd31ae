"""The report as one HTML file: no network, no script, everything that a target sent escaped."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from statistics import median_low
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from conformance.contract.requirements import EVIDENCE_KINDS, TIERS, EvidenceKind
from conformance.coverage.items import KINDS, WAYS
from conformance.oracle.outcome import OUTCOMES, Outcome
from conformance.report.causes import causes_of, reasons_of, said
from conformance.report.keywords import keywords
from conformance.report.repeat import signed_alike
from conformance.report.text import printable
from conformance.report.words import count, sentence, verdict
from conformance.run.exit_codes import EXIT_CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from jinja2 import Template

    from conformance.report.records import CaseRecord, Report

FIRST = (Outcome.FAIL, Outcome.VOID, Outcome.NOTE, Outcome.KNOWN, Outcome.SKIP, Outcome.PASS)
"""The order in which cases are shown: what needs attention first."""
PIECES = 200
"""Of a page, that are written at once."""
UNJUDGED = tuple(outcome for outcome in FIRST if not outcome.judged)


def write_html(report: Report, path: Path) -> None:
    """Write the report, piece by piece: of a run of thousands of cases the whole page would take much memory."""
    stream = _template().stream(**_words(report))
    stream.enable_buffering(PIECES)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(stream)


def _words(report: Report) -> dict[str, Any]:
    """Return what the template speaks of."""
    return {
        "report": report,
        "verdict": verdict(report),
        "sentence": sentence(report),
        "causes": causes_of(report.cases),
        "notes": causes_of(report.cases, Outcome.NOTE),
        "unjudged": {outcome: reasons_of(report.cases, outcome) for outcome in UNJUDGED},
        "columns": _columns(report),
        "areas": _areas(report.cases),
        "ages": _ages(report),
        "ids": frozenset(case.id for case in report.cases),
        "keywords": keywords(report.cases),
        "kinds": KINDS,
        "ways": WAYS,
        "outcomes": OUTCOMES,
        "tier_texts": TIERS,
        "evidence_kinds": EVIDENCE_KINDS,
        "exit_codes": EXIT_CODES,
        "count": count,
        "said": said,
        "old_curl": _old_curl,
    }


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("conformance.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["printable"] = printable
    environment.filters["evidence"] = _evidence
    return environment.get_template("report.html.j2")


def _evidence(one: Mapping[str, str]) -> str:
    return " ".join(filter(None, (one["kind"], one["date"])))


def _totals(cases: Iterable[CaseRecord]) -> dict[str, int]:
    """Return how many cases there are of each outcome, judged, and in all."""
    outcomes = [case.outcome for case in cases]
    totals = {outcome.value: outcomes.count(outcome) for outcome in Outcome}
    return {**totals, "judged": sum(one.judged for one in outcomes), "all": len(outcomes)}


def _columns(report: Report) -> dict[str, Mapping[str, int]]:
    """Return the totals of each tier that has cases, and of all."""
    cases = {tier.value: [case for case in report.cases if case.tier == tier.value] for tier in TIERS}
    return {**{tier: _totals(found) for tier, found in cases.items() if found}, "all": _totals(report.cases)}


def _areas(cases: tuple[CaseRecord, ...]) -> list[tuple[str, list[CaseRecord], Mapping[str, int]]]:
    """Return the cases by area with their totals, those that need attention first in each."""
    ordered = sorted(cases, key=lambda case: (case.area, FIRST.index(case.outcome), case.id))
    groups = [(area, list(group)) for area, group in groupby(ordered, key=lambda case: case.area)]
    return [(area, group, _totals(group)) for area, group in groups]


def _old_curl(case: CaseRecord) -> bool:
    """Tell whether a curl older than 8.14 signs one of a case's requests wrongly."""
    targets = [exchange.sent.head.split(" ", 2)[1].encode("latin-1") for exchange in case.exchanges]
    return any(
        "--aws-sigv4" in line and not signed_alike(target) for line, target in zip(case.curl, targets, strict=False)
    )


def _ages(report: Report) -> Mapping[str, Any]:
    """Return on what the cited requirements rest: how many on which kind, and the age of the newest recordings."""
    kinds = dict.fromkeys(EvidenceKind, 0)
    days: list[int] = []
    today = datetime.fromisoformat(report.header.started).astimezone(UTC).date()
    for requirement in report.header.requirements.values():
        kinds[EvidenceKind(requirement["evidence"][0]["kind"])] += 1
        dates = [one["date"] for one in requirement["evidence"] if one["kind"] == EvidenceKind.RECORDED and one["date"]]
        days += [(today - datetime.fromisoformat(max(dates)).date()).days] if dates else []
    return {"kinds": kinds, "oldest": max(days, default=0), "median": median_low(days) if days else None}
