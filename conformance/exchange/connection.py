"""One connection of the wire: bytes out, a response in."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
from typing import TYPE_CHECKING

from conformance.exchange.message import FailureKind

if TYPE_CHECKING:
    from conformance.exchange.parser import PipelineReader, ResponseReader

BUFFER = 64 << 10
"""Bytes that are read at a time."""


class Connection(asyncio.BufferedProtocol):
    """One connection, with at most one exchange under way.

    It brings its own buffer: where the loop makes one (256 KiB for each read), small exchanges take twice as long.

    Args:
        loop: that runs it.
        opened: the open connections; this one adds and removes itself.
    """

    __slots__ = (
        "_allowed",
        "_buffer",
        "_due",
        "_loop",
        "_open",
        "_poll",
        "_reader",
        "_timer",
        "_view",
        "_waiter",
        "transport",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, opened: set[Connection]) -> None:
        self._buffer = bytearray(BUFFER)
        self._view = memoryview(self._buffer)
        self._loop = loop
        self._open = opened
        self._poll = select.poll()
        self._reader: ResponseReader | PipelineReader | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._allowed = 0.0
        self.transport: asyncio.Transport | None = None

    @property
    def usable(self) -> bool:
        """Whether another request can go out.

        The kernel is asked, not the loop: on a connection without an exchange, whatever waits to be read (the end of
        the stream, or bytes that nobody asked for) makes it useless, and the loop may not have seen it yet.
        """
        return self.transport is not None and not self.transport.is_closing() and not self._poll.poll(0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("not a stream")
        self.transport = transport
        self._poll.register(transport.get_extra_info("socket"), select.POLLIN)
        self._open.add(self)

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002  asyncio's signature
        """Called by asyncio."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Called by asyncio with the number of bytes that came."""
        if self._reader is None:
            self.close()
            return
        self._reader.feed(self._view[:nbytes].tobytes())
        if self._reader.done:
            self._wake()

    def eof_received(self) -> None:
        """Called by asyncio."""
        self._ended()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        self._open.discard(self)
        if self._timer is not None:
            self._timer.cancel()
        if exc is not None:
            self._drain()
        self._ended("" if exc is None else type(exc).__name__)

    def _drain(self) -> None:
        """Read what the kernel still has of an answer when sending failed, as the target closed before it read all."""
        if self.transport is None or self.transport.get_extra_info("ssl_object") is not None:
            return
        descriptor = self.transport.get_extra_info("socket").fileno()
        with contextlib.suppress(OSError):
            while self._reader is not None and not self._reader.done and (data := os.read(descriptor, BUFFER)):
                self._reader.feed(data)

    def _ended(self, why: str = "") -> None:
        if self._reader is not None:
            self._reader.eof(why)
            self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _watch(self, seconds: float, allowed: float) -> None:
        """Look in so many seconds whether the exchange is over; a timer that is under way looks again then."""
        self._due, self._allowed = self._loop.time() + seconds, allowed
        if self._timer is not None and self._timer.when() > self._due:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self._loop.call_at(self._due, self._look)

    def _look(self) -> None:
        """Give up an exchange whose time is over."""
        self._timer = None
        if self._reader is None:
            return
        if self._loop.time() < self._due:
            self._timer = self._loop.call_at(self._due, self._look)
        else:
            self._reader.fail(FailureKind.TIMEOUT, f"no whole answer within {self._allowed:g} s")
            self._wake()

    def close(self) -> None:
        """Close at once; what was not sent is thrown away."""
        if self.transport is not None:
            self.transport.abort()

    async def exchange(
        self, data: bytes, reader: ResponseReader | PipelineReader, seconds: float, allowed: float
    ) -> int:
        """Send bytes and wait until the reader is done; it is, in the end, whatever the target does.

        Returns:
            How many of the bytes were never handed to the kernel, as an answer came first.
        """
        transport = self.transport
        if transport is None or transport.is_closing():
            reader.eof("at once")
            return len(data)
        self._reader = reader
        self._waiter = self._loop.create_future()
        self._watch(seconds, allowed)
        unsent = len(data)
        try:
            transport.write(data)
            await self._waiter
            unsent = min(transport.get_write_buffer_size(), len(data))
        finally:
            self._reader = self._waiter = None
            if not reader.reusable or unsent:
                self.close()
        return unsent
