"""docs/peers.md: the page that says what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peering.counting import Measured


def write(measured: Measured) -> None:
    """Write the page."""
