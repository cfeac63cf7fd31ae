"""Cases of the area invocation-types: values that are none, and what each type refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import (
    DRY_RUN,
    EVENT,
    case,
    expect,
    invalid,
    invocation_type,
    log_type,
    not_found,
    refused,
)
from conformance.cases.invocation_types import BODY
from conformance.cases.model import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

TWINS: Mapping[str, str] = {
    "RequestResponse": "invocation-types/request-response",
    "Event": "invocation-types/event",
    "DryRun": "invocation-types/dry-run",
}
"""Invocation type -> the case that sends it in its right spelling."""


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the cases of values that are not in the enumeration, and of refusals by type."""
    allowed = contract.operations["Invoke"].parameter("X-Amz-Invocation-Type").enum
    return (*_unknown(allowed), *_wrong_case(allowed), *_unclear(), *_by_event(), *_by_dry_run())


def enumerated(value: str, member: str, allowed: tuple[str, ...]) -> str:
    """Return the pattern of the message about a value outside an enumeration, whose values stand in any order."""
    members = rf"\[(?=.*{')(?=.*'.join(allowed)})(\w+(, )?){{{len(allowed)}}}\]"
    return (
        f"^1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
        f"Member must satisfy enum value set: {members}$"
    )


def _unknown(allowed: tuple[str, ...]) -> tuple[Case, ...]:
    values = {"unknown": ("Bogus", "A type that is like none"), "near-miss": ("dry_run", "A type in another spelling")}
    return tuple(
        case(
            f"invocation-types/{name}",
            f"{what} is refused, and the message names it",
            Call(headers=invocation_type(value), body=BODY),
            invalid("invocation-types/unknown"),
            expect(
                "invocation-types/unknown-message",
                "error message",
                "matches",
                enumerated(value, "invocationType", allowed),
            ),
            twin=TWINS["RequestResponse"],
        )
        for name, (value, what) in values.items()
    )


def _wrong_case(allowed: tuple[str, ...]) -> tuple[Case, ...]:
    lower = {value: "wrong-case" if value == "RequestResponse" else f"lower-case-{value.lower()}" for value in allowed}
    spellings = {name: (value, value.lower()) for value, name in lower.items()}
    spellings |= {f"upper-case-{value.lower()}": (value, value.upper()) for value in allowed}
    return tuple(
        case(
            f"invocation-types/{name}",
            f"{spelled} is not {value}, and is refused",
            Call(headers=invocation_type(spelled), body=BODY),
            invalid("invocation-types/case-sensitive"),
            twin=TWINS[value],
        )
        for name, (value, spelled) in spellings.items()
    )


def _unclear() -> tuple[Case, ...]:
    """What the service does is not recorded; what it can't do is clear."""
    repeated = "invocation-types/repeated"
    rows: dict[str, tuple[str, tuple[tuple[str, str], ...], str, list[int]]] = {
        "empty": ("An empty type", invocation_type(""), "invocation-types/empty-value", [200, 400]),
        "repeated": ("Event, twice", EVENT + EVENT, repeated, [202, 400]),
        "contradicting": (
            "DryRun and RequestResponse",
            DRY_RUN + invocation_type("RequestResponse"),
            repeated,
            [200, 204, 400],
        ),
    }
    return tuple(
        case(
            f"invocation-types/{name}",
            f"{what} is taken for what it says, or refused",
            Call(headers=headers, body=BODY),
            expect(requirement, "status", "is one of", statuses),
        )
        for name, (what, headers, requirement, statuses) in rows.items()
    )


def _by_event() -> tuple[Case, ...]:
    checked = "invocation-types/event-checked-first"
    return _refusals(
        "event",
        "Event",
        {
            "unknown-function": ("an unknown function", Call("{missing}"), not_found(checked)),
            "unknown-alias": ("an unknown alias", Call("{versioned}", "Qualifier=no-such-alias"), not_found(checked)),
            "illegal-qualifier": ("an illegal qualifier", Call("{versioned}", "Qualifier=live!"), invalid(checked)),
        },
    )


def _by_dry_run() -> tuple[Case, ...]:
    found, validated = "invocation-types/dry-run-looks-up", "invocation-types/dry-run-validates"
    return _refusals(
        "dry-run",
        "DryRun",
        {
            "unknown-function": ("an unknown function", Call("{missing}"), not_found(found)),
            "unknown-alias": ("an unknown alias", Call("{versioned}", "Qualifier=no-such-alias"), not_found(found)),
            "illegal-qualifier": ("an illegal qualifier", Call("{versioned}", "Qualifier=live!"), invalid(validated)),
            "unknown-log-type": ("an unknown log type", Call(headers=log_type("Head")), invalid(validated)),
            "contradicting-qualifiers": (
                "contradicting qualifiers",
                Call("{versioned}:2", "Qualifier=live"),
                refused(validated, 400, "InvalidParameterValueException"),
            ),
        },
    )


def _refusals(name: str, value: str, rows: Mapping[str, tuple[str, Call, Expectation]]) -> tuple[Case, ...]:
    """Return a case a row; its twin is the same type of the echo, or through an alias."""
    return tuple(
        case(
            f"invocation-types/{name}-{fault}",
            f"{value} with {what} is refused",
            Call(call.FunctionName, call.query, invocation_type(value) + call.headers, BODY),
            refusal,
            twin=f"invocation-types/{name}-of-alias" if call.query else f"invocation-types/{name}",
        )
        for fault, (what, call, refusal) in rows.items()
    )
