"""Scripted servers in a thread of their own, for programs and blocking clients that talk to them."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from support.servers import Recorder, scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractAsyncContextManager

    from support.servers import Behaviour

Served = TypeVar("Served")


@contextmanager
def threaded(serving: Callable[[], AbstractAsyncContextManager[Served]], bound: float = 5.0) -> Generator[Served]:
    """Enter an asynchronous context in a thread of its own, and leave it when the block is left.

    Args:
        serving: makes the context.
        bound: seconds that entering and leaving it may take, each.
    """
    started: Future[tuple[Served, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        stop = asyncio.Event()
        async with serving() as served:
            started.set_result((served, asyncio.get_running_loop(), stop))
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    served, loop, stop = started.result(bound)
    try:
        yield served
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(bound)


@contextmanager
def in_background(behave: Behaviour) -> Generator[Recorder]:
    """Serve on 127.0.0.1 until the block is left; each connection is handed to ``behave``."""
    with threaded(lambda: scripted(behave)) as recorder:
        yield recorder


async def read_request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Return head and body of the next request; IncompleteReadError when there is none."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), 0)
    return head, await reader.readexactly(length)


def response(status: int, body: bytes, *headers: str) -> bytes:
    """Return the bytes of a response."""
    lines = [f"HTTP/1.1 {status} Scripted", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def fails(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer 500 to everything."""
    while True:
        await read_request(reader)
        writer.write(response(500, b'{"message": "broken"}', "Content-Type: application/json"))


async def hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001  a behaviour
    """Take everything and never answer."""
    await reader.read(-1)


async def closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close when a request has come."""
    await read_request(reader)
    writer.close()


async def trickles(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with a header that never ends, a byte at a time."""
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.02)


async def babbles(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with what is no HTTP."""
    await read_request(reader)
    writer.write(b"\x00\xff this is no HTTP \x1b[31m\r\n\r\n")
    await reader.read(-1)


async def echoes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer each request with its own head and body, as debugging servers do."""
    while True:
        head, body = await read_request(reader)
        writer.write(response(200, head + body, "Content-Type: text/plain"))


MISBEHAVIOURS = (hangs, closes, trickles, babbles)
"""How a target can fail to answer at all."""
