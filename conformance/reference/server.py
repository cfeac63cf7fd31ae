"""The reference as a server: listens, cleans up after slow clients, stops in order."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from conformance.contract.reader import load_contract
from conformance.errors import UsageError
from conformance.fixtures.table import PREFIX, QUEUES
from conformance.reference.faults.model import Setting
from conformance.reference.functions import deployed
from conformance.reference.http import SLOW, HttpProtocol
from conformance.reference.service import Service
from conformance.reference.sqs import QueueService
from conformance.targets.identity import ACCOUNT, CREDENTIALS, PACE, PARTITION, REGION

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable

    from conformance.exchange.message import Request
    from conformance.reference.answer import Answer
    from conformance.reference.faults.model import Fault
    from conformance.targets.identity import Pace

DEPTH = 20_000
"""Nested JSON of a few thousand levels is legal; Python's own limit is too low for it."""


class Front:
    """Sends each request to the service that it is for: functions or queues.

    Args:
        pace: how fast time goes.
        fault: that the functions' service has; None for none.
    """

    def __init__(self, pace: Pace, fault: Fault | None = None) -> None:
        names = {word: PREFIX + word for word in QUEUES}
        self.queues = QueueService(names, ACCOUNT, CREDENTIALS, REGION)
        identity = (PARTITION, REGION, ACCOUNT)
        contract = load_contract()
        self.functions = Service(contract, identity, PREFIX, CREDENTIALS, pace, self.queues.send)
        if fault is not None:
            setting = Setting(contract, identity, deployed(PREFIX), self.queues.send)
            self.functions.stages = fault.change(self.functions.stages, setting)

    def handle(self, request: Request) -> Answer | Awaitable[Answer]:
        """Answer a request; at once or later."""
        service = self.queues if self.queues.is_for(request) else self.functions
        return service.handle(request)


@asynccontextmanager
async def served(host: str, port: int, front: Front) -> AsyncGenerator[str]:
    """Serve a front, and yield the URL where; all connections are closed in the end.

    Raises:
        UsageError: the port is taken or the host is none of this machine.
    """
    connections: set[HttpProtocol] = set()
    loop = asyncio.get_running_loop()

    def connected() -> HttpProtocol:
        return HttpProtocol(front.handle, connections, front.functions.stages.head)

    try:
        server = await loop.create_server(connected, host, port, backlog=1024)
    except OSError as error:
        raise UsageError(
            "port-taken", f"can't listen on {host}:{port}: {error.strerror}", "--port 0 takes a free one"
        ) from error
    sweep = loop.create_task(_sweep(connections))
    shown = f"[{host}]" if ":" in host else host
    try:
        yield f"http://{shown}:{server.sockets[0].getsockname()[1]}"
    finally:
        sweep.cancel()
        server.close()
        for connection in list(connections):
            connection.close()


async def serve(host: str, port: int, front: Front, stop: asyncio.Event) -> None:
    """Serve until ``stop`` is set; print ``listening on http://…`` when ready.

    Raises:
        UsageError: the port is taken or the host is none of this machine.
    """
    async with served(host, port, front) as url:
        print(f"listening on {url}", flush=True)  # noqa: T201  what serve promises
        await stop.wait()


async def _sweep(connections: set[HttpProtocol]) -> None:
    """Close connections on which nothing was finished for too long and to which no answer is owed."""
    while True:
        await asyncio.sleep(SLOW / 6)
        overdue = time.monotonic() - SLOW
        for connection in [one for one in connections if one.last < overdue and not one.busy]:
            connection.close()


def run_forever(host: str, port: int, pace: Pace = PACE, fault: Fault | None = None) -> None:
    """Serve until SIGINT or SIGTERM; nothing is left behind, as all is kept in memory.

    Args:
        host: to listen on.
        port: to listen on; 0 takes a free one.
        pace: how fast time goes.
        fault: to serve with; None for none.
    """
    sys.setrecursionlimit(DEPTH)

    async def main() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve(host, port, Front(pace, fault), stop)

    asyncio.run(main())
