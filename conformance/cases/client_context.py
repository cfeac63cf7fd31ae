"""Cases of the area client-context."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from conformance.cases.building import case, expect, refused, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

CUSTOM = {"foo": "bar"}
CONTEXT = {"custom": CUSTOM, "client": {"installation_id": "one"}, "env": {"fizz": "buzz"}}
BAD = "InvalidRequestContentException"
TEXT = "Client context must be a valid Base64-encoded JSON object."


def _header(text: str) -> tuple[tuple[str, str], ...]:
    return (("X-Amz-Client-Context", text),)


def _encoded(text: str) -> tuple[tuple[str, str], ...]:
    return _header(base64.b64encode(text.encode()).decode())


GOOD = _encoded(json.dumps(CONTEXT))


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    return (*_seen(), *_refused())


def _seen() -> tuple[Case, ...]:
    trip = "client-context/round-trip"
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
            "client-context/absent",
            "Without the header the function sees none",
            Call("{context}"),
            succeeds(),
            expect("client-context/absent-is-null", "json /client_context", "equals", None),
        ),
    )


def _refused() -> tuple[Case, ...]:
    twin, text = "client-context/round-trip", "client-context/refusal-message"
    return (
        case(
            "client-context/not-base64",
            "A text that is no base64 is refused",
            Call("{context}", headers=_header("string")),
            refused("client-context/not-base64", 400, BAD),
            expect(text, "error message", "equals", TEXT),
            twin=twin,
        ),
        case(
            "client-context/not-json",
            "The base64 of something else than JSON is refused",
            Call("{context}", headers=_encoded("no json")),
            refused("client-context/not-json", 400, BAD),
            expect(text, "error message", "equals", TEXT),
            twin=twin,
        ),
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
            twin=twin,
        ),
    )
