"""Cases of the area qualifiers: a version or alias that is there, asked for by ?Qualifier=, alone or with a suffix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import (
    ARN,
    PARTIAL_ARN,
    case,
    expect,
    refused,
    sequence,
    step,
    succeeds,
)
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

VERSION = "header X-Amz-Executed-Version"
SHARED = 20.0
"""Seconds in which each version that shares an alias's calls evenly has its turn, unless it never has."""

CHOSEN = {
    "version-1": ("?Qualifier=1 runs version 1", "Qualifier=1", "qualifiers/version", "1"),
    "version-2": ("?Qualifier=2 runs version 2", "Qualifier=2", "qualifiers/version", "2"),
    "alias": ("?Qualifier=live runs the version behind the alias", "Qualifier=live", "qualifiers/alias", "1"),
    "latest-raw": (
        "?Qualifier=$LATEST is the unpublished version",
        "Qualifier=$LATEST",
        "qualifiers/latest",
        "$LATEST",
    ),
    "latest-encoded": ("?Qualifier=%24LATEST is the same", "Qualifier=%24LATEST", "qualifiers/latest", "$LATEST"),
}
"""Part of the id -> the purpose, the query, the requirement, the version that runs."""

SEEN = {
    "unqualified": ("Without a qualifier the function sees an ARN without one", "", "unqualified-arn", "", "$LATEST"),
    "through-version": ("Through a version the function sees its number", "Qualifier=1", "version-arn", ":1", "1"),
    "through-alias": ("Through an alias the function sees the alias", "Qualifier=live", "alias-arn", ":live", "1"),
}
"""Part of the id -> the purpose, the query, part of the requirement's id, what stands behind the ARN, the version."""

AGREEING = {
    "suffix-and-same-parameter": ("{versioned}:2", "Qualifier=2", "2"),
    "suffix-and-same-alias": ("{versioned}:live", "Qualifier=live", "1"),
    "suffix-of-partial-arn-and-same-parameter": (PARTIAL_ARN + "{versioned}:2", "Qualifier=2", "2"),
    "latest-twice": (ARN + "{versioned}:$LATEST", "Qualifier=$LATEST", "$LATEST"),
    "latest-twice-encoded": (ARN + "{versioned}:$LATEST", "Qualifier=%24LATEST", "$LATEST"),
}
"""Part of the id -> FunctionName, query, the version that runs."""

DISAGREEING = {
    "suffix-and-other-parameter": (
        "A suffix and another parameter contradict each other, though both exist",
        "{versioned}:2",
        "Qualifier=live",
        "suffix-and-same-parameter",
    ),
    "alias-and-its-version": (
        "An alias and the version behind it contradict each other",
        "{versioned}:live",
        "Qualifier=1",
        "suffix-and-same-alias",
    ),
    "suffix-of-partial-arn-and-other-parameter": (
        "The suffix of a partial ARN and another parameter contradict each other",
        PARTIAL_ARN + "{versioned}:2",
        "Qualifier=1",
        "suffix-of-partial-arn-and-same-parameter",
    ),
    "latest-and-version": (
        "The suffix $LATEST of an ARN and a version contradict each other",
        ARN + "{versioned}:$LATEST",
        "Qualifier=1",
        "latest-twice",
    ),
    "latest-and-lower-case": (
        "$LATEST and $latest contradict each other",
        ARN + "{versioned}:$LATEST",
        "Qualifier=$latest",
        "latest-twice",
    ),
}
"""Part of the id -> the purpose, FunctionName, query, part of the twin's id."""
CONTRADICTION = "The derived qualifier from the function name does not match the specified qualifier."


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area that are about qualifiers which are there."""
    return (*_chosen(), *_seen_by_the_function(), *_agreeing(), *_disagreeing(), _weighted(), *_unrecorded())


def runs(requirement: str, version: str) -> Expectation:
    """The version that runs, as the header, the function itself and what the version was published with say."""
    runs = (
        succeeds(requirement)
        + expect(requirement, VERSION, "equals", version)
        + expect(requirement, "json /version", "equals", version)
    )
    return runs + expect(requirement, "json /marker", "equals", f"code {version}") if version.isdecimal() else runs


def _chosen() -> tuple[Case, ...]:
    chosen = tuple(
        case(f"qualifiers/{id_}", purpose, Call("{versioned}", query), runs(requirement, version))
        for id_, (purpose, query, requirement, version) in CHOSEN.items()
    )
    unpublished = case(
        "qualifiers/latest-without-versions",
        "?Qualifier=$LATEST finds a function that was never published",
        Call("{echo}", "Qualifier=$LATEST"),
        succeeds("qualifiers/latest"),
        expect("qualifiers/latest", VERSION, "equals", "$LATEST"),
    )
    return (*chosen, unpublished)


def _seen_by_the_function() -> tuple[Case, ...]:
    return tuple(
        case(
            f"qualifiers/arn-seen-{id_}",
            f"{purpose}, in its ARN",
            Call("{versioned}", query),
            succeeds(),
            expect(f"qualifiers/{part}-seen-by-function", "json /invoked_function_arn", "equals", arn),
            expect(f"qualifiers/{part}-seen-by-function", "json /version", "equals", version),
        )
        for id_, (purpose, query, part, behind, version) in SEEN.items()
        for arn in (ARN + "{versioned}" + behind,)
    )


def _agreeing() -> tuple[Case, ...]:
    return tuple(
        case(
            f"qualifiers/{id_}",
            f"The suffix of {name} and ?{query} agree",
            Call(name, query),
            runs("qualifiers/agreeing", version),
        )
        for id_, (name, query, version) in AGREEING.items()
    )


def _disagreeing() -> tuple[Case, ...]:
    contradicts = expect("qualifiers/disagreeing-message", "error message", "equals", CONTRADICTION)
    both_exist = tuple(
        case(
            f"qualifiers/{id_}",
            purpose,
            Call(name, query),
            refused("qualifiers/disagreeing", 400, "InvalidParameterValueException"),
            contradicts,
            twin=f"qualifiers/{twin}",
        )
        for id_, (purpose, name, query, twin) in DISAGREEING.items()
    )
    unknown = case(
        "qualifiers/disagreeing-of-unknown-function",
        "That two qualifiers contradict each other is said before the function is looked up",
        Call("{missing}:1", "Qualifier=2"),
        refused("qualifiers/disagreeing-before-look-up", 400, "InvalidParameterValueException"),
        twin="qualifiers/suffix-and-same-parameter",
    )
    return (*both_exist, unknown)


def _weighted() -> Case:
    """Both versions behind the alias have their turn, and each answer names the one that ran."""
    requirement = "qualifiers/weighted-alias"
    call = Call("{weighted}", "Qualifier=split")
    return sequence(
        "qualifiers/weighted-alias",
        "An alias that shares its calls between two versions runs now one, now the other, and the header tells which",
        step(call, succeeds(), expect(requirement, VERSION, "is as", "json /version"), repeat=4),
        step(call, succeeds(), expect(requirement, VERSION, "equals", "1"), within=SHARED),
        step(call, succeeds(), expect(requirement, VERSION, "equals", "2"), within=SHARED),
    )


def _unrecorded() -> tuple[Case, ...]:
    """What is only reasoned: these can note, and never fail."""
    empty, repeated = "qualifiers/empty", "qualifiers/repeated"
    return (
        case(
            "qualifiers/empty",
            "An empty qualifier is either none or a violation",
            Call("{versioned}", "Qualifier="),
            expect(empty, "status", "is one of", [200, 400]),
        ),
        case(
            "qualifiers/without-value",
            "The parameter without an equals sign is either no qualifier or a violation",
            Call("{versioned}", "Qualifier"),
            expect(empty, "status", "is one of", [200, 400]),
        ),
        case(
            "qualifiers/repeated",
            "The same qualifier twice is as good as once",
            Call("{versioned}", "Qualifier=1&Qualifier=1"),
            expect(repeated, "status", "equals", 200),
            expect(repeated, VERSION, "equals", "1"),
        ),
        case(
            "qualifiers/repeated-differently",
            "Of two different qualifiers one counts, or both are refused",
            Call("{versioned}", "Qualifier=1&Qualifier=2"),
            expect(repeated, "status", "is one of", [200, 400]),
        ),
    )
