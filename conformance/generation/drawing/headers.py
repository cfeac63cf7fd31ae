"""Headers drawn at random: those that the operations know, right and wrong, and some that change nothing."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from conformance.generation.constraints import sendable
from conformance.generation.drawing.chance import one_of, rarely, some, weighted
from conformance.generation.drawing.edits import capitals, edited, spoiled
from conformance.generation.drawing.names import LETTERS_OF_NAMES, characters, long
from conformance.generation.drawing.payloads import PIECES, json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def invocation_type(chance: Chance, operation: Operation) -> str | None:
    """Return an invocation type, right or wrong; None for none, and for an operation without any."""
    known = {parameter.name: parameter for parameter in operation.parameters}
    return None if TYPE not in known else _chosen(chance, known[TYPE], absent=2)


def headers(chance: Chance, operation: Operation, InvocationType: str | None, fixture: str) -> tuple[Header, ...]:
    """Return the headers of a call.

    Args:
        chance: chooses.
        operation: whose headers they are; each of its parameters is there or not, one in ten of those flawed.
        InvocationType: the value of that header; None for none.
        fixture: that is called; one with tenants is mostly called with one.
    """
    known = {parameter.name: parameter for parameter in operation.parameters if parameter.location == "header"}
    found = [(TYPE, InvocationType)] if InvocationType is not None else []
    found += [(name, value) for name, value in _values(chance, known, fixture) if value is not None]
    found += [("Content-Type", one_of(chance, CONTENT_TYPES))] if chance.below(3) else []
    found += some(chance, lambda one: one_of(one, OTHERS), 2) if rarely(chance, 4) else []
    found += [one_of(chance, found)] if found and rarely(chance, 100) else []
    return tuple((one_of(chance, SPELLINGS)(name), value) for name, value in found)


def _values(chance: Chance, known: dict[str, Parameter], fixture: str) -> Iterator[tuple[str, str | None]]:
    if LOG in known:
        yield LOG, _chosen(chance, known[LOG], absent=3)
    if CONTEXT in known and rarely(chance, 5):
        yield CONTEXT, client_context(chance, known[CONTEXT])
    if TENANT in known and _happens(chance, often=fixture == "tenant"):
        yield TENANT, tenant(chance, known[TENANT])
    if EXECUTION in known and rarely(chance, 50):
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


def client_context(chance: Chance, parameter: Parameter) -> str:
    """Return a client context: mostly an object in base64; one in five is not, or nearly."""
    text = f'{{"{one_of(chance, WORDS)}": {{{_members(chance)}}}}}' if not rarely(chance, 8) else json_text(chance)
    encoded = base64.b64encode(text.encode()).decode()
    if not rarely(chance, 5):
        return encoded
    other = one_of(chance, _FLAWS)(chance, text, encoded, parameter)
    return other if sendable(parameter, other) and other else "e30"


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
