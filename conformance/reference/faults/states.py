"""Faults of functions that are not ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.answer import Refusal
from conformance.reference.faults.building import gate, other_refusal, status
from conformance.reference.faults.editing import refused_as
from conformance.reference.faults.model import Fault
from conformance.reference.rules import RULES, active

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.faults.building import Change

CONFLICT = "ResourceConflictException"
PENDING = ("function-states/pending",)


def _refused_as(name: str, word: Callable[[str], str] = str) -> Change:
    """Refuse a function that is not ready by another error, or in other words."""
    return other_refusal(lambda one: Refusal(name, word(one.message)) if one.name == CONFLICT else one)


FAULTS = (
    Fault(
        "function-states/pending-runs",
        "runs a function that is still being made",
        PENDING,
        gate(rules=tuple(rule for rule in RULES if rule is not active)),
        seen="ministack 1.5.33, but for versions with SnapStart",
    ),
    Fault(
        "function-states/pending-404",
        "does not find a function that is still being made",
        PENDING,
        _refused_as("ResourceNotFoundException"),
    ),
    Fault(
        "function-states/pending-not-ready",
        "refuses a function that is still being made as one in a VPC",
        PENDING,
        _refused_as("ResourceNotReadyException"),
    ),
    Fault(
        "function-states/pending-400",
        "refuses a function that is still being made with 400",
        PENDING,
        status(400, refused_as(CONFLICT)),
    ),
    Fault(
        "function-states/state-not-told",
        "does not tell the state of a function that is not ready",
        ("function-states/pending-message",),
        _refused_as(CONFLICT, lambda text: text.partition(". ")[0] + "."),
    ),
    Fault(
        "function-states/state-in-capitals",
        "tells the state of a function in capitals",
        ("function-states/pending-message",),
        _refused_as(CONFLICT, lambda text: text.replace("Pending", "PENDING")),
    ),
)
