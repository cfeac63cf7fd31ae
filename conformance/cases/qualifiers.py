"""Cases of the area qualifiers: a version or alias that is there, asked for by ?Qualifier=, alone or with a suffix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import (
    ARN,
    PARTIAL_ARN,
    case,
    expect,
    invocation_type,
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
ARN_SEEN = "json /invoked_function_arn"

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
    "version-1": ("qualifiers/version-arn-seen-by-function", ":1"),
    "version-2": ("qualifiers/version-arn-seen-by-function", ":2"),
    "alias": ("qualifiers/alias-arn-seen-by-function", ":live"),
}
"""Part of the id -> the requirement that says what the function is told, and what stands behind its ARN."""

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
    return (*_chosen(), *_agreeing(), *_disagreeing(), *_unrecorded())


def runs(requirement: str, version: str) -> Expectation:
    """The version that runs, as the header, the function itself and what the version was published with say."""
    says = (
        succeeds(requirement)
        + expect(requirement, VERSION, "equals", version)
        + expect(requirement, "json /version", "equals", version)
    )
    return says + expect(requirement, "json /marker", "equals", f"code {version}") if version.isdecimal() else says


def _seen(id_: str) -> Expectation:
    """The ARN through which the function is called, as it is told."""
    requirement, behind = SEEN.get(id_, ("", ""))
    return expect(requirement, ARN_SEEN, "equals", ARN + "{versioned}" + behind) if requirement else ()


def _chosen() -> tuple[Case, ...]:
    chosen = tuple(
        case(f"qualifiers/{id_}", purpose, Call("{versioned}", query), runs(requirement, version), _seen(id_))
        for id_, (purpose, query, requirement, version) in CHOSEN.items()
    )
    unqualified = "qualifiers/unqualified-arn-seen-by-function"
    return (
        *chosen,
        case(
            "qualifiers/latest-without-versions",
            "?Qualifier=$LATEST finds a function that was never published",
            Call("{echo}", "Qualifier=$LATEST"),
            succeeds("qualifiers/latest"),
            expect("qualifiers/latest", VERSION, "equals", "$LATEST"),
        ),
        case(
            "qualifiers/arn-seen-unqualified",
            "Without a qualifier the unpublished version runs, and the function sees an ARN without one",
            Call("{versioned}"),
            succeeds(),
            expect(unqualified, "json /version", "equals", "$LATEST"),
            expect(unqualified, ARN_SEEN, "equals", ARN + "{versioned}"),
        ),
        sequence(
            "qualifiers/not-kept",
            "A call without a qualifier runs the unpublished version, though the call before named another",
            step(
                Call("{versioned}", "Qualifier=1", headers=invocation_type("RequestResponse")),
                runs("qualifiers/version", "1"),
            ),
            step(
                Call("{versioned}"),
                succeeds(),
                expect("response-headers/executed-version", VERSION, "equals", "$LATEST"),
                expect(unqualified, ARN_SEEN, "equals", ARN + "{versioned}"),
            ),
        ),
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
