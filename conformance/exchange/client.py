"""The wire: sends requests byte for byte and keeps what came back. No retry, no redirect, nothing added."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import time
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, Self

from conformance.errors import UsageError
from conformance.exchange.connection import Connection
from conformance.exchange.message import Exchange, Failure, FailureKind
from conformance.exchange.parser import PipelineReader, ResponseReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.exchange.endpoint import Endpoint
    from conformance.exchange.message import Request

CONNECT_TIMEOUT = 3.0
TIMEOUT = 10.0
MAX_RESPONSE = 64 << 20
LEAST = 0.001
"""Seconds that an exchange gets when connecting has used up its time."""


class _Sent(NamedTuple):
    """What is known of sending: how many bytes went out, why none did, when, and the seconds that it took in all."""

    size: int
    failure: Failure | None
    at: float
    took: float


class Line:
    """Exchanges over one connection, as long as the target keeps it open; made by :meth:`Client.line`.

    The connection is lent: at the end of a block (``async with``) the client keeps it for the next line.
    """

    __slots__ = ("_client", "_endpoint", "_idle", "connection")

    def __init__(self, client: Client, endpoint: Endpoint, idle: list[Connection]) -> None:
        self._client = client
        self._endpoint = endpoint
        self._idle = idle
        self.connection: Connection | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        connection = self.connection
        if connection is not None and connection.transport is not None and not connection.transport.is_closing():
            self._idle.append(connection)

    async def send(self, request: Request, *, timeout: float | None = None) -> Exchange:  # noqa: ASYNC109  an exchange's own limit
        """Send a request and wait for its answer; never raises for what a target does.

        Args:
            request: goes out as it is.
            timeout: seconds for this exchange, connecting included; the client's own by default.

        Raises:
            UsageError: the file that AWS_CA_BUNDLE names can't be read.
        """
        reader = ResponseReader(self._client.max_response, head=request.method == b"HEAD")
        data = request.encode()
        sent = await self._exchange(data, reader, timeout)
        return Exchange(
            request, data[: sent.size], reader.raw, reader.response, sent.failure or reader.failure, sent.at, sent.took
        )

    async def pipeline(self, requests: Sequence[Request], *, timeout: float | None = None) -> list[Exchange]:  # noqa: ASYNC109  it is an option of ours, not a cancellation
        """Send requests in one write and wait for all their answers; each is an exchange of its own.

        Args:
            requests: at least one; they go out as they are.
            timeout: seconds for all together.
        """
        reader = PipelineReader(self._client.max_response, [one.method == b"HEAD" for one in requests])
        parts = [one.encode() for one in requests]
        sent = await self._exchange(b"".join(parts), reader, timeout)
        exchanges: list[Exchange] = []
        left = sent.size
        for request, part, one in zip(requests, parts, reader.readers, strict=True):
            out, left = part[:left], max(left - len(part), 0)
            failure = sent.failure or one.failure
            exchanges.append(Exchange(request, out, one.raw, one.response, failure, sent.at, sent.took))
        return exchanges

    async def _exchange(
        self,
        data: bytes,
        reader: ResponseReader | PipelineReader,
        timeout: float | None,  # noqa: ASYNC109  it is an option of ours, not a cancellation
    ) -> _Sent:
        client = self._client
        allowed = client.timeout if timeout is None else timeout
        started, begun = time.time(), time.perf_counter()
        connection, failure = self.connection, None
        if connection is None or not connection.usable:
            connection, failure = await self._connected(allowed)
        unsent = len(data)
        if connection is not None:
            left = max(allowed - (time.perf_counter() - begun), LEAST)
            unsent = await connection.exchange(data, reader, left, allowed)
        return _Sent(len(data) - unsent, failure, started, time.perf_counter() - begun)

    async def _connected(self, allowed: float) -> tuple[Connection | None, Failure | None]:
        """Return an idle connection, or a new one, or why there is none."""
        while self._idle:
            self.connection = self._idle.pop()
            if self.connection.usable:
                return self.connection, None
            self.connection.close()
        self.connection = None
        try:
            self.connection = await self._client.connect(self._endpoint, min(allowed, self._client.connect_timeout))
        except (OSError, ValueError) as error:  # the latter for a host that no resolver takes
            return None, why_not_connected(error)
        return self.connection, None


class Client:
    """Sends requests over connections that are kept for the next ones. Belongs to one event loop.

    Args:
        connect_timeout: seconds for a connection to come about.
        timeout: seconds for one exchange in all, connecting included.
        max_response: bytes that an answer may have.
        tls: says whom to trust; by default who is trusted on this machine, or by the file that AWS_CA_BUNDLE names.
    """

    def __init__(
        self,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        timeout: float = TIMEOUT,
        max_response: int = MAX_RESPONSE,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.connect_timeout = connect_timeout
        self.timeout = timeout
        self.max_response = max_response
        self._tls = tls
        self._idle: defaultdict[Endpoint, list[Connection]] = defaultdict(list)
        self._open: set[Connection] = set()

    async def send(self, endpoint: Endpoint, request: Request, *, timeout: float | None = None) -> Exchange:  # noqa: ASYNC109  an exchange's own limit
        """Send one request; see :meth:`Line.send`."""
        async with self.line(endpoint) as line:
            return await line.send(request, timeout=timeout)

    def line(self, endpoint: Endpoint) -> Line:
        """Lend a connection for a sequence of exchanges."""
        return Line(self, endpoint, self._idle[endpoint])

    async def connect(self, endpoint: Endpoint, seconds: float) -> Connection:
        """Open a connection.

        Raises:
            OSError: it does not come about; TimeoutError and ssl.SSLError among them.
            ValueError: the host is none.
        """
        loop = asyncio.get_running_loop()
        if endpoint.tls and self._tls is None:
            self._tls = default_tls()
        async with asyncio.timeout(seconds):
            _, connection = await loop.create_connection(
                lambda: Connection(loop, self._open),
                endpoint.host,
                endpoint.port,
                ssl=self._tls if endpoint.tls else None,
            )
        return connection

    async def aclose(self) -> None:
        """Close all connections; exchanges under way end as failures."""
        self._idle.clear()
        for connection in list(self._open):
            connection.close()
        await asyncio.sleep(0)


def default_tls() -> ssl.SSLContext:
    """Return a context that trusts whom this machine trusts, or the file that AWS_CA_BUNDLE names.

    Raises:
        UsageError: that file can't be read (code ``file-unreadable``).
    """
    bundle = os.environ.get("AWS_CA_BUNDLE") or None
    try:
        return ssl.create_default_context(cafile=bundle)
    except OSError as error:
        raise UsageError(
            "file-unreadable", f"{bundle}: {error}", "AWS_CA_BUNDLE names a file of certificates (PEM)"
        ) from error


REASONS: tuple[tuple[type[Exception], FailureKind], ...] = (
    (TimeoutError, FailureKind.TIMEOUT),
    (ssl.SSLError, FailureKind.TLS),
    (socket.gaierror, FailureKind.NAME),
    (UnicodeError, FailureKind.NAME),
    (ConnectionRefusedError, FailureKind.REFUSED),
    (ConnectionError, FailureKind.CLOSED),
)
"""What an error of connecting means; the first that fits counts. All others are ``refused``."""


def why_not_connected(error: Exception) -> Failure:
    """Return the failure that an error of connecting is."""
    kind = next((kind for type_, kind in REASONS if isinstance(error, type_)), FailureKind.REFUSED)
    if kind is FailureKind.TIMEOUT:
        return Failure(kind, "no connection came about in time")
    said = error.strerror if isinstance(error, OSError) else ""
    return Failure(kind, said or str(error) or type(error).__name__)
