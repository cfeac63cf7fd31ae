"""Why parts of the contract are not covered: the reasons that are known, as ``spec/holes.yaml`` has them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.source import check, read_yaml, spec_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Hole:
    """A reason why something is not covered.

    Attributes:
        items: globs of ids of items of the contract.
        ways: in which they are not covered.
        reason: in a sentence.
    """

    items: tuple[str, ...]
    ways: tuple[str, ...]
    reason: str


def load_holes(folder: Path | None = None) -> tuple[Hole, ...]:
    """Read the reasons of a spec folder, in the order of the file.

    Raises:
        UsageError: the file is unreadable or not as the schema wants it; names file, line and key.
    """
    document = read_yaml((folder or spec_folder()) / "holes.yaml")
    check(document, holes_schema())
    return tuple(
        Hole(tuple(one["items"]), tuple(one["ways"]), " ".join(one["reason"].split())) for one in document.data["holes"]
    )


def holes_schema() -> Mapping[str, Any]:
    """Return the published JSON Schema of the file."""
    text = (spec_folder() / "schemas" / "holes.schema.json").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema
