"""Reading a response: the same answer however its bytes are cut, and what lets a connection be used again."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.exchange.message import FailureKind, Response
from conformance.exchange.parser import ResponseReader

LIMIT = 1 << 16
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = (
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    b"HTTP/1.1 200 Fine by me\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\nx-a: 2\r\n\r\n"
    b"3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n"
)


def read(*parts: bytes, limit: int = LIMIT, head: bool = False) -> ResponseReader:
    """A reader that was fed with these parts."""
    reader = ResponseReader(limit, head=head)
    for part in parts:
        reader.feed(part)
    return reader


@given(cuts=st.lists(st.integers(0, len(CHUNKED) - 1), max_size=6).map(sorted))
def test_cuts_make_no_difference(cuts: list[int]) -> None:
    """Interim answers, chunks, extensions and trailers are read alike wherever the bytes are cut."""
    ends = [*cuts, len(CHUNKED)]
    reader = read(*(CHUNKED[begin:end] for begin, end in zip([0, *cuts], ends, strict=True)))

    headers = ((b"X-A", b"1"), (b"Transfer-Encoding", b"chunked"), (b"x-a", b"2"))
    assert reader.response == Response(200, b"Fine by me", b"HTTP/1.1", headers, b"abcde")
    assert reader.raw == CHUNKED
    assert reader.reusable


def test_one_byte_at_a_time() -> None:
    """The last byte of an answer, and none before it, makes the response."""
    reader = ResponseReader(LIMIT)
    done = [(reader.feed(bytes([byte])), reader.done)[1] for byte in CHUNKED]

    assert done == [False] * (len(CHUNKED) - 1) + [True]


@pytest.mark.parametrize("behind", [b"H", b"HTTP/1.1 200", b"junk", b"\0", OK])
@pytest.mark.parametrize("together", [True, False])
def test_bytes_behind_an_answer_spoil_the_connection(behind: bytes, *, together: bool) -> None:
    """What comes behind a whole answer, with it or later, stays in the raw bytes and ends the connection's use."""
    reader = read(OK + behind) if together else read(OK, behind)

    assert reader.response is not None
    assert (reader.response.reason, reader.response.body, reader.response.headers[0][0]) == (
        b"OK",
        b"ok",
        b"Content-Length",
    )
    assert reader.raw == OK + behind
    assert not reader.reusable


@pytest.mark.parametrize(
    ("raw", "reusable"),
    [
        (OK, True),
        (b"HTTP/1.1 204 No Content\r\n\r\n", True),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", False),
        (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", True),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n\0\1", False),
    ],
)
def test_the_answer_says_whether_more_can_follow(raw: bytes, *, reusable: bool) -> None:
    """A connection can carry more unless the version or the Connection header says otherwise."""
    reader = read(raw)

    assert reader.response is not None
    assert reader.reusable is reusable


def test_head_has_no_body() -> None:
    """The answer to HEAD ends with its head, and its connection is not trusted afterwards."""
    reader = read(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", head=True)

    assert reader.response is not None
    assert reader.response.body == b""
    assert not reader.reusable


@pytest.mark.parametrize("framing", [b"", b"Transfer-Encoding: gzip\r\n"])
def test_without_a_length_the_end_is_the_end(framing: bytes) -> None:
    """A body without a length ends where the target closes the connection in order (RFC 9112, section 6.3)."""
    reader = read(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\nto the", b" end")
    assert not reader.done

    reader.eof()

    assert reader.response is not None
    assert reader.response.body == b"to the end"
    assert not reader.reusable


@pytest.mark.parametrize(
    ("raw", "why", "detail"),
    [
        (b"", "", "the connection was closed before an answer"),
        (b"", "ConnectionResetError", "the connection was closed before an answer (ConnectionResetError)"),
        (b"HTTP/1.1 200", "", "the connection was closed within the answer; 12 bytes had come"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "", "the connection was closed within the answer; 25 bytes had come"),
        (OK[:-1], "", "the connection was closed within the answer; 39 bytes had come"),
        (CHUNKED[:-1], "", f"the connection was closed within the answer; {len(CHUNKED) - 1} bytes had come"),
        (
            b"HTTP/1.1 200 OK\r\n\r\nto the",
            "ConnectionResetError",
            "the connection was closed within the answer (ConnectionResetError); 25 bytes had come",
        ),
    ],
)
def test_an_answer_that_is_cut_off(raw: bytes, why: str, detail: str) -> None:
    """An answer that ends too early is none; the failure says how far it came."""
    reader = read(raw) if raw else ResponseReader(LIMIT)

    reader.eof(why)

    assert reader.response is None
    assert reader.failure is not None
    assert (reader.failure.kind, reader.failure.detail) == (FailureKind.CLOSED, detail)


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\nBad Name: 1\r\n\r\n",
    ],
)
def test_garbage(raw: bytes) -> None:
    """Bytes that are no HTTP are a failure that shows how they begin."""
    reader = read(raw)

    assert reader.failure is not None
    assert reader.failure.kind is FailureKind.GARBAGE
    assert repr(raw[:60]) in reader.failure.detail


@given(st.lists(st.binary(max_size=80), max_size=5))
def test_any_bytes_end_in_an_answer_or_a_failure(parts: list[bytes]) -> None:
    """Whatever a target sends, the reader raises nothing, and is done when the connection ends."""
    reader = read(*parts)
    reader.eof()

    assert reader.done
    assert (reader.response is None) != (reader.failure is None)


def test_the_limit_counts_whole_answers() -> None:
    """An answer of as many bytes as the limit is read; with one byte more it is too large."""
    assert read(OK, limit=len(OK)).response is not None

    failure = read(OK, limit=len(OK) - 1).failure

    assert failure is not None
    assert failure.kind is FailureKind.TOO_LARGE


@pytest.mark.parametrize("more", [b"X-More: more\r\n", b"\r\n\r\nHTTP/1.1 100 Continue"])
def test_heads_have_a_limit_of_their_own(more: bytes) -> None:
    """Headers, or interim answers, without end are given up after a mebibyte, however large an answer may be."""
    reader = ResponseReader(1 << 30)
    reader.feed(b"HTTP/1.1 100 Continue\r\n")
    fed = 0
    while not reader.done and fed < 1 << 22:
        reader.feed(more * 1000)
        fed += len(more) * 1000

    assert reader.failure is not None
    assert reader.failure.kind is FailureKind.TOO_LARGE
    assert fed < 1 << 21


def test_a_reader_is_freed_at_once() -> None:
    """A reader that is done is in no reference cycle, so that large answers don't wait for the garbage collector."""
    gc.collect()
    gc.disable()
    try:
        for raw in (OK, b"junk", CHUNKED):
            read(raw)
        found = gc.collect()
    finally:
        gc.enable()

    assert found == 0
