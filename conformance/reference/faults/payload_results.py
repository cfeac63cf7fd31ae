"""Faults of results on their way back."""

from __future__ import annotations

import json
from typing import Any

from conformance.reference.faults.editing import body, is_result, is_success, result
from conformance.reference.faults.model import Fault
from conformance.reference.faults.payload import numbers

CUT = 64 << 10
"""Bytes after which a careless buffer ends."""


def _unquoted(data: bytes) -> bytes:
    found = json.loads(data)
    return found.encode(errors="replace") if isinstance(found, str) else data


def _quoted_only(data: bytes) -> bytes:
    found = json.loads(data)
    return f'"{found}"'.encode(errors="replace") if isinstance(found, str) else data


def _as_characters(data: bytes) -> bytes:
    text = json.dumps(json.loads(data), ensure_ascii=False).encode(errors="replace")
    return text[: len(text.decode(errors="replace"))]


def _unwrapped(found: Any) -> Any:  # noqa: ANN401  any JSON value
    return found["Payload"] if isinstance(found, dict) and found.get("Payload") else found  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  any JSON value


def _whole_fraction(number: float) -> object:
    return int(number) if number.is_integer() else number


def _wrapped(found: Any) -> Any:  # noqa: ANN401  any JSON value
    return {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": found}


FAULTS = (
    Fault(
        "payload/whole-fractions",
        "writes a fraction that is whole without its point",
        ("payload/float-bytes",),
        result(numbers(_whole_fraction)),
    ),
    Fault(
        "payload/wrapped",
        "wraps results in an object with status and version",
        ("payload/round-trip",),
        result(_wrapped, is_result),
    ),
    Fault(
        "payload/unwrapped",
        "takes a result with a member Payload for an answer, and unwraps it",
        ("payload/any-json",),
        result(_unwrapped),
        seen="localstack 2.3.2",
    ),
    Fault(
        "payload/encoded-twice",
        "writes results as JSON in a JSON string",
        ("payload/round-trip",),
        result(json.dumps),
    ),
    Fault(
        "payload/string-without-quotes",
        "writes a string without its quotes",
        ("payload/string-bytes",),
        body(_unquoted),
        seen="serverless-offline at 04c59ed",
    ),
    Fault(
        "payload/string-without-escapes",
        "puts quotes around a string and escapes nothing in it",
        ("payload/any-json",),
        body(_quoted_only),
        seen="serverless-offline 14.8.2",
    ),
    Fault(
        "payload/line-behind",
        "ends results in a line break",
        ("payload/string-bytes", "payload/null-bytes"),
        body(lambda data: data + b"\n"),
    ),
    Fault(
        "payload/null-is-empty",
        "answers with no body at all where the result is null",
        ("payload/null-bytes", "payload/nothing-returned-is-null"),
        body(lambda data: b"" if data == b"null" else data),
    ),
    Fault(
        "payload/null-is-object",
        "answers {} where the result is null",
        ("payload/nothing-returned-is-null",),
        body(lambda data: b"{}" if data == b"null" else data),
    ),
    Fault(
        "payload/falsy-result-is-empty",
        "answers with no body where the result is false, 0, null or an empty string",
        ("payload/scalars", "payload/any-json"),
        body(lambda data: b"" if data in {b"false", b"0", b"0.0", b"null", b'""'} else data),
        seen="serverless-offline at 04c59ed",
    ),
    Fault(
        "payload/as-many-bytes-as-characters",
        "sends as many bytes of a result as it has characters",
        ("payload/unicode",),
        body(_as_characters),
    ),
    Fault(
        "payload/cut-at-64-kib",
        "cuts results behind 64 KiB",
        ("payload/round-trip",),
        body(lambda data: data[:CUT]),
    ),
    Fault(
        "payload/written-in-latin-1",
        "writes results in Latin-1",
        ("payload/unicode",),
        body(lambda data: json.dumps(json.loads(data), ensure_ascii=False).encode("latin-1", "replace"), is_success),
    ),
)
