"""How a ministack is asked what it is; tests/emulators judges a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.background import babbles, closes, hangs, in_background, read_request, response

from conformance.targets.ministack import version_at

if TYPE_CHECKING:
    import asyncio

    from support.servers import Behaviour


def healthy(status: int, body: bytes) -> Behaviour:
    """Answer with what is said of the health."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(response(status, body))

    return behave


def version_of(behave: Behaviour, seconds: float = 5) -> str | None:
    """The version that is told by a server."""
    with in_background(behave) as recorder:
        return version_at(recorder.endpoint.url, seconds)


def test_the_version_is_the_one_that_is_told() -> None:
    """A ministack that is ready tells its version."""
    assert version_of(healthy(200, b'{"version": "1.5.33"}')) == "1.5.33"


def test_no_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment would not find what listens on this machine, so it is left out."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)

    assert version_of(healthy(200, b'{"version": "1.5.33"}')) == "1.5.33"


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null"])
def test_a_version_that_is_not_told_is_empty(body: bytes) -> None:
    """What is healthy without a version is ready all the same."""
    assert version_of(healthy(200, body)) == ""


@pytest.mark.parametrize(
    "behave",
    [healthy(503, b"{}"), healthy(200, b"<html>"), healthy(200, b"\xff"), babbles, closes],
    ids=["unavailable", "no JSON", "no UTF-8", "no HTTP", "closes"],
)
def test_what_is_not_ready_has_no_version(behave: Behaviour) -> None:
    """An answer that is none, or not about health, means not ready yet."""
    assert version_of(behave) is None


def test_silence_is_not_waited_for() -> None:
    """Who does not answer within the time given is not ready."""
    assert version_of(hangs, 0.1) is None
