"""The requests adapter: a user's own Session sends exactly the bytes it is given."""

from __future__ import annotations

import asyncio
import gzip
import io
import socket
import ssl
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
import requests
from support.servers import OK, answering, scripted
from urllib3 import HTTPHeaderDict

from conformance.exchange.adapter import WireAdapter, WireResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from requests.structures import CaseInsensitiveDict
    from support.servers import Behaviour, Recorder

    from conformance.exchange.message import Exchange, Request

TLS = Path(__file__).parent.parent / "data" / "tls"


@contextmanager
def serving(behave: Behaviour) -> Generator[Recorder]:
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


@pytest.mark.parametrize("path", ["/f%3alive", "/broken%zz", "//double/../dots", "/%2e%2e/%41", "/\xe9t\xe9"])
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
        prepared.headers = cast("CaseInsensitiveDict[str]", duplicates)
        http.send(prepared)

    assert server.received == b"GET / HTTP/1.1\r\nHost: %b\r\nX-One: 1\r\nX-One: 2\r\n\r\n" % server.endpoint.authority


def test_duplicates_of_an_answer_can_be_told_apart(session: tuple[requests.Session, list[Exchange]]) -> None:
    """Duplicate headers of an answer are joined in ``headers`` and apart in ``raw_headers``; ``exchange`` has all."""
    http, _ = session
    with serving(answering(b"HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 0\r\n\r\n")) as server:
        answer = http.get(server.endpoint.url)

    assert answer.headers["x-a"] == "1, 2"
    assert isinstance(answer, WireResponse)
    assert answer.raw_headers.getlist("X-A") == ["1", "2"]
    assert answer.exchange.received.startswith(b"HTTP/1.1 200 OK\r\nX-A: 1\r\n")


def test_a_request_can_be_changed_last() -> None:
    """What an adapter is given to change a request sees all of it, framing included, and decides what goes out."""
    seen: list[Request] = []

    def change(request: Request) -> Request:
        seen.append(request)
        return replace(
            request, headers=(*request.headers, (b"X-Length-Seen", request.header("Content-Length")[0].encode()))
        )

    with serving(answering(OK)) as server, requests.Session() as session:
        adapter = WireAdapter(change=change)
        session.mount("http://", adapter)
        session.post(f"{server.endpoint.url}/f", data=b"12345")
        adapter.close()

    assert [one.target for one in seen] == [b"/f"]
    assert bytes(server.received).startswith(b"POST /f HTTP/1.1\r\nHost: ")
    assert b"\r\nX-Length-Seen: 5\r\n\r\n12345" in bytes(server.received)


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
        (answering(), requests.ReadTimeout),
        (answering(b"no http\r\n\r\n", close=True), requests.exceptions.InvalidHeader),
    ],
)
def test_failures_are_requests_own(
    session: tuple[requests.Session, list[Exchange]], behave: Behaviour, error: type[Exception]
) -> None:
    """A target that gives no answer raises what users of requests catch, and the exchange is recorded all the same."""
    http, recorded = session
    with serving(behave) as server, pytest.raises(error):
        http.get(server.endpoint.url, timeout=0.2)

    assert [one.response for one in recorded] == [None]


def test_a_timeout_is_requests_own(session: tuple[requests.Session, list[Exchange]]) -> None:
    """A target that says nothing raises requests.Timeout after the timeout, of a pair the sum."""
    http, _ = session

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001  asyncio's signature
        await reader.read()

    behave: Callable[..., object] = silent
    with serving(cast("Behaviour", behave)) as server, pytest.raises(requests.Timeout):
        http.get(server.endpoint.url, timeout=(0.1, 0.1))


def test_redirects_are_followed_by_the_session(session: tuple[requests.Session, list[Exchange]]) -> None:
    """A Session that follows redirects does so over the wire, and keeps their history."""
    http, recorded = session
    moved = b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"
    with serving(answering(moved, OK)) as server:
        answer = http.get(server.endpoint.url)

    assert [one.status_code for one in answer.history] == [302]
    assert (answer.status_code, answer.text) == (200, "ok")
    assert [one.request.target for one in recorded] == [b"/", b"/other"]


def test_compressed_answers_are_read_as_requests_does(session: tuple[requests.Session, list[Exchange]]) -> None:
    """``content`` is decompressed, as a Session asks for gzip; the exchange keeps the bytes of the wire."""
    http, recorded = session
    packed = gzip.compress(b"text " * 100, mtime=0)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with serving(answering(head + packed)) as server:
        answer = http.get(server.endpoint.url)

    assert answer.content == b"text " * 100
    assert recorded[0].received == head + packed


@pytest.mark.parametrize(
    ("behind", "target"),
    [("", b"/"), ("?a=/b", b"?a=/b"), ("/a?b=c/d", b"/a?b=c/d"), ("/a#b", b"/a#b"), ("*", None)],
)
def test_the_url_is_split_behind_the_authority(
    session: tuple[requests.Session, list[Exchange]], behind: str, target: bytes | None
) -> None:
    """The request-target is what follows the authority, fragments included; what leaves no authority is no URL."""
    http, recorded = session
    with serving(answering(OK)) as server:
        prepared = requests.Request("GET", server.endpoint.url).prepare()
        prepared.url = server.endpoint.url.replace("//", "//user:password@") + behind
        if target is None:
            with pytest.raises(requests.exceptions.InvalidURL):
                http.send(prepared)
        else:
            http.send(prepared)

    assert [one.request.target for one in recorded] == ([] if target is None else [target])


@pytest.mark.parametrize(
    ("data", "framing", "body"),
    [
        (b"bytes", b"Content-Length: 5", b"bytes"),
        ("t\u00e9xt", b"Content-Length: 5", b"t\xc3\xa9xt"),
        (io.BytesIO(b"a file"), b"Content-Length: 6", b"a file"),
        ({"a": "b c"}, b"Content-Length: 5", b"a=b+c"),
        (iter([b"one", b"", b"three"]), b"Transfer-Encoding: chunked", b"3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"),
    ],
    ids=["bytes", "text", "file", "form", "generator"],
)
def test_bodies_of_all_kinds(
    session: tuple[requests.Session, list[Exchange]], data: str | bytes | io.BytesIO, framing: bytes, body: bytes
) -> None:
    """Whatever requests takes as a body goes out framed as its headers say."""
    http, recorded = session
    with serving(answering(OK)) as server:
        http.post(server.endpoint.url, data=data)

    assert recorded[0].sent.endswith(b"\r\n\r\n" + body)
    assert framing in recorded[0].sent


def test_a_body_without_a_length_gets_one(session: tuple[requests.Session, list[Exchange]]) -> None:
    """A body set after preparing, which nothing frames, gets a Content-Length."""
    http, recorded = session
    with serving(answering(OK)) as server:
        prepared = requests.Request("GET", server.endpoint.url).prepare()
        prepared.body = b"body"
        http.send(prepared)

    assert recorded[0].sent.endswith(b"Content-Length: 4\r\n\r\nbody")


def test_tls_settings_are_the_sessions() -> None:
    """``verify`` says whom to trust, or not to ask, or nobody; connections are not shared between the settings."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    with _listening(context) as url, requests.Session() as http:
        http.mount("https://", WireAdapter(timeout=5))

        trusted = http.get(url, verify=str(TLS / "trusted.pem"))
        with pytest.raises(requests.exceptions.SSLError):
            http.get(url, verify=True)
        unasked = http.get(url, verify=False, cert=str(TLS / "server.pem"))

    assert (trusted.text, unasked.text) == ("ok", "ok")


@contextmanager
def _listening(context: ssl.SSLContext) -> Generator[str]:
    """Serve OK over TLS, a thread for each connection, until three were made."""

    def each(plain: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
            while connection.recv(1000):
                connection.sendall(OK)

    def serve() -> None:
        with ThreadPoolExecutor() as pool:
            for _ in range(3):
                pool.submit(each, listener.accept()[0])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepting = threading.Thread(target=serve)
        accepting.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/"
        accepting.join()


def test_many_threads_can_share_a_session(session: tuple[requests.Session, list[Exchange]]) -> None:
    """Exchanges of several threads run at the same time, and each gets its own answer."""
    http, _ = session

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            target = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1]
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(target), target))
            await writer.drain()

    paths = [f"/{number}" for number in range(50)]
    with serving(behave) as server, ThreadPoolExecutor(8) as pool:
        urls = [server.endpoint.url + path for path in paths]
        bodies = [answer.text for answer in pool.map(http.get, urls)]

    assert bodies == paths


@pytest.mark.parametrize("drop", [True, False], ids=["dropped", "closed"])
def test_an_adapter_leaves_no_thread(*, drop: bool) -> None:
    """The adapter's thread ends when it is closed, twice if need be, and when it is simply dropped."""
    before = set(threading.enumerate())
    adapter = WireAdapter()
    (thread,) = set(threading.enumerate()) - before
    if not drop:
        adapter.close()
        adapter.close()
    del adapter
    thread.join(5)

    assert not thread.is_alive()


def test_a_closed_adapter_sends_nothing_more() -> None:
    """A request that comes too late is refused at once, rather than left waiting for ever."""
    adapter = WireAdapter()
    adapter.close()

    with serving(answering(OK)) as server, pytest.raises(RuntimeError, match="the adapter is closed"):
        adapter.send(requests.Request("GET", server.endpoint.url).prepare())


def test_nobody_waits_for_an_adapter_that_is_closed_meanwhile() -> None:
    """Whoever sends while another thread closes the adapter has an answer, a failure or a refusal, and goes on."""

    def sent(adapter: WireAdapter, url: str) -> str:
        try:
            adapter.send(requests.Request("GET", url).prepare())
        except (requests.RequestException, CancelledError):
            return "given up"
        except RuntimeError:
            return "refused"
        return "answered"

    with serving(answering(OK)) as server, ThreadPoolExecutor(4) as pool:
        for _ in range(100):
            adapter = WireAdapter()
            sending = [pool.submit(sent, adapter, server.endpoint.url) for _ in range(4)]
            adapter.close()
            assert {one.result(10) for one in sending} <= {"answered", "given up", "refused"}
