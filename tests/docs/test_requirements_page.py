"""The generated page of requirements."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.fixture
def generator() -> Any:  # noqa: ANN401  a module
    """The program that writes the page."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(generator: Any) -> None:  # noqa: ANN401  a module
    """docs/requirements.md says what spec/ says; `python docs/generate.py` renews it."""
    assert (DOCS / "requirements.md").read_text(encoding="utf-8") == generator.render()
