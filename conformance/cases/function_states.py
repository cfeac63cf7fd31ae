"""Cases of the area function-states, for targets that can keep a function out of the state Active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import ARN, case, expect, refused
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

NEEDS = ("function-states",)
TEXT = "The operation cannot be performed at this time. The function is currently in the following state: Pending"
CONFLICT = "ResourceConflictException"


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    pending, failed = "function-states/pending", "function-states/failed"
    return (
        case(
            "function-states/pending",
            "A function that is still being made is not run",
            Call("{pending}"),
            refused(pending, 409, CONFLICT),
            twin="names/plain",
            needs=NEEDS,
        ),
        case(
            "function-states/pending-message",
            "The refusal names the state",
            Call("{pending}"),
            refused(pending, 409, CONFLICT),
            expect("function-states/pending-message", "error message", "equals", TEXT),
            twin="names/plain",
            needs=NEEDS,
        ),
        case(
            "function-states/pending-arn",
            "Nor is it when it is called by its ARN",
            Call(ARN + "{pending}"),
            refused(pending, 409, CONFLICT),
            twin="names/arn",
            needs=NEEDS,
        ),
        case(
            "function-states/failed",
            "A function that could not be made is not run",
            Call("{failed}"),
            expect(failed, "status", "equals", 409),
            expect(failed, "error type", "equals", CONFLICT),
            twin="names/plain",
            needs=NEEDS,
        ),
    )
