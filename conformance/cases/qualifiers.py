"""Cases of the area qualifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import (
    ARN,
    PARTIAL_ARN,
    case,
    expect,
    invalid,
    not_found,
    refused,
    succeeds,
)
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

VERSION = "header X-Amz-Executed-Version"


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    longest = contract.operations["Invoke"].parameter("Qualifier").max_length or 0
    return (*_chosen(), *_seen_by_the_function(), *_both(), *_not_found(longest), *_invalid(longest))


def _runs(requirement: str, version: str) -> Expectation:
    """The version that runs, as the header and the function itself say."""
    return (
        succeeds(requirement)
        + expect(requirement, VERSION, "equals", version)
        + expect(requirement, "json /version", "equals", version)
    )


def _chosen() -> tuple[Case, ...]:
    latest, suffix = "qualifiers/latest", "qualifiers/suffix"
    table = {
        "version-1": (
            "?Qualifier=1 runs version 1",
            Call("{versioned}", "Qualifier=1"),
            _runs("qualifiers/version", "1"),
        ),
        "version-2": (
            "?Qualifier=2 runs version 2",
            Call("{versioned}", "Qualifier=2"),
            _runs("qualifiers/version", "2"),
        ),
        "alias": (
            "?Qualifier=live runs the version behind the alias",
            Call("{versioned}", "Qualifier=live"),
            _runs("qualifiers/alias", "1"),
        ),
        "latest-raw": (
            "?Qualifier=$LATEST runs the unpublished version",
            Call("{versioned}", "Qualifier=$LATEST"),
            _runs(latest, "$LATEST"),
        ),
        "latest-encoded": (
            "?Qualifier=%24LATEST is the same",
            Call("{versioned}", "Qualifier=%24LATEST"),
            _runs(latest, "$LATEST"),
        ),
        "suffix-version": ("NAME:2 runs version 2", Call("{versioned}:2"), _runs(suffix, "2")),
        "suffix-alias": (
            "NAME:live runs the version behind the alias",
            Call("{versioned}:live"),
            _runs(suffix, "1"),
        ),
        "suffix-of-arn": (
            "ARN:live runs the version behind the alias",
            Call(ARN + "{versioned}:live"),
            _runs(suffix, "1"),
        ),
        "suffix-of-partial-arn": (
            "PARTIAL_ARN:2 runs version 2",
            Call(PARTIAL_ARN + "{versioned}:2"),
            _runs(suffix, "2"),
        ),
    }
    return tuple(case(f"qualifiers/{id_}", purpose, call, runs) for id_, (purpose, call, runs) in table.items())


def _seen_by_the_function() -> tuple[Case, ...]:
    unqualified = "qualifiers/unqualified-arn-seen-by-function"
    aliased = "qualifiers/alias-arn-seen-by-function"
    arn = "json /invoked_function_arn"
    return (
        case(
            "qualifiers/arn-seen-unqualified",
            "Without a qualifier the function sees an ARN without one",
            Call("{versioned}"),
            succeeds(),
            expect(unqualified, arn, "equals", ARN + "{versioned}"),
        ),
        case(
            "qualifiers/arn-seen-through-alias",
            "Through an alias the function sees the alias in its ARN, and the number of its version",
            Call("{versioned}", "Qualifier=live"),
            succeeds(),
            expect(aliased, arn, "equals", ARN + "{versioned}:live"),
            expect(aliased, "json /version", "equals", "1"),
        ),
    )


def _both() -> tuple[Case, ...]:
    agreeing, disagreeing = "qualifiers/agreeing", "qualifiers/disagreeing"
    return (
        case(
            "qualifiers/suffix-and-same-parameter",
            "A suffix and an equal parameter agree",
            Call("{versioned}:2", "Qualifier=2"),
            _runs(agreeing, "2"),
        ),
        case(
            "qualifiers/suffix-and-other-parameter",
            "A suffix and another parameter contradict each other, though both exist",
            Call("{versioned}:2", "Qualifier=live"),
            refused(disagreeing, 400, "InvalidParameterValueException"),
            expect(
                "qualifiers/disagreeing-message",
                "error message",
                "equals",
                "The derived qualifier from the function name does not match the specified qualifier.",
            ),
            twin="qualifiers/suffix-and-same-parameter",
        ),
    )


def _not_found(longest: int) -> tuple[Case, ...]:
    return (
        case(
            "qualifiers/unknown-alias",
            "An alias that does not exist is not found",
            Call("{versioned}", "Qualifier=no-such-alias"),
            not_found("qualifiers/unknown-alias"),
            twin="qualifiers/alias",
        ),
        case(
            "qualifiers/unknown-version",
            "A version that does not exist is not found",
            Call("{versioned}", "Qualifier=1221"),
            not_found("qualifiers/unknown-version"),
            twin="qualifiers/version-1",
        ),
        case(
            "qualifiers/lower-case-latest",
            "$latest is not $LATEST",
            Call("{versioned}", "Qualifier=$latest"),
            not_found("qualifiers/case-sensitive"),
            twin="qualifiers/latest-raw",
        ),
        case(
            f"qualifiers/{longest}-characters",
            f"A qualifier of {longest} characters is legal, and not found",
            Call("{versioned}", "Qualifier=" + "a" * longest),
            not_found("qualifiers/too-long"),
            twin="qualifiers/alias",
        ),
    )


def _invalid(longest: int) -> tuple[Case, ...]:
    return (
        case(
            "qualifiers/illegal-character",
            "A qualifier with an exclamation mark is refused",
            Call("{versioned}", "Qualifier=live!"),
            invalid("qualifiers/illegal-character"),
            twin="qualifiers/alias",
        ),
        case(
            f"qualifiers/{longest + 1}-characters",
            f"A qualifier of {longest + 1} characters is refused",
            Call("{versioned}", "Qualifier=" + "a" * (longest + 1)),
            invalid("qualifiers/too-long"),
            twin="qualifiers/alias",
        ),
        case(
            "qualifiers/with-illegal-name",
            "An illegal name and a qualifier that is too long are reported together",
            Call("{versioned}!", "Qualifier=" + "a" * (longest + 1)),
            expect("qualifiers/too-long", "status", "equals", 400),
            expect(
                "qualifiers/all-violations-together",
                "error message",
                "matches",
                "^2 validation errors detected: .+; .+",
            ),
            twin="qualifiers/alias",
        ),
    )
