"""HTTP on a bare socket: framing, pipelining, old clients, unknown methods, garbage, limits."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from support.calls import connected, request, signed, talk, until

from conformance.exchange.message import Request
from conformance.fixtures.table import PREFIX

if TYPE_CHECKING:
    from conformance.targets.model import Target

CLOSE = {"Connection": "close"}
PATH = b"/2015-03-31/functions/invoke-conformance-echo/invocations"


def call(fixture: str = "echo", body: bytes = b"{}", headers: dict[str, str] | None = None) -> bytes:
    """The bytes of a signed Invoke."""
    return signed(request(PREFIX + fixture, headers=headers, body=body)).encode()


def unsent(headers: tuple[tuple[bytes, bytes], ...], body: bytes, version: bytes = b"HTTP/1.1") -> tuple[bytes, bytes]:
    """The head of a signed Invoke with these headers, and its body, which is left to the caller to frame."""
    asked = signed(Request(b"POST", PATH, ((b"Host", b"h"), *headers), body, version))
    return asked.encode()[: -len(body)], body


def test_pipelined_requests_are_answered_in_order(reference: Target) -> None:
    """Requests that are sent without waiting, a slow one first, are answered in their order."""
    data = call("sleep", b'{"seconds": 0.1}') + b"".join(call("echo", b'"%d"' % number) for number in range(5))

    seen = talk(reference, data, b'"4"')

    assert seen.index(b"null") < seen.index(b'"0"') < seen.index(b'"1"') < seen.index(b'"4"')


def test_more_are_pipelined_than_may_wait(reference: Target) -> None:
    """All of very many pipelined requests behind a slow one are answered, in their order."""
    data = call("sleep", b'{"seconds": 0.1}') + b"".join(call("echo", b'"%04d"' % number) for number in range(500))

    seen = talk(reference, data, b'"0499"')

    places = [seen.index(b'"%04d"' % number) for number in range(500)]
    assert places == sorted(places)


def test_a_client_that_reads_late(reference: Target) -> None:
    """Large answers wait for a client that first sends all of its requests, and arrive whole."""
    size = 6_000_000
    data = b"".join([call("big", b'{"size": %d}' % size)] * 4) + call("echo", b'"last"')

    seen = talk(reference, data, b'"last"')

    assert seen.count(b"b" * (size - 2)) == 4


def test_a_connection_is_kept(reference: Target) -> None:
    """A hundred requests go over one connection (ht-keepalive)."""
    with connected(reference) as connection:
        for number in range(100):
            connection.sendall(call("echo", b'"%d"' % number))
            seen = until(connection, b'"%d"' % number)
            assert b"\r\nConnection: keep-alive\r\n" in seen


def test_a_connection_is_closed_when_asked(reference: Target) -> None:
    """After ``Connection: close`` there is an answer, its end, and no answer to what follows."""
    seen = talk(reference, call(headers=CLOSE) + call("echo", b'"late"'), b"never sent")

    assert seen.count(b"HTTP/1.1 ") == 1
    assert b"\r\nConnection: close\r\n" in seen


def test_a_chunked_body(reference: Target) -> None:
    """A body may come in chunks, with extensions and trailers, which are no headers."""
    head, body = unsent(((b"Transfer-Encoding", b"chunked"),), b'"in three chunks"')
    chunks = b"".join(b"%x;a=b\r\n%b\r\n" % (len(part), part) for part in (body[:5], body[5:6], body[6:]))

    seen = talk(reference, head + chunks + b"0\r\nX-Amz-Invocation-Type: Event\r\n\r\n", body)

    assert seen.startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_body_that_comes_byte_by_byte(reference: Target) -> None:
    """However a request is cut into packets, it is one request."""
    with connected(reference) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        data = call("echo", b'"slowly"')
        for index in range(len(data)):
            connection.sendall(data[index : index + 1])
        seen = until(connection, b'"slowly"')

    assert seen.startswith(b"HTTP/1.1 200 OK\r\n")


def test_continue_is_sent_to_who_waits_for_it(reference: Target) -> None:
    """A client that waits for 100 Continue gets it, sends its body, and gets the answer."""
    head, body = unsent(((b"Expect", b"100-continue"), (b"Content-Length", b"6")), b'"body"')

    with connected(reference) as connection:
        connection.sendall(head)
        first = until(connection, b"\r\n\r\n")
        connection.sendall(body)
        second = until(connection, body)

    assert first == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert second.startswith(b"HTTP/1.1 200 OK\r\n")


def test_continue_waits_for_the_answers_that_are_owed(reference: Target) -> None:
    """Behind a slow request 100 Continue comes after its answer, not before."""
    head, body = unsent(((b"Expect", b"100-continue"), (b"Content-Length", b"6")), b'"body"')

    with connected(reference) as connection:
        connection.sendall(call("sleep", b'{"seconds": 0.2}') + head)
        seen = until(connection, b"HTTP/1.1 100 Continue\r\n\r\n")
        connection.sendall(body)
        last = until(connection, body)

    assert seen.startswith(b"HTTP/1.1 200 OK\r\n")
    assert last.startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_body_that_is_announced_as_too_long(reference: Target) -> None:
    """A client that asks first whether to send too much is told at once, without 100 Continue."""
    head, _ = unsent(((b"Expect", b"100-continue"), (b"Content-Length", b"99999999")), b"x")

    seen = talk(reference, head, b"never sent")

    assert seen.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in seen


@pytest.mark.parametrize(
    ("headers", "connection", "ends"),
    [((), b"close", True), (((b"Connection", b"keep-alive"),), b"keep-alive", False)],
)
def test_old_clients(
    reference: Target,
    headers: tuple[tuple[bytes, bytes], ...],
    connection: bytes,
    ends: bool,  # noqa: FBT001  a row of the table
) -> None:
    """HTTP/1.0 closes the connection unless the client asks to keep it, and knows neither chunks nor 100 Continue."""
    more = (*headers, (b"Expect", b"100-continue"), (b"Content-Length", b"6"))
    head, body = unsent(more, b'"body"', b"HTTP/1.0")

    seen = talk(reference, head + body, b"never sent" if ends else body)

    assert seen.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nConnection: %b\r\n" % connection in seen
    assert seen.endswith(b"\r\n\r\n" + body)
    assert b"Transfer-Encoding" not in seen


@pytest.mark.parametrize("cut", [0, 2, 7])
def test_methods_that_nobody_knows(reference: Target, cut: int) -> None:
    """A word that is no known method is an unknown route, even when it comes in pieces; the connection stays."""
    data = b"INVOKE %b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}" % PATH

    with connected(reference) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(data[:cut])
        connection.sendall(data[cut:])
        first = until(connection, b"</AccessDeniedException>")
        connection.sendall(call("echo", b'"next"'))
        second = until(connection, b'"next"')

    assert first.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert second.lstrip().startswith(b"HTTP/1.1 200 OK\r\n")


def test_nobody_is_upgraded(reference: Target) -> None:
    """A client that offers another protocol is answered in HTTP/1.1, and so is its next request."""
    data = call("echo", b'"first"', {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c"})

    seen = talk(reference, data + call("echo", b'"next"'), b'"next"')

    assert seen.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert b'"first"' in seen


BAD = {
    "no http": b"no http at all\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "no version": b"POST /\r\n\r\n",
    "http/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "version 3": b"POST / HTTP/3.0\r\nHost: h\r\n\r\n",
    "space in the target": b"POST /a b HTTP/1.1\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "two different lengths": b"POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "length and chunks": b"POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "length is a word": b"POST / HTTP/1.1\r\nContent-Length: two\r\n\r\n{}",
    "length is empty": b"POST / HTTP/1.1\r\nContent-Length:\r\n\r\n{}",
    "length is signed": b"POST / HTTP/1.1\r\nContent-Length: -2\r\n\r\n{}",
    "length is endless": b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 1000 + b"\r\n\r\n{}",
    "chunk of no length": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "unknown encoding": b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n{}",
    "space before the colon": b"POST / HTTP/1.1\r\nHost : h\r\n\r\n",
    "folded header": b"POST / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n",
    "nul": b"POST / HTTP/1.1\r\nHost: \x00\r\n\r\n",
}


@pytest.mark.parametrize("what", BAD)
def test_garbage(reference: Target, what: str) -> None:
    """What is no proper request is answered 400, once, and the connection closed."""
    seen = talk(reference, BAD[what], b"never sent")

    assert seen.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"\r\nConnection: close\r\n" in seen
    assert seen.count(b"HTTP/1.1 ") == 1


def test_garbage_behind_requests(reference: Target) -> None:
    """Requests before the garbage, a slow one among them, are answered first."""
    data = call("echo", b'"first"') + call("sleep", b'{"seconds": 0.1}') + BAD["no http"]

    seen = talk(reference, data, b"never sent")

    assert seen.index(b'"first"') < seen.index(b"null") < seen.index(b"HTTP/1.1 400 Bad Request")
    assert seen.count(b"HTTP/1.1 ") == 3


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 100_000, b"431"),
        (b"GET /" + b"a" * 100_000, b"431"),
    ],
)
def test_limits(reference: Target, data: bytes, status: bytes) -> None:
    """A head or a body that is too large ends the connection."""
    seen = talk(reference, data, b"never sent")

    assert seen.startswith(b"HTTP/1.1 %b " % status)


def test_chunks_without_end(reference: Target) -> None:
    """A body in chunks has the same limit as any other."""
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"

    with connected(reference) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(64):
                connection.sendall(chunk)
            seen = until(connection, b"\r\n\r\n")
        except (ConnectionError, TimeoutError):  # what is refused need not be read
            seen = b"HTTP/1.1 413 "

    assert seen.startswith(b"HTTP/1.1 413 ")


def test_the_server_goes_on(reference: Target) -> None:
    """After all that the next client is served."""
    for data in (*BAD.values(), call()[:40]):
        with connected(reference) as connection:
            connection.sendall(data)

    assert talk(reference, call("echo", b'"still here"'), b'"still here"').startswith(b"HTTP/1.1 200 OK\r\n")
