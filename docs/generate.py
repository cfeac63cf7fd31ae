"""Writes docs/requirements.md from the tables of the suite: ``python docs/generate.py``."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cases.authored import authored_cases
from conformance.contract.contradictions import load_contradictions
from conformance.contract.reader import load_contract
from conformance.contract.requirements import (
    EVIDENCE_KINDS,
    OBSERVATIONS,
    REQUIREMENT_SET,
    TIERS,
    load_aside,
    load_requirements,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.contract.contradictions import Contradiction
    from conformance.contract.requirements import Evidence, Requirement

PAGE = Path(__file__).parent / "requirements.md"


def render() -> str:
    """Return the page."""
    requirements = load_requirements()
    checking: dict[str, list[str]] = {id_: [] for id_ in requirements}
    for case in authored_cases(load_contract()).values():
        for id_ in case.requirements:
            checking[id_].append(case.id)
    lines = [
        *_head(requirements),
        *_areas(requirements.values(), checking),
        *_contradictions(load_contradictions()),
        *_aside(load_aside()),
    ]
    return "\n".join(lines) + "\n"


def _head(requirements: Mapping[str, Requirement]) -> Iterator[str]:
    yield f"# Requirements, set {REQUIREMENT_SET}"
    yield ""
    yield f"{len(requirements)} statements about the AWS Lambda Invoke API, each with the evidence for it. This page is"
    yield "generated from `spec/` by `python docs/generate.py`; a test fails when it is out of date."
    yield ""
    for title, table in (("Tiers", TIERS), ("Evidence", EVIDENCE_KINDS), ("How a breach is seen", OBSERVATIONS)):
        words = "; ".join(f"*{word.value}*: {text}" for word, text in table.items())
        yield f"{title}: {words}."
        yield ""


def _areas(requirements: Iterable[Requirement], checking: Mapping[str, list[str]]) -> Iterator[str]:
    for area, members in groupby(requirements, key=lambda one: one.area):
        yield f"## {area}"
        yield ""
        for requirement in members:
            yield from _requirement(requirement, checking[requirement.id])


def _requirement(requirement: Requirement, cases: list[str]) -> Iterator[str]:
    yield f"### {requirement.id}"
    yield ""
    yield f"{requirement.text} *({requirement.tier.value}, seen {OBSERVATIONS[requirement.observe]})*"
    yield ""
    yield from (f"- {_evidence(one)}" for one in requirement.evidence)
    if requirement.conflict:
        yield f"- sources disagree: {requirement.conflict}"
    checked = f"checked by {_counted(cases)}" if cases else f"checked by no case: {requirement.untested}"
    yield f"- {checked}"
    yield ""


def _counted(cases: list[str]) -> str:
    shown = ", ".join(f"`{case}`" for case in cases[:5])
    return shown if len(cases) <= 5 else f"{shown} and {len(cases) - 5} more"  # noqa: PLR2004  enough to find the others


def _evidence(one: Evidence) -> str:
    dated = f"{one.kind.value} {one.date}".strip()
    answer = f" `{one.answer}`," if one.answer else ""
    return f"{dated}:{answer} {one.source}"


def _contradictions(contradictions: Iterable[Contradiction]) -> Iterator[str]:
    yield "## Where the sources disagree"
    yield ""
    for one in contradictions:
        yield f"### {one.question}"
        yield ""
        for side in one.sides:
            yield f"- {side.kind.value} {side.date}".rstrip() + f": {side.says} ({side.source})"
        yield f"- **held to:** {one.enforced} {one.why}"
        yield f"- requirements: {', '.join(f'`{id_}`' for id_ in one.requirements)}"
        yield ""


def _aside(aside: Mapping[str, str]) -> Iterator[str]:
    yield "## Facts that no requirement rests on"
    yield ""
    yield "| fact | why not |"
    yield "| --- | --- |"
    for fact, reason in aside.items():
        yield f"| `{fact}` | {reason.replace('|', '&#124;')} |"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
