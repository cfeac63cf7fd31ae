"""The wire: what goes out, what comes back, and what becomes of targets that misbehave."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from support.servers import OK, answering, scripted

from conformance.exchange.client import Client
from conformance.exchange.endpoint import Endpoint
from conformance.exchange.message import FailureKind, Request

if TYPE_CHECKING:
    from support.servers import Behaviour

    from conformance.exchange.message import Exchange

GET = Request(b"GET", b"/", ((b"Host", b"h"),))
SHORT = 0.2
"""Seconds that a test waits where a hang is the claim."""


def exchanged(
    behave: Behaviour,
    *requests: Request,
    timeout: float = 5.0,
    max_response: int = 1 << 20,
) -> tuple[list[Exchange], list[bytes]]:
    """Send requests one after the other; return the exchanges and what each connection carried."""

    async def run() -> tuple[list[Exchange], list[bytes]]:
        async with scripted(behave) as server:
            client = Client(timeout=timeout, max_response=max_response)
            found = [await client.send(server.endpoint, request) for request in requests or (GET,)]
            await client.aclose()
            return found, [bytes(one) for one in server.connections]

    return asyncio.run(run())


@pytest.mark.parametrize(
    "target",
    [
        b"/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations",
        b"/2015-03-31/functions/f%3Alive/invocations?Qualifier=%24LATEST",
        b"/2015-03-31/functions/f%3alive/invocations?Qualifier=$LATEST",
        b"/broken%zz/%",
        b"//double/../dots/./%2e%2e?a=b=c&&%20",
        b"/with space/\xff\xc3\xa9/\x01",
    ],
)
def test_targets_go_out_as_they_are(target: bytes) -> None:
    """No byte of a request-target is normalised, decoded or encoded."""
    request = Request(b"POST", target, ((b"Host", b"h"), (b"Content-Length", b"0")))

    (exchange,), (seen,) = exchanged(answering(OK), request)

    assert b"POST " + target + b" HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n" == seen
    assert exchange.sent == seen


def test_headers_and_body_go_out_as_they_are() -> None:
    """Headers keep order, spelling, duplicates and odd values, and none is added."""
    headers = ((b"x-ONE", b"1"), (b"X-One", b" 2 "), (b"Empty", b""), (b"X-Raw", b"\xff\x01"))
    request = Request(b"PoSt", b"/", headers, b"\x00body")

    (exchange,), (seen,) = exchanged(answering(OK), request)

    assert seen == b"PoSt / HTTP/1.1\r\nx-ONE: 1\r\nX-One:  2 \r\nEmpty: \r\nX-Raw: \xff\x01\r\n\r\n\x00body"
    assert exchange.response is not None
    assert exchange.response.body == b"ok"


def test_answer_is_kept_raw_and_read() -> None:
    """An exchange has the raw bytes that came, and status, reason, headers and body read out of them."""
    raw = b"HTTP/1.1 404 Nope\r\nX-A: 1\r\nx-a: 2\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"

    (exchange,), _ = exchanged(answering(raw))

    assert exchange.received == raw
    assert exchange.failure is None
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.reason) == (404, b"Nope")
    assert exchange.response.header("X-a") == ("1", "2")
    assert exchange.response.body == b"abcde"


def test_connections_are_used_again() -> None:
    """Requests go over one connection as long as the target keeps it open."""
    exchanges, seen = exchanged(answering(OK, OK, OK), GET, GET, GET)

    assert [one.response is not None for one in exchanges] == [True, True, True]
    assert len(seen) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokgarbage behind",
    ],
)
def test_connections_that_end_are_not_used_again(answer: bytes) -> None:
    """After an answer that ends the connection, or with bytes behind it, the next request takes a new one."""
    exchanges, seen = exchanged(answering(answer), GET, GET)

    assert [one.response.body if one.response else None for one in exchanges] == [b"ok", b"ok"]
    assert len(seen) == 2


def test_a_body_may_end_with_the_connection() -> None:
    """An answer without a length ends where the connection does."""
    (exchange,), _ = exchanged(answering(b"HTTP/1.1 200 OK\r\n\r\nuntil the end", close=True))

    assert exchange.response is not None
    assert exchange.response.body == b"until the end"


def test_interim_answers_are_passed_over() -> None:
    """100 Continue is no answer, but stays in the raw bytes."""
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"

    (exchange,), _ = exchanged(answering(interim + OK))

    assert exchange.response is not None
    assert exchange.response.status == 200
    assert exchange.received == interim + OK


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        (b"HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"),
        (b"GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        (b"GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n"),
    ],
)
def test_answers_without_a_body(method: bytes, answer: bytes) -> None:
    """HEAD, 204 and 304 have no body, whatever their headers say."""
    (exchange,), _ = exchanged(answering(answer), Request(method, b"/", ()))

    assert exchange.response is not None
    assert exchange.response.body == b""


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (b"", FailureKind.CLOSED, "before an answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", FailureKind.CLOSED, "within the answer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", FailureKind.CLOSED, "within the answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", FailureKind.GARBAGE, "not HTTP"),
        (b"HTTP/1.1 abc\r\n\r\n", FailureKind.GARBAGE, "not HTTP"),
        (b"\x00\xff\xfe\x00garbage\r\n\r\n", FailureKind.GARBAGE, "not HTTP"),
    ],
)
def test_what_is_no_answer_is_a_failure(answer: bytes, kind: FailureKind, words: str) -> None:
    """A connection that closes too early, or bytes that are no HTTP, are failures that say so; nothing raises."""
    (exchange,), _ = exchanged(answering(answer, close=True))

    assert exchange.response is None
    assert exchange.failure is not None
    assert exchange.failure.kind is kind
    assert words in exchange.failure.detail
    assert exchange.received == answer


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    await reader.read()


async def _endless_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: and more\r\n" * 1000)
        await writer.drain()


async def _endless_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    while True:
        writer.write(b"x" * 10_000)
        await writer.drain()


def test_silence_ends_at_the_timeout() -> None:
    """A target that never answers costs the timeout, no more."""
    (exchange,), _ = exchanged(_silent, timeout=SHORT)

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TIMEOUT
    assert SHORT <= exchange.seconds < 10 * SHORT


@pytest.mark.parametrize("behave", [_endless_head, _endless_body])
def test_endless_answers_end_at_the_limit(
    behave: Behaviour,
) -> None:
    """An answer that never ends is cut off at the limit, with bounded memory."""
    limit = 100_000

    (exchange,), _ = exchanged(behave, max_response=limit)

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TOO_LARGE
    assert len(exchange.received) < limit + (1 << 19)


def test_an_answer_before_the_body_was_read() -> None:
    """A target that answers after the head and closes gets heard, though megabytes were still to be sent."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        await reader.read()

    size = 8 << 20
    request = Request(b"POST", b"/", ((b"Content-Length", b"%d" % size),), b"x" * size)

    (exchange,), _ = exchanged(behave, request)

    assert exchange.response is not None
    assert exchange.response.status == 413


def test_a_closed_port_is_refused_at_once() -> None:
    """Where nobody listens, the failure says so; nothing raises."""

    async def run() -> Exchange:
        server = await asyncio.start_server(_silent, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        return await Client().send(Endpoint("127.0.0.1", port), GET)

    exchange = asyncio.run(run())

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.REFUSED


def test_a_plain_server_is_no_tls_server() -> None:
    """A TLS handshake that comes to nothing is a TLS failure, or a close, and never raises."""

    async def run() -> Exchange:
        async with scripted(answering(b"HTTP/1.1 400 Bad Request\r\n\r\n", close=True)) as server:
            secure = Endpoint(server.endpoint.host, server.endpoint.port, tls=True)
            return await Client(connect_timeout=SHORT).send(secure, GET)

    exchange = asyncio.run(run())

    assert exchange.failure is not None
    assert exchange.failure.kind in {FailureKind.TLS, FailureKind.TIMEOUT}


def test_a_line_is_one_connection() -> None:
    """The exchanges of a line go over one connection, in order."""

    async def run() -> int:
        async with scripted(answering(OK, OK)) as server:
            client = Client()
            async with client.line(server.endpoint) as one, client.line(server.endpoint) as other:
                await one.send(GET)
                await other.send(GET)
                await one.send(GET)
            await client.aclose()
            return len(server.connections)

    assert asyncio.run(run()) == 2


def test_nothing_is_sent_twice() -> None:
    """A request whose connection closes without an answer is not sent again: it may have run."""
    exchanges, seen = exchanged(answering(OK, b"", close=True), GET, GET)

    assert [one.response is not None for one in exchanges] == [True, False]
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("url", "authority", "target_url"),
    [
        ("http://127.0.0.1:4566", b"127.0.0.1:4566", "http://127.0.0.1:4566"),
        (
            "https://lambda.eu-west-1.amazonaws.com/",
            b"lambda.eu-west-1.amazonaws.com",
            "https://lambda.eu-west-1.amazonaws.com",
        ),
        ("http://[::1]:80/base/", b"[::1]", "http://[::1]/base"),
    ],
)
def test_endpoints(url: str, authority: bytes, target_url: str) -> None:
    """A URL gives host, port, TLS and base path; usual ports are left out of Host."""
    endpoint = Endpoint.parse(url)

    assert (endpoint.authority, endpoint.url) == (authority, target_url)
