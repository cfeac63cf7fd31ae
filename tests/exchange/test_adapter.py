"""The requests adapter: a user's own Session sends exactly the bytes it is given."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import pytest
import requests
from support.servers import OK, answering, scripted
from urllib3 import HTTPHeaderDict

from conformance.exchange.adapter import WireAdapter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.servers import Behaviour, Recorder

    from conformance.exchange.message import Exchange


@contextmanager
def serving(behave: Behaviour) -> Iterator[Recorder]:
    """Serve in a thread, so that a blocking client can be tested."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    context = scripted(behave)
    try:
        yield asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result()
        asyncio.run_coroutine_threadsafe(context.__aexit__(None, None, None), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(_settle(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _settle() -> None:
    """Let the tasks of the server end."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture
def session() -> Iterator[tuple[requests.Session, list[Exchange]]]:
    """A session on the wire, and the exchanges that it records."""
    recorded: list[Exchange] = []
    with requests.Session() as found:
        adapter = WireAdapter(recorded.append, timeout=5)
        found.mount("http://", adapter)
        yield found, recorded


def test_a_session_works(session: tuple[requests.Session, list[Exchange]]) -> None:
    """A plain call of a Session gets its answer: status, headers, text; the exchange is recorded."""
    http, recorded = session
    with serving(answering(OK)) as server:
        answer = http.post(server.endpoint.url + "/a?b=c", data=b"body", headers={"X-Own": "1"})

    assert (answer.status_code, answer.text, answer.ok) == (200, "ok", True)
    assert [one.response.body for one in recorded if one.response] == [b"ok"]
    assert server.received.startswith(b"POST /a?b=c HTTP/1.1\r\n")
    assert b"X-Own: 1\r\n" in server.received


@pytest.mark.parametrize("path", ["/f%3alive", "/broken%zz", "//double/../dots", "/%2e%2e/%41", "/caf\xe9"])
def test_the_url_goes_out_as_it_is(session: tuple[requests.Session, list[Exchange]], path: str) -> None:
    """What stands behind the authority of the URL is the request-target, byte for byte."""
    http, _ = session
    with serving(answering(OK)) as server:
        prepared = requests.Request("POST", server.endpoint.url).prepare()
        prepared.url = server.endpoint.url + path
        http.send(prepared)

    assert server.received.startswith(b"POST " + path.encode("latin-1") + b" HTTP/1.1\r\n")


def test_headers_go_out_as_they_are(session: tuple[requests.Session, list[Exchange]]) -> None:
    """Of a prepared request's headers none is added but Host, and duplicates stay apart."""
    http, _ = session
    with serving(answering(OK)) as server:
        prepared = requests.Request("GET", server.endpoint.url + "/").prepare()
        duplicates = HTTPHeaderDict([("X-One", "1"), ("X-One", "2")])
        prepared.headers = cast("requests.structures.CaseInsensitiveDict[str]", duplicates)
        http.send(prepared)

    assert server.received == b"GET / HTTP/1.1\r\nHost: %b\r\nX-One: 1\r\nX-One: 2\r\n\r\n" % server.endpoint.authority


def test_duplicates_of_an_answer_can_be_told_apart(session: tuple[requests.Session, list[Exchange]]) -> None:
    """Duplicate headers of an answer are joined in ``headers`` and apart in ``raw.headers``."""
    http, _ = session
    with serving(answering(b"HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 0\r\n\r\n")) as server:
        answer = http.get(server.endpoint.url)

    assert answer.headers["x-a"] == "1, 2"
    assert answer.raw.headers.getlist("X-A") == ["1", "2"]


def test_redirects_are_the_sessions_affair(session: tuple[requests.Session, list[Exchange]]) -> None:
    """The wire follows no redirect; a Session that is told not to gets the redirect itself."""
    http, recorded = session
    with serving(answering(b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")) as server:
        answer = http.get(server.endpoint.url, allow_redirects=False)

    assert answer.status_code == 302
    assert len(recorded) == 1


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (answering(b"", close=True), requests.ConnectionError),
        (answering(), requests.ConnectionError),
        (answering(b"no http\r\n\r\n", close=True), requests.exceptions.InvalidHeader),
    ],
)
def test_failures_are_requests_own(
    session: tuple[requests.Session, list[Exchange]], behave: Behaviour, error: type[Exception]
) -> None:
    """A target that gives no answer raises what users of requests catch, and the exchange is recorded all the same."""
    http, recorded = session
    with serving(behave) as server, pytest.raises((error, requests.Timeout)):
        http.get(server.endpoint.url, timeout=0.2)

    assert [one.response for one in recorded] == [None]


def test_a_timeout_is_requests_own(session: tuple[requests.Session, list[Exchange]]) -> None:
    """A target that says nothing raises requests.Timeout after the session's timeout."""
    http, _ = session

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
        await reader.read()

    behave: Callable[..., object] = silent
    with serving(cast("Behaviour", behave)) as server, pytest.raises(requests.Timeout):
        http.get(server.endpoint.url, timeout=(1, 0.2))
