"""Cases about the body: values of every kind, texts that are one byte away from JSON, and sizes at the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.model import Call, Sized
from conformance.generation.drafts import Draft
from conformance.generation.edits import edits
from conformance.generation.placing import NEEDS, some_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Operation

SEED = '{"a":[1,"b",null,true]}'
"""The text whose neighbours are tried."""
VALUES: Mapping[str, str] = {
    "object": '{"a": 1, "b": [true, false, null]}',
    "seed": SEED,
    "empty-object": "{}",
    "array": '[1, "two", {"three": 3}]',
    "empty-array": "[]",
    "empty-string": '""',
    "string": '"hello"',
    "quotes": '"\\"quoted\\" and \\\\"',
    "controls": '"\\b\\f\\n\\r\\t\\u0000\\u001f"',
    "escaped-slash": '"\\/"',
    "escaped-letters": '"\\u0041\\u00e9"',
    "escaped-pair": '"\\ud83e\\udd73"',
    "two-bytes": '"é"',
    "three-bytes": '"漢字"',
    "four-bytes": '"🥳"',
    "combining": '"e\u0301"',
    "line-separators": '"\u2028\u2029"',
    "markup": '"<b>&amp;</b>"',
    "true": "true",
    "false": "false",
    "null": "null",
    "zero": "0",
    "negative-zero": "-0.0",
    "negative": "-1",
    "float": "1.5",
    "small": "1e-7",
    "large": "1E+15",
    "third": "0.3333333333333333",
    "greatest-exact": "9007199254740992",
    "32-bits": "4294967296",
    "date-like": '"2015-03-31T00:00:00Z"',
    "base64-like": '"aGVsbG8="',
    "number-like": '"007"',
    "empty-key": '{"": 1}',
    "odd-keys": '{"a b": 1, "é": 2, "$": 3, "__proto__": 4}',
    "order-of-keys": '{"z": 1, "a": 2, "M": 3}',
    "nested": '{"a": {"b": {"c": {"d": [[[["deep"]]]]}}}}',
    "mixed-array": '[null, true, 0, "", [], {}]',
    "spaces": ' \t\r\n{ "a" : [ 1 , 2 ] }\r\n',
    "many-members": "{" + ", ".join(f'"k{number}": {number}' for number in range(200)) + "}",
    "many-elements": "[" + ", ".join(map(str, range(1000))) + "]",
    "long-string": '"' + "0123456789" * 1000 + '"',
}
"""JSON texts, by part of an id."""
UNSEEN = ("object", "seed", "string")
"""Those for an operation that shows nothing of what the function got."""


def bodies(operation: Operation) -> Iterator[Draft]:
    """Yield the cases about the body of an operation."""
    own = "" if operation.id == "Invoke" else f"{operation.id}/"
    values = VALUES if operation.id != "InvokeAsync" else {name: VALUES[name] for name in UNSEEN}
    for name, text in values.items():
        yield _draft(operation, f"{own}body/value/{name}", text.encode(), f"A body of JSON: {name.replace('-', ' ')}")
    for number, text in enumerate(some_of(edits(SEED), operation), 1):
        yield _draft(
            operation, f"{own}body/near-miss/{number:04d}", text.encode(), f"The body {text}, one edit from JSON"
        )
    yield from _sizes(operation, own)


def _sizes(operation: Operation, own: str) -> Iterator[Draft]:
    for InvocationType, limit in operation.body_limits.items():
        headers = (("X-Amz-Invocation-Type", InvocationType),) if operation.id == "Invoke" else ()
        for size in (limit - 1, limit, limit + 1):
            yield Draft(
                id=f"{own}body/x-max-bytes/{InvocationType}/{size}",
                purpose=f"A body of {size} bytes, where {limit} are the limit for {InvocationType}",
                call=Call(headers=headers, body=Sized(size), operation=operation.id),
                twin=f"{own}body/value/string",
                capabilities=NEEDS[operation.id],
                whole=size > limit,
            )


def _draft(operation: Operation, id: str, body: bytes, purpose: str) -> Draft:
    call = Call(body=body, operation=operation.id)
    return Draft(id, purpose, call, f"{id.partition('body/')[0]}body/value/object", NEEDS[operation.id])
