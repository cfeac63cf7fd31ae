"""Cases of the area payload: bodies that are no JSON, or no UTF-8."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import EVENT, case, expect, refused
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

BAD = "InvalidRequestContentException"
START = "^Could not parse request body into json: "
"""What is the same in the texts of all years."""
REST = r"(Could not parse payload into json: )?"
"""What was put behind it between 2019 and 2020."""
EXPECTED = r"expected a valid value \(JSON String, Number, Array, Object or token 'null', 'true' or 'false'\)"

GRAMMAR: dict[str, tuple[str, bytes]] = {
    "unclosed-array": ("An array without its end", b"[1, 2"),
    "unclosed-string": ("A string without its end", b'"hello'),
    "truncated-literal": ("A literal that breaks off", b"nul"),
    "truncated-number": ("A number without its exponent", b"1e"),
    "bare-minus": ("A sign without a number", b"-"),
    "closing-brace": ("A brace that closes nothing", b"}"),
    "mismatched-bracket": ("An array that a brace closes", b"[1}"),
    "trailing-comma-in-object": ("An object with a comma before its end", b'{"a": 1,}'),
    "trailing-comma-in-array": ("An array with a comma before its end", b"[1,]"),
    "leading-comma": ("An array that begins with a comma", b"[,1]"),
    "missing-comma": ("An array without commas", b"[1 2]"),
    "missing-colon": ("A member without a colon", b'{"a" 1}'),
    "missing-value": ("A member without a value", b'{"a": }'),
    "unquoted-name": ("A member whose name has no quotes", b"{hello: 1}"),
    "number-as-name": ("A member whose name is a number", b"{1: 2}"),
    "single-quotes": ("A string in single quotes", b"{'a': 'b'}"),
    "block-comment": ("A comment between tokens", b"[1, /* two */ 2]"),
    "line-comment": ("A comment up to the end of the line", b"[1, // one\n2]"),
    "leading-zero": ("A number with a leading zero", b"01"),
    "leading-plus": ("A number with a plus sign", b"+1"),
    "leading-point": ("A number that begins with its point", b".5"),
    "trailing-point": ("A number that ends in its point", b"[1.]"),
    "hexadecimal": ("A hexadecimal number", b"[0x10]"),
    "nan": ("NaN", b"NaN"),
    "infinity": ("A negative infinity", b"[-Infinity]"),
    "capital-literal": ("True with a capital letter", b"True"),
    "undefined": ("The word undefined within an object", b'{"a": undefined}'),
    "unknown-escape": ("An escape that there is not", rb'"\x41"'),
    "short-unicode-escape": ("A Unicode escape of two digits", rb'"\u12"'),
    "newline-in-string": ("A string with a line break", b'"one\ntwo"'),
    "nul-in-string": ("A string with a NUL", b'"a\x00b"'),
    "form": ("The body of an HTML form", b"hello=world&foo=bar"),
    "xml": ("An XML document", b'<?xml version="1.0"?><hello/>'),
}
"""Last part of the id -> what it is, and the body."""

NO_UTF8: dict[str, tuple[str, bytes]] = {
    "invalid-utf8-in-string": ("A string with a byte that UTF-8 never has", b'{"hello": "\xff"}'),
    "latin-1-in-string": ("A string in Latin-1", '{"hello": "é"}'.encode("latin-1")),
    "lone-continuation-byte": ("A string with a continuation byte of nothing", b'{"hello": "\x80"}'),
    "cut-character": ("A string with two of the four bytes of a character", b'{"hello": "\xf0\x9f"}'),
    "invalid-utf8-in-name": ("A member whose name has a byte that UTF-8 never has", b'{"\xfe": 1}'),
}
"""Last part of the id -> what it is, and the body."""


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area that are about bodies that can't be read."""
    return (*_words(), *_grammar(), *_no_utf8(), *_event())


def _refused(id_: str, what: str, body: bytes, requirement: str, *more: Expectation) -> Case:
    return case(
        f"payload/{id_}",
        f"{what} is refused",
        Call(body=body),
        refused(requirement, 400, BAD),
        expect("payload/malformed-json-message", "error message", "matches", START),
        *more,
        twin="payload/object",
    )


def _words() -> tuple[Case, ...]:
    """Bodies whose refusal is on record, and the plainest of those that are like them."""
    bare, token = "payload/malformed-json", "payload/unrecognized-token-message"
    behind, text = "payload/trailing-garbage", "payload/trailing-garbage-message"
    return (
        _refused(
            "bare-word", "A bare word", b"test data", bare, _text(token, r"Unrecognized token 'test': was expecting \(")
        ),
        _refused(
            "base64", "The base64 of JSON", b"e30=", bare, _text(token, r"Unrecognized token 'e30': was expecting \(")
        ),
        _refused("truncated", "An object without its end", b'{"hello": ', bare),
        _refused(
            "number-and-letter",
            "A number with a letter right behind it",
            b"0D",
            behind,
            expect(text, "error message", "matches", "Expected space separating root-level values"),
        ),
    )


def _text(requirement: str, pattern: str) -> Expectation:
    return expect(requirement, "error message", "matches", START + REST + pattern)


def _grammar() -> tuple[Case, ...]:
    return tuple(_refused(id_, what, body, "payload/grammar") for id_, (what, body) in GRAMMAR.items())


def _no_utf8() -> tuple[Case, ...]:
    byte, control = "payload/invalid-utf8-message", "payload/control-character-message"
    where = r"\n at \[Source: .*; line: 1, column: {}\]$"
    return (
        _refused(
            "invalid-utf8",
            "A body that is no UTF-8",
            b"n\x87r\x9e\xe9\xb5\xd7I\xee\x9bmt",
            "payload/invalid-utf8",
            _text(byte, "Invalid UTF-8 start byte 0x87" + where.replace("{}", "3")),
        ),
        _refused(
            "invalid-utf8-first-byte",
            "A body whose first byte is no character",
            b"\x99\xeb,j\x07\xa1zYh",
            "payload/invalid-utf8",
            _text(
                control,
                rf"Unexpected character \(\(CTRL-CHAR, code 153\)\): {EXPECTED}" + where.replace("{}", "1"),
            ),
        ),
        *(_refused(id_, what, body, "payload/invalid-utf8-in-string") for id_, (what, body) in NO_UTF8.items()),
    )


def _event() -> tuple[Case, ...]:
    return (
        case(
            "payload/event-malformed-json",
            "An Event whose body is no JSON is refused at once",
            Call(headers=EVENT, body=b"test data"),
            refused("payload/event-malformed-json", 400, BAD),
            twin="payload/event-without-body",
        ),
    )
