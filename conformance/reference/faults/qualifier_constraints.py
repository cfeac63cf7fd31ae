"""Faults of what is taken for a qualifier: lengths and the pattern."""

from __future__ import annotations

from conformance.reference.faults.building import longest, parameter, pattern
from conformance.reference.faults.model import Fault
from conformance.reference.faults.qualifiers import QUALIFIER

CHARACTERS = "[A-Za-z0-9_$-]+"
"""As the pattern has them."""
ILLEGAL = ("qualifiers/illegal-character",)
LEGAL = ("qualifiers/well-formed",)

FAULTS = (
    Fault(
        "qualifiers/no-pattern",
        "looks up a qualifier that the pattern does not match",
        ILLEGAL,
        parameter(QUALIFIER, pattern=None),
        seen="ministack 1.5.33, localstack 2.3.2",
    ),
    Fault(
        "qualifiers/letters-of-unicode",
        "takes letters of all alphabets in a qualifier",
        ILLEGAL,
        pattern(QUALIFIER, CHARACTERS, r"(?u:[\w$-])+"),
    ),
    Fault(
        "qualifiers/dots",
        "takes dots in a qualifier",
        ILLEGAL,
        pattern(QUALIFIER, CHARACTERS, "[A-Za-z0-9_.$-]+"),
    ),
    Fault(
        "qualifiers/newline-at-the-end",
        "lets a newline pass behind a qualifier, as the dollar sign of many engines does",
        ILLEGAL,
        pattern(QUALIFIER, ")$", r")\n?$"),
    ),
    Fault(
        "qualifiers/bare-alternation",
        "anchors only one end of each alternative of the pattern",
        ILLEGAL,
        pattern(QUALIFIER, r"^(\$(LATEST(\.PUBLISHED)?)|", r"^(\$(LATEST(\.PUBLISHED)?)[\s\S]*|"),
    ),
    Fault(
        "qualifiers/published-unknown",
        "does not know $LATEST.PUBLISHED",
        ("qualifiers/latest-published",),
        pattern(QUALIFIER, r"(\.PUBLISHED)?", ""),
        seen="AWS's model until 2025-11",
    ),
    Fault(
        "qualifiers/published-suffix-unknown",
        "does not know the suffix $LATEST.PUBLISHED",
        ("qualifiers/latest-published",),
        pattern("FunctionName", r"(\.PUBLISHED)", r"((?!)\.PUBLISHED)"),
        seen="AWS's model until 2025-11",
    ),
    Fault(
        "qualifiers/no-underscores",
        "takes an underscore in a qualifier for a violation",
        LEGAL,
        pattern(QUALIFIER, CHARACTERS, "[A-Za-z0-9$-]+"),
    ),
    Fault(
        "qualifiers/suffix-without-underscores",
        "takes an underscore in a suffix for a violation",
        LEGAL,
        pattern("FunctionName", "|[A-Za-z0-9_-]+))?$", "|[A-Za-z0-9-]+))?$"),
    ),
    Fault(
        "qualifiers/dollar-in-latest-only",
        "takes a dollar sign in $LATEST alone",
        ("qualifiers/case-sensitive", "qualifiers/well-formed"),
        pattern(QUALIFIER, CHARACTERS, "[A-Za-z0-9_-]+"),
    ),
    Fault(
        "qualifiers/length-of-names",
        "takes a qualifier of 64 characters at most, as documented of names",
        LEGAL,
        parameter(QUALIFIER, max_length=64),
    ),
    Fault(
        "qualifiers/two-characters",
        "refuses a qualifier of one character, so that version 1 can't be asked for",
        ("qualifiers/version", "qualifiers/well-formed"),
        parameter(QUALIFIER, min_length=2),
    ),
    Fault("qualifiers/longest-is-too-long", "refuses the longest qualifier", LEGAL, longest(QUALIFIER, -1)),
    Fault(
        "qualifiers/one-character-more",
        "takes a qualifier of one character more than the limit",
        ("qualifiers/too-long",),
        longest(QUALIFIER, 1),
    ),
    Fault(
        "qualifiers/any-length",
        "takes a qualifier of any length",
        ("qualifiers/too-long",),
        parameter(QUALIFIER, max_length=None),
        seen="ministack 1.5.33, localstack 2.3.2",
    ),
)
"""Those of lengths and the pattern; see ``qualifiers`` for the others."""
