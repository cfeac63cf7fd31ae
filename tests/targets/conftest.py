"""No target test looks at the machine's own AWS configuration, and none reads botocore's models anew."""

from __future__ import annotations

import botocore.session
import pytest
from botocore.loaders import Loader, create_loader
from support import aws

LOADER: Loader = create_loader()
"""Keeps what it has read."""


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    aws.forget(monkeypatch)
    monkeypatch.setattr(botocore.session, "create_loader", _loader)


def _loader(_: str | None = None) -> Loader:
    return LOADER
