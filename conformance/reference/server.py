"""The reference as a server: listens, cleans up after slow clients, stops in order."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
import time

from conformance.contract.reader import load_contract
from conformance.errors import UsageError
from conformance.fixtures.table import PREFIX
from conformance.reference.http import SLOW, HttpProtocol
from conformance.reference.service import Service
from conformance.targets.identity import ACCOUNT, CREDENTIALS, PARTITION, REGION

DEPTH = 20_000
"""Nested JSON of a few thousand levels is legal; Python's own limit is too low for it."""


async def serve(host: str, port: int, stop: asyncio.Event) -> None:
    """Serve until ``stop`` is set; print ``listening on http://…`` when ready.

    Raises:
        UsageError: the port is taken or the host is none of this machine.
    """
    service = Service(load_contract(), (PARTITION, REGION, ACCOUNT), PREFIX, CREDENTIALS)
    connections: set[HttpProtocol] = set()
    loop = asyncio.get_running_loop()
    try:
        server = await loop.create_server(lambda: HttpProtocol(service.handle, connections), host, port, backlog=1024)
    except OSError as error:
        raise UsageError(
            "port-taken", f"can't listen on {host}:{port}: {error.strerror}", "--port 0 takes a free one"
        ) from error
    shown = f"[{host}]" if ":" in host else host
    print(f"listening on http://{shown}:{server.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201  what serve promises
    sweep = loop.create_task(_sweep(connections))
    await stop.wait()
    sweep.cancel()
    server.close()
    for connection in list(connections):
        connection.close()


async def _sweep(connections: set[HttpProtocol]) -> None:
    """Close connections from which nothing has come for too long and to which no answer is owed."""
    while True:
        await asyncio.sleep(SLOW / 6)
        overdue = time.monotonic() - SLOW
        for connection in [one for one in connections if one.last < overdue and not one.busy]:
            connection.close()


def run_forever(host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; what functions leave behind is gone then."""
    sys.setrecursionlimit(DEPTH)

    async def main() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve(host, port, stop)

    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        tempfile.tempdir = folder
        try:
            asyncio.run(main())
        finally:
            tempfile.tempdir = None
