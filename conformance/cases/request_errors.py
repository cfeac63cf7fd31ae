"""Cases of the area request-errors: the bodies of refusals, by the table of their shapes."""

from __future__ import annotations

from itertools import chain, combinations
from typing import TYPE_CHECKING

from conformance.cases.building import ARN, case, expect, invalid, invocation_type, not_found, refused, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

CONTENT, PARAMETER = "InvalidRequestContentException", "InvalidParameterValueException"
NOT_FOUND, CONFLICT = "ResourceNotFoundException", "ResourceConflictException"
USER = r'(?s)^(?!.*"Type"\s*:(?!\s*"User"))'
"""A body that has no Type, or one that is User."""
OWN_ID = "x-amzn-RequestId"
A_UUID = "6d1f2b1e-3c0a-4c54-9a53-0f6f6d0b8a11"


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area that are about bodies."""
    return (
        *_of_validation(),
        *_not_found(contract),
        *_of_the_request(contract),
        *_of_states(contract),
        *_own_id(),
    )


def _shaped(contract: Contract, name: str) -> Expectation:
    """The body and the header are as the error's shape says; its optional members may be missing."""
    shape = contract.errors[name]
    required = [shape.message_key] if shape.message_key else []
    free = [one for one in shape.members if one not in required]
    allowed = chain.from_iterable(combinations(free, size) for size in range(len(free) + 1))
    return (
        refused("request-errors/modelled-status", shape.status[0], name)
        + expect("response-headers/error-type-bare", "header x-amzn-ErrorType", "equals", name)
        + expect("request-errors/modelled-message-key", f"json /{shape.message_key}", "matches", ".")
        + expect(
            "request-errors/modelled-members", "members", "is one of", [sorted([*required, *one]) for one in allowed]
        )
        + expect("request-errors/type-is-user", "text", "matches", USER)
    )


def _of_validation() -> tuple[Case, ...]:
    validation = "request-errors/validation-body"
    return (
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
            "request-errors/validation-body-of-name",
            "It is the same where the name is what is wrong",
            Call("{echo}!"),
            invalid("names/illegal-character"),
            expect(validation, "json /message", "is present"),
            expect("request-errors/validation-body-only-message", "members", "equals", ["message"]),
            expect("response-headers/error-type-bare", "header x-amzn-ErrorType", "equals", "ValidationException"),
            twin="names/plain",
        ),
    )


def _not_found(contract: Contract) -> tuple[Case, ...]:
    body = "request-errors/not-found-body"
    found = ARN.replace("{region}", "{other_region}")
    return tuple(
        case(
            f"request-errors/not-found-{id_}",
            f"The body of ResourceNotFoundException has Type and Message where {what}",
            call,
            not_found(requirement),
            expect(body, "json /Type", "equals", "User"),
            expect(body, "json /Message", "is present"),
            _shaped(contract, NOT_FOUND),
            twin=twin,
        )
        for id_, what, call, requirement, twin in (
            ("body", "there is no such function", Call("{missing}"), "names/unknown-function", "names/plain"),
            (
                "version",
                "there is no such version",
                Call(query="Qualifier=99"),
                "qualifiers/unknown-version",
                "names/plain",
            ),
            (
                "alias",
                "there is no such alias",
                Call(query="Qualifier=none"),
                "qualifiers/unknown-alias",
                "names/plain",
            ),
            ("region", "the function is of another region", Call(found + "{echo}"), "names/wrong-region", "names/arn"),
        )
    )


def _of_the_request(contract: Contract) -> tuple[Case, ...]:
    content = "request-errors/invalid-content-body"
    return (
        case(
            "request-errors/invalid-content-body",
            "The body of InvalidRequestContentException has Type and message",
            Call(body=b"{"),
            refused("payload/malformed-json", 400, CONTENT),
            expect(content, "json /Type", "equals", "User"),
            expect(content, "json /message", "is present"),
            _shaped(contract, CONTENT),
            twin="payload/object",
        ),
        case(
            "request-errors/invalid-parameter-body",
            "The body of InvalidParameterValueException has message",
            Call("{versioned}:2", "Qualifier=1"),
            refused("qualifiers/disagreeing", 400, PARAMETER),
            _shaped(contract, PARAMETER),
            twin="qualifiers/suffix-and-same-parameter",
        ),
    )


def _of_states(contract: Contract) -> tuple[Case, ...]:
    return (
        case(
            "request-errors/conflict-body",
            "The body of ResourceConflictException has message",
            Call("{pending}"),
            refused("function-states/pending", 409, CONFLICT),
            _shaped(contract, CONFLICT),
            twin="names/plain",
        ),
    )


def _own_id() -> tuple[Case, ...]:
    accepted, bad = "request-errors/request-id-of-the-caller", "request-errors/request-id-not-a-uuid"
    return (
        case(
            accepted,
            "A request with a request id of its own that is a UUID is accepted",
            Call(headers=((OWN_ID, A_UUID),)),
            succeeds(accepted),
        ),
        *(
            case(
                f"{bad}{suffix}",
                f"A request whose own request id is {what} is refused",
                Call(headers=((OWN_ID, value),)),
                refused(bad, 400, CONTENT),
                twin=accepted,
            )
            for suffix, what, value in (
                ("", "a word", "not-a-uuid"),
                ("-but-nearly", "a UUID without its last digit", A_UUID[:-1]),
            )
        ),
    )
