"""Clauses: the single expectations of which a case's expectation is made, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from conformance.oracle.reading import ABSENT, SUBJECTS, Nothing, Reading, is_array, is_object, split_subject
from conformance.oracle.site import Site, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Clause:
    """One expectation.

    Attributes:
        requirement: id of the requirement that is broken when it does not hold.
        subject: what is looked at, such as ``status`` or ``header X-Amz-Log-Result`` (see SUBJECTS).
        rule: how it is compared (see RULES).
        value: what with; any JSON value. Text may hold ``{echo}``, ``{region}`` and other words of the site.
        has_words: whether text of the value has braces, in which words of the site may stand.
    """

    requirement: str
    subject: str
    rule: str
    value: Any = None
    has_words: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "has_words", _has_braces(self.value))


def _has_braces(value: Any) -> bool:  # noqa: ANN401  any JSON value
    if isinstance(value, str):
        return "{" in value
    if is_object(value):
        return any(map(_has_braces, value.values()))
    return is_array(value) and any(map(_has_braces, value))


@dataclass(frozen=True, slots=True)
class Rule:
    """How an observation is compared with a value.

    Attributes:
        holds: whether the observation is as expected; gets the observation and the clause's value.
        phrase: how the expectation reads, with ``{}`` for the value.
        operand: whether the value names a subject, of this answer or (``step N ...``) of an earlier one; a list of
            them where the rule compares with several.
    """

    holds: Callable[[Any, Any], bool]
    phrase: str
    operand: bool = False


def same_json(one: Any, other: Any) -> bool:  # noqa: ANN401  any JSON values
    """Compare JSON values: numbers by value, but true is not 1; member order does not matter."""
    if is_object(one) and is_object(other):
        return one.keys() == other.keys() and all(same_json(one[key], other[key]) for key in one)
    if is_array(one) and is_array(other):
        return len(one) == len(other) and all(map(same_json, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def _matches(observed: Any, pattern: str) -> bool:  # noqa: ANN401  any observation
    return isinstance(observed, str) and re.search(pattern, observed) is not None


def _contains(observed: Any, part: Any) -> bool:  # noqa: ANN401  any observation
    return isinstance(observed, str) and isinstance(part, str) and part != "" and part in observed


def _tells(observed: Any, parts: Sequence[str]) -> bool:  # noqa: ANN401  any observation
    return isinstance(observed, str) and observed.startswith(parts[0]) and all(part in observed for part in parts)


def _among(one: Any, known: Sequence[Any]) -> bool:  # noqa: ANN401  any observation
    return not isinstance(one, Nothing) and any(same_json(one, other) for other in known)


def _known(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Make a comparison of two observations false where either is missing."""
    return lambda one, other: not isinstance(one, Nothing) and not isinstance(other, Nothing) and test(one, other)


RULES: Mapping[str, Rule] = {
    "equals": Rule(same_json, "{}"),
    "is one of": Rule(lambda seen, values: any(same_json(seen, one) for one in values), "one of {}"),
    "is not": Rule(lambda seen, value: not same_json(seen, value), "anything but {}"),
    "matches": Rule(_matches, "text that matches {}"),
    "tells": Rule(_tells, "text that begins with the first of {}, and holds all of them"),
    "is absent": Rule(lambda seen, _: isinstance(seen, Nothing), "absent"),
    "is present": Rule(lambda seen, _: not isinstance(seen, Nothing), "present"),
    "is empty": Rule(lambda seen, _: seen == b"", "empty"),
    "is at most": Rule(lambda seen, most: isinstance(seen, int) and seen <= most, "at most {}"),
    "is at least": Rule(lambda seen, least: isinstance(seen, int) and seen >= least, "at least {}"),
    "includes": Rule(lambda seen, values: is_array(seen) and set(values) <= set(seen), "among them {}"),
    "is as": Rule(_known(same_json), "equal to {}", operand=True),
    "contains": Rule(_contains, "text with {}", operand=True),
    "differs from": Rule(_known(lambda one, other: not same_json(one, other)), "different from {}", operand=True),
    "differs from all": Rule(
        lambda seen, others: not _among(seen, others), "absent, or different from all of {}", operand=True
    ),
    "are among": Rule(
        lambda seen, known: is_array(seen) and all(_among(one, known) for one in seen),
        "a list of nothing but {}",
        operand=True,
    ),
}
"""How observations are compared: name -> rule. Tables, so that ``list cases --json`` can be read by other harnesses."""


def either(requirement: str, subject: str, values: Collection[Any]) -> Clause:
    """Return that an observation is one of some values, in order; where there is one alone, that it equals that."""
    known = sorted(values)
    if len(known) == 1:
        return Clause(requirement, subject, "equals", known[0])
    return Clause(requirement, subject, "is one of", known)


def bind(clause: Clause, site: Site) -> Clause:
    """Put the site's words into a clause's value; in a pattern they are escaped."""
    if not clause.has_words:
        return clause
    quote = re.escape if clause.rule == "matches" else str
    return Clause(clause.requirement, clause.subject, clause.rule, _fill(clause.value, site, quote))


def _fill(value: Any, site: Site, quote: Callable[[str], str]) -> Any:  # noqa: ANN401  any JSON value
    if isinstance(value, str) and "{" in value:
        return fill(value, site, quote)
    if is_array(value):
        return [_fill(one, site, quote) for one in value]
    if is_object(value):
        return {key: _fill(one, site, quote) for key, one in value.items()}
    return value


def operand(value: Any, readings: Sequence[Reading | None]) -> Any:  # noqa: ANN401  any observation
    """Look at what an observation is compared with: a subject, or several, of which those count that are there.

    Raises:
        KeyError: there is no such subject.
        IndexError: there is no such step.
    """
    if not is_array(value):
        return observe(value, readings)
    found = [observe(one, readings) for one in value]
    return [one for one in found if not isinstance(one, Nothing)]


def observe(subject: str, readings: Sequence[Reading | None]) -> Any:  # noqa: ANN401  any observation
    """Look at a subject of the last answer, or of step N (from 1) for ``step N SUBJECT``; None is no answer.

    Raises:
        KeyError: there is no such subject.
        IndexError: there is no such step.
    """
    step, look, argument = _located(subject)
    reading = readings[-1] if step is None else readings[:step][-1]
    return ABSENT if reading is None else look(reading, argument)


@lru_cache(maxsize=4096)
def _located(subject: str) -> tuple[int | None, Callable[[Reading, str], Any], str]:
    """Return of which step a subject is (None for the last answer), how it is looked at, and its argument."""
    step, rest = None, subject
    if subject.startswith("step "):
        _, number, rest = subject.split(" ", 2)
        step = int(number)
    name, argument = split_subject(rest)
    return step, SUBJECTS[name], argument
