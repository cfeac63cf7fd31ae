"""Cases of the area streaming that are refused, before any event of a stream."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.cases.building import EVENT, case, expect, invocation_type, log_type, not_found, refused
from conformance.cases.model import Call, Sized
from conformance.cases.streaming import BODY, NEEDS, STREAM

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

RESULT, VERSION, ALIAS = "streaming/result", "streaming/version", "streaming/alias"
"""Cases that succeed, of which the refused ones differ in one part."""


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the refusals of the area."""
    operation = contract.operations[STREAM]
    longest = {name: operation.parameter(name).max_length or 0 for name in ("FunctionName", "Qualifier")}
    rows = {
        **_types(),
        **_constraints(longest["FunctionName"], longest["Qualifier"]),
        **_not_found(),
        **_others(operation.body_limits["RequestResponse"]),
    }
    return tuple(
        case(
            f"streaming/{id_}",
            f"A streamed call with {what} is refused",
            replace(call, operation=STREAM),
            expectation,
            twin=twin,
            needs=NEEDS,
        )
        for id_, (what, call, expectation, twin) in rows.items()
    )


Rows = dict[str, tuple[str, Call, "Expectation", str]]
"""Id -> what is wrong, the call, what must hold, the twin."""


def _invalid(requirement: str) -> Expectation:
    """A refusal with 400; that its type is as for Invoke is inferred."""
    return expect(requirement, "status", "equals", 400) + expect(
        "streaming/constraints-error", "error type", "equals", "ValidationException"
    )


def _types() -> Rows:
    types, twin = _invalid("streaming/types"), "streaming/request-response"
    return {
        "event": ("the invocation type Event", Call(headers=EVENT, body=BODY), types, twin),
        "unknown-type": (
            "an unknown invocation type",
            Call(headers=invocation_type("Bogus"), body=BODY),
            types,
            twin,
        ),
    }


def _constraints(longest_name: int, longest_qualifier: int) -> Rows:
    broken = _invalid("streaming/constraints")
    return {
        "unknown-log-type": (
            "an unknown log type",
            Call("{log}", headers=log_type("Head")),
            broken,
            "streaming/tail",
        ),
        "illegal-name": ("an illegal character in the name", Call("{echo}!", body=BODY), broken, RESULT),
        "name-too-long": (
            f"a name of {longest_name + 1} characters",
            Call("a" * (longest_name + 1), body=BODY),
            broken,
            RESULT,
        ),
        "illegal-qualifier": (
            "an illegal character in the qualifier",
            Call("{versioned}", "Qualifier=live!"),
            broken,
            ALIAS,
        ),
        "qualifier-too-long": (
            f"a qualifier of {longest_qualifier + 1} characters",
            Call("{versioned}", "Qualifier=" + "a" * (longest_qualifier + 1)),
            broken,
            ALIAS,
        ),
    }


def _not_found() -> Rows:
    missing = not_found("streaming/unknown-function")
    return {
        "unknown-function": ("a function that does not exist", Call("{missing}", body=BODY), missing, RESULT),
        "unknown-alias": (
            "an alias that does not exist",
            Call("{versioned}", "Qualifier=no-such-alias"),
            missing,
            ALIAS,
        ),
        "unknown-version": ("a version that does not exist", Call("{versioned}", "Qualifier=1221"), missing, VERSION),
    }


def _others(most: int) -> Rows:
    contradicting = refused("streaming/contradicting-qualifiers", 400, "InvalidParameterValueException")
    content = refused("streaming/malformed-json", 400, "InvalidRequestContentException")
    return {
        "contradicting-qualifiers": (
            "two qualifiers that contradict each other",
            Call("{versioned}:2", "Qualifier=live"),
            contradicting,
            "streaming/suffix",
        ),
        "malformed-json": ("a body that is no JSON", Call(body=b"test data"), content, RESULT),
        "cut-json": ("a body that ends within JSON", Call(body=b'{"cut": '), content, RESULT),
        "get": ("GET", Call(method="GET", body=b""), expect("streaming/only-post", "status", "equals", 403), RESULT),
        "request-too-large": (
            "a body of a byte more than the limit",
            Call("{nothing}", body=Sized(most + 1)),
            refused("streaming/request-limit", 413, "RequestEntityTooLargeException"),
            "streaming/largest-request",
        ),
    }
