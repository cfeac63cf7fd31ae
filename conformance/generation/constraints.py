"""Cases about each constraint of a parameter: at its limits, beyond them, and one edit away from what is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.generation.drafts import Draft
from conformance.generation.edits import edits
from conformance.generation.placing import NEEDS, ground_of, placed, some_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.model import Contract, Operation, Parameter

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
BEYOND_ASCII = "é漢🥳\x7f\t\n"
"""Characters of more bytes, and some that are not printed; for what is percent-encoded only."""
FEW = "-_$!é"
"""Characters for the operations that share their parameters with Invoke: of each kind some."""


def name_of(parameter: Parameter) -> str:
    """Return a parameter's name as the API has it, such as ``InvocationType``."""
    return parameter.member[0].upper() + parameter.member[1:]


def prefix_of(operation: Operation, parameter: Parameter) -> str:
    """Return what the ids about a parameter of an operation begin with."""
    own = "" if operation.id == "Invoke" else f"{operation.id}/"
    return f"{own}{name_of(parameter)}"


def seeds(operation: Operation) -> Iterator[Draft]:
    """Yield requests with values that are taken: the twins of what is refused."""
    for parameter in operation.parameters:
        for name, value in ground_of(parameter).seeds.items():
            purpose = f"{name_of(parameter)} {value}, which is taken"
            yield _draft(operation, parameter, f"seed/{name}", value, purpose)


def boundaries(operation: Operation, contract: Contract) -> Iterator[Draft]:
    """Yield the cases at the limits of all constraints of an operation's parameters."""
    for parameter in operation.parameters:
        yield from _of_others(operation, parameter, contract)
        yield from _lengths(operation, parameter)
        if operation.id == "Invoke":
            yield from _between(operation, parameter)
        if parameter.location == "path":
            yield from _whole_lengths(operation, parameter)
        yield from _enumerated(operation, parameter)
        if parameter.pattern:
            yield from _characters(operation, parameter)


def near_misses(operation: Operation) -> Iterator[Draft]:
    """Yield the texts one edit away from the seeds of all parameters that have a pattern or an enumeration."""
    for parameter in operation.parameters:
        keyword = "pattern" if parameter.pattern else "enum" if parameter.enum else ""
        if keyword:
            found = dict.fromkeys(one for seed in ground_of(parameter).seeds.values() for one in edits(seed))
            tried = some_of((one for one in found if sendable(parameter, one)), operation)
            for number, value in enumerate(tried, 1):
                purpose = f"{value!r} as {name_of(parameter)}, one edit away from what is taken"
                yield _draft(operation, parameter, f"{keyword}/near-miss/{number:04d}", value, purpose)


def sendable(parameter: Parameter, value: str) -> bool:
    """Tell whether a value gets to the service as it is, and is not a question of its own.

    A header loses the spaces around its value, and one with characters beyond ASCII has no agreed signature; a path
    without a name, or with a segment of dots, is another path.
    """
    if parameter.location == "header":
        return value.isascii() and value.isprintable() and value.strip() == value
    return value not in {"", ".", ".."}


def _draft(operation: Operation, parameter: Parameter, id: str, value: str, purpose: str) -> Draft:
    ground, prefix = ground_of(parameter), prefix_of(operation, parameter)
    call = replace(placed(ground.call, parameter, value), operation=operation.id)
    return Draft(
        id=f"{prefix}/{id}",
        purpose=purpose,
        call=call,
        twin=f"{prefix}/seed/{next(iter(ground.seeds))}",
        capabilities=(*NEEDS[operation.id], *ground.capabilities),
        whole=id.startswith("seed/"),
    )


def _lengths(operation: Operation, parameter: Parameter) -> Iterator[Draft]:
    """Yield values of the least and the greatest length, and of one character less or more."""
    name = name_of(parameter)
    for keyword, limit, lengths in (
        ("minLength", parameter.min_length, (-1, 0, 1)),
        ("maxLength", parameter.max_length, (-1, 0, 1, 2)),
    ):
        for length in [limit + more for more in lengths] if limit is not None else []:
            value = (LETTERS * (length // len(LETTERS) + 1))[:length]
            if sendable(parameter, value):
                purpose = f"{name} of {length} characters, where {keyword} is {limit}"
                yield _draft(operation, parameter, f"{keyword}/{length}", value, purpose)


def _of_others(operation: Operation, parameter: Parameter, contract: Contract) -> Iterator[Draft]:
    """Yield the values that the parameter may have with another operation, and may not with this one."""
    others = [one for each in contract.operations.values() for one in each.parameters if one.name == parameter.name]
    for value in dict.fromkeys(value for one in others for value in one.enum if value not in parameter.enum):
        purpose = f"{value} as {name_of(parameter)}, which other operations have"
        yield _draft(operation, parameter, f"enum/of-another-operation/{value}", value, purpose)


def _whole_lengths(operation: Operation, parameter: Parameter) -> Iterator[Draft]:
    """Yield names in longer forms that are as long as can be, and too long, while the bare name is not."""
    most, partial = parameter.max_length or 0, "{account}:function:"
    before = len(partial.replace("{account}", "0" * 12))
    for length in (most, most + 1):
        named = "n" * (length - before)
        yield _draft(operation, parameter, f"maxLength/partial-arn/{length}", partial + named, f"{length} characters")
        suffixed = "n" * (length - len(":live")) + ":live"
        yield _draft(operation, parameter, f"maxLength/suffix/{length}", suffixed, f"{length} characters with a suffix")


def _between(operation: Operation, parameter: Parameter) -> Iterator[Draft]:
    """Yield values of the powers of two between the limits, and of one character less and more: where others stop."""
    least, most = parameter.min_length or 0, parameter.max_length or 0
    powers = [2**power + more for power in range(2, most.bit_length()) for more in (-1, 0, 1)]
    for length in (one for one in powers if least + 1 < one < most - 1):
        value = (LETTERS * (length // len(LETTERS) + 1))[:length]
        purpose = f"{name_of(parameter)} of {length} characters, which is within the limits"
        yield _draft(operation, parameter, f"length/{length}", value, purpose)


def _enumerated(operation: Operation, parameter: Parameter) -> Iterator[Draft]:
    """Yield the values of an enumeration in other case: each of them is in it, or not, as the contract says."""
    for value in parameter.enum:
        for case, other in (("lower", value.lower()), ("upper", value.upper())):
            if other not in parameter.enum:
                purpose = f"{other} as {name_of(parameter)}, in {case} case"
                yield _draft(operation, parameter, f"enum/{case}-case/{value}", other, purpose)


def _characters(operation: Operation, parameter: Parameter) -> Iterator[Draft]:
    """Yield values with each printable character in their middle, whether the pattern allows it or not."""
    every = [*map(chr, range(0x20, 0x7F)), *BEYOND_ASCII] if operation.id == "Invoke" else FEW
    for character in every:
        value = f"a{character}b"
        if sendable(parameter, value):
            purpose = f"{name_of(parameter)} with the character {character!r}"
            yield _draft(operation, parameter, f"pattern/character/{ord(character):04x}", value, purpose)
