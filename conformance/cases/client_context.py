"""Cases of the area client-context."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from conformance.cases.building import EVENT, accepted, case, expect, refused, sequence, step, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

CUSTOM = {"foo": "bar"}
CONTEXT = {"custom": CUSTOM, "client": {"installation_id": "one"}, "env": {"fizz": "buzz"}}
BAD = "InvalidRequestContentException"
TEXT = "Client context must be a valid Base64-encoded JSON object."
OVERHEAD = len('{"custom": {"pad": ""}}')

NOT_BASE64 = {
    "not-base64": ("A text that is no base64", "string"),
    "bare-null": ("The bare word null", "null"),
    "bare-number": ("A bare number", "-1.00"),
    "markup": ("Markup", "<script>alert(0)</script>"),
    "punctuation": ("A text of punctuation", "() { 0; }; touch /tmp/x;"),
}
"""Last part of the id -> what it is, and the header's value; the recorded strings are of these kinds."""

NOT_JSON = {
    "not-json": ("words", b"no json"),
    "truncated-json": ("an object without its end", b'{"custom": {'),
    "invalid-utf8": ("bytes that are no UTF-8", b'{"custom": {"foo": "\xff"}}'),
}
"""Last part of the id -> what it is, and what is encoded."""

NOT_AN_OBJECT = {"array": b'["custom"]', "text": b'"custom"', "number": b"1"}
"""What it is -> JSON that is encoded."""


def _header(text: str) -> tuple[tuple[str, str], ...]:
    return (("X-Amz-Client-Context", text),)


def _encoded(data: bytes) -> tuple[tuple[str, str], ...]:
    return _header(base64.b64encode(data).decode())


def _context(value: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401  any JSON value
    return _encoded(json.dumps(value, ensure_ascii=False).encode())


GOOD = _context(CONTEXT)


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    return (*_seen(), *_taken(), *_sized(contract.limits["client-context"]), *_refused(), *_in_order())


def _seen() -> tuple[Case, ...]:
    trip, whole, far = "client-context/round-trip", "client-context/passed-as-it-is", "client-context/beyond-ascii"
    nested: dict[str, Any] = {"list": [1, {"deep": None}], "flag": True, "ratio": 0.5, "empty": {}}
    unicode = {"name": "é, 漢, 🥳"}
    return (
        case(
            "client-context/round-trip",
            "The function sees the custom and env members that were sent",
            Call("{context}", headers=GOOD),
            succeeds(),
            expect(trip, "json /client_context/custom", "equals", CUSTOM),
            expect(trip, "json /client_context/env", "equals", CONTEXT["env"]),
        ),
        case(
            "client-context/streamed",
            "The function sees the custom member when its response is streamed, too",
            Call("{context}", headers=GOOD, operation="InvokeWithResponseStream"),
            expect("client-context/streamed", "status", "equals", 200),
            expect("client-context/streamed", "stream /client_context/custom", "equals", CUSTOM),
            needs=("response-streaming",),
        ),
        case(
            "client-context/nested",
            "Nested values of all kinds in the custom member arrive as they were sent",
            Call("{context}", headers=_context({"custom": nested})),
            succeeds(),
            expect(whole, "json /client_context/custom", "equals", nested),
        ),
        case(
            "client-context/beyond-ascii",
            "Characters beyond ASCII in the custom member arrive as they were sent",
            Call("{context}", headers=_context({"custom": unicode})),
            expect(far, "json /client_context/custom", "equals", unicode),
        ),
        case(
            "client-context/absent",
            "Without the header the function sees none",
            Call("{context}"),
            succeeds(),
            expect("client-context/absent-is-null", "json /client_context", "equals", None),
        ),
        sequence(
            "client-context/not-kept",
            "A call without one does not see that of the call before",
            step(Call("{context}", headers=GOOD), succeeds()),
            step(
                Call("{context}"),
                succeeds(),
                expect("client-context/absent-is-null", "json /client_context", "equals", None),
            ),
        ),
    )


def _taken() -> tuple[Case, ...]:
    loose = "client-context/other-members"
    return (
        case(
            "client-context/empty-object",
            "A client context without members is accepted",
            Call("{context}", headers=_context({})),
            expect(loose, "status", "equals", 200),
        ),
        case(
            "client-context/unknown-member",
            "A member that nobody knows is accepted beside custom",
            Call("{context}", headers=_context({"custom": CUSTOM, "unknown": [1]})),
            expect(loose, "status", "equals", 200),
            expect(loose, "json /client_context/custom", "equals", CUSTOM),
        ),
        case(
            "client-context/event",
            "An Event with a client context is accepted",
            Call("{context}", headers=(*EVENT, *GOOD)),
            accepted(),
            expect("client-context/accepted-for-events", "status", "equals", 202),
        ),
    )


def _sized(limit: int) -> tuple[Case, ...]:
    longest = limit // 4 * 4
    pad = "a" * (longest // 4 * 3 - OVERHEAD)
    return (
        case(
            "client-context/longest",
            f"The longest base64 within {limit} bytes, of {longest}, arrives whole",
            Call("{context}", headers=_context({"custom": {"pad": pad}})),
            succeeds("client-context/longest"),
            expect("client-context/longest", "json /client_context/custom/pad", "equals", pad),
        ),
        case(
            "client-context/too-long",
            f"The shortest base64 beyond {limit} bytes, of {longest + 4}, is refused",
            Call("{context}", headers=_context({"custom": {"pad": f"{pad}bbb"}})),
            expect("client-context/too-long", "status", "is one of", [400, 413]),
            twin="client-context/longest",
        ),
    )


def _refused() -> tuple[Case, ...]:
    return tuple(
        case(
            f"client-context/{id_}",
            f"{what} is refused",
            Call("{context}", headers=headers),
            refused(requirement, 400, BAD),
            expect("client-context/refusal-message", "error message", "equals", TEXT),
            expect("request-errors/modelled-message-key", "json /message", "is present"),
            twin="client-context/round-trip",
        )
        for id_, what, headers, requirement in (
            *((id_, what, _header(text), "client-context/not-base64") for id_, (what, text) in NOT_BASE64.items()),
            *(
                (id_, f"The base64 of {what}", _encoded(data), "client-context/not-json")
                for id_, (what, data) in NOT_JSON.items()
            ),
        )
    ) + tuple(
        case(
            f"client-context/not-an-object-{kind}",
            f"The base64 of JSON that is no object, but a kind of {kind}, is refused",
            Call("{context}", headers=_encoded(data)),
            refused("client-context/not-an-object", 400, BAD),
            twin="client-context/round-trip",
        )
        for kind, data in NOT_AN_OBJECT.items()
    )


def _in_order() -> tuple[Case, ...]:
    early = "client-context/beyond-ascii-unencoded"
    return (
        case(
            "client-context/with-malformed-body",
            "Of a bad body and a bad client context the body is reported",
            Call("{context}", headers=_header("string"), body=b"e30="),
            refused("payload/malformed-json", 400, BAD),
            expect(
                "client-context/body-error-wins",
                "error message",
                "matches",
                "^Could not parse request body into json: ",
            ),
            twin="client-context/round-trip",
        ),
        case(
            "client-context/beyond-ascii-unencoded",
            "Characters beyond ASCII in the header itself fail the signature",
            Call("{context}", headers=_header("Ω≈ç√".encode().decode("latin-1"))),
            refused(early, 403, "InvalidSignatureException"),
            twin="client-context/round-trip",
            needs=("signatures",),
        ),
    )
