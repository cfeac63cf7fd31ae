"""What is drawn becomes small, and nothing of that is left behind."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from conformance.cases.model import Call
from conformance.contract.reader import load_contract
from conformance.fixtures.table import FIXTURES
from conformance.generation.drawing.calls import scope_of
from conformance.generation.drawing.chance import Replayed, Seeded
from conformance.generation.drawing.drawn import shrunk
from conformance.generation.drawing.examples import examples, maker
from conformance.targets.model import CAPABILITIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.generation.drawing.examples import Example

MAKE = maker(scope_of(load_contract(), frozenset(FIXTURES), frozenset(CAPABILITIES)))


def first(holds: Callable[[Call], bool]) -> Example:
    """Return the first example of seed 1 of which something holds."""
    return next(one for one in islice(examples(MAKE, 1), 50_000) if holds(one.call))


def has(name: str, value: str, call: Call) -> bool:
    """Tell whether a call has a header."""
    return (name, value) in call.headers


def reads(attribute: str, value: str, call: Call) -> bool:
    """Tell whether an attribute of a call has a value."""
    return getattr(call, attribute) == value


def null(call: Call) -> bool:
    """Tell whether there is a null in a body."""
    return b"null" in bytes(call.body)


def chunked(fixture: str, call: Call) -> bool:
    """Tell whether a call of a fixture comes in chunks."""
    return call.framing == "chunked" and fixture in call.FunctionName


@pytest.mark.parametrize(
    ("holds", "smallest"),
    [
        (partial(has, "X-Amz-Log-Type", "Tail"), Call(headers=(("X-Amz-Log-Type", "Tail"),))),
        (partial(reads, "method", "PUT"), Call(method="PUT")),
        (partial(chunked, "{context}"), Call("{context}", framing="chunked")),
        (partial(reads, "operation", "InvokeAsync"), Call(operation="InvokeAsync")),
        (null, Call(body=b"null")),
    ],
)
def test_the_smallest_request_is_found(holds: Callable[[Call], bool], smallest: Call) -> None:
    """Whatever is drawn becomes the plainest request that still has what matters, and nothing else."""
    assert shrunk(first(holds).taken, MAKE, holds) == smallest


def test_choices_are_all_that_it_takes() -> None:
    """The choices of an example make it again, whoever gives them."""
    chance = Seeded(1, 77)
    call = MAKE(chance)

    assert MAKE(Replayed(chance.taken)) == call


def test_what_does_not_hold_again_is_not_made_small() -> None:
    """Where it does not hold of the draw itself, as it came about by chance, nothing is found."""
    assert shrunk(Seeded(1, 1).taken, MAKE, lambda _: False) is None


def test_what_holds_now_and_then_is_no_error() -> None:
    """Where it holds only sometimes, what was found last is as small as it gets."""
    answers = iter([True] * 100)
    chance = Seeded(1, 3)
    MAKE(chance)

    assert isinstance(shrunk(chance.taken, MAKE, lambda _: next(answers, False)), Call)


def test_it_is_the_same_each_time() -> None:
    """The same draw becomes the same smallest request, asked in the same order."""
    asked: list[list[Call]] = [[], []]
    example = first(lambda call: call.query != "")
    for order in asked:
        shrunk(example.taken, MAKE, lambda call, order=order: order.append(call) or call.query != "")

    assert asked[0] == asked[1]
    assert len(asked[0]) > 5
