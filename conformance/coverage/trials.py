"""Which calls try a constraint, and on which side of it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from conformance.coverage.constraints import CONSTRAINTS, decoded, neighbours
from conformance.coverage.items import BODY, BYTES, ENUM, REQUIRED, TYPE, Way
from conformance.generation.constraints import name_of
from conformance.oracle.bodies import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from conformance.contract.model import Operation, Parameter
    from conformance.coverage.constraints import Constraint
    from conformance.coverage.items import Item
    from conformance.coverage.sent import Sent

    Sides: TypeAlias = Iterable[tuple[Way, Sent]]
    Placed: TypeAlias = Mapping[str, Sequence[Sent]]
COMPARED = 300
"""Characters of a value beyond which it is not compared with others, letter by letter."""


class Trials:
    """The calls of one operation, by what they try.

    Args:
        operation: of the contract.
        calls: of all cases about it.
    """

    def __init__(self, operation: Operation, calls: Sequence[Sent]) -> None:
        self._calls = calls
        self._parameters = {name_of(one): one for one in operation.parameters}
        self._placed = {name: _by_value(one, calls) for name, one in self._parameters.items()}
        # A body counts where nothing else is wrong with the request.
        self._whole = [one for one in calls if one.signed and one.statuses and one.asked and not one.asked.violations]
        self._bodies = _bodies(self._whole)

    def of(self, item: Item) -> Sides:
        """Return the calls that try a constraint, each with the way in which it does."""
        if item.subject == BODY:
            return self._of_body(item)
        parameter, placed = self._parameters[item.subject], self._placed[item.subject]
        if item.keyword == REQUIRED:
            return self._required(parameter, placed)
        if item.keyword == ENUM:
            return _enumerated(item.limit, parameter, placed)
        return _constrained(next(one for one in CONSTRAINTS if one.keyword == item.keyword), parameter, placed)

    def _required(self, parameter: Parameter, placed: Placed) -> Sides:
        """A path without a name is told from one with; another parameter that is required would need its own way."""
        yield from ((Way.VALID, one) for calls in placed.values() for one in calls if one.well_formed)
        nameless = (one for one in self._calls if one.nameless and one.refused)
        yield from ((Way.INVALID, one) for one in nameless if parameter.location == "path")

    def _of_body(self, item: Item) -> Sides:
        if item.keyword == REQUIRED:
            return _body_required(self._whole)
        if item.keyword == BYTES:
            return _body_bytes(item.id.rpartition("/")[2], int(item.limit), self._whole)
        return self._bodies


def _by_value(parameter: Parameter, calls: Iterable[Sent]) -> Placed:
    """Return the calls that have a parameter once, by its value, where no constraint of another one is broken."""
    found: defaultdict[str, list[Sent]] = defaultdict(list)
    for one in calls:
        asked = one.asked
        if asked is None or not one.signed or not one.statuses or asked.repeated:
            continue
        value = asked.values.get(parameter.name)
        if value is not None and all(broken.member == parameter.member for broken in asked.violations):
            found[value].append(one)
    return found


def _enumerated(value: str, parameter: Parameter, placed: Placed) -> Sides:
    yield from ((Way.VALID, one) for one in placed.get(value, ()) if one.well_formed)
    beyond = {other: calls for other, calls in placed.items() if other not in parameter.enum}
    near = neighbours(beyond, {value})
    for other, calls in beyond.items():
        yield from ((Way.BOUNDARY if other in near else Way.INVALID, one) for one in calls if one.refused)


def _constrained(constraint: Constraint, parameter: Parameter, placed: Placed) -> Sides:
    holding = {value: constraint.holds(parameter, value) for value in placed}
    kept = [value for value, holds in holding.items() if holds]
    broken = {value: [one for one in placed[value] if one.refused] for value, holds in holding.items() if not holds}
    text: Callable[[str], str] = _text if constraint.keyword == TYPE else str
    near = set[str]()
    if constraint.at_edge is None:
        near = _near(map(text, kept), (text(value) for value, calls in broken.items() if calls))
    for value in kept:
        edge = constraint.at_edge(parameter, value) if constraint.at_edge else text(value) in near
        yield from ((Way.BOUNDARY if edge else Way.VALID, one) for one in placed[value] if one.well_formed)
    yield from ((Way.INVALID, one) for calls in broken.values() for one in calls)


def _text(value: str) -> str:
    return (decoded(value) or b"").decode("latin-1")


def _near(kept: Iterable[str], broken: Iterable[str]) -> set[str]:
    return neighbours(*({one for one in texts if len(one) <= COMPARED} for texts in (kept, broken)))


def _body_required(calls: Iterable[Sent]) -> Sides:
    for one in calls:
        if one.size and one.done:
            yield Way.VALID, one
        elif not one.size and one.refused:
            yield Way.INVALID, one


def _bodies(calls: Iterable[Sent]) -> list[tuple[Way, Sent]]:
    """Return the calls whose bodies are JSON, and those whose bodies are not."""
    kept: defaultdict[str, list[Sent]] = defaultdict(list)
    broken: defaultdict[str, list[Sent]] = defaultdict(list)
    for body, same in _by_body(calls).items():
        kind = kind_of(body)
        if kind == "json":
            kept[body.decode("latin-1")] += [one for one in same if one.done]
        elif kind in {"not JSON", "not UTF-8"}:
            broken[body.decode("latin-1")] += [one for one in same if one.refused]
    near = _near((text for text, same in kept.items() if same), (text for text, same in broken.items() if same))
    sides: list[tuple[Way, Sent]] = []
    for text, same in kept.items():
        way = Way.BOUNDARY if text in near else Way.VALID
        sides += [(way, one) for one in same]
    sides += [(Way.INVALID, one) for same in broken.values() for one in same]
    return sides


def _by_body(calls: Iterable[Sent]) -> Mapping[bytes, list[Sent]]:
    found: defaultdict[bytes, list[Sent]] = defaultdict(list)
    for one in calls:
        if one.asked:
            found[one.asked.body].append(one)
    return found


def _body_bytes(InvocationType: str, limit: int, calls: Iterable[Sent]) -> Iterator[tuple[Way, Sent]]:
    """Take the limit and a byte less for its edge: where calls wait, it is not known which of them is the last."""
    for one in calls:
        if one.asked and one.asked.InvocationType == InvocationType:
            if one.size > limit and one.refused:
                yield Way.INVALID, one
            elif one.size <= limit and one.done:
                yield (Way.BOUNDARY if one.size >= limit - 1 else Way.VALID), one
