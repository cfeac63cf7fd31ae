"""The contradictions: questions on which the sources about the real service disagree, and which one counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.requirements import EvidenceKind
from conformance.contract.source import check, read_yaml, spec_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Side:
    """One of the answers.

    Attributes:
        kind: how it is known.
        says: the answer.
        source: where it can be read.
        date: ISO day, month or year; empty where the source has none.
        facts: ids of the facts that it rests on.
    """

    kind: EvidenceKind
    says: str
    source: str
    date: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A question on which sources disagree.

    Attributes:
        id: stable.
        question: in a sentence.
        sides: at least two.
        enforced: what a target is held to.
        why: in a sentence.
        requirements: ids of those that it touches.
    """

    id: str
    question: str
    sides: tuple[Side, ...]
    enforced: str
    why: str
    requirements: tuple[str, ...]


def load_contradictions(folder: Path | None = None) -> tuple[Contradiction, ...]:
    """Read the contradictions of a spec folder, in the order of the file.

    Raises:
        UsageError: the file is unreadable or not as the schema wants it; names file, line and key.
    """
    document = read_yaml((folder or spec_folder()) / "contradictions.yaml")
    check(document, contradictions_schema())
    return tuple(_contradiction(entry) for entry in document.data["contradictions"])


def contradictions_schema() -> Mapping[str, Any]:
    """Return the published JSON Schema of the file."""
    text = (spec_folder() / "schemas" / "contradictions.schema.json").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema


def _contradiction(entry: Mapping[str, Any]) -> Contradiction:
    sides = tuple(
        Side(
            EvidenceKind(one["kind"]), one["says"], one["source"], str(one.get("date", "")), tuple(one.get("facts", ()))
        )
        for one in entry["sides"]
    )
    texts = {key: entry[key] for key in ("id", "question", "enforced", "why")}
    return Contradiction(**texts, sides=sides, requirements=tuple(entry["requirements"]))
