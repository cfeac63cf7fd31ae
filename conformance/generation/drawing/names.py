"""Function names and qualifiers drawn at random: mostly right, else wrong in one of the ways that names can be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.generation.constraints import LETTERS
from conformance.generation.drawing.chance import one_of, rarely, some, weighted
from conformance.generation.drawing.edits import edited
from conformance.generation.grammar import PARTS, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.contract.model import Parameter
    from conformance.generation.drawing.chance import Chance

FORMS = weighted(
    {
        "{name}": 6,
        "{account}:function:{name}": 2,
        "arn:{partition}:lambda:{region}:{account}:function:{name}": 4,
    }
)
"""The documented ways to name a function."""
ELSEWHERE = (
    "arn:{partition}:lambda:{other_region}:{account}:function:{name}",
    "arn:{partition}:lambda:{region}:{other_account}:function:{name}",
    "{other_account}:function:{name}",
    "arn:aws-cn:lambda:{region}:{account}:function:{name}",
    "arn:{partition}:s3:{region}:{account}:function:{name}",
    "arn:{partition}:lambda:{region}:{account}:layer:{name}",
)
"""Names of something that is elsewhere, or no function."""
LETTERS_OF_NAMES = "aZ0-_.bcdfgABC123"
"""Of the characters that a name may have, some of each kind; the plainest first."""
ODD = "!*+%#?&;@=,~'\"<|^`()[]$: é漢🥳\x7f\t\n"
"""Characters that no name has, and the colon that separates."""
QUALIFIERS: Mapping[str, tuple[str, ...]] = {
    "versioned": ("1", "2", "live", "$LATEST"),
    "weighted": ("split", "1", "2", "$LATEST"),
    "durable": ("1", "$LATEST"),
}
"""Fixture -> its versions and aliases."""
LATEST = ("$LATEST",)
"""Those of the others."""
UNKNOWN = ("no-such-alias", "3", "99", "01", "0", "Live", "LIVE", "$latest", "$LATEST.PUBLISHED", "latest")
"""Well-formed qualifiers that no fixture has."""
MALFORMED = ("live!", "$LATES", "a.b", "1:1", "", " ", "live live", "é", "$LATEST.PUBLISHED.", "*")
BEYOND = (-1, 0, 1, 2, 40)
"""How far a length is from the limit."""
SHORT = 12
"""Characters of a text of any characters at most."""


def FunctionName(  # noqa: N802  the field's name
    chance: Chance, fixture: str, suffix: str, parameter: Parameter, flaws: int = 8
) -> str:
    """Return the FunctionName of a fixture with a qualifier behind it, where one is given.

    Args:
        chance: chooses.
        fixture: whose word in braces stands in the name.
        suffix: a qualifier, or nothing.
        parameter: FunctionName of the contract, for its limits.
        flaws: one in so many is flawed.
    """
    named = f"{{{fixture}}}:{suffix}" if suffix else f"{{{fixture}}}"
    text = one_of(chance, FORMS).replace("{name}", named)
    return one_of(chance, _FLAWS)(chance, text, named, parameter) if rarely(chance, flaws) else text


def _near(chance: Chance, text: str, _: str, __: Parameter) -> str:
    return edited(chance, text)


def _twice(chance: Chance, text: str, _: str, __: Parameter) -> str:
    return edited(chance, edited(chance, text))


def _elsewhere(chance: Chance, _: str, named: str, __: Parameter) -> str:
    return one_of(chance, ELSEWHERE).replace("{name}", named)


def _missing(chance: Chance, text: str, named: str, _: Parameter) -> str:
    return text.replace(named, "{missing}" + characters(chance, LETTERS_OF_NAMES, 0))


def _prefixed(chance: Chance, _: str, named: str, __: Parameter) -> str:
    """Leave out some of the parts before the name; each may be missing by itself."""
    return "".join(one for one in PREFIXES if chance.below(2)) + named


def _of_a_kind(chance: Chance, _: str, named: str, __: Parameter) -> str:
    return one_of(chance, _KINDS).replace("{name}", named.partition("}")[0] + "}")


def _any(chance: Chance, _: str, __: str, ___: Parameter) -> str:
    """Return a name of any characters; it begins as no other function's does, which is none of ours to call."""
    return "{missing}" + characters(chance, LETTERS_OF_NAMES + ODD, 1)


def _long(chance: Chance, _: str, __: str, parameter: Parameter) -> str:
    return long(chance, parameter)


_FLAWS: Sequence[Callable[[Chance, str, str, Parameter], str]] = (
    *(_near, _near, _near, _near, _twice),
    *(_missing, _missing, _elsewhere, _elsewhere, _prefixed, _of_a_kind, _any, _long),
)
_KINDS = tuple(
    re.sub(r"\{echo\}|\{versioned\}", "{name}", name)
    for part, kinds in PARTS.items()
    for name in kinds.values()
    if part != "name"  # those would be other functions
)


def qualifier(
    chance: Chance, known: Sequence[str], parameter: Parameter, *, behind: bool = False, flaws: int = 6
) -> str:
    """Return a qualifier.

    Args:
        chance: chooses.
        known: versions and aliases that there are.
        parameter: Qualifier of the contract, for its limits.
        behind: whether it goes behind the name, where the limits of the name hold instead.
        flaws: one in so many is unknown or malformed.
    """
    if not rarely(chance, flaws):
        return one_of(chance, known)
    if rarely(chance, 12) and not behind:
        return long(chance, parameter)
    found = one_of(chance, (*UNKNOWN, *MALFORMED, ""))
    return found or edited(chance, one_of(chance, known))


def characters(chance: Chance, alphabet: str, least: int, most: int = SHORT) -> str:
    """Return a text of an alphabet, of any length between two."""
    return "".join(some(chance, lambda _: one_of(chance, alphabet), most, least))


def long(chance: Chance, parameter: Parameter) -> str:
    """Return a text whose length is near the limit of a parameter, below or beyond it."""
    length = (parameter.max_length or 0) + one_of(chance, BEYOND)
    return (LETTERS * (length // len(LETTERS) + 1))[:length]
