"""The subjects: what is observed in an answer, and what where there is nothing to observe."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from conformance.exchange.message import Response
from conformance.oracle.clause import observe
from conformance.oracle.reading import ABSENT, SUBJECTS, Nothing, Reading, split_subject


def seen(subject: str, body: bytes = b"", *headers: tuple[str, str], version: bytes = b"HTTP/1.1") -> Any:
    """What is observed in an answer of this body and these headers."""
    pairs = tuple((name.encode(), value.encode()) for name, value in headers)
    return observe(subject, [Reading(Response(418, b"", version, pairs, body))])


def log(data: bytes) -> tuple[str, str]:
    """A header with a log."""
    return "X-Amz-Log-Result", base64.b64encode(data).decode()


BODY = b'{"a": [{"b/c": 1}, null], "0": "zero", "message": 7, "Message": "words"}'


@pytest.mark.parametrize(
    ("subject", "body", "headers", "expected"),
    [
        ("status", b"", (), 418),
        ("body", b"\xff", (), b"\xff"),
        ("body size", b"\xff\x00", (), 2),
        ("text", b"a\xff", (), "a\ufffd"),
        ("header X-One", b"", (("x-one", "1"),), "1"),
        ("header X-One", b"", (("X-One", "1"), ("Other", "2"), ("x-ONE", "3")), "1, 3"),
        ("header X-One", b"", (("X-One", ""),), ""),
        ("header count X-One", b"", (("X-One", "1"), ("Other", "2"), ("x-ONE", "3")), 2),
        ("header count X-One", b"", (("Other", "2"),), 0),
        ("json", b"[1]", (), [1]),
        ("json /0", b"[1]", (), 1),
        ("json /a/0", BODY, (), {"b/c": 1}),
        ("json /a/1", BODY, (), None),
        ("json /0", BODY, (), "zero"),
        ("members", BODY, (), ["0", "Message", "a", "message"]),
        ("members /a/0", BODY, (), ["b/c"]),
        ("error message", BODY, (), "words"),
        ("declared size", b"", (("content-length", "7"),), 7),
        ("log", b"", (log(b"a \xff line\n"),), "a \ufffd line\n"),
        ("log size", b"", (log(b"a \xff line\n"),), 9),
        ("log size", b"", (log(b""),), 0),
    ],
)
def test_a_subject_observes_what_its_name_says(
    subject: str, body: bytes, headers: tuple[tuple[str, str], ...], expected: object
) -> None:
    """Each subject shows one thing of an answer, as JSON, number, text or bytes."""
    assert seen(subject, body, *headers) == expected


@pytest.mark.parametrize(
    ("subject", "body", "headers", "why"),
    [
        ("header X-One", b"", (), "absent"),
        ("json", b"", (), "empty"),
        ("json", b"\xff", (), "not UTF-8"),
        ("json", b"Infinity", (), "not JSON (Infinity is no JSON)"),
        ("json /a/2", BODY, (), "absent"),
        ("json /a/b", BODY, (), "absent"),
        ("json /a/-1", BODY, (), "absent"),
        ("json /a/0/b", BODY, (), "absent"),
        ("json /message/0", BODY, (), "absent"),
        ("json /a", b"{", (), "absent"),
        ("members", b"[]", (), "no JSON object"),
        ("members /a", BODY, (), "no JSON object"),
        ("error message", b'{"message": 7}', (), "absent"),
        ("error type", b'{"code": 7}', (), "absent"),
        ("declared size", b"", (), "absent"),
        ("declared size", b"", (("Content-Length", "seven"),), "absent"),
        ("declared size", b"", (("Content-Length", "7"), ("Content-Length", "7")), "absent"),
        ("log", b"", (), "absent"),
        ("log", b"", (("X-Amz-Log-Result", "bG9n!"),), "not base64 (Only base64 data is allowed)"),
        ("log size", b"", (), "absent"),
        ("log size", b"", (("X-Amz-Log-Result", "é"),), "not base64"),
        ("events", b"{", (), "not an event stream (the stream ends within a frame)"),
    ],
)
def test_where_there_is_nothing_to_observe_the_reason_is_told(
    subject: str, body: bytes, headers: tuple[tuple[str, str], ...], why: str
) -> None:
    """What is missing or unreadable is observed as that, and why."""
    found = seen(subject, body, *headers)
    assert isinstance(found, Nothing)
    assert str(found) == repr(found) == found.why
    assert found.why.startswith(why)
    assert found.why.count("(") == found.why.count(")")


@pytest.mark.parametrize(
    ("headers", "version", "stays"),
    [
        ((), b"HTTP/1.1", True),
        ((), b"HTTP/1.0", False),
        ((("Connection", "close"),), b"HTTP/1.1", False),
        ((("connection", "Close"),), b"HTTP/1.1", False),
        ((("Connection", "keep-alive"),), b"HTTP/1.0", True),
        ((("Connection", "Keep-Alive"),), b"HTTP/1.0", True),
        ((("Connection", "keep-alive,close"),), b"HTTP/1.0", False),
        ((("Connection", "upgrade , close"),), b"HTTP/1.1", False),
        ((("Connection", "upgrade,close"),), b"HTTP/1.1", False),
        ((("Connection", "upgrade"), ("Connection", "close")), b"HTTP/1.1", False),
        ((("Connection", "upgrade"),), b"HTTP/1.1", True),
        ((("Connection", "upgrade"),), b"HTTP/1.0", False),
    ],
)
def test_a_connection_stays_open_or_not(headers: tuple[tuple[str, str], ...], version: bytes, stays: bool) -> None:  # noqa: FBT001  a table
    """HTTP/1.1 keeps a connection unless told otherwise, HTTP/1.0 only if told to; ``close`` wins."""
    assert seen("connection stays open", b"", *headers, version=version) is stays


@pytest.mark.parametrize(
    ("code", "reason", "reaction"),
    [(400, b"Bad Request", "answered"), (0, b"closed", "closed"), (0, b"h\xe4ngt", "h\xe4ngt")],
)
def test_a_reaction_is_an_answer_or_what_happened_instead(code: int, reason: bytes, reaction: str) -> None:
    """What comes of bytes that are no request is told in a word."""
    assert observe("reaction", [Reading(Response(code, reason, b"", (), b""))]) == reaction


def test_where_no_answer_came_everything_is_absent() -> None:
    """A step without an answer shows nothing, whatever is asked of it."""
    assert {observe(subject, [None]) for subject in SUBJECTS} == {ABSENT}


def test_a_subject_is_a_name_and_an_argument() -> None:
    """The argument is what stands behind the last blank, none where a subject has none."""
    assert [split_subject(one) for one in ("status", "body size", "json /a", "attribute type Name")] == [
        ("status", ""),
        ("body size", ""),
        ("json", "/a"),
        ("attribute type", "Name"),
    ]


@pytest.mark.parametrize("subject", ["", "nonsense", "nonsense /a", "Status", "json  /a"])
def test_an_unknown_subject_is_an_error(subject: str) -> None:
    """What is no subject can't be observed, and is named."""
    with pytest.raises(KeyError, match=f"'{subject}'"):
        observe(subject, [None])


def test_a_step_is_counted_from_one() -> None:
    """Step N is the answer to the N-th call; steps may stand behind a step, counted among those before it."""
    readings = [Reading(Response(code, b"", b"HTTP/1.1", (), b"")) for code in (201, 202, 203)]

    assert [observe(f"step {number} status", readings) for number in (1, 2, 3)] == [201, 202, 203]
    assert observe("status", readings) == 203
    assert observe("step 2 header count X", readings) == 0
