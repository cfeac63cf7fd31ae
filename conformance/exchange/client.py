"""The wire: sends requests byte for byte and keeps what came back. No retry, no redirect, nothing added."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from conformance.exchange.message import Exchange, Failure, FailureKind
from conformance.exchange.parser import ResponseReader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from conformance.exchange.endpoint import Endpoint
    from conformance.exchange.message import Request

CONNECT_TIMEOUT = 3.0
TIMEOUT = 10.0
MAX_RESPONSE = 64 << 20
IDLE = 0.001
"""After so many idle seconds the loop is given a chance to notice that a connection was closed."""


class _Connection(asyncio.Protocol):
    """One connection, with at most one exchange under way."""

    __slots__ = ("_loop", "_reader", "_waiter", "idle_since", "transport")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._reader: ResponseReader | None = None
        self._waiter: asyncio.Future[None] | None = None
        self.transport: asyncio.Transport | None = None
        self.idle_since = 0.0

    @property
    def usable(self) -> bool:
        return self.transport is not None and not self.transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("not a stream")
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if self._reader is None:
            self.close()
            return
        self._reader.feed(data)
        if self._reader.done:
            self._wake()

    def eof_received(self) -> None:
        if self._reader is not None:
            self._reader.eof()
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._reader is not None:
            self._reader.eof("" if exc is None else exc.__class__.__name__)
            self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _too_late(self, seconds: float) -> None:
        reader = self._reader
        if reader is not None and not reader.done:
            reader.failure = Failure(FailureKind.TIMEOUT, f"no whole answer within {seconds:g} s")
            self._wake()

    def close(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    async def exchange(self, data: bytes, reader: ResponseReader, seconds: float, allowed: float) -> None:
        """Send bytes and wait until the reader is done; it is, in the end, whatever the target does."""
        if self.transport is None:
            raise RuntimeError("not connected")
        self._reader = reader
        self._waiter = self._loop.create_future()
        timer = self._loop.call_later(seconds, self._too_late, allowed)
        try:
            self.transport.write(data)
            await self._waiter
        finally:
            timer.cancel()
            self._reader = None
            self._waiter = None
            if not reader.reusable:
                self.close()
            self.idle_since = self._loop.time()


class Line:
    """Exchanges over one connection, as long as the target keeps it open; made by :meth:`Client.line`."""

    def __init__(self, client: Client, endpoint: Endpoint) -> None:
        self._client = client
        self._endpoint = endpoint
        self.connection: _Connection | None = None

    async def send(self, request: Request, *, timeout: float | None = None) -> Exchange:  # noqa: ASYNC109  an exchange's own limit
        """Send a request and wait for its answer; never raises for what a target does."""
        data = request.encode()
        allowed = self._client.timeout if timeout is None else timeout
        reader = ResponseReader(self._client.max_response, head=request.method == b"HEAD")
        started, begun = time.time(), time.perf_counter()
        try:
            connection = await self._connected(allowed)
        except OSError as error:
            reader.failure = _why_not_connected(error)
        else:
            left = max(allowed - (time.perf_counter() - begun), 0.001)
            await connection.exchange(data, reader, left, allowed)
        took = time.perf_counter() - begun
        return Exchange(request, data, reader.raw, reader.response, reader.failure, started, took)

    async def _connected(self, allowed: float) -> _Connection:
        connection = self.connection
        if connection is not None and connection.usable:
            if asyncio.get_running_loop().time() - connection.idle_since > IDLE:
                await asyncio.sleep(0)
            if connection.usable:
                return connection
        self.connection = await self._client.connect(self._endpoint, min(allowed, self._client.connect_timeout))
        return self.connection


class Client:
    """Sends requests over connections that are kept for the next ones.

    Args:
        connect_timeout: seconds for a connection to come about.
        timeout: seconds for one exchange in all, connecting included.
        max_response: bytes that an answer may have.
    """

    def __init__(
        self,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        timeout: float = TIMEOUT,
        max_response: int = MAX_RESPONSE,
    ) -> None:
        self.connect_timeout = connect_timeout
        self.timeout = timeout
        self.max_response = max_response
        self._idle: dict[Endpoint, list[_Connection]] = {}
        self._tls: ssl.SSLContext | None = None

    @asynccontextmanager
    async def line(self, endpoint: Endpoint) -> AsyncIterator[Line]:
        """Lend a connection for a sequence of exchanges."""
        line = Line(self, endpoint)
        idle = self._idle.setdefault(endpoint, [])
        while idle and line.connection is None:
            connection = idle.pop()
            line.connection = connection if connection.usable else None
        try:
            yield line
        finally:
            if line.connection is not None and line.connection.usable:
                idle.append(line.connection)

    async def send(self, endpoint: Endpoint, request: Request, *, timeout: float | None = None) -> Exchange:  # noqa: ASYNC109  an exchange's own limit
        """Send one request; never raises for what a target does."""
        async with self.line(endpoint) as line:
            return await line.send(request, timeout=timeout)

    async def connect(self, endpoint: Endpoint, seconds: float) -> _Connection:
        """Open a connection.

        Raises:
            OSError: it does not come about; TimeoutError and ssl.SSLError among them.
        """
        loop = asyncio.get_running_loop()
        tls = self._context() if endpoint.tls else None
        async with asyncio.timeout(seconds):
            _, connection = await loop.create_connection(
                lambda: _Connection(loop), endpoint.host, endpoint.port, ssl=tls
            )
        return connection

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE") or None)
        return self._tls

    async def aclose(self) -> None:
        """Close the idle connections."""
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()
        await asyncio.sleep(0)


def _why_not_connected(error: OSError) -> Failure:
    detail = error.strerror or str(error) or type(error).__name__
    if isinstance(error, TimeoutError):
        return Failure(FailureKind.TIMEOUT, "no connection came about in time")
    if isinstance(error, ssl.SSLError):
        return Failure(FailureKind.TLS, detail)
    if isinstance(error, socket.gaierror):
        return Failure(FailureKind.NAME, detail)
    return Failure(FailureKind.REFUSED, detail)
