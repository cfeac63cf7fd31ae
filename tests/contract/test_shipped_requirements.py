"""The shipped requirements: valid by their schema, which a run takes for granted."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from conformance.contract import requirements as module
from conformance.contract.requirements import load_requirements
from conformance.contract.source import spec_folder
from conformance.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.contract.requirements import Requirement


def test_the_shipped_files_are_as_the_schema_wants(requirements: Mapping[str, Requirement]) -> None:
    """They pass the check that a folder of the user's has to pass, and are read alike with it and without."""
    assert load_requirements(spec_folder()) == requirements


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ("tier: core", "tier: cores", "tier: 'cores' is not one of"),
        ("observe: answer", "observe: answered", "observe: 'answered' is not one of"),
        ("    text: ", "    text: [] #", "text: "),
    ],
)
def test_a_shipped_file_that_was_edited_wrongly_is_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str, problem: str
) -> None:
    """Where one can't be read the schema says why, by file, line and key."""
    folder = tmp_path / "spec"
    shutil.copytree(spec_folder(), folder)
    path = folder / "requirements" / "names.yaml"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    line = text[: text.index(right)].count("\n") + 1
    monkeypatch.setattr(module, "spec_folder", lambda: folder)
    module._shipped.cache_clear()  # noqa: SLF001  what is remembered is of the right folder  # pyright: ignore[reportPrivateUsage]

    try:
        with pytest.raises(UsageError, match=rf"names\.yaml:{line}: requirements\[\d+\].*{problem}"):
            load_requirements()
    finally:
        module._shipped.cache_clear()  # noqa: SLF001  nor may the wrong one be  # pyright: ignore[reportPrivateUsage]
