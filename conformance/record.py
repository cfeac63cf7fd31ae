"""Data classes of which thousands are made: frozen for the type checker alone.

To make one that is frozen at run time, too, takes five times as long: each value goes through ``object.__setattr__``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    record = dataclass
else:

    def record(*, frozen: bool, slots: bool) -> Any:  # noqa: ANN401  what makes a class of a class
        """Return what makes a data class, compared and hashed by value as ``dataclass(frozen=True)`` does it."""
        return dataclass(slots=slots, unsafe_hash=frozen)
