"""What is no request: sent as it is, and each way in which a target can react is told apart."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from support.background import babbles, closes, hangs
from support.servers import OK, scripted

from conformance.exchange.client import Client
from conformance.exchange.endpoint import Endpoint
from conformance.exchange.message import FailureKind, RawRequest
from conformance.exchange.raw import reaction

if TYPE_CHECKING:
    from support.servers import Behaviour

    from conformance.exchange.message import Exchange

NONSENSE = b"\x00 nonsense \xff\r\n\r\n"


def reacting(behave: Behaviour, data: bytes = NONSENSE, timeout: float = 5.0) -> tuple[Exchange, bytes]:
    """Return what a server does about bytes, and what it saw."""

    async def run() -> tuple[Exchange, bytes]:
        async with scripted(behave) as server:
            exchange = await reaction(Client(timeout=timeout), server.endpoint, RawRequest.of(data))
            return exchange, server.received

    return asyncio.run(run())


def replying(data: bytes) -> Behaviour:
    """A server that reads to the end of what it is sent, answers with these bytes and closes."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.write(data)

    return behave


def told(exchange: Exchange) -> tuple[int, bytes]:
    """Return status and reason of an exchange."""
    assert exchange.response is not None
    return exchange.response.status, exchange.response.reason


def test_an_answer_is_an_answer() -> None:
    """The bytes go out as they are, the target is told that no more come, and its answer is kept."""
    exchange, seen = reacting(replying(OK))

    assert seen == NONSENSE == exchange.sent
    assert told(exchange) == (200, b"OK")
    assert exchange.received == OK


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", b"closed"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"closed"),
        (b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n", b"closed"),
        (b"HTTP/1.1 400 Bad\r\nContent-Length: 5\r\n\r\nab", b"closed within an answer"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 4", b"closed within an answer"),
        (b"SSH-2.0-x\r\n", b"garbage"),
    ],
)
def test_without_an_answer_it_is_told_what_came_instead(answer: bytes, reason: bytes) -> None:
    """A clean close, an answer cut short and what is no HTTP are told apart; an interim response is no answer."""
    exchange, _ = reacting(replying(answer))

    assert told(exchange) == (0, reason)
    assert exchange.received == answer


def test_a_target_that_neither_answers_nor_closes() -> None:
    """Where nothing happens within the time for an exchange, that is what is told."""
    exchange, _ = reacting(silent, timeout=0.2)

    assert told(exchange) == (0, b"timeout")


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read all, say nothing, and keep the connection until the other side is gone."""
    await reader.read()
    await writer.wait_closed()


@pytest.mark.parametrize(("behave", "reason"), [(closes, b"closed"), (babbles, b"garbage"), (hangs, b"closed")])
def test_misbehaviours(behave: Behaviour, reason: bytes) -> None:
    """A target that hangs until the end of what it is sent, closes or babbles is found out at once."""
    exchange, _ = reacting(behave, b"GET / HTTP/1.1\r\n\r\n")

    assert told(exchange) == (0, reason)


def test_nobody_there_is_no_reaction() -> None:
    """Without a connection there is no verdict: a failure, and no response."""
    exchange = asyncio.run(reaction(Client(), Endpoint("127.0.0.1", 1), RawRequest.of(NONSENSE)))

    assert exchange.response is None
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.REFUSED


def test_bytes_are_shown_as_far_as_they_look_like_a_request() -> None:
    """First line and the rest can be shown; what is sent are the bytes."""
    request = RawRequest.of(b"POST /x  HTTP/1.1\r\nA: b\r\n\r\n{}")

    assert (request.method, request.target, request.version) == (b"POST", b"/x", b" HTTP/1.1")
    assert request.body == b"A: b\r\n\r\n{}"
    assert request.encode() == b"POST /x  HTTP/1.1\r\nA: b\r\n\r\n{}"
    assert RawRequest.of(b"").encode() == b""
