"""Cases of the area tenant, for targets with functions that isolate tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import ARN, EVENT, accepted, case, expect, invalid, refused, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

HEADER = "X-Amz-Tenant-Id"
INVALID = "InvalidParameterValueException"
TEXT = (
    "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request and try again."
)
LEGAL = ("blue", "a", "Team-7", "a.b_c:d/e=f+g-h@i", "two words")
"""Tenants with every class of character that the pattern allows."""
ILLEGAL = (("comma", "a,b"), ("bracket", "a[b]"), ("exclamation-mark", "a!b"))


def _tenant(name: str) -> tuple[tuple[str, str], ...]:
    return ((HEADER, name),)


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    longest = contract.operations["Invoke"].parameter(HEADER).max_length or 0
    return (*_accepted(longest), *_refused(), *_constraints(longest))


def _accepted(longest: int) -> tuple[Case, ...]:
    seen = "tenant/seen-by-function"
    return (
        *(
            case(
                f"tenant/accepted-{number}",
                f"A call for the tenant {name!r} is answered, and the function sees it",
                Call("{tenant}", headers=_tenant(name)),
                succeeds("tenant/accepted"),
                expect(seen, "json /tenant_id", "equals", name),
            )
            for number, name in enumerate(LEGAL, 1)
        ),
        case(
            f"tenant/{longest}-characters",
            "The longest tenant is accepted",
            Call("{tenant}", headers=_tenant("t" * longest)),
            succeeds("tenant/constraints"),
        ),
        case(
            "tenant/arn",
            "A call by ARN for a tenant is answered",
            Call(ARN + "{tenant}", headers=_tenant("blue")),
            succeeds("tenant/accepted"),
        ),
        case(
            "tenant/event",
            "An Event for a tenant is accepted",
            Call("{tenant}", headers=EVENT + _tenant("blue")),
            accepted(),
            expect("tenant/event", "status", "equals", 202),
        ),
    )


def _refused() -> tuple[Case, ...]:
    return (
        case(
            "tenant/missing",
            "A call without a tenant is refused",
            Call("{tenant}"),
            refused("tenant/missing", 400, INVALID),
            expect("tenant/missing-message", "error message", "equals", TEXT),
            twin="tenant/accepted-1",
        ),
        case(
            "tenant/unexpected",
            "A tenant for a function that isolates none is refused",
            Call(headers=_tenant("blue")),
            refused("tenant/unexpected", 400, INVALID),
            twin="names/plain",
            needs=("tenancy",),
        ),
    )


def _constraints(longest: int) -> tuple[Case, ...]:
    rows = (*ILLEGAL, (f"{longest + 1}-characters", "t" * (longest + 1)))
    return tuple(
        case(
            f"tenant/{name}",
            "A tenant that violates the model is refused",
            Call("{tenant}", headers=_tenant(value)),
            invalid("tenant/constraints"),
            twin="tenant/accepted-1",
        )
        for name, value in rows
    )
