"""How many runs of a function may be under way at a time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from conformance.reference.answer import Refusal

if TYPE_CHECKING:
    from conformance.reference.functions import Invocation

REASON = "ReservedFunctionConcurrentInvocationLimitExceeded"


class Slots:
    """The slots of functions with a reserved concurrency; other functions have as many as they like."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def take(self, invocation: Invocation) -> bool:
        """Take a slot for a run; False when all are taken."""
        reserved = invocation.fixture.reserved
        if reserved is None:
            return True
        if self._taken[invocation.function_name] >= reserved:
            return False
        self._taken[invocation.function_name] += 1
        return True

    def give(self, invocation: Invocation) -> None:
        """Give back the slot of a run that has ended."""
        if invocation.fixture.reserved is not None:
            self._taken[invocation.function_name] -= 1


def throttled() -> Refusal:
    """Return the refusal of a synchronous call that finds no slot (recorded 2025-11-25)."""
    return Refusal("TooManyRequestsException", "Rate Exceeded.", {"Reason": REASON})
