"""Headers drawn at random: those that the operations know, right and wrong, and some that change nothing."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from conformance.generation.constraints import sendable
from conformance.generation.drawing.chance import one_of, rarely, some, weighted
from conformance.generation.drawing.edits import capitals, edited, spoiled
from conformance.generation.drawing.names import LETTERS_OF_NAMES, characters, long
from conformance.generation.drawing.payloads import PIECES, json_text
from conformance.oracle.bodies import kind_of
from conformance.oracle.reading import is_object, parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.contract.model import Operation, Parameter
    from conformance.generation.drawing.chance import Chance

Header = tuple[str, str]

TYPE, LOG, CONTEXT = "X-Amz-Invocation-Type", "X-Amz-Log-Type", "X-Amz-Client-Context"
TENANT, EXECUTION = "X-Amz-Tenant-Id", "X-Amz-Durable-Execution-Name"
CONTENT_TYPES = ("application/json", "application/octet-stream", "binary/octet-stream")
"""Those that SDKs send."""
OTHERS: tuple[Header, ...] = (
    ("Accept", "*/*"),
    ("Accept", "application/json"),
    ("Accept-Encoding", "identity"),
    ("User-Agent", "invoke-conformance"),
    ("X-Unknown", "anything"),
    ("X-Empty", ""),
    ("amz-sdk-invocation-id", "6a6b5cc5-3c17-4d4b-9a3e-0e7f7f0d6a55"),
    ("amz-sdk-request", "attempt=1; max=3"),
)
"""Headers that say nothing to the service."""
SPELLINGS: tuple[Callable[[str], str], ...] = weighted({str: 6, str.lower: 2, capitals: 1})
"""How a header's name is written."""
TENANTS = ("blue", "a", "Team-7", "a.b_c:d/e=f+g-h@i j", "0" * 40)
WORDS = ("custom", "env", "client")
"""Members that a client context may have."""


def invocation_type(chance: Chance, parameters: Mapping[str, Parameter]) -> str | None:
    """Return an invocation type, right or wrong; None for none."""
    return _chosen(chance, parameters[TYPE], absent=2)


def headers(
    chance: Chance, operation: Operation, parameters: Mapping[str, Parameter], InvocationType: str | None, fixture: str
) -> tuple[Header, ...]:
    """Return the headers of a call.

    Args:
        chance: chooses.
        operation: whose headers they are; each of its parameters is there or not, one in ten of those flawed.
        parameters: by name, also those that the operation doesn't have: all are drawn, so that a request of another
            operation takes as many choices, and none is plainer for want of parameters.
        InvocationType: the value of that header; None for none.
        fixture: that is called; one with tenants is mostly called with one.
    """
    known = {parameter.name for parameter in operation.parameters}
    drawn = [(TYPE, InvocationType), *_values(chance, parameters, fixture)]
    found = [(name, value) for name, value in drawn if value is not None and name in known]
    found += [("Content-Type", one_of(chance, CONTENT_TYPES))] if chance.below(3) else []
    found += some(chance, lambda one: one_of(one, OTHERS), 2) if rarely(chance, 4) else []
    found += [one_of(chance, found)] if found and rarely(chance, 100) else []
    return tuple((one_of(chance, SPELLINGS)(name), value) for name, value in found)


def _values(chance: Chance, known: Mapping[str, Parameter], fixture: str) -> Iterator[tuple[str, str | None]]:
    yield LOG, _chosen(chance, known[LOG], absent=3)
    if rarely(chance, 5):
        yield CONTEXT, client_context(chance, known[CONTEXT])
    if _happens(chance, often=fixture == "tenant"):
        yield TENANT, tenant(chance, known[TENANT])
    if rarely(chance, 50):
        yield EXECUTION, one_of(chance, ("order 1", "a.b", long(chance, known[EXECUTION])))


def _happens(chance: Chance, *, often: bool) -> bool:
    return not rarely(chance, 8) if often else rarely(chance, 80)


def _chosen(chance: Chance, parameter: Parameter, absent: int) -> str | None:
    """Return a value of an enumeration, one in ten edited; None as often as ``absent`` says."""
    found = one_of(chance, (*[None] * absent, *parameter.enum))
    if not rarely(chance, 10):
        return found
    other = edited(chance, found or parameter.enum[0])
    return other if sendable(parameter, other) else parameter.enum[0].lower()


def tenant(chance: Chance, parameter: Parameter) -> str:
    """Return the id of a tenant, one in eight of them flawed."""
    found = one_of(chance, TENANTS)
    if not rarely(chance, 8):
        return found
    other = long(chance, parameter) if rarely(chance, 3) else edited(chance, found)
    return other if sendable(parameter, other) and other else "blue!"


def client_context(chance: Chance, parameter: Parameter, flaws: int = 5) -> str:
    """Return a client context: an object in base64; one in so many is not, or nearly."""
    text = f'{{"{one_of(chance, WORDS)}": {{{_members(chance)}}}}}' if not rarely(chance, 8) else json_text(chance)
    encoded = base64.b64encode(text.encode()).decode()
    if not rarely(chance, flaws):
        return encoded
    other = one_of(chance, _FLAWS)(chance, text, encoded, parameter)
    return other if sendable(parameter, other) and other else "e30"


def right_context(parameter: Parameter, value: str) -> bool:
    """Tell whether a client context is an object of JSON in base64, padded as it must be, and short enough."""
    try:
        decoded = base64.b64decode(value, validate=True)
    except ValueError:
        return False
    short = parameter.max_bytes is None or len(value) <= parameter.max_bytes
    return short and kind_of(decoded) == "json" and is_object(parse_json(decoded))


def _members(chance: Chance) -> str:
    values = some(chance, lambda one: "".join(some(one, lambda it: one_of(it, PIECES), 4)), 3)
    return ", ".join(f'"{number}": "{value}"' for number, value in enumerate(values))


def _padded(_: Chance, __: str, encoded: str, parameter: Parameter) -> str:
    return encoded + "A" * ((parameter.max_bytes or 0) + 4)


_FLAWS: tuple[Callable[[Chance, str, str, Parameter], str], ...] = (
    lambda chance, _, encoded, __: edited(chance, encoded),
    lambda chance, text, _, __: base64.b64encode(spoiled(chance, text.encode())).decode(),
    lambda chance, _, __, ___: characters(chance, LETTERS_OF_NAMES, 1),
    lambda _, text, __, ___: text if text.isascii() else "{}",
    _padded,
)
