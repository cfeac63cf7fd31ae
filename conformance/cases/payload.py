"""Cases of the area payload: JSON values on their way to the function and back, and what stands for no value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.cases.building import EVENT, accepted, case, expect, succeeds
from conformance.cases.model import Call, Sized

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

NESTED = {"hello": [{"deeper": {"deepest": [None, True, -1.5e3]}}], "": "an empty key"}
UNICODE = {"hello": "'\" quotes, \\ a backslash, an emoji 🥳, é, 漢 and brackets {[}[([]))"}
PARAMETERS = b'{"Qualifier": "1", "qualifier": "1", "FunctionName": "other:1", "InvocationType": "DryRun"}'
LARGE = Sized(300_002, "é")
"""Has a character across each border of pieces of an even size."""
SCALARS: dict[str, Any] = {
    "true": True,
    "false": False,
    "integer": 1,
    "fraction": 0.5,
    "array": [1, 2],
}
BYTES = {"string": '"HelloWorld"', "float": "0.0", "null": "null"}
"""Last part of the id -> the body, and the result."""
DEPTH = 100
TOO_DEEP = 1000

ANY_JSON: dict[str, tuple[str, bytes, Any]] = {
    "empty-string": ("The empty string", b'""', ""),
    "empty-array": ("The empty array", b"[]", []),
    "negative": ("A negative number", b"-1", -1),
    "exponent": ("A number with an exponent", b"1E+2", 100),
    "floats": ("Numbers with many digits", b"[0.1, -2.5e-7, 123456.789]", [0.1, -2.5e-7, 123456.789]),
    "control-escapes": (
        "Each control character, as an escape",
        json.dumps("".join(map(chr, range(0x20)))).encode(),
        "".join(map(chr, range(0x20))),
    ),
    "escaped-solidus": ("A solidus, as an escape", rb'"<\/script>"', "</script>"),
    "escaped-name": ("A member's name with escapes", rb'{"\u0061\n": 1}', {"a\n": 1}),
    "special-names": (
        "Members whose names mean something in JavaScript",
        b'{"__proto__": {"constructor": 1}, "toString": 2}',
        {"__proto__": {"constructor": 1}, "toString": 2},
    ),
    "answer-like-names": (
        "Members named as SDKs name the parts of an answer",
        b'{"StatusCode": 500, "FunctionError": "Handled", "Payload": "inner"}',
        {"StatusCode": 500, "FunctionError": "Handled", "Payload": "inner"},
    ),
    "unnormalised": (
        "A character and its decomposed form, which stay apart",
        '["\u00e9", "e\u0301"]'.encode(),
        ["\u00e9", "e\u0301"],
    ),
    "far-characters": (
        "The last characters of the planes, and a byte order mark within a string",
        '"\U0010ffff\uffff\ufeff\u2028"'.encode(),
        "\U0010ffff\uffff\ufeff\u2028",
    ),
    f"nested-{DEPTH}": (f"An array nested {DEPTH} deep", b"[" * DEPTH + b"]" * DEPTH, None),
}
"""Last part of the id -> what it is, the body, and its value."""

WHITESPACE: dict[str, tuple[str, bytes]] = {
    "around": ("before and behind the value", b' \t\r\n{"a": [1, 2]}\r\n\t '),
    "within": ("between all tokens", b'{\r\n\t"a"\n:\r[ 1\t,\n2 ]\r\n}'),
    "none": ("nowhere", b'{"a":[1,2]}'),
}
"""Last part of the id -> where it stands, and the body, whose value is always the same."""

UNSETTLED: dict[str, tuple[str, str, bytes]] = {
    f"nested-{TOO_DEEP}": (
        "payload/deep-nesting",
        f"An array nested {TOO_DEEP} deep",
        b"[" * TOO_DEEP + b"]" * TOO_DEEP,
    ),
    "lone-high-surrogate": ("payload/lone-surrogates", "The first half of a surrogate pair", rb'"\ud83e"'),
    "lone-low-surrogate": ("payload/lone-surrogates", "The second half of a surrogate pair", rb'"\udd73"'),
    "byte-order-mark": ("payload/byte-order-mark", "A byte order mark before the value", b'\xef\xbb\xbf{"a": 1}'),
    "only-whitespace": ("payload/only-whitespace", "A body of nothing but whitespace", b" \r\n\t "),
    "utf-16": ("payload/other-unicode-encodings", "JSON in UTF-16", '{"a": 1}'.encode("utf-16-le")),
    "overlong-utf8": ("payload/loose-utf8", "An overlong form of a letter", b'"\xc1\x81"'),
    "surrogate-in-utf8": ("payload/loose-utf8", "A surrogate in UTF-8", b'"\xed\xa0\x80"'),
    "beyond-unicode": ("payload/loose-utf8", "A character beyond U+10FFFF", b'"\xf4\x90\x80\x80"'),
}
"""Last part of the id -> the requirement, what it is, and the body; AWS's answer is not on record."""


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area that are about values."""
    return (*_echoed(), *_any_json(), *_whitespace(), *_bytes(), *_made(), *_unsettled())


def _back(requirement: str, value: Any) -> Expectation:  # noqa: ANN401  any JSON value
    return succeeds() + expect(requirement, "json", "equals", value)


def _echoed() -> tuple[Case, ...]:
    trip, unicode = "payload/round-trip", "payload/unicode"
    escaped = json.dumps(UNICODE).encode()
    raw = json.dumps(UNICODE, ensure_ascii=False).encode()
    return (
        case(
            "payload/object",
            "A nested object comes back as it was",
            Call(body=json.dumps(NESTED).encode()),
            _back(trip, NESTED),
        ),
        case(
            "payload/unicode",
            "Characters beyond ASCII survive as UTF-8",
            Call(body=raw),
            _back(unicode, UNICODE),
        ),
        case(
            "payload/escapes",
            "Characters beyond ASCII survive as escapes",
            Call(body=escaped),
            _back(unicode, UNICODE),
        ),
        case(
            "payload/named-as-parameters",
            "Members of the payload that are named as parameters choose no version",
            Call("{versioned}", body=PARAMETERS),
            succeeds("payload/no-parameters"),
            expect("payload/no-parameters", "json /version", "equals", "$LATEST"),
        ),
        case(
            "payload/unicode-large",
            "None of many characters of two bytes is lost where a large body is read in pieces",
            Call(body=LARGE),
            succeeds(),
            expect(unicode, "json", "matches", f"^{LARGE.letter}{{{LARGE.letters}}}$"),
        ),
        *(
            case(
                f"payload/{name}",
                f"The bare JSON value {json.dumps(value)} comes back as it was",
                Call(body=json.dumps(value).encode()),
                _back("payload/scalars", value),
            )
            for name, value in SCALARS.items()
        ),
    )


def _any_json() -> tuple[Case, ...]:
    return tuple(
        case(
            f"payload/{id_}",
            f"{what}: the value comes back",
            Call(body=body),
            _back("payload/any-json", json.loads(body) if value is None else value),
        )
        for id_, (what, body, value) in ANY_JSON.items()
    )


def _whitespace() -> tuple[Case, ...]:
    return tuple(
        case(
            f"payload/whitespace-{id_}",
            f"With whitespace {where} the value is the same",
            Call(body=body),
            _back("payload/whitespace", {"a": [1, 2]}),
        )
        for id_, (where, body) in WHITESPACE.items()
    )


def _bytes() -> tuple[Case, ...]:
    """Results whose bytes are on record."""
    return tuple(
        case(
            f"payload/{name}",
            f"The bare JSON value {text} comes back as it was, byte for byte",
            Call(body=text.encode()),
            _back("payload/scalars", json.loads(text)),
            expect(f"payload/{name}-bytes", "text", "equals", text),
        )
        for name, text in BYTES.items()
    )


def _made() -> tuple[Case, ...]:
    empty, nothing = "payload/empty-body-is-object", "payload/nothing-returned-is-null"
    return (
        case("payload/empty-body", "No body reaches the function as {}", Call(body=b""), _back(empty, {})),
        case(
            "payload/no-content-length",
            "No body and no Content-Length reach the function as {}, too",
            Call(body=b"", framing="none"),
            _back("payload/no-content-length", {}),
        ),
        case(
            "payload/event-without-body",
            "An Event without a body is accepted",
            Call(headers=EVENT, body=b""),
            accepted(),
            expect("payload/event-without-body", "status", "equals", 202),
        ),
        case(
            "payload/nothing-returned",
            "A function that returns nothing gives null",
            Call("{nothing}"),
            _back(nothing, None),
        ),
    )


def _unsettled() -> tuple[Case, ...]:
    """Bodies about which nothing is on record; whatever happens, it must be an answer."""
    big, repeated = [2**53 + 1, -(2**63), 10**30 + 1], "payload/repeated-members"
    return (
        case(
            "payload/big-integers",
            "Integers beyond 2^53, beyond 64 bits and of 31 digits keep their digits",
            Call(body=json.dumps(big).encode()),
            expect("payload/big-integers", "json", "equals", big),
        ),
        case(
            "payload/repeated-members",
            "Of two members of one name the last counts",
            Call(body=b'{"a": 1, "b": 2, "a": 3}'),
            expect(repeated, "json", "equals", {"a": 3, "b": 2}),
        ),
        *(
            case(
                f"payload/{id_}",
                f"{what} gets an orderly answer",
                Call(body=body),
                expect(requirement, "status", "is one of", [200, 400]),
            )
            for id_, (requirement, what, body) in UNSETTLED.items()
        ),
    )
