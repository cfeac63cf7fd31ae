"""The table of reasons for what is not covered: readable, and without twins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.contract.holes import load_holes
from conformance.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def test_each_item_is_explained_once() -> None:
    """No glob and way stands in two entries, so that one reason counts."""
    named = [(glob, way) for hole in load_holes() for glob in hole.items for way in hole.ways]

    assert len(named) == len(set(named))


def test_reasons_are_folded(tmp_path: Path) -> None:
    """A reason over several lines is one line."""
    (tmp_path / "holes.yaml").write_text("holes:\n  - {items: [a/*], ways: [valid], reason: one\n      two}\n")

    (hole,) = load_holes(tmp_path)

    assert (hole.items, hole.ways, hole.reason) == (("a/*",), ("valid",), "one two")


def test_a_bad_file_is_blamed(tmp_path: Path) -> None:
    """A way that there is not is refused by file, line and key."""
    (tmp_path / "holes.yaml").write_text("holes:\n  - {items: [a], ways: [sideways], reason: r}\n")

    with pytest.raises(UsageError, match=r"holes\.yaml:2: holes\[0\]\.ways\[0\]"):
        load_holes(tmp_path)
