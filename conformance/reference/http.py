"""HTTP/1.1 for the reference: asyncio and httptools; answers in the order of the requests."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from conformance.exchange.message import Request
from conformance.reference.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HEAD_LIMIT = 64 << 10
BODY_LIMIT = 16 << 20
SLOW = 30.0
"""Seconds within which a request has to be there whole, and for which an idle connection is kept."""


class HttpProtocol(asyncio.Protocol):
    """One connection of a client.

    Args:
        handle: answers a request, at once or later.
        connections: the open ones; this one adds and removes itself.
    """

    def __init__(self, handle: Callable[[Request], Answer | Awaitable[Answer]], connections: set[HttpProtocol]) -> None:
        self._handle = handle
        self._connections = connections
        self._transport: asyncio.Transport | None = None
        self._parser = HttpRequestParser(self)
        self._waiting: deque[tuple[Request, bool]] = deque()
        self._task: asyncio.Task[None] | None = None
        self.last = time.monotonic()
        self._begin()

    def _begin(self) -> None:
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._in_body = False
        self._size = 0

    @property
    def busy(self) -> bool:
        """Whether an answer is still owed."""
        return self._task is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio's signature
        """Called by asyncio."""
        self._connections.discard(self)
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        self.last = time.monotonic()
        self._size += len(data)
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            self.close()
        except HttpParserError:
            self._reject(400)
        else:
            if self._size > (HEAD_LIMIT + BODY_LIMIT if self._in_body else HEAD_LIMIT):
                self._reject(413 if self._in_body else 431)

    def on_url(self, url: bytes) -> None:
        """Called by the parser with (a part of) the request-target."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._in_body = True
        for name, value in self._headers:
            if name.lower() == b"expect" and value.lower() == b"100-continue" and self._transport is not None:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            if name.lower() == b"content-length" and int(value) > BODY_LIMIT:
                self._reject(413)

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Called by the parser: the request is whole."""
        version = b"HTTP/" + self._parser.get_http_version().encode()
        request = Request(self._parser.get_method(), self._target, tuple(self._headers), b"".join(self._body), version)
        keep = self._parser.should_keep_alive()
        self._begin()
        if self._task is not None:
            self._waiting.append((request, keep))
            return
        answer = self._handle(request)
        if not isinstance(answer, Answer):
            self._task = asyncio.get_running_loop().create_task(self._owed(request, answer, keep=keep))
        else:
            self._write(request, answer, keep=keep)

    async def _owed(self, request: Request, answer: Awaitable[Answer], *, keep: bool) -> None:
        """Write an answer when it is there, and then those to requests that came meanwhile."""
        self._write(request, await answer, keep=keep)
        while self._waiting:
            request, keep = self._waiting.popleft()
            following = self._handle(request)
            self._write(request, following if isinstance(following, Answer) else await following, keep=keep)
        self._task = None

    def _write(self, request: Request, answer: Answer, *, keep: bool) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(_head(answer, keep=keep) + (b"" if request.method == b"HEAD" else answer.body))
        if not keep:
            self._transport.close()

    def _reject(self, status: int) -> None:
        """Answer what is no proper request, and be done with the connection."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"HTTP/1.1 %d \r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % status)
            self._transport.close()

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()


def _head(answer: Answer, *, keep: bool) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {_reason(answer.status)}", f"Date: {_date(int(time.time()))}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines.append(f"Connection: {'keep-alive' if keep else 'close'}")
    if answer.status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {len(answer.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@lru_cache
def _reason(status: int) -> str:
    return HTTPStatus(status).phrase


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
