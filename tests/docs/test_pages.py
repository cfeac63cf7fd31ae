"""The generated pages."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.fixture
def generator() -> Any:
    """The program that writes the pages."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["requirements.md", "coverage.md"])
def test_a_page_is_up_to_date(generator: Any, name: str) -> None:
    """What stands in docs/ is what the tables say; `python docs/generate.py` renews it."""
    assert (DOCS / name).read_text(encoding="utf-8") == generator.PAGES[name]()


def test_every_page_is_looked_at(generator: Any) -> None:
    """No page is generated beside those above."""
    assert set(generator.PAGES) == {"requirements.md", "coverage.md"}
