"""Calls of an Invoke API on a real socket: signed requests, their answers, and a poll with a deadline."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import boto3
from botocore.config import Config

from conformance.exchange.client import Client
from conformance.exchange.message import Request, Response
from conformance.exchange.sigv4 import sign
from conformance.fixtures.table import PREFIX
from conformance.targets.identity import CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.exchange.sigv4 import Credentials
    from conformance.targets.model import Target

T = TypeVar("T")

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"
EVENT = {"X-Amz-Invocation-Type": "Event"}
DRY_RUN = {"X-Amz-Invocation-Type": "DryRun"}
PATIENCE = 10.0
"""Seconds within which an effect has to be seen."""
PAUSE = 0.02
"""Seconds between two looks."""
PATHS = {
    "Invoke": "/2015-03-31/functions/{}/invocations",
    "InvokeAsync": "/2014-11-13/functions/{}/invoke-async",
    "InvokeWithResponseStream": "/2021-11-15/functions/{}/response-streaming-invocations",
}


def request(
    FunctionName: str = PREFIX + "echo",
    query: str = "",
    headers: dict[str, str] | None = None,
    body: bytes = b"{}",
    **other: str,
) -> Request:
    """An Invoke, or with ``operation`` another operation; ``path`` and ``method`` as wished."""
    path = other.get("path", PATHS[other.get("operation", "Invoke")].format(FunctionName))
    pairs = [(b"Host", b"h"), *((name.encode(), value.encode()) for name, value in (headers or {}).items())]
    target = (path + (f"?{query}" if query else "")).encode()
    return Request(other.get("method", "POST").encode(), target, (*pairs, (b"Content-Length", b"%d" % len(body))), body)


def signed(request: Request, credentials: Credentials = CREDENTIALS, service: str = "lambda") -> Request:
    """The request, signed for now."""
    return sign(request, credentials, "us-east-1", service, now=datetime.now(UTC))


def send(target: Target, requests: Iterable[Request], credentials: Credentials = CREDENTIALS) -> list[Response]:
    """Send signed requests one after the other over one connection and return their answers."""

    async def run() -> list[Response]:
        client = Client(timeout=10)
        found: list[Response] = []
        for one in requests:
            exchange = await client.send(target.endpoint, signed(one, credentials))
            assert exchange.response is not None, exchange.failure
            found.append(exchange.response)
        await client.aclose()
        return found

    return asyncio.run(run())


def invoke(target: Target, fixture: str = "echo", query: str = "", **keywords: Any) -> Response:
    """Send one Invoke of a fixture."""
    return send(target, [request(PREFIX + fixture, query, **keywords)])[0]


def result(target: Target, fixture: str, event: object, query: str = "", **keywords: Any) -> Any:
    """Return what a fixture returns."""
    answer = invoke(target, fixture, query, body=json.dumps(event).encode(), **keywords)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def refusal(answer: Response) -> tuple[int, str, Any]:
    """Return status, type and body of a refusal."""
    return answer.status, "".join(answer.header("x-amzn-ErrorType")), json.loads(answer.body)


def talk(target: Target, data: bytes, enough: bytes) -> bytes:
    """Send bytes over a connection of their own and read until ``enough`` came, or the end."""
    with connected(target) as connection:
        connection.sendall(data)
        return until(connection, enough)


def connected(target: Target) -> socket.socket:
    """Return a connection."""
    return socket.create_connection((target.endpoint.host, target.endpoint.port), timeout=5)


def until(connection: socket.socket, enough: bytes) -> bytes:
    """Read until ``enough`` came, or the end."""
    seen = bytearray()
    while chunk := connection.recv(1 << 20):
        seen += chunk
        if enough in seen[-len(chunk) - len(enough) :]:
            break
    return bytes(seen)


def eventually(look: Callable[[], T], good: Callable[[T], bool]) -> T:
    """Look again and again until what is seen is good, and return it; at the deadline whatever is seen then."""
    deadline = time.monotonic() + PATIENCE
    while not good(seen := look()) and time.monotonic() < deadline:
        time.sleep(PAUSE)  # looking takes a function's slot, too
    return seen


def sdk(target: Target, service: str) -> Any:
    """A boto3 client of the target, without retries."""
    session: Any = boto3.Session()
    return session.client(
        service,
        region_name="us-east-1",
        endpoint_url=target.endpoint.url,
        aws_access_key_id=CREDENTIALS.access_key,
        aws_secret_access_key=CREDENTIALS.secret_key,
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )
