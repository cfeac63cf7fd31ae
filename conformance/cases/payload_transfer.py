"""Cases of the area payload: how a body is declared and sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import case, expect
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

BODY = b'{"sent": "\xc3\xa9"}'
VALUE = {"sent": "é"}

SDK_TYPES: dict[str, str | None] = {
    "absent": None,
    "empty": "",
    "octet-stream": "application/octet-stream",
    "binary": "binary/octet-stream",
    "json": "application/json",
}
OTHER_TYPES: dict[str, str | None] = {
    "json-with-charset": "application/json; charset=utf-8",
    "json-with-other-charset": "application/json; charset=iso-8859-1",
    "text": "text/plain",
    "form": "application/x-www-form-urlencoded",
    "amz-json": "application/x-amz-json-1.1",
    "nonsense": "no type at all",
}
ACCEPTED = {"json": "application/json", "image": "image/png", "nothing": "application/json;q=0"}


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area that are about sending."""
    return (
        *_content_types("payload/sdk-content-types", SDK_TYPES),
        *_content_types("payload/any-content-type", OTHER_TYPES),
        *_accepts(),
        *_framing(),
    )


def _content_types(requirement: str, types: dict[str, str | None]) -> tuple[Case, ...]:
    return tuple(
        case(
            f"payload/content-type-{name}",
            f"A request {f'of type {value}' if value else f'whose type is {name}'} is read as JSON in UTF-8",
            Call(headers=() if value is None else (("Content-Type", value),), body=BODY),
            _read(requirement),
        )
        for name, value in types.items()
    )


def _read(requirement: str) -> Expectation:
    """The body is read as JSON; said for that requirement alone, so that what is inferred stays a note."""
    return expect(requirement, "status", "equals", 200) + expect(requirement, "json", "equals", VALUE)


def _accepts() -> tuple[Case, ...]:
    return tuple(
        case(
            f"payload/accept-{name}",
            f"A request that accepts {value} gets its result",
            Call(headers=(("Accept", value),), body=BODY),
            _read("payload/any-accept"),
        )
        for name, value in ACCEPTED.items()
    )


def _framing() -> tuple[Case, ...]:
    return (
        case(
            "payload/chunked",
            "A body in two chunks is read",
            Call(body=BODY, framing="chunked"),
            expect("payload/chunked", "json", "equals", VALUE),
        ),
        case(
            "payload/chunked-empty",
            "A body of no chunk is no body",
            Call(body=b"", framing="chunked"),
            expect("payload/chunked", "status", "equals", 200),
            expect("payload/chunked", "json", "equals", {}),
        ),
        case(
            "payload/expect-continue",
            "A request that expects 100-continue gets its result",
            Call(headers=(("Expect", "100-continue"),), body=BODY),
            expect("payload/expect-continue", "json", "equals", VALUE),
        ),
    )
