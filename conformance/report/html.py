"""The report as one HTML file: no network, no script, everything that a target sent escaped."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from conformance.contract.requirements import EVIDENCE_KINDS, TIERS, EvidenceKind
from conformance.oracle.outcome import OUTCOMES, Outcome
from conformance.report.causes import causes_of
from conformance.report.text import printable
from conformance.report.words import count, sentence, verdict
from conformance.run.exit_codes import EXIT_CODES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.report.records import CaseRecord, Report

FIRST = (Outcome.FAIL, Outcome.VOID, Outcome.NOTE, Outcome.KNOWN, Outcome.SKIP, Outcome.PASS)
"""The order in which cases are shown: what needs attention first."""


def write_html(report: Report, path: Path) -> None:
    """Write the report."""
    path.write_text(render_html(report), encoding="utf-8")


def render_html(report: Report) -> str:
    """Return the page."""
    environment = Environment(
        loader=PackageLoader("conformance.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["printable"] = printable
    environment.filters["evidence"] = _evidence
    return environment.get_template("report.html.j2").render(
        report=report,
        verdict=verdict(report),
        sentence=sentence(report),
        causes=causes_of(report.cases),
        tiers=_tiers(report),
        areas=_areas(report.cases),
        ages=_ages(report),
        outcomes=OUTCOMES,
        tier_texts=TIERS,
        evidence_kinds=EVIDENCE_KINDS,
        exit_codes=EXIT_CODES,
        count=count,
    )


def _evidence(one: Mapping[str, str]) -> str:
    return ", ".join(filter(None, (one["kind"], one["date"])))


def _tiers(report: Report) -> list[tuple[str, Mapping[str, int], int]]:
    """Return for each tier its cases by outcome, and how many there are."""
    found: list[tuple[str, Mapping[str, int], int]] = []
    for tier in TIERS:
        cases = [case for case in report.cases if case.tier == tier.value]
        totals = {outcome.value: sum(case.outcome is outcome for case in cases) for outcome in Outcome}
        if cases:
            found.append((tier.value, totals, len(cases)))
    return found


def _areas(cases: tuple[CaseRecord, ...]) -> list[tuple[str, list[CaseRecord]]]:
    """Return the cases by area, those that need attention first in each."""
    ordered = sorted(cases, key=lambda case: (case.area, FIRST.index(case.outcome), case.id))
    return [(area, list(group)) for area, group in groupby(ordered, key=lambda case: case.area)]


def _ages(report: Report) -> Mapping[str, Any]:
    """Return on what the cited requirements rest: how many on which kind, and the age of the newest recordings."""
    kinds = dict.fromkeys(EvidenceKind, 0)
    days: list[int] = []
    today = datetime.fromisoformat(report.header.started).astimezone(UTC).date()
    for requirement in report.header.requirements.values():
        kinds[EvidenceKind(requirement["evidence"][0]["kind"])] += 1
        dates = [one["date"] for one in requirement["evidence"] if one["kind"] == EvidenceKind.RECORDED and one["date"]]
        days += [(today - datetime.fromisoformat(max(dates)).date()).days] if dates else []
    return {
        "kinds": kinds,
        "oldest": max(days, default=0),
        "median": sorted(days)[len(days) // 2] if days else 0,
    }
