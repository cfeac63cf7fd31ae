"""Cases about the body: values of every kind, texts that are one byte away from JSON, and sizes at the limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.cases.model import Call, Sized
from conformance.cases.payload_malformed import GRAMMAR, NO_UTF8
from conformance.generation.drafts import Draft
from conformance.generation.edits import edits
from conformance.generation.placing import NEEDS, some_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Contract, Operation

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
    "zero-point-zero": "0.0",
    "fractions": "[0.1, -2.5e-7, 123456.789]",
    "answer-like": '{"StatusCode": 500, "FunctionError": "Handled", "Payload": "inner"}',
    "error-like": '{"errorMessage": "no error", "errorType": "none"}',
    "qualifier-like": '{"Qualifier": "1", "FunctionName": "other"}',
    "nested-80": "[" * 80 + "]" * 80,
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
WRONG: Mapping[str, tuple[str, bytes]] = {
    **GRAMMAR,
    **NO_UTF8,
    "invalid-utf8": ("Bytes that are no UTF-8", b"n\x87r\x9e\xe9\xb5"),
    "word": ("A bare word", b"hello"),
    "words": ("Two bare words", b"test data"),
    "base64": ("The base64 of JSON", b"e30="),
    "number-and-letter": ("A number with a letter right behind it", b"0D"),
    "numbers-and-letters": ("A number with letters right behind it", b"12abc"),
    "cut-object": ("An object without its end", b'{"hello": '),
    "hash-comment": ("A comment as scripts have it", b"[1, # one\n2]"),
}
"""Bodies that are no JSON, or no UTF-8, by part of an id: what each is, and its bytes."""
LONG = 131_072
"""Bytes of a result that is longer than what is read at a time."""
UNSEEN = ("object", "seed", "string")
"""Those for an operation that shows nothing of what the function got."""


def bodies(operation: Operation, contract: Contract) -> Iterator[Draft]:
    """Yield the cases about the body of an operation."""
    own = "" if operation.id == "Invoke" else f"{operation.id}/"
    values = VALUES if operation.id != "InvokeAsync" else {name: VALUES[name] for name in UNSEEN}
    for name, text in values.items():
        yield _draft(operation, f"{own}body/value/{name}", text.encode(), f"A body of JSON: {name.replace('-', ' ')}")
    yield _draft(operation, f"{own}body/value/none", b"", "No body")
    for name, (what, body) in WRONG.items() if operation.id == "Invoke" else ():
        yield _draft(operation, f"body/wrong/{name}", body, f"{what} as the body")
    for InvocationType in ("Event", "DryRun") if operation.id == "Invoke" else ():
        draft = _draft(operation, f"body/none/{InvocationType}", b"", f"No body with {InvocationType}")
        yield replace(draft, call=replace(draft.call, headers=(("X-Amz-Invocation-Type", InvocationType),)))
    for number, text in enumerate(some_of(edits(SEED), operation), 1):
        yield _draft(
            operation, f"{own}body/near-miss/{number:04d}", text.encode(), f"The body {text}, one edit from JSON"
        )
    yield from _sizes(operation, own, contract)


def _sizes(operation: Operation, own: str, contract: Contract) -> Iterator[Draft]:
    others = {most for each in contract.operations.values() for most in each.body_limits.values()}
    if operation.id != "InvokeAsync":
        yield replace(
            _draft(operation, f"{own}body/size/{LONG}", b"", f"A body of {LONG} bytes"),
            call=Call(body=Sized(LONG), operation=operation.id),
        )
    for InvocationType, limit in operation.body_limits.items():
        headers = (("X-Amz-Invocation-Type", InvocationType),) if operation.id == "Invoke" else ()
        # Where the limit of another operation is, or was that of this one before it was raised, others may stop.
        lower = sorted(one + 1 for one in others if one < limit) if InvocationType == "Event" else ()
        for size in (*lower, limit - 1, limit, limit + 1):
            if operation.id == "Invoke" and InvocationType == "RequestResponse" and size > limit:
                wide = Call(body=Sized(size + 1, "é"))
                id_ = f"body/x-max-bytes/{InvocationType}/{size + 1}-in-wide-letters"
                purpose = f"A body of {size + 1} bytes, but fewer characters than {limit}"
                yield Draft(id_, purpose, wide, "body/value/string")
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
