"""No target test looks at the machine's own AWS configuration."""

from __future__ import annotations

import pytest
from support import aws


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    aws.forget(monkeypatch)
