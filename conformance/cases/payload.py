"""Cases of the area payload."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.cases.building import case, expect, refused, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

NESTED = {"hello": [{"deeper": {"deepest": [None, True, -1.5e3]}}], "": "an empty key"}
UNICODE = {"hello": "'\" quotes, \\ a backslash, an emoji 🥳, é, 漢 and brackets {[}[([]))"}
SCALARS: dict[str, Any] = {
    "true": True,
    "false": False,
    "null": None,
    "integer": 1,
    "float": 0.5,
    "string": "HelloWorld",
    "array": [1, 2],
}


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    return (*_echoed(), *_made(), *_content_types(), *_malformed())


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


def _made() -> tuple[Case, ...]:
    empty, nothing = "payload/empty-body-is-object", "payload/nothing-returned-is-null"
    return (
        case("payload/empty-body", "No body reaches the function as {}", Call(body=b""), _back(empty, {})),
        case(
            "payload/nothing-returned",
            "A function that returns nothing gives null",
            Call("{nothing}"),
            _back(nothing, None),
        ),
    )


def _content_types() -> tuple[Case, ...]:
    types = {"octet-stream": "application/octet-stream", "text": "text/plain", "json": "application/json"}
    return tuple(
        case(
            f"payload/content-type-{name}",
            f"A request of type {value} is read as JSON all the same",
            Call(headers=(("Content-Type", value),), body=b'{"typed": 1}'),
            succeeds("payload/any-content-type"),
            expect("payload/any-content-type", "json", "equals", {"typed": 1}),
        )
        for name, value in types.items()
    )


def _malformed() -> tuple[Case, ...]:
    malformed, utf8 = "payload/malformed-json", "payload/invalid-utf8"
    bad = "InvalidRequestContentException"
    return (
        case(
            "payload/bare-word",
            "A bare word is no JSON",
            Call(body=b"test data"),
            refused(malformed, 400, bad),
            expect(
                "payload/malformed-json-message",
                "error message",
                "matches",
                "^Could not parse request body into json: ",
            ),
            twin="payload/object",
        ),
        case(
            "payload/truncated",
            "An object without its end is no JSON",
            Call(body=b'{"hello": '),
            refused(malformed, 400, bad),
            twin="payload/object",
        ),
        case(
            "payload/invalid-utf8",
            "A body that is no UTF-8 is refused",
            Call(body=b"n\x87r\x9e\xe9\xb5\xd7I\xee\x9bmt"),
            refused(utf8, 400, bad),
            twin="payload/object",
        ),
        case(
            "payload/invalid-utf8-in-string",
            "A string with a byte that is no UTF-8 is refused",
            Call(body=b'{"hello": "\xff"}'),
            refused(utf8, 400, bad),
            twin="payload/object",
        ),
    )
