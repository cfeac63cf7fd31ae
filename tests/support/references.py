"""The reference in a thread of this process, as often anew as wished, with a fault or without."""

from __future__ import annotations

import asyncio
import threading
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING

from conformance.reference.faults.table import FAULTS
from conformance.reference.server import Front, served
from conformance.targets.identity import PACE
from conformance.targets.reference import target_at

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from conformance.targets.model import Target


@contextmanager
def references(fault: str = "") -> Generator[Callable[[], Target]]:
    """Yield a function that starts the reference in place of the one before; all is stopped in the end.

    Args:
        fault: id of the fault that it has; empty for none.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    stack = AsyncExitStack()

    async def start() -> str:
        await stack.aclose()
        return await stack.enter_async_context(served("127.0.0.1", 0, Front(PACE, FAULTS.get(fault))))

    async def stop() -> None:
        await stack.aclose()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    try:
        yield lambda: target_at(asyncio.run_coroutine_threadsafe(start(), loop).result(5), "thread")
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
