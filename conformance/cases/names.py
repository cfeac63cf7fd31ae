"""Cases of the area names: every form of a FunctionName, and what is no name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.cases.building import ARN, PARTIAL_ARN, case, expect, invalid, not_found, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

BODY = b'{"named": true}'

MALFORMED_ARNS = {
    "other-service": (
        "An ARN of another service",
        "arn:{partition}:ec2:{region}:{account}:instance:i-1234567890abcdef0",
    ),
    "no-region": ("An ARN without a region", "arn:{partition}:lambda::{account}:function:{echo}"),
    "no-account": ("An ARN without an account", "arn:{partition}:lambda:{region}::function:{echo}"),
    "impossible-region": (
        "An ARN of a region that can't be one",
        "arn:{partition}:lambda:invalid-region:{account}:function:{echo}",
    ),
    "two-qualifiers": ("An ARN with two qualifiers", ARN + "{echo}:1:2"),
    "misspelled-latest": ("An ARN with the qualifier $LATES", ARN + "{echo}:$LATES"),
    "at-sign": (
        "An ARN with an at sign for a colon",
        "arn:{partition}:lambda:{region}:{account}@function:{echo}",
    ),
}
"""What is recorded as refused: part of the id -> the purpose and the FunctionName."""


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    longest = contract.operations["Invoke"].parameter("FunctionName").max_length or 0
    return (*_accepted(), *_malformed(), *_not_found(), *_too_long(longest))


def _accepted() -> tuple[Case, ...]:
    forms = {
        "plain": ("A plain name", "names/plain", Call("{echo}", body=BODY)),
        "partial-arn": ("A partial ARN", "names/partial-arn", Call(PARTIAL_ARN + "{echo}", body=BODY)),
        "arn-encoded": (
            "An ARN with encoded colons",
            "names/encoded-colons",
            Call(ARN + "{echo}", body=BODY),
        ),
        "arn-raw": (
            "An ARN with raw colons",
            "names/raw-colons",
            Call(ARN + "{echo}", body=BODY, escape="raw"),
        ),
    }
    found = tuple(
        case(
            f"names/{id_}",
            f"{what} finds the function",
            call,
            succeeds(requirement),
            expect(requirement, "json", "equals", {"named": True}),
        )
        for id_, (what, requirement, call) in forms.items()
    )
    arn = case(
        "names/arn",
        "An ARN finds the function and runs its unpublished version",
        Call(ARN + "{echo}", body=BODY),
        succeeds("names/arn"),
        expect("names/arn", "header X-Amz-Executed-Version", "equals", "$LATEST"),
    )
    return (*found, arn)


def _pattern_message(value: str) -> str:
    return (
        f"^1 validation error detected: Value '{re.escape(value)}' at 'functionName' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: \(arn:"
    )


def _malformed() -> tuple[Case, ...]:
    bad = "names/illegal-character"
    return (
        case(
            "names/exclamation-mark",
            "A name with an exclamation mark is refused",
            Call("{echo}!", body=BODY),
            invalid(bad),
            twin="names/plain",
        ),
        case(
            "names/star",
            "A star is refused as a name, and the refusal names value, member and pattern",
            Call("*", body=BODY),
            invalid(bad),
            expect("names/pattern-message", "error message", "matches", _pattern_message("*")),
            twin="names/plain",
        ),
        case(
            "names/partial-arn-bad-account",
            "A partial ARN whose account is no number is refused",
            Call("invalid-account:function:{echo}", body=BODY),
            invalid("names/malformed-arn"),
            twin="names/partial-arn",
        ),
        *(
            case(
                f"names/arn-{id_}",
                f"{what} is refused",
                Call(name, body=BODY),
                invalid("names/malformed-arn"),
                twin="names/arn",
            )
            for id_, (what, name) in MALFORMED_ARNS.items()
        ),
    )


def _not_found() -> tuple[Case, ...]:
    region = "names/wrong-region"
    found = ARN.replace("{region}", "{other_region}")
    return (
        case(
            "names/unknown-function",
            "A function that does not exist is not found",
            Call("{missing}", body=BODY),
            not_found("names/unknown-function"),
            expect(
                "names/unknown-function-message",
                "error message",
                "matches",
                r"^Function not found: arn:{partition}:lambda:{region}:{account}:function:{missing}(:\$LATEST)?$",
            ),
            twin="names/plain",
        ),
        case(
            "names/arn-without-name",
            "In an ARN that ends in :function the word is the name, and there is no such function",
            Call("arn:{partition}:lambda:{region}:{account}:function", body=BODY),
            not_found("names/word-function-is-a-name"),
            twin="names/arn",
        ),
        case(
            "names/bare-65-characters",
            "A bare name of 65 characters is looked up and not found",
            Call("a" * 65, body=BODY),
            not_found("names/bare-65-characters"),
            twin="names/plain",
        ),
        case(
            "names/arn-other-region",
            "An ARN of another region is not found here",
            Call(found + "{echo}", body=BODY),
            not_found(region),
            expect(
                "names/wrong-region-message",
                "error message",
                "matches",
                r"^Functions from '{other_region}' are not reachable in this region \('{region}'\)$",
            ),
            twin="names/arn",
        ),
    )


def _too_long(longest: int) -> tuple[Case, ...]:
    return (
        case(
            f"names/{longest + 1}-characters",
            f"A FunctionName of {longest + 1} characters is refused",
            Call("a" * (longest + 1), body=BODY),
            invalid("names/too-long"),
            twin="names/plain",
        ),
    )
