"""The constraints of a parameter, and on which side of each a value is: within, at its edge, or beyond."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.oracle.bodies import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.contract.model import Parameter

GROUP = 4
"""Characters of base64 that stand for three bytes: a text of base64 grows by so many at a time."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A keyword of the contract.

    Attributes:
        keyword: as the contract spells it.
        limit: what a parameter has it at; None for one without it.
        holds: whether a value keeps to it.
        at_edge: whether a value that does is the last that does; None where only a comparison with values that don't
            can tell (see :func:`neighbours`).
    """

    keyword: str
    limit: Callable[[Parameter], str | int | None]
    holds: Callable[[Parameter, str], bool]
    at_edge: Callable[[Parameter, str], bool] | None = None


def _kept(keyword: str) -> Callable[[Parameter, str], bool]:
    return lambda parameter, value: keyword not in {one.keyword for one in parameter.violations(value)}


def decoded(value: str) -> bytes | None:
    """Return what a text of base64 stands for; None where it is none."""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None


def _is_json(_: Parameter, value: str) -> bool:
    return kind_of(decoded(value) or b"") == "json"


def _longest(parameter: Parameter, value: str) -> bool:
    longest = parameter.max_bytes or 0
    return longest - (GROUP if parameter.encoding == "base64" else 1) < len(value) <= longest


CONSTRAINTS: tuple[Constraint, ...] = (
    Constraint("minLength", lambda one: one.min_length, _kept("minLength"), lambda one, v: len(v) == one.min_length),
    Constraint("maxLength", lambda one: one.max_length, _kept("maxLength"), lambda one, v: len(v) == one.max_length),
    Constraint("pattern", lambda one: one.pattern, _kept("pattern")),
    Constraint("contentEncoding", lambda one: one.encoding or None, lambda _, value: decoded(value) is not None),
    Constraint("contentMediaType", lambda one: one.media_type or None, _is_json),
    Constraint("x-max-bytes", lambda one: one.max_bytes, lambda one, v: len(v) <= (one.max_bytes or 0), _longest),
)
"""The keywords of which a parameter has one value each; ``enum`` and ``required`` stand in ``items``."""


def neighbours(kept: Iterable[str], broken: Iterable[str]) -> set[str]:
    """Return those of the texts that keep to a constraint which are one edit away from one that breaks it.

    An edit deletes, inserts or replaces one character.
    """
    beyond = set(broken)
    longer = {short for one in beyond for short in _shortened(one)}
    holes = {hole for one in beyond for hole in _holes(one)}
    return {
        one
        for one in kept
        if one in longer or not beyond.isdisjoint(_shortened(one)) or not holes.isdisjoint(_holes(one))
    }


def _shortened(text: str) -> Iterator[str]:
    return (text[:at] + text[at + 1 :] for at in range(len(text)))


def _holes(text: str) -> Iterator[tuple[int, str]]:
    """Yield the text with each of its characters left out, and where: replacing one leaves the same hole."""
    return ((at, text[:at] + text[at + 1 :]) for at in range(len(text)))
