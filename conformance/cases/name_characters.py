"""Cases of the area names: characters that no name may have, and how a name is decoded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.cases.building import ARN, case, expect, invalid
from conformance.cases.model import Call
from conformance.cases.names import BODY

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

ILLEGAL = {
    "exclamation-mark": "!",
    "space": " ",
    "plus-sign": "+",
    "percent-sign": "%",
    "number-sign": "#",
    "question-mark": "?",
    "ampersand": "&",
    "at-sign": "@",
    "comma": ",",
    "apostrophe": "'",
    "quotation-mark": '"',
    "backslash": "\\",
    "tilde": "~",
    "dollar-sign": "$",
    "tab": "\t",
    "newline": "\n",
    "delete": "\x7f",
    "accented-letter": "é",
    "emoji": "\N{GRINNING FACE}",
}
"""A character of each class, put behind a good name: part of the id -> the character.

The newline is a class of its own, since the ``$`` of many engines lets it pass; the tilde, since it is never encoded.
"""


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area that are about characters."""
    return (*_illegal(), *_alone(), *_decoded())


def _illegal() -> tuple[Case, ...]:
    return tuple(
        case(
            f"names/illegal-{id_}",
            f"A name that ends in {_article(id_)} is refused",
            Call("{echo}" + character, body=BODY),
            invalid("names/illegal-character"),
            twin="names/plain",
        )
        for id_, character in ILLEGAL.items()
    )


def _article(id_: str) -> str:
    words = id_.replace("-", " ")
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _pattern_message(value: str) -> str:
    return (
        f"^1 validation error detected: Value '{re.escape(value)}' at 'functionName' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: \(arn:"
    )


def _alone() -> tuple[Case, ...]:
    return (
        case(
            "names/star",
            "A star is refused as a name, and the refusal names value, member and pattern",
            Call("*", body=BODY),
            invalid("names/illegal-character"),
            expect("names/pattern-message", "error message", "matches", _pattern_message("*")),
            twin="names/plain",
        ),
        case(
            "names/white-space",
            "A name of spaces alone is refused",
            Call("     ", body=BODY),
            invalid("names/white-space"),
            twin="names/plain",
        ),
    )


def _decoded() -> tuple[Case, ...]:
    return (
        case(
            "names/encoded-slash",
            "An encoded slash is part of the name, which may not have one",
            Call("{echo}/invocations", body=BODY),
            invalid("names/encoded-slash"),
            twin="names/plain",
        ),
        case(
            "names/encoded-twice",
            "A name is decoded once: in an ARN that was encoded twice, percent signs are left",
            Call(ARN.replace(":", "%3A") + "{echo}", body=BODY),
            invalid("names/decoded-once"),
            twin="names/arn",
        ),
        case(
            "names/not-utf-8",
            "A name with a byte that is no UTF-8 is refused",
            Call(ARN + "{echo}%FF", body=BODY, escape="raw"),
            invalid("names/not-utf-8"),
            twin="names/arn-raw",
        ),
        case(
            "names/encoded-in-lower-case",
            "The hexadecimal digits of an encoded colon may be in lower case",
            Call((ARN + "{echo}").replace(":", "%3a"), body=BODY, escape="raw"),
            expect("names/hex-digits-of-either-case", "status", "equals", 200),
            expect("names/hex-digits-of-either-case", "json", "equals", {"named": True}),
        ),
    )
