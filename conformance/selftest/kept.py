"""Cases that may kill no fault, each with the reason why it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KEPT: Mapping[str, str] = {}
"""Id of a case -> reason."""
