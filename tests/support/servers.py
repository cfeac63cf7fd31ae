"""A server that records the bytes it gets and answers with the bytes it is told."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

from conformance.exchange.endpoint import Endpoint

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    Behaviour: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Recorder:
    """What a scripted server saw: the bytes of each connection, in the order in which they were opened."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.connections: list[bytearray] = []

    @property
    def received(self) -> bytes:
        """All bytes of all connections."""
        return b"".join(map(bytes, self.connections))


@asynccontextmanager
async def scripted(
    behave: Behaviour,
) -> AsyncGenerator[Recorder]:
    """Serve on 127.0.0.1: each connection is handed to ``behave``, whose reader records what it reads."""
    recorder = Recorder(Endpoint("127.0.0.1", 0))

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen = bytearray()
        recorder.connections.append(seen)
        feed = reader.feed_data
        reader.feed_data = lambda data: (seen.extend(data), feed(data))[1]  # type: ignore[method-assign]  # a tap
        try:
            await behave(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    recorder.endpoint = Endpoint("127.0.0.1", server.sockets[0].getsockname()[1])
    try:
        yield recorder
    finally:
        server.close()


def answering(
    *answers: bytes, close: bool = False
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Answer the first requests of a connection (each ends with its head) with these bytes, then close if told to."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        if not close:
            await reader.read()

    return behave
