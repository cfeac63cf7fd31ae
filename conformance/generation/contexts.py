"""Cases about the client context: its encoding, its format and its limit in bytes."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.generation.constraints import prefix_of
from conformance.generation.drafts import Draft
from conformance.generation.placing import NEEDS, ground_of, placed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Operation

HEADER = "X-Amz-Client-Context"
GROUP = 4
"""Characters of base64 that stand for three bytes; a text without padding has a multiple of them."""
ENCODED: Mapping[str, bytes] = {
    "object": b'{"custom":{"a":1}}',
    "spaces": b' { "custom" : { "a" : 1 } } ',
    "env": b'{"env":{"a":"b"},"client":{"installation_id":"i"}}',
    "nested": b'{"custom":{"list":[1,{"deep":null}],"flag":true,"ratio":0.5,"empty":{}}}',
    "both": b'{"custom":{"foo":"bar"},"env":{"fizz":"buzz"}}',
    "text-beyond-ascii": '{"custom":{"a":"é漢🥳"}}'.encode(),
    "array": b'[{"custom":{}}]',
    "text": b'"custom"',
    "number": b"1",
    "null": b"null",
    "single-quotes": b"{'custom':{}}",
    "bare-name": b'{custom:{"a":1}}',
    "comma-too-many": b'{"custom":{"a":1},}',
    "cut": b'{"custom":{"a":1}',
    "words": b"no json",
    "invalid-utf8": b'{"custom":{"a":"\xff"}}',
}
"""What is encoded, by part of an id."""
ALPHABET = "!\"#$%&'()*,.:;<>?@[]^`{}|~"
"""Characters of no alphabet of base64."""


def contexts(operation: Operation) -> Iterator[Draft]:
    """Yield the cases about the client context of an operation that has one."""
    if HEADER not in {parameter.name for parameter in operation.parameters}:
        return
    for name, data in ENCODED.items():
        value = base64.b64encode(data).decode()
        yield _draft(
            operation, f"format/json/{name}", value, f"A client context that encodes {data.decode(errors='replace')}"
        )
    for character in ALPHABET:
        value = base64.b64encode(ENCODED["object"]).decode()
        id_ = f"format/base64/{ord(character):04x}"
        yield _draft(
            operation, id_, value[:8] + character + value[9:], f"A client context with {character} in its base64"
        )
    seed = next(iter(ground_of(operation.parameter(HEADER)).seeds.values()))
    for InvocationType in ("Event", "DryRun") if operation.id == "Invoke" else ():
        draft = _draft(operation, f"type/{InvocationType}", seed, f"A client context with {InvocationType}")
        headers = (("X-Amz-Invocation-Type", InvocationType), *draft.call.headers)
        yield replace(draft, call=replace(draft.call, headers=headers))
    longest = operation.parameter(HEADER).max_bytes or 0
    for size in (longest - longest % GROUP, longest - longest % GROUP + GROUP):
        empty = len(json.dumps({"custom": {"a": ""}}))
        padded = json.dumps({"custom": {"a": "a" * (size // GROUP * 3 - empty)}})
        value = base64.b64encode(padded.encode()).decode()
        yield _draft(operation, f"x-max-bytes/{len(value)}", value, f"A client context of {len(value)} bytes")


def _draft(operation: Operation, id: str, value: str, purpose: str) -> Draft:
    parameter = operation.parameter(HEADER)
    call = replace(placed(ground_of(parameter).call, parameter, value), operation=operation.id)
    prefix = prefix_of(operation, parameter)
    return Draft(f"{prefix}/{id}", purpose, call, f"{prefix}/seed/custom", NEEDS[operation.id])
