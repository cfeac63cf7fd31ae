"""Cases of the area request-errors: the bodies of refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import case, expect, invalid, invocation_type, not_found, refused
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    missing, content = "request-errors/not-found-body", "request-errors/invalid-content-body"
    validation, early = "request-errors/validation-body", "request-errors/constraints-before-look-up"
    return (
        case(
            "request-errors/not-found-body",
            "The body of ResourceNotFoundException has Type and Message",
            Call("{missing}"),
            not_found("names/unknown-function"),
            expect(missing, "json /Type", "equals", "User"),
            expect(missing, "json /Message", "is present"),
            twin="names/plain",
        ),
        case(
            "request-errors/validation-body",
            "The body of ValidationException has message and nothing else",
            Call(headers=invocation_type("Bogus")),
            invalid("invocation-types/unknown"),
            expect(validation, "json /message", "is present"),
            expect("request-errors/validation-body-only-message", "members", "equals", ["message"]),
            twin="invocation-types/request-response",
        ),
        case(
            "request-errors/invalid-content-body",
            "The body of InvalidRequestContentException has Type and message",
            Call(body=b"{"),
            refused("payload/malformed-json", 400, "InvalidRequestContentException"),
            expect(content, "json /Type", "equals", "User"),
            expect(content, "json /message", "is present"),
            twin="payload/object",
        ),
        case(
            "request-errors/constraints-before-look-up",
            "An unknown function with an illegal qualifier is refused for the qualifier",
            Call("{missing}", "Qualifier=invalid!"),
            invalid(early),
            twin="names/plain",
        ),
    )
