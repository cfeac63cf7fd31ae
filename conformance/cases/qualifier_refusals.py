"""Cases of the area qualifiers: versions and aliases that are not there, and what can't be one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.cases.building import ARN, case, expect, invalid, not_found
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

UNKNOWN = {
    "unknown-alias": ("no-such-alias", "qualifiers/unknown-alias", "alias"),
    "unknown-version": ("1221", "qualifiers/unknown-version", "version-1"),
    "version-zero": ("0", "qualifiers/unknown-version", "version-1"),
    "huge-version": ("9" * 30, "qualifiers/unknown-version", "version-1"),
    "lower-case-latest": ("$latest", "qualifiers/case-sensitive", "latest-raw"),
    "misspelled-latest": ("$LATES", "qualifiers/well-formed", "latest-raw"),
    "dollar-sign": ("$", "qualifiers/well-formed", "latest-raw"),
    "every-class": ("No_Such-Alias$42", "qualifiers/well-formed", "alias"),
    "1-character": ("x", "qualifiers/well-formed", "alias"),
    "65-characters": ("a" * 65, "qualifiers/well-formed", "alias"),
}
"""Part of the id -> the qualifier, the requirement, part of the twin's id."""

UNKNOWN_SUFFIXES = {
    "unknown-alias-as-suffix": ("no-such-alias", "qualifiers/unknown-alias", "suffix-alias-of-name-encoded"),
    "every-class-as-suffix": ("No_Such-Alias42", "qualifiers/well-formed", "suffix-alias-of-name-encoded"),
    "unknown-version-as-suffix": ("1221", "qualifiers/unknown-version", "suffix-version-of-name-encoded"),
}
"""The same for suffixes."""

ILLEGAL = {
    "exclamation-mark": "live!",
    "space": "live ",
    "plus-sign": "live+",
    "percent-sign": "live%",
    "ampersand": "live&",
    "slash": "live/",
    "colon": "live:1",
    "comma": "live,",
    "dot": "live.1",
    "newline": "live\n",
    "accented-letter": "livé",
    "half-published": "$LATEST.PUBLISH",
}
"""Part of the id -> a qualifier that the pattern doesn't match."""


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area that are about refusals."""
    longest = contract.operations["Invoke"].parameter("Qualifier").max_length or 0
    return (*_unknown(longest), *_reasoned(), *_latest_published(), *_illegal(), *_too_long(longest))


def _message(qualifier: str) -> Expectation:
    pattern = f"^Function not found: {ARN}{{versioned}}:{re.escape(qualifier)}$"
    return expect("qualifiers/unknown-message", "error message", "matches", pattern)


def _unknown(longest: int) -> tuple[Case, ...]:
    longest_one = {f"{longest}-characters": ("a" * longest, "qualifiers/well-formed", "alias")}
    parameters = tuple(
        case(
            f"qualifiers/{id_}",
            f"{qualifier if len(qualifier) <= longest // 2 else f'A qualifier of {len(qualifier)} characters'} "
            "is legal, and not found",
            Call("{versioned}", f"Qualifier={qualifier}"),
            not_found(requirement),
            _message(qualifier),
            twin=f"qualifiers/{twin}",
        )
        for id_, (qualifier, requirement, twin) in (UNKNOWN | longest_one).items()
    )
    suffixes = tuple(
        case(
            f"qualifiers/{id_}",
            f"The suffix {suffix} is legal, and not found",
            Call("{versioned}:" + suffix),
            not_found(requirement),
            _message(suffix),
            twin=f"qualifiers/{twin}",
        )
        for id_, (suffix, requirement, twin) in UNKNOWN_SUFFIXES.items()
    )
    return (*parameters, *suffixes)


def _reasoned() -> tuple[Case, ...]:
    """What is only reasoned: these can note, and never fail."""
    return (
        case(
            "qualifiers/alias-in-capitals",
            "The alias in capitals is another alias",
            Call("{versioned}", "Qualifier=LIVE"),
            not_found("qualifiers/alias-case-sensitive"),
            twin="qualifiers/alias",
        ),
        case(
            "qualifiers/leading-zero",
            "A version is a text of digits, so 01 is not 1",
            Call("{versioned}", "Qualifier=01"),
            not_found("qualifiers/leading-zero"),
            twin="qualifiers/version-1",
        ),
    )


def _latest_published() -> tuple[Case, ...]:
    """$LATEST.PUBLISHED is legal; what it stands for must be missing in a function that was never published."""
    rows = (
        ("latest-published", Call("{echo}", "Qualifier=$LATEST.PUBLISHED"), "qualifiers/latest-without-versions"),
        ("latest-published-as-suffix", Call("{echo}:$LATEST.PUBLISHED"), "names/plain"),
    )
    legal, none = "qualifiers/latest-published", "qualifiers/no-published-version"
    kinds = ["NoPublishedVersionException", "ResourceNotFoundException"]
    return tuple(
        case(
            f"qualifiers/{id_}",
            "$LATEST.PUBLISHED is legal, and a function without versions has none",
            call,
            expect(legal, "status", "is one of", [400, 404]),
            expect(legal, "error type", "is one of", [*kinds, "InvalidParameterValueException"]),
            expect(none, "error type", "equals", kinds[0]),
            twin=twin,
        )
        for id_, call, twin in rows
    )


def _illegal() -> tuple[Case, ...]:
    message = (
        "^1 validation error detected: Value 'live!' at 'qualifier' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: "
    )
    return tuple(
        case(
            f"qualifiers/illegal-{id_}",
            f"{qualifier!r} can't be a qualifier",
            Call("{versioned}", f"Qualifier={quote(qualifier, safe='')}"),
            invalid("qualifiers/illegal-character"),
            expect("qualifiers/pattern-message", "error message", "matches", message)
            if id_ == "exclamation-mark"
            else (),
            twin="qualifiers/alias",
        )
        for id_, qualifier in ILLEGAL.items()
    )


def _too_long(longest: int) -> tuple[Case, ...]:
    length = longest + 1
    limit = f"Member must have length less than or equal to {longest}"
    alone = rf"^1 validation error detected: Value '[^']*' at 'qualifier' failed to satisfy constraint: {limit}$"
    both = (
        rf"^2 validation errors detected: (?=.*at 'qualifier' .*{limit})(?=.*at 'functionName' .*expression pattern: )"
    )
    return (
        case(
            f"qualifiers/{length}-characters",
            f"A qualifier of {length} characters is refused, and the refusal names the limit",
            Call("{versioned}", "Qualifier=" + "a" * length),
            invalid("qualifiers/too-long"),
            expect("qualifiers/too-long-message", "error message", "matches", alone),
            twin="qualifiers/alias",
        ),
        case(
            "qualifiers/with-illegal-name",
            "An illegal name and a qualifier that is too long are reported together",
            Call("{versioned}!", "Qualifier=" + "a" * length),
            invalid("qualifiers/too-long"),
            expect("qualifiers/all-violations-together", "error message", "matches", both),
            twin="qualifiers/alias",
        ),
    )
