"""The reference in a thread of this process, with a fault or without."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING

from conformance.reference.faults.table import find_fault
from conformance.reference.server import Front, served
from conformance.targets.identity import PACE

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def faulty(fault: str = "") -> Generator[str]:
    """Serve the reference, with one deviation where one is named, and yield its URL."""
    started: Future[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        stop = asyncio.Event()
        async with served("127.0.0.1", 0, Front(PACE, find_fault(fault) if fault else None)) as url:
            started.set_result((url, asyncio.get_running_loop(), stop))
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    url, loop, stop = started.result(10)
    try:
        yield url
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
