"""An AWS configuration of its own for tests: whatever the machine has configured plays no part."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

NOWHERE: Mapping[str, str] = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""Configuration files that are empty, and no asking of the machine's metadata service."""


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take all of AWS's variables out of the environment and let none of its files be read."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in NOWHERE.items():
        monkeypatch.setenv(name, value)


def environment(**given: str) -> dict[str, str]:
    """Return this process's environment with only the given variables of AWS."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, **NOWHERE, **given}
