"""The wire for what is no request: bytes out over a connection of their own, and what the target does about them."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from typing import TYPE_CHECKING

from conformance.exchange.client import why_not_connected
from conformance.exchange.message import Exchange, Failure, FailureKind, Response
from conformance.exchange.parser import ResponseReader

if TYPE_CHECKING:
    from conformance.exchange.client import Client
    from conformance.exchange.connection import Connection
    from conformance.exchange.endpoint import Endpoint
    from conformance.exchange.message import Request

CLOSED, CUT_SHORT = b"closed", b"closed within an answer"
INTERIM = re.compile(rb"\A(HTTP/1\.[01] 1\d\d[^\r\n]*\r\n([^\r\n]+\r\n)*\r\n)+")
"""Interim responses, such as 100 Continue, which promise an answer only to who sends the rest."""


async def reaction(client: Client, endpoint: Endpoint, request: Request) -> Exchange:
    """Send bytes, say that no more will come, and wait for an answer or the end of the connection.

    Args:
        client: whose limits hold.
        endpoint: where to.
        request: the bytes, framed as a request or not.

    Returns:
        An exchange whose response is the answer; where there is none, one of status 0 whose reason says what came
        instead: ``closed``, ``closed within an answer``, ``timeout``, ``garbage``. Without a response only where no
        connection came about.
    """
    started, begun = time.time(), time.perf_counter()
    reader = ResponseReader(client.max_response)
    try:
        connection = await client.connect(endpoint, min(client.timeout, client.connect_timeout))
    except (OSError, ValueError) as error:
        failure = why_not_connected(error)
        return Exchange(request, b"", b"", None, failure, started, time.perf_counter() - begun)
    data = request.encode()
    loop = asyncio.get_running_loop()
    loop.call_soon(_no_more, connection)  # behind the write, which comes first
    try:
        unsent = await connection.exchange(data, reader, client.timeout, client.timeout)
    finally:
        connection.close()
    response = reader.response or _none(reader.failure, cut=bool(INTERIM.sub(b"", reader.raw)))
    seconds = time.perf_counter() - begun
    return Exchange(request, data[: len(data) - unsent], reader.raw, response, None, started, seconds)


def _no_more(connection: Connection) -> None:
    """Close our half of a connection, where that is possible: a target that waits for the rest need not wait."""
    transport = connection.transport
    if transport is not None and transport.can_write_eof() and not transport.is_closing():
        with contextlib.suppress(OSError):
            transport.write_eof()


def _none(failure: Failure | None, *, cut: bool) -> Response:
    kind = failure.kind if failure is not None else FailureKind.CLOSED
    reason = kind.value.encode() if kind is not FailureKind.CLOSED else CUT_SHORT if cut else CLOSED
    return Response(0, reason, b"", (), b"")
