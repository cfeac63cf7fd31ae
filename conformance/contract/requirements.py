"""The requirements: normative statements, each with the evidence for it, read from ``spec/requirements/*.yaml``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from conformance.contract.source import check, read_yaml, spec_folder
from conformance.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from conformance.contract.source import Document


class Tier(StrEnum):
    """How much of the contract a run insists on; each tier includes those before it."""

    CORE = "core"
    FULL = "full"
    STRICT = "strict"

    @property
    def rank(self) -> int:
        """Return 0 for core, 1 for full, 2 for strict."""
        return _RANKS[self]

    def includes(self, other: Tier) -> bool:
        """Tell whether a run of this tier checks a requirement of the other one."""
        return other in _INCLUDED[self]


_RANKS = {tier: rank for rank, tier in enumerate(Tier)}
_INCLUDED = {tier: frozenset(other for other in Tier if other.rank <= tier.rank) for tier in Tier}

TIERS: Mapping[Tier, str] = {
    Tier.CORE: "what every client relies on",
    Tier.FULL: "the whole documented surface",
    Tier.STRICT: "exact texts, key case, order of checks, headers that must be absent",
}


class EvidenceKind(StrEnum):
    """Why something is believed, strongest first."""

    RECORDED = "recorded"
    MODELLED = "modelled"
    DOCUMENTED = "documented"
    INFERRED = "inferred"


EVIDENCE_KINDS: Mapping[EvidenceKind, str] = {
    EvidenceKind.RECORDED: "seen on AWS",
    EvidenceKind.MODELLED: "in AWS's own model of the API",
    EvidenceKind.DOCUMENTED: "in AWS's documentation",
    EvidenceKind.INFERRED: "reasoned, not seen; can note, never fail",
}


class Observation(StrEnum):
    """How a breach of a requirement can be seen."""

    ANSWER = "answer"
    ANSWERS = "answers"
    FUNCTION = "function"
    EFFECT = "effect"
    QUEUE = "queue"
    NONE = "none"


OBSERVATIONS: Mapping[Observation, str] = {
    Observation.ANSWER: "in the answer to one request",
    Observation.ANSWERS: "by comparing the answers to several requests",
    Observation.FUNCTION: "by what the function says that it saw",
    Observation.EFFECT: "by a later call that asks what happened",
    Observation.QUEUE: "by a message in a queue",
    Observation.NONE: "not from outside, or not at will",
}

REQUIREMENT_SET = "2026.11"
"""The set that is scored; requirements of a later one are noted only."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason to believe a requirement.

    Attributes:
        kind: how strong it is.
        source: where it can be read.
        date: ISO day on which it was recorded or read; empty where the source has none.
        answer: what AWS answered, for recorded evidence.
        facts: ids of the facts that it rests on.
    """

    kind: EvidenceKind
    source: str
    date: str = ""
    answer: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """One normative statement.

    Attributes:
        id: stable, ``area/name``.
        area: the file it stands in.
        tier: how strict a run must be to check it.
        text: the statement, in our own words.
        evidence: at least one, the most telling first.
        observe: how a breach can be seen.
        untested: why no case checks it; empty where one does.
        since: the requirement set from which on it counts.
        supersedes: ids of facts that were true once and that it replaces.
        conflict: where sources disagree, and which one counts; may be empty.
        line: 1-based line in its file.
    """

    id: str
    area: str
    tier: Tier
    text: str
    evidence: tuple[Evidence, ...]
    observe: Observation = Observation.ANSWER
    untested: str = ""
    since: str = REQUIREMENT_SET
    supersedes: tuple[str, ...] = ()
    conflict: str = ""
    line: int = 0

    @property
    def can_fail(self) -> bool:
        """Tell whether a target that breaks this can be said to fail.

        Not on inferred evidence alone, and not on what was added after the set that is scored.
        """
        scored = self.since <= REQUIREMENT_SET
        return scored and any(one.kind is not EvidenceKind.INFERRED for one in self.evidence)

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of the facts that it accounts for, those that it supersedes included."""
        backing = (fact for one in self.evidence for fact in one.facts)
        return tuple(dict.fromkeys((*backing, *self.supersedes)))


def load_requirements(folder: Path | None = None) -> Mapping[str, Requirement]:
    """Read all requirements of a spec folder, by id, in the order of files and lines.

    The shipped ones are held against their schema by a test, and here only where they can't be read otherwise: that
    takes longer than all else that a run does before it sends something.

    Args:
        folder: another one than the shipped, held against the schema.

    Raises:
        UsageError: a file is unreadable or not as the schema wants it (names file, line and key),
            an id stands twice, or an id is not of its file's area.
    """
    return _shipped() if folder is None else _load(folder)


@cache
def _shipped() -> Mapping[str, Requirement]:
    try:
        return _load(spec_folder(), read_yaml)
    except (AttributeError, KeyError, TypeError, ValueError):
        return _load(spec_folder())


def _load(folder: Path, read: Callable[[Path], Document] | None = None) -> Mapping[str, Requirement]:
    found: dict[str, Requirement] = {}
    for path in _files(folder):
        for requirement in _requirements((read or _document)(path)):
            if requirement.id in found:
                raise UsageError("file-invalid", f"{path}:{requirement.line}: id: {requirement.id} stands twice")
            found[requirement.id] = requirement
    return found


def _files(folder: Path) -> list[Path]:
    files = sorted((folder / "requirements").glob("*.yaml"))
    if not files:
        raise UsageError("file-unreadable", f"{folder / 'requirements'}: no requirement files", "expected *.yaml")
    return files


def _document(path: Path) -> Document:
    document = read_yaml(path)
    check(document, requirements_schema())
    return document


def load_aside(folder: Path | None = None) -> Mapping[str, str]:
    """Return the facts that back no requirement, each with the reason.

    Raises:
        UsageError: a file is unreadable or not as the schema wants it, or a fact stands twice.
    """
    found: dict[str, str] = {}
    for path in _files(folder or spec_folder()):
        document = _document(path)
        for index, one in enumerate(document.data.get("aside", ())):
            if one["fact"] in found:
                where = _at(document, ("aside", index, "fact"))
                raise UsageError("file-invalid", f"{where}: aside: {one['fact']} stands twice")
            found[one["fact"]] = " ".join(one["reason"].split())
    return found


def requirements_schema() -> Mapping[str, Any]:
    """Return the published JSON Schema of a requirement file."""
    text = (spec_folder() / "schemas" / "requirements.schema.json").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema


def _requirements(document: Document) -> Iterator[Requirement]:
    area: str = document.data["area"]
    for index, entry in enumerate(document.data["requirements"]):
        requirement = _requirement(area, entry, document.line(("requirements", index)))
        if not requirement.id.startswith(f"{area}/"):
            where = _at(document, ("requirements", index, "id"))
            raise UsageError("file-invalid", f"{where}: id: {requirement.id} is not of the area {area}")
        yield requirement


def _at(document: Document, pointer: tuple[str | int, ...]) -> str:
    return f"{document.path}:{document.line(pointer)}"


def _requirement(area: str, entry: Mapping[str, Any], line: int) -> Requirement:
    evidence = [
        Evidence(
            kind=EvidenceKind(one["kind"]),
            source=one["source"],
            date=one.get("date", ""),
            answer=one.get("answer", ""),
            facts=tuple(one.get("facts", ())),
        )
        for one in entry["evidence"]
    ]
    return Requirement(
        id=entry["id"],
        area=area,
        tier=Tier(entry["tier"]),
        text=" ".join(entry["text"].split()),
        evidence=tuple(evidence),
        observe=Observation(entry["observe"]),
        untested=" ".join(entry.get("untested", "").split()),
        since=entry.get("since", REQUIREMENT_SET),
        supersedes=tuple(entry.get("supersedes", ())),
        conflict=" ".join(entry.get("conflict", "").split()),
        line=line,
    )
