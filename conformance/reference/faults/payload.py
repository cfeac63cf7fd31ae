"""Faults of values on their way to the function, and of what stands for none."""

from __future__ import annotations

import json
import struct
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from conformance.reference.answer import Refusal
from conformance.reference.checks import check_body
from conformance.reference.faults.building import gate
from conformance.reference.faults.editing import BAD_CONTENT, event
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.call import Call

NESTED = 64
"""Levels of arrays that a careless parser bears."""


def _each(alter: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a change of each string, number, name and constant within a JSON value."""

    def walk(whole: Any) -> Any:  # noqa: ANN401  any JSON value
        if isinstance(whole, dict):
            return {alter(name): walk(one) for name, one in cast("dict[str, Any]", whole).items()}
        if isinstance(whole, list):
            return [walk(one) for one in cast("list[Any]", whole)]
        return alter(whole)

    return walk


def _text(alter: Callable[[str], str]) -> Callable[[Any], Any]:
    """Return a change of each string and name within a JSON value."""
    return _each(lambda one: alter(one) if isinstance(one, str) else one)


def numbers(alter: Callable[[float], object]) -> Callable[[Any], Any]:
    """Return a change of each fraction within a JSON value."""
    return _each(lambda one: alter(one) if isinstance(one, float) else one)


def _passed(alter: Callable[[Any], Any]) -> Callable[[Call, Any], Any]:
    return lambda _, given: alter(given)


def _short(number: float) -> float:
    return struct.unpack("<f", struct.pack("<f", number))[0]


def _plain(text: str) -> str:
    """Keep the characters of the basic plane."""
    return "".join(one if ord(one) < 0x10000 else "\ufffd" for one in text)  # noqa: PLR2004  where the plane ends


def _without_proto(found: Any) -> Any:  # noqa: ANN401  any JSON value
    return {name: one for name, one in found.items() if name != "__proto__"} if isinstance(found, dict) else found  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]  any JSON value


def _without_empty(found: Any) -> Any:  # noqa: ANN401  any JSON value
    return {name: one for name, one in found.items() if name} if isinstance(found, dict) else found  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]  any JSON value


def _in_latin_1(call: Call) -> Any:  # noqa: ANN401  any JSON value
    return check_body(replace(call, body=call.body.decode("latin-1").encode()))


def _nested(call: Call) -> Any:  # noqa: ANN401  any JSON value
    if max(call.body.count(b"["), call.body.count(b"{")) > NESTED:
        raise Refusal(BAD_CONTENT, "Could not parse request body into json: nested too deep")
    return check_body(call)


def _structured(call: Call) -> Any:  # noqa: ANN401  any JSON value
    found = check_body(call)
    if not isinstance(found, dict | list):
        raise Refusal(BAD_CONTENT, "Could not parse request body into json: an object or an array is expected")
    return found  # pyright: ignore[reportUnknownVariableType]  any JSON value


def _unpadded(call: Call) -> Any:  # noqa: ANN401  any JSON value
    if call.body != call.body.strip():
        raise Refusal(BAD_CONTENT, "Could not parse request body into json: Unexpected character")
    return check_body(call)


def _there(call: Call) -> Any:  # noqa: ANN401  any JSON value
    if not call.body:
        raise Refusal(BAD_CONTENT, "Could not parse request body into json: No content to map due to end-of-input")
    return check_body(call)


def _there_for_events(call: Call) -> Any:  # noqa: ANN401  any JSON value
    return _there(call) if call.InvocationType == "Event" else check_body(call)


def _empty_as(found: object) -> Callable[[Call], Any]:
    return lambda call: check_body(call) if call.body else found


def _as_request(call: Call, found: Any) -> Any:  # noqa: ANN401  any JSON value
    """Make the event of a function's URL of the one that was sent."""
    return {"version": "2.0", "body": json.dumps(found), "isBase64Encoded": False} if _by_invoke(call) else found


def _by_invoke(call: Call) -> bool:
    return call.operation.id == "Invoke"


VALUES = (
    Fault(
        "payload/read-as-latin-1",
        "reads bodies as Latin-1",
        ("payload/unicode",),
        gate(body=_in_latin_1),
    ),
    Fault(
        "payload/question-marks",
        "gives functions a question mark for each character beyond ASCII",
        ("payload/unicode",),
        event(_passed(_text(lambda text: text.encode("ascii", "replace").decode()))),
    ),
    Fault(
        "payload/basic-plane-alone",
        "gives functions a replacement for each character beyond the basic plane",
        ("payload/unicode",),
        event(_passed(_text(_plain))),
    ),
    Fault(
        "payload/normalised",
        "normalises the characters that functions get",
        ("payload/any-json",),
        event(_passed(_text(lambda text: unicodedata.normalize("NFC", text)))),
    ),
    Fault(
        "payload/control-characters-lost",
        "strips control characters off the strings that functions get",
        ("payload/any-json",),
        event(_passed(_text(lambda text: "".join(one for one in text if one >= " ")))),
    ),
    Fault(
        "payload/single-precision",
        "gives functions fractions in single precision",
        ("payload/any-json",),
        event(_passed(numbers(_short))),
    ),
    Fault(
        "payload/fractions-as-text",
        "gives functions fractions as strings",
        ("payload/round-trip", "payload/scalars"),
        event(_passed(numbers(repr))),
    ),
    Fault(
        "payload/truth-as-number",
        "gives functions 1 for true and 0 for false",
        ("payload/scalars",),
        event(_passed(_each(lambda one: int(one) if isinstance(one, bool) else one))),
    ),
    Fault(
        "payload/proto-lost",
        "loses a member of the name __proto__",
        ("payload/any-json",),
        event(_passed(_without_proto)),
    ),
    Fault(
        "payload/empty-name-lost",
        "loses a member whose name is empty",
        ("payload/round-trip",),
        event(_passed(_without_empty)),
    ),
    Fault("payload/nesting-64", "refuses arrays nested 65 deep", ("payload/any-json",), gate(body=_nested)),
    Fault(
        "payload/objects-and-arrays-alone",
        "refuses a body that is neither an object nor an array",
        ("payload/scalars",),
        gate(body=_structured),
    ),
    Fault(
        "payload/no-whitespace-around",
        "refuses whitespace before and behind the value",
        ("payload/whitespace",),
        gate(body=_unpadded),
    ),
    Fault(
        "payload/falsy-is-empty",
        "takes false, 0, null and what is empty for no body at all",
        ("payload/scalars",),
        event(lambda _, found: found or {}),
    ),
    Fault(
        "payload/text-of-json",
        "gives functions the text of the body, not its value",
        ("payload/round-trip",),
        event(lambda call, _: call.body.decode(errors="replace")),
    ),
    Fault(
        "payload/wrapped-as-request",
        "gives functions an HTTP request with the payload as its body",
        ("payload/round-trip",),
        event(_as_request),
    ),
)


NO_BODY = (
    Fault(
        "payload/no-body-is-null",
        "gives functions null where there is no body",
        ("payload/empty-body-is-object",),
        gate(body=_empty_as(None)),
    ),
    Fault(
        "payload/no-body-is-text",
        "gives functions the text {} where there is no body",
        ("payload/empty-body-is-object",),
        gate(body=_empty_as("{}")),
        seen="moto 5.2.5 with Docker",
    ),
    Fault(
        "payload/no-body-refused",
        "refuses a request without a body",
        ("payload/empty-body-is-object", "payload/event-without-body"),
        gate(body=_there),
    ),
    Fault(
        "payload/event-needs-body",
        "refuses an Event without a body",
        ("payload/event-without-body",),
        gate(body=_there_for_events),
    ),
)


FAULTS = (*VALUES, *NO_BODY)
