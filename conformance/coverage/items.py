"""The items of the contract that have to be covered, in the order in which they stand there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING

from conformance.coverage.constraints import CONSTRAINTS
from conformance.generation.constraints import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Contract, Operation


class Kind(StrEnum):
    """What an item is."""

    CONSTRAINT = "constraint"
    STATUS = "status"
    ERROR = "error"
    HEADER = "header"


class Way(StrEnum):
    """How an item is tried."""

    VALID = "valid"
    BOUNDARY = "boundary"
    INVALID = "invalid"
    EXPECTED = "expected"
    PRESENT = "present"
    ABSENT = "absent"


KINDS: Mapping[Kind, str] = {
    Kind.CONSTRAINT: "what a request may hold",
    Kind.STATUS: "with which status it may be answered",
    Kind.ERROR: "with which error it may be refused",
    Kind.HEADER: "which headers the answer has",
}
WAYS: Mapping[Way, str] = {
    Way.VALID: "a value that keeps to the constraint is sent, and the answer must not refuse it for that",
    Way.BOUNDARY: "the last value within: of the very length or size, or one edit away from one that doesn't; "
    "for a value of an enumeration, one that is an edit away from it and so is refused",
    Way.INVALID: "a value that breaks it is sent, and the answer must say so",
    Way.EXPECTED: "the answer must be this one and no other",
    Way.PRESENT: "the header must be there, or have a value",
    Way.ABSENT: "the header must not be there",
}
SIDES = (Way.VALID, Way.BOUNDARY, Way.INVALID)
BODY = "body"
REQUIRED, ENUM, TYPE, BYTES = "required", "enum", "contentMediaType", "x-max-bytes"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the contract.

    Attributes:
        id: stable, such as ``Invoke/FunctionName/maxLength``.
        kind: of KINDS.
        operation: its id.
        subject: the parameter as the API names it, ``body``, or the status of the answer.
        keyword: of the contract for a constraint; the header's or the error's name.
        limit: what the constraint says; empty for what has none.
        ways: in which it has to be covered, of WAYS.
    """

    id: str
    kind: Kind
    operation: str
    subject: str
    keyword: str
    limit: str
    ways: tuple[Way, ...]


def items(contract: Contract) -> tuple[Item, ...]:
    """Return all items of a contract."""
    each = (chain(_constraints(one), _body(one), _answers(one)) for one in contract.operations.values())
    return tuple(chain.from_iterable(each))


def _constraint(operation: Operation, subject: str, keyword: str, limit: object, *ways: Way, last: str = "") -> Item:
    id_ = "/".join(filter(None, (operation.id, subject, keyword, last)))
    return Item(id_, Kind.CONSTRAINT, operation.id, subject, keyword, str(limit), ways or SIDES)


def _constraints(operation: Operation) -> Iterator[Item]:
    for parameter in operation.parameters:
        name = name_of(parameter)
        if parameter.required:
            yield _constraint(operation, name, REQUIRED, "", Way.VALID, Way.INVALID)
        for constraint in CONSTRAINTS:
            limit = constraint.limit(parameter)
            if limit is not None:
                yield _constraint(operation, name, constraint.keyword, limit)
        for value in parameter.enum:
            yield _constraint(operation, name, ENUM, value, last=value)


def _body(operation: Operation) -> Iterator[Item]:
    if operation.body_required:
        yield _constraint(operation, BODY, REQUIRED, "", Way.VALID, Way.INVALID)
    for media_type in operation.body_types:
        yield _constraint(operation, BODY, TYPE, media_type)
    for InvocationType, limit in operation.body_limits.items():
        yield _constraint(operation, BODY, BYTES, limit, last=InvocationType)


def _answers(operation: Operation) -> Iterator[Item]:
    statuses = [*(one.status for one in operation.success), *(one.status for one in operation.rejections)]
    for status in statuses:
        yield Item(f"{operation.id}/status/{status}", Kind.STATUS, operation.id, str(status), "", "", (Way.EXPECTED,))
    for name in operation.errors:
        yield Item(f"{operation.id}/error/{name}", Kind.ERROR, operation.id, "", name, "", (Way.EXPECTED,))
    for success in operation.success:
        there = (*success.required_headers, *success.optional_headers)
        yield from (_header(operation, success.status, name, Way.PRESENT) for name in there)
        yield from (_header(operation, success.status, name, Way.ABSENT) for name in success.forbidden_headers)
    for rejection in operation.rejections:
        yield from (_header(operation, rejection.status, name, Way.PRESENT) for name in rejection.headers)


def _header(operation: Operation, status: int, name: str, way: Way) -> Item:
    return Item(f"{operation.id}/{status}/{name}", Kind.HEADER, operation.id, str(status), name, "", (way,))
