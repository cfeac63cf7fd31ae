"""What the suite's own functions make of events, as far as the event decides it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.generation.world import RUNS

EXACT = ["7", "-1.5", "1e22", "9007199254740992", '{"a": [true, null, "é", 0.1]}', "[]", '""']
LOST = [
    "9007199254740993",
    "-12345678901234567890",
    '{"a": [9007199254740993]}',
    "1" + "0" * 400,
    r'"\ud800"',
    r'{"\udc00": 1}',
]


@pytest.mark.parametrize("event", EXACT)
def test_node_gives_back_what_it_can_hold(event: str) -> None:
    """Text and numbers that are doubles come back from a function for Node.js."""
    ran = RUNS["node_echo"](json.loads(event))

    assert ran is not None
    assert ran.payload == json.loads(event)


@pytest.mark.parametrize("event", LOST)
def test_what_node_can_not_hold_is_not_expected(event: str) -> None:
    """An integer between two doubles is rounded there, and half a character is replaced: no right answer is known."""
    assert RUNS["node_echo"](json.loads(event)) is None


@pytest.mark.parametrize("event", LOST)
def test_python_gives_back_any_number(event: str) -> None:
    """Python's integers have no end."""
    ran = RUNS["echo"](json.loads(event))

    assert ran is not None
    assert ran.payload == json.loads(event)


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ({"message": "a"}, {"errorMessage": "a", "errorType": "Error"}),
        ({"message": "\ud800"}, {"errorType": "Error"}),
        ({"message": 7}, {"errorType": "Error"}),
        (None, {"errorType": "Error"}),
    ],
)
def test_what_node_throws_is_an_error(event: Any, payload: dict[str, str]) -> None:
    """The class is known whatever the event is; the message where it is text that every runtime can write."""
    ran = RUNS["node_raise"](event)

    assert ran is not None
    assert (ran.payload, ran.failed) == (payload, True)
