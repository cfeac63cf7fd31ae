"""The wire: what goes out, what comes back, and what becomes of targets that misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.servers import OK, answering, scripted

from conformance.errors import UsageError
from conformance.exchange.client import Client
from conformance.exchange.endpoint import Endpoint
from conformance.exchange.message import FailureKind, Request

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from support.servers import Behaviour

    from conformance.exchange.message import Exchange

GET = Request(b"GET", b"/", ((b"Host", b"h"),))
TLS = Path(__file__).parent.parent / "data" / "tls"
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


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001  asyncio's signature
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


@pytest.mark.parametrize("error", [socket.gaierror(-2, "Name or service not known"), None])
def test_an_unknown_host_is_a_failure(monkeypatch: pytest.MonkeyPatch, error: OSError | None) -> None:
    """A host that the resolver does not know, or does not even take, is a failure of the name; nothing raises."""

    def resolve(*args: object, **options: object) -> None:  # noqa: ARG001  the resolver's signature
        assert error is not None
        raise error

    if error is not None:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)

    exchange = asyncio.run(Client().send(Endpoint("a" * 64, 80), GET))

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.NAME
    assert exchange.sent == b""


async def _plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.transport.abort()


@pytest.mark.parametrize(
    ("behave", "kind"),
    [(_plain, FailureKind.TLS), (_silent, FailureKind.TIMEOUT), (_hang_up, FailureKind.CLOSED)],
)
def test_a_tls_handshake_that_fails(behave: Behaviour, kind: FailureKind) -> None:
    """A TLS handshake that comes to nothing is a failure that says why, and nothing of the request was sent."""

    async def run() -> Exchange:
        async with scripted(behave) as server:
            secure = Endpoint(server.endpoint.host, server.endpoint.port, tls=True)
            return await Client(connect_timeout=SHORT).send(secure, GET)

    exchange = asyncio.run(run())

    assert exchange.failure is not None
    assert exchange.failure.kind is kind
    assert exchange.sent == b""


@contextlib.asynccontextmanager
async def secured(behave: Behaviour) -> AsyncGenerator[Endpoint]:
    """Serve with TLS and the certificate of the tests."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await behave(reader, writer)
        writer.transport.abort()

    async with await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context) as server:
        yield Endpoint("127.0.0.1", server.sockets[0].getsockname()[1], tls=True)


def over_tls(behave: Behaviour, *requests: Request) -> list[Exchange]:
    """Send requests one after the other over TLS."""

    async def run() -> list[Exchange]:
        async with secured(behave) as endpoint:
            client = Client()
            exchanges = [await client.send(endpoint, request) for request in requests]
            await client.aclose()
            return exchanges

    return asyncio.run(run())


def test_certificates_are_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate that nobody vouches for is a TLS failure."""
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "README.md"))

    (exchange,) = over_tls(answering(OK), GET)

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TLS


def test_the_ca_bundle_of_aws_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom AWS_CA_BUNDLE vouches for is trusted; small and large bodies go over one TLS connection."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(TLS / "trusted.pem"))
    large = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000

    exchanges = over_tls(answering(OK, large, OK), GET, GET, GET)

    assert [one.response and len(one.response.body) for one in exchanges] == [2, 1_000_000, 2]
    assert [one.sent for one in exchanges] == [GET.encode()] * 3


def test_a_ca_bundle_that_cannot_be_read_is_the_users_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """An AWS_CA_BUNDLE that leads nowhere is no failure of the target."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(TLS / "missing.pem"))

    with pytest.raises(UsageError, match=r"missing\.pem"):
        asyncio.run(Client().send(Endpoint("127.0.0.1", 1, tls=True), GET))


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


def beside(
    serve: Callable[[socket.socket], None], talk: Callable[[Client, Endpoint], Awaitable[list[Exchange]]]
) -> list[Exchange]:
    """Talk to a server of plain blocking sockets in another thread."""

    async def run() -> list[Exchange]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            target = asyncio.get_running_loop().run_in_executor(None, serve, listener)
            client = Client()
            exchanges = await talk(client, Endpoint("127.0.0.1", listener.getsockname()[1]))
            await client.aclose()
            await target
            return exchanges

    return asyncio.run(run())


@pytest.mark.parametrize("last", [b"", b"HTTP/1.1 408 Request Timeout\r\n\r\n"])
def test_what_waits_on_an_idle_connection_is_noticed(last: bytes) -> None:
    """A connection that was closed, or on which something waits, is not used, though the loop has not run since."""
    answered, over = threading.Event(), threading.Event()

    def serve(listener: socket.socket) -> None:
        with listener.accept()[0] as first:
            first.recv(1000)
            first.sendall(OK)
            answered.wait(5)
            first.sendall(last)
            if not last:
                first.close()
            over.set()
            with listener.accept()[0] as second:
                second.recv(1000)
                second.sendall(OK)

    async def talk(client: Client, endpoint: Endpoint) -> list[Exchange]:
        one = await client.send(endpoint, GET)
        answered.set()
        assert over.wait(5)
        return [one, await client.send(endpoint, GET)]

    assert [one.received for one in beside(serve, talk)] == [OK, OK]


def test_what_was_not_sent_is_not_claimed() -> None:
    """When the answer comes before all was sent, the exchange has the part that was, and the connection is given up."""
    answer = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"
    request = Request(b"POST", b"/", ((b"Content-Length", b"%d" % (16 << 20)),), b"x" * (16 << 20))

    def serve(listener: socket.socket) -> None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        with listener.accept()[0] as first:
            first.recv(1000)
            first.sendall(answer)
            with listener.accept()[0] as second:
                second.recv(1000)
                second.sendall(OK)

    async def talk(client: Client, endpoint: Endpoint) -> list[Exchange]:
        return [await client.send(endpoint, request), await client.send(endpoint, GET)]

    early, following = beside(serve, talk)

    assert early.received == answer
    assert early.sent == request.encode()[: len(early.sent)]
    assert 0 < len(early.sent) < 16 << 20
    assert following.received == OK


@pytest.mark.parametrize("read", [0, 1000])
def test_an_answer_before_a_reset(read: int) -> None:
    """A target that answers and closes with bytes unread resets the connection; the answer is heard all the same."""

    def serve(listener: socket.socket) -> None:
        with listener.accept()[0] as connection:
            connection.recv(read)
            connection.sendall(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno")

    async def talk(client: Client, endpoint: Endpoint) -> list[Exchange]:
        request = Request(b"POST", b"/", ((b"Content-Length", b"%d" % (6 << 20)),), b"x" * (6 << 20))
        return [await client.send(endpoint, request)]

    (exchange,) = beside(serve, talk)

    assert exchange.failure is None
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (413, b"no")


async def _dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nX-Endless: ")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(SHORT / 20)


def test_a_trickle_does_not_put_off_the_timeout() -> None:
    """A target that sends a byte now and then costs the timeout, no more; what had come is kept."""
    (exchange,), _ = exchanged(_dribble, timeout=SHORT)

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TIMEOUT
    assert exchange.failure.detail == f"no whole answer within 0.2 s; {len(exchange.received)} bytes had come"
    assert exchange.received.startswith(b"HTTP/1.1 200 OK\r\nX-Endless: x")
    assert SHORT <= exchange.seconds < 10 * SHORT


def test_a_cancelled_exchange_closes_its_connection() -> None:
    """Cancelling an exchange tells the target: its connection is closed, not kept with an answer to come."""

    async def run() -> bytes:
        arrived, ended = asyncio.Event(), asyncio.Event()

        async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001  asyncio's signature
            await reader.readuntil(b"\r\n\r\n")
            arrived.set()
            with contextlib.suppress(ConnectionError):
                await reader.read()
            ended.set()

        async with scripted(behave) as server:
            client = Client()
            task = asyncio.create_task(client.send(server.endpoint, GET))
            await arrived.wait()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            async with asyncio.timeout(5):
                await ended.wait()
            return server.received

    assert asyncio.run(run()) == GET.encode()


def test_closing_the_client_ends_what_is_under_way() -> None:
    """An exchange under way when the client is closed is a failure; it neither hangs nor raises."""

    async def run() -> Exchange:
        arrived = asyncio.Event()

        async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001  asyncio's signature
            await reader.readuntil(b"\r\n\r\n")
            arrived.set()
            await reader.read()

        async with scripted(behave) as server:
            client = Client()
            task = asyncio.create_task(client.send(server.endpoint, GET))
            await arrived.wait()
            await client.aclose()
            return await task

    exchange = asyncio.run(run())

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.CLOSED


def test_exchanges_at_the_same_time_do_not_mix() -> None:
    """Each of many exchanges under way gets the answer to its own request, over no more connections than that."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            target = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1]
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(target), target))
            await writer.drain()

    async def run() -> tuple[list[bytes], int]:
        async with scripted(behave) as server:
            client = Client()

            async def several(first: int) -> list[bytes]:
                targets = [b"/%d" % number for number in range(first, first + 10)]
                found = [await client.send(server.endpoint, Request(b"GET", target, ())) for target in targets]
                return [one.response.body if one.response else b"" for one in found]

            bodies = await asyncio.gather(*(several(first) for first in range(0, 160, 10)))
            await client.aclose()
            return [body for each in bodies for body in each], len(server.connections)

    assert asyncio.run(run()) == ([b"/%d" % number for number in range(160)], 16)


def test_redirects_and_expectations_change_nothing() -> None:
    """A redirect is an answer like any other, and ``Expect: 100-continue`` does not hold the body back."""
    redirect = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"
    request = Request(b"POST", b"/", ((b"Expect", b"100-continue"), (b"Content-Length", b"4")), b"body")

    (exchange,), seen = exchanged(answering(redirect), request)

    assert exchange.response is not None
    assert exchange.response.status == 307
    assert seen == [request.encode()]
