"""Streamed answers as the judge reads them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from conformance.exchange.eventstream import Frame, encode
from conformance.exchange.message import Response
from conformance.oracle.clause import observe
from conformance.oracle.reading import Nothing, Reading


def frame(kind: str, payload: bytes, content_type: str = "application/octet-stream") -> bytes:
    """An event in its frame."""
    return encode(Frame({":message-type": "event", ":event-type": kind, ":content-type": content_type}, payload))


def complete(members: dict[str, str]) -> bytes:
    """The event that ends a stream."""
    return frame("InvokeComplete", json.dumps(members).encode(), "application/json")


def seen(subject: str, body: bytes) -> Any:
    """What is observed in an answer of this body."""
    return observe(subject, [Reading(Response(200, b"OK", b"HTTP/1.1", (), body))])


CHUNKS = frame("PayloadChunk", b'{"a": [1,') + frame("PayloadChunk", b" 2]}")
WHOLE = CHUNKS + complete({"LogResult": base64.b64encode(b"a line\n").decode()})


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("events", ["PayloadChunk", "InvokeComplete"]),
        ("event count PayloadChunk", 2),
        ("event count InvokeComplete", 1),
        ("frame header :message-type", ["event"]),
        ("frame header :content-type", ["application/octet-stream", "application/json"]),
        ("frame header :exception-type", [""]),
        ("stream", {"a": [1, 2]}),
        ("stream /a/1", 2),
        ("streamed log", "a line\n"),
        ("streamed log size", 7),
    ],
)
def test_a_stream_is_read_event_by_event(subject: str, expected: object) -> None:
    """Each subject of a stream shows what stands in its frames; chunks are joined before they are read as JSON."""
    assert seen(subject, WHOLE) == expected


@pytest.mark.parametrize(
    "subject",
    ["events", "event count PayloadChunk", "frame header :message-type", "stream", "complete", "streamed log size"],
)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(WHOLE[:-1], id="cut"),
        pytest.param(WHOLE[:-6] + bytes([WHOLE[-6] ^ 1]) + WHOLE[-5:], id="payload-altered"),
        pytest.param(WHOLE[:-1] + bytes([WHOLE[-1] ^ 1]), id="checksum-altered"),
        pytest.param(b'{"a": [1, 2]}', id="no-stream"),
    ],
)
def test_a_broken_stream_shows_nothing(subject: str, body: bytes) -> None:
    """Where a frame is cut, altered or none, no event counts, not even those before it."""
    assert isinstance(seen(subject, body), Nothing)


def test_a_stream_without_its_end_shows_none() -> None:
    """Where no InvokeComplete came, nothing of it is observed, and that it is missing."""
    assert str(seen("complete", CHUNKS)) == "empty"
    assert str(seen("complete /ErrorCode", CHUNKS)) == "absent"


def test_a_frame_without_a_kind_is_told_apart() -> None:
    """A frame that does not say what it is stands among the kinds as an empty text."""
    nameless = encode(Frame({":message-type": "event"}, b"{}"))
    assert seen("events", CHUNKS + nameless) == ["PayloadChunk", ""]


@pytest.mark.parametrize(
    ("members", "why"),
    [({}, "absent"), ({"LogResult": "not base64!"}, "not base64"), ({"LogResult": "é"}, "not base64")],
)
def test_a_log_that_is_none_says_why(members: dict[str, str], why: str) -> None:
    """Without a log there is none, and what is not base64 is no log."""
    log = seen("streamed log", CHUNKS + complete(members))

    assert isinstance(log, Nothing)
    assert log.why.startswith(why)


def test_the_log_is_a_text() -> None:
    """A LogResult that is no text is no log."""
    log = seen("streamed log", CHUNKS + frame("InvokeComplete", b'{"LogResult": 7}', "application/json"))

    assert isinstance(log, Nothing)
    assert log.why == "not a text"
