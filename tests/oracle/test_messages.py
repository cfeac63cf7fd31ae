"""Answers of a queue as the judge reads them: which message counts, and what is observed of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.exchange.message import Response
from conformance.oracle.clause import observe
from conformance.oracle.reading import ABSENT, Nothing, Reading

OLD = {
    "Body": '{"run": "one", "n": 1}',
    "Attributes": {"SentTimestamp": "1700000000000"},
    "MessageAttributes": {"ErrorCode": {"StringValue": "200", "DataType": "Number"}},
}
NEW = {
    "Body": '{"run": "one", "n": 2, "m": 0}',
    "Attributes": {"SentTimestamp": "1700000000001"},
    "MessageAttributes": {"ErrorCode": {"StringValue": "429", "DataType": "Number"}},
}
OTHER = {"Body": '{"run": "two", "n": 3}', "Attributes": {"SentTimestamp": "1700000000009"}}
UNDATED = {"Body": '{"run": "one", "n": 4}'}
ODD = {"Body": '{"run": "one", "n": 5}', "Attributes": {"SentTimestamp": "soon"}}
DATED_BY_NUMBER = {"Body": '{"run": "one", "n": 6}', "Attributes": {"SentTimestamp": 1800000000000}}
FIRST_EVER = {"Body": '{"run": "one", "n": 7}', "Attributes": {"SentTimestamp": "1"}}


def seen(subject: str, answer: Any, mark: str = "") -> Any:
    """What is observed in an answer of a queue."""
    response = Response(200, b"OK", b"HTTP/1.1", (), json.dumps(answer).encode())
    return observe(subject, [Reading(response, mark)])


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("message count", 2),
        ("message", {"run": "one", "n": 2, "m": 0}),
        ("message /n", 2),
        ("message /missing", ABSENT),
        ("message members", ["m", "n", "run"]),
        ("attribute ErrorCode", "429"),
        ("attribute type ErrorCode", "Number"),
        ("attribute Other", ABSENT),
    ],
)
@pytest.mark.parametrize("order", [[OLD, NEW], [NEW, OLD]])
def test_the_newest_message_is_observed(subject: str, expected: object, order: list[Any]) -> None:
    """A queue keeps no order; the message that was sent last is the one that is looked at."""
    assert seen(subject, {"Messages": order}) == expected


@pytest.mark.parametrize(
    ("messages", "number"),
    [
        ([UNDATED, OLD], 1),
        ([ODD, OLD], 1),
        ([DATED_BY_NUMBER, OLD], 1),
        ([UNDATED, FIRST_EVER], 7),
        ([UNDATED, ODD], 4),
    ],
)
def test_a_message_without_a_time_is_the_oldest(messages: list[Any], number: int) -> None:
    """What does not tell when it was sent, in digits, comes before all that do."""
    assert seen("message /n", {"Messages": messages}) == number


@pytest.mark.parametrize(("mark", "number"), [("one", 2), ("two", 3), ("", 3)])
def test_messages_of_other_runs_do_not_count(mark: str, number: int) -> None:
    """A queue outlasts a run: with a mark, those alone count that carry it."""
    assert seen("message /n", {"Messages": [OLD, OTHER, NEW]}, mark) == number


def test_without_a_mark_all_messages_count() -> None:
    """Where nothing is said of a mark, no message is left out."""
    response = Response(200, b"OK", b"HTTP/1.1", (), json.dumps({"Messages": [OLD, OTHER]}).encode())
    assert observe("message /n", [Reading(response)]) == 3


@pytest.mark.parametrize("answer", [{}, {"Messages": []}, {"Messages": {}}, {"Messages": [OTHER]}, [], "text"])
def test_without_a_message_there_is_none_to_observe(answer: object) -> None:
    """Where no message counts, nothing is observed of one, whatever the answer is."""
    assert [str(seen(subject, answer, "one")) for subject in ("message", "message /n", "message members")] == [
        "no message",
        "absent",
        "no JSON object",
    ]
    assert seen("attribute ErrorCode", answer, "one") is ABSENT


def test_a_body_that_is_no_text_is_no_message() -> None:
    """What a function sent stands in a text; anything else has not been sent by one."""
    assert str(seen("message", {"Messages": [{"Body": {"n": 1}}]})) == "no message"


@pytest.mark.parametrize(("answer", "count"), [({}, 0), ({"Messages": []}, 0), ({"Messages": [OLD, OTHER]}, 2)])
def test_all_messages_are_counted(answer: object, count: int) -> None:
    """An answer without any has no list of them, and that is none, not nothing."""
    assert seen("message count", answer) == count


def test_what_is_no_object_has_no_messages_to_count() -> None:
    """An answer that is no object at all tells nothing of a queue."""
    found = seen("message count", [OLD])
    assert isinstance(found, Nothing)
    assert found.why == "no JSON object"
