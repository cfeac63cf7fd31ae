"""Cases of the area request-errors: several faults in one request, as far as it is recorded what is reported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.cases.building import ARN, case, expect, invalid, invocation_type, log_type, not_found
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

FAILED = "failed to satisfy constraint: Member must "
CONSTRAINTS = {
    "length": r"have length less than or equal to {}",
    "pattern": r"satisfy regular expression pattern: ",
    "enum": r"satisfy enum value set: \[",
}
"""What is violated -> how it reads, behind the words that are always the same."""
BOGUS = "Bogus"


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area that are about several faults."""
    longest = contract.operations["Invoke"].parameter("Qualifier").max_length or 0
    return (*_before_look_up(longest), *_together(longest))


def _before_look_up(longest: int) -> tuple[Case, ...]:
    early, twin = "request-errors/constraints-before-look-up", "names/plain"
    elsewhere = ARN.replace("{region}", "{other_region}")
    return (
        *(
            case(
                f"request-errors/{id_}-before-look-up",
                f"An unknown function with {what} is refused for that",
                call,
                invalid(early),
                twin=twin,
            )
            for id_, what, call in (
                ("constraints", "an illegal qualifier", Call("{missing}", "Qualifier=invalid!")),
                ("length", "a qualifier that is too long", Call("{missing}", f"Qualifier={'a' * (longest + 1)}")),
                ("type", "an unknown invocation type", Call("{missing}", headers=invocation_type(BOGUS))),
                ("log-type", "an unknown log type", Call("{missing}", headers=log_type(BOGUS))),
            )
        ),
        case(
            "request-errors/region-before-look-up",
            "An unknown function of another region is refused for its region",
            Call(elsewhere + "{missing}"),
            not_found("names/wrong-region"),
            expect(
                "request-errors/region-before-look-up",
                "error message",
                "matches",
                r"^Functions from '{other_region}' are not reachable in this region \('{region}'\)$",
            ),
            twin="names/arn",
        ),
    )


def _listed(*violations: tuple[str, str, str]) -> Expectation:
    """The message lists just these violations, in any order: value, member, constraint."""
    number = len(violations)
    parts = [
        f"Value '{re.escape(value)}' at '{member}' {FAILED}{constraint}" for value, member, constraint in violations
    ]
    each = "".join(f"(?=.*{part})" for part in parts)
    others = "; Value '.*" * (number - 1)
    return expect(
        "request-errors/all-violations", "error message", "matches", f"^{number} validation errors detected: {each}"
    ) + expect("request-errors/violation-format", "error message", "matches", f"^[^;]*: Value '.*{others}$")


def _together(longest: int) -> tuple[Case, ...]:
    bad = "a" * longest + "!"
    pattern, enum = CONSTRAINTS["pattern"], CONSTRAINTS["enum"]
    length = CONSTRAINTS["length"].replace("{}", str(longest))
    headers = (*invocation_type(BOGUS), *log_type(BOGUS))
    name, type_, log = ("*", "functionName", pattern), (BOGUS, "invocationType", enum), (BOGUS, "logType", enum)
    table = {
        "of-headers": ("Two headers that violate their constraints", Call(headers=headers), (type_, log)),
        "of-name-and-header": (
            "A name and a header that violate their constraints",
            Call("*", headers=log_type(BOGUS)),
            (name, log),
        ),
        "of-all-parameters": (
            "Four parameters that violate their constraints, one of them two,",
            Call("*", f"Qualifier={bad}", headers=headers),
            (name, (bad, "qualifier", length), (bad, "qualifier", pattern), type_, log),
        ),
    }
    return tuple(
        case(
            f"request-errors/violations-{id_}",
            f"{what} are listed in one message",
            call,
            invalid("request-errors/several-violations"),
            _listed(*violations),
            twin="names/plain",
        )
        for id_, (what, call, violations) in table.items()
    )
