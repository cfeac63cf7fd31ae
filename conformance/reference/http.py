"""HTTP/1.1 for the reference: asyncio and httptools; answers in the order of the requests.

httptools knows a fixed set of methods; any other is fed to it as POST and put back afterwards, so that it gets the
answer of an unknown route. What is no HTTP is answered 400, behind the answers that are owed, and ends the connection.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from conformance.exchange.message import Request
from conformance.reference.answer import Answer
from conformance.reference.head import head

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conformance.reference.head import Head

_log = logging.getLogger(__name__)

BUFFER = 64 << 10
"""Bytes that are read at a time."""
HEAD_LIMIT = 64 << 10
BODY_LIMIT = 16 << 20
SLOW = 30.0
"""Seconds within which a request has to be there whole, and for which an idle connection is kept."""
MOST_WAITING = 100
"""Requests of a connection that may wait for their turn; beyond them nothing more is read for now."""
KNOWN = frozenset({b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH"})
"""Methods that the parser is trusted with; CONNECT, for one, would make it stop."""
_METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
EXPECT = b"expect"
_VERSIONS = frozenset({"1.0", "1.1"})


class HttpProtocol(asyncio.BufferedProtocol):
    """One connection of a client.

    It brings its own buffer: the loop would make one of 256 KiB for each read.

    Args:
        handle: answers a request, at once or later.
        connections: the open ones; this one adds and removes itself.
        head: makes the bytes before a body.

    Attributes:
        last: when something was finished last: the connection made, a request whole, an answer written.
    """

    def __init__(
        self,
        handle: Callable[[Request], Answer | Awaitable[Answer]],
        connections: set[HttpProtocol],
        head: Head = head,
    ) -> None:
        self._handle = handle
        self._head = head
        self._connections = connections
        self._buffer = bytearray(BUFFER)
        self._view = memoryview(self._buffer)
        self._transport: asyncio.Transport | None = None
        self._parser = HttpRequestParser(self)
        self._complete: list[tuple[Request, bool]] = []
        self._waiting: deque[tuple[Request, bool] | int] = deque()
        self._task: asyncio.Task[None] | None = None
        self._ended = False
        self._congested = False
        self.last = time.monotonic()
        self._begin()

    def _begin(self) -> None:
        """Make ready for the next request."""
        self._first = b""
        self._method = b""
        self._started = False
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._in_body = False
        self._expects = False
        self._expecting = False
        self._size = 0

    @property
    def busy(self) -> bool:
        """Whether an answer is still owed."""
        return self._task is not None

    # ---- called by asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio's signature
        """Called by asyncio; a function that runs goes on, as on AWS, but nobody waits for more."""
        self._connections.discard(self)
        self._waiting.clear()
        self._ended = True

    def pause_writing(self) -> None:
        """Called by asyncio: the client does not read."""
        self._congested = True
        self._regulate()

    def resume_writing(self) -> None:
        """Called by asyncio: the client reads again."""
        self._congested = False
        self._regulate()

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002  asyncio's signature
        """Called by asyncio."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Called by asyncio with the number of bytes that came."""
        self._received(self._view[:nbytes].tobytes())

    def _received(self, data: bytes) -> None:
        refused = 0 if self._ended else self._parse(data)
        for request, keep in self._complete:
            self._take(request, keep=keep)
        self._complete.clear()
        if refused:
            self._reject(refused)
        elif self._expecting and self._task is None:
            self._continue()

    # ---- reading

    def _parse(self, data: bytes) -> int:
        """Feed the parser; return the status to reject the connection with, or 0."""
        self._size += len(data)
        if not self._started:
            data = self._with_known_method(data)
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as upgrade:
            return self._parse(self._without_upgrade() + data[upgrade.args[0] :])
        except HttpParserError:
            return 0 if self._ended else 400
        if self._ended:
            return 0
        if self._in_body and (self._size > HEAD_LIMIT + BODY_LIMIT or self._declared() > BODY_LIMIT):
            return 413
        return 431 if not self._in_body and self._size > HEAD_LIMIT else 0

    def _without_upgrade(self) -> bytes:
        """Take back a request that offers another protocol, and return its head without the offer.

        The parser stops behind the head of such a request, even where a body follows.
        """
        request, _ = self._complete.pop()
        self._parser = HttpRequestParser(self)
        self._ended = False
        kept = tuple(pair for pair in request.headers if pair[0].lower() != b"upgrade")
        return replace(request, headers=kept).encode()

    def _with_known_method(self, data: bytes) -> bytes:
        """Return the begin of a request with a method that the parser knows; nothing until the method is there."""
        data = self._first + data
        if data.startswith(b"POST "):
            return data
        method, space, rest = data.lstrip(b"\r\n").partition(b" ")
        if not space and _METHOD.fullmatch(method):
            self._first = data
            return b""
        self._first = b""
        if method in KNOWN or not _METHOD.fullmatch(method):
            return data
        self._method = method
        return b"POST " + rest

    def _declared(self) -> int:
        """Return the length that the request says its body has; the parser has seen that it is a number."""
        return next((int(value) for name, value in self._headers if name.lower() == b"content-length"), 0)

    def on_message_begin(self) -> None:
        """Called by the parser."""
        self._started = True

    def on_url(self, url: bytes) -> None:
        """Called by the parser with (a part of) the request-target."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser; what stands behind the body is no header."""
        if not self._in_body:
            self._headers.append((name, value))
            if len(name) == len(EXPECT) and name.lower() == EXPECT:
                self._expects = self._expects or value.lower() == b"100-continue"

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._in_body = True
        self._expecting = self._expects and self._parser.get_http_version() == "1.1"

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Called by the parser: the request is whole."""
        version = self._parser.get_http_version()
        if version not in _VERSIONS:
            raise ValueError(version)  # the parser makes an error of its own of it
        method = self._method or self._parser.get_method()
        request = Request(method, self._target, tuple(self._headers), b"".join(self._body), b"HTTP/" + version.encode())
        keep = self._parser.should_keep_alive()
        self._complete.append((request, keep))
        self._ended = not keep
        self._begin()
        self.last = time.monotonic()

    # ---- answering

    def _take(self, request: Request, *, keep: bool) -> None:
        """Answer a request, or let it wait for those before it."""
        if self._task is not None:
            self._waiting.append((request, keep))
            self._regulate()
            return
        answer = self._answer(request)
        if isinstance(answer, Answer):
            self._write(request, answer, keep=keep)
        else:
            self._task = asyncio.get_running_loop().create_task(self._owed(request, answer, keep=keep))

    def _answer(self, request: Request) -> Answer | Awaitable[Answer]:
        try:
            answer = self._handle(request)
        except Exception:  # noqa: BLE001  a fault of ours must not look like an answer to a bad request
            return _broken(request)
        return answer if isinstance(answer, Answer) else self._awaited(request, answer)

    async def _awaited(self, request: Request, answer: Awaitable[Answer]) -> Answer:
        try:
            return await answer
        except Exception:  # noqa: BLE001  see above
            return _broken(request)

    async def _owed(self, request: Request, answer: Awaitable[Answer], *, keep: bool) -> None:
        """Write an answer when it is there, and then those to requests that came meanwhile."""
        self._write(request, await answer, keep=keep)
        while self._waiting:
            waiting = self._waiting.popleft()
            if isinstance(waiting, int):
                self._write_rejection(waiting)
                break
            request, keep = waiting
            following = self._answer(request)
            self._write(request, following if isinstance(following, Answer) else await following, keep=keep)
            self._regulate()
        self._task = None
        if self._expecting:
            self._continue()

    def _write(self, request: Request, answer: Answer, *, keep: bool) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(self._head(answer, keep=keep) + (b"" if request.method == b"HEAD" else answer.body))
        self.last = time.monotonic()
        if not keep:
            self._transport.close()

    def _continue(self) -> None:
        """Tell a client that waits for it to send its body."""
        self._expecting = False
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _reject(self, status: int) -> None:
        """Answer what is no proper request, behind the answers that are owed, and be done with the connection."""
        self._ended = True
        self._expecting = False
        if self._task is None:
            self._write_rejection(status)
        else:
            self._waiting.append(status)

    def _write_rejection(self, status: int) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(self._head(Answer(status, ()), keep=False))
            self._transport.close()

    def _regulate(self) -> None:
        """Read on, or not while too much waits to be answered or to be read by the client."""
        if self._transport is None or self._transport.is_closing():
            return
        if self._congested or len(self._waiting) > MOST_WAITING:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()


def _broken(request: Request) -> Answer:
    """Say that we are at fault, in the log and as an answer."""
    _log.exception("no answer to %r", request.target[:100])
    return Answer(500, ())
