"""A requests adapter over the wire: a Session, and whatever builds on one, sends exactly the bytes it is given."""

from __future__ import annotations

import asyncio
import io
import ssl
import threading
import weakref
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPHeaderDict, HTTPResponse

from conformance.errors import UsageError
from conformance.exchange.client import TIMEOUT, Client, default_tls
from conformance.exchange.endpoint import Endpoint
from conformance.exchange.message import FailureKind, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping

    from conformance.exchange.message import Exchange, Headers

Timeout: TypeAlias = float | tuple[float | None, float | None] | None
Verify: TypeAlias = bool | str
Certificate: TypeAlias = bytes | str | tuple[bytes | str, bytes | str] | None

ERRORS: Mapping[FailureKind, type[requests.RequestException]] = {
    FailureKind.REFUSED: requests.ConnectionError,
    FailureKind.NAME: requests.ConnectionError,
    FailureKind.CLOSED: requests.ConnectionError,
    FailureKind.TLS: requests.exceptions.SSLError,
    FailureKind.TIMEOUT: requests.ReadTimeout,
    FailureKind.GARBAGE: requests.exceptions.InvalidHeader,
    FailureKind.TOO_LARGE: requests.exceptions.ContentDecodingError,
}
"""What requests calls each failure; a timeout before anything was sent is a ConnectTimeout."""


class WireResponse(requests.Response):
    """A response with what stands behind it.

    Attributes:
        raw_headers: each header of its own; ``headers`` joins duplicates by a comma.
        exchange: the bytes of the request and of the answer.
    """

    raw_headers: HTTPHeaderDict
    exchange: Exchange


class WireAdapter(BaseAdapter):
    """Sends a prepared request's URL (what stands behind the authority), headers and body as they are.

    Only Host is added, and Content-Length where there is a body that nothing frames. Mount it with
    ``session.mount("http://", WireAdapter())``. There are no retries and no proxies, cookies of answers are not kept,
    and a redirect is followed by the Session alone. Answers are :class:`WireResponse`. Can be used by many threads;
    the exchanges run on a thread of the adapter's own.

    Args:
        on_exchange: is given each exchange, failed ones included, in the thread that sends.
        timeout: seconds for a whole exchange to which the session gives no timeout.
        change: makes of each request the one that goes out; a signature made here is of the bytes really sent.
    """

    def __init__(
        self,
        on_exchange: Callable[[Exchange], None] | None = None,
        timeout: float = TIMEOUT,
        change: Callable[[Request], Request] | None = None,
    ) -> None:
        super().__init__()
        self._on_exchange = on_exchange
        self._change = change
        self._timeout = timeout
        self._clients: dict[tuple[Verify, Certificate], Client] = {}
        self._open, self._closed = threading.Lock(), False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=_run, args=(self._loop, self._clients), daemon=True)
        self._thread.start()
        self._stop = weakref.finalize(self, self._loop.call_soon_threadsafe, self._loop.stop)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002  requests' signature, here and below
        timeout: Timeout = None,
        verify: Verify = True,  # noqa: FBT002  requests' signature
        cert: Certificate = None,
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002  requests' signature
    ) -> WireResponse:
        """Send a prepared request.

        Args:
            request: prepared, and changed at will afterwards.
            stream: makes no difference; an answer is always read whole.
            timeout: seconds for the whole exchange; of a pair (connect, read), their sum.
            verify: whether to verify certificates, or the file or folder of those that are trusted.
            cert: the client's certificate, or certificate and key.
            proxies: are not used.

        Raises:
            requests.RequestException: the URL is none, or no answer came (see ERRORS).
        """
        origin, target = _split(request.url or "")
        try:
            endpoint = Endpoint.parse(origin)
        except UsageError as error:
            raise requests.exceptions.InvalidURL(error.render(), request=request) from error
        client = self._client(verify, cert) if endpoint.tls else self._client(True, None)
        wire = _request(request, endpoint, target)
        if self._change is not None:
            wire = self._change(wire)
        exchange = self._wait(client.send(endpoint, wire, timeout=_seconds(timeout, self._timeout)))
        if self._on_exchange is not None:
            self._on_exchange(exchange)
        return _response(request, exchange)

    def _client(self, verify: Verify, cert: Certificate) -> Client:
        """Return the client of these TLS settings, so that no connection is shared between two of them."""
        found = self._clients.get((verify, cert))
        if found is None:
            tls = None if verify is True and cert is None else _tls(verify, cert)
            found = self._clients.setdefault((verify, cert), Client(tls=tls))
        return found

    def _wait(self, work: Coroutine[Any, Any, Exchange]) -> Exchange:
        """Return what the work returns; an interrupt of the waiting thread ends it."""
        with self._open:  # what is begun before the loop is stopped is cancelled with it, and nothing is begun later
            if self._closed:
                work.close()
                raise RuntimeError("the adapter is closed")
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        finally:
            future.cancel()

    def close(self) -> None:
        """Close the connections and end the thread; the adapter can't be used afterwards."""
        with self._open:
            self._closed = True
        self._stop()
        self._thread.join()


def _run(loop: asyncio.AbstractEventLoop, clients: Mapping[Any, Client]) -> None:
    """Run a loop until it is stopped, then close what was opened on it."""
    loop.run_forever()
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left))
    for client in clients.values():
        loop.run_until_complete(client.aclose())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def _tls(verify: Verify, cert: Certificate) -> ssl.SSLContext:
    if isinstance(verify, str):
        folder = Path(verify).is_dir()
        tls = ssl.create_default_context(cafile=None if folder else verify, capath=verify if folder else None)
    else:
        tls = default_tls()
    if verify is False:
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    if cert is not None:
        tls.load_cert_chain(*(cert if isinstance(cert, tuple) else (cert,)))
    return tls


def _seconds(timeout: Timeout, default: float) -> float:
    """Return the seconds for a whole exchange."""
    if isinstance(timeout, tuple):
        connect, read = timeout
        return default if connect is None or read is None else connect + read
    return default if timeout is None else timeout


class _Split(NamedTuple):
    origin: str
    target: str


def _split(url: str) -> _Split:
    """Part a URL before what becomes the request-target, and leave out a user and a password; nothing is decoded."""
    scheme, _, rest = url.partition("://")
    end = next((at for at, character in enumerate(rest) if character in "/?#"), len(rest))
    return _Split(f"{scheme}://{rest[:end].rpartition('@')[2]}", rest[end:] or "/")


def _request(prepared: requests.PreparedRequest, endpoint: Endpoint, target: str) -> Request:
    headers = _headers(prepared.headers)
    names = {name.lower() for name, _ in headers}
    body = _body(prepared.body, chunked=b"transfer-encoding" in names and b"content-length" not in names)
    host = () if b"host" in names else ((b"Host", endpoint.authority),)
    unframed = not names & {b"content-length", b"transfer-encoding"}
    length = ((b"Content-Length", b"%d" % len(body)),) if unframed and body else ()
    return Request(_bytes(prepared.method or "GET"), _bytes(target), (*host, *headers, *length), body)


def _headers(headers: Mapping[str, str | bytes]) -> Headers:
    """Return header pairs; those of an HTTPHeaderDict each of its own."""
    return tuple((_bytes(name), _bytes(value)) for name, value in headers.items())


def _bytes(text: str | bytes) -> bytes:
    """Return text as bytes: latin-1, as HTTP/1.1 libraries do, or UTF-8 where that is not possible."""
    if isinstance(text, bytes):
        return text
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8")


def _body(body: Any, *, chunked: bool) -> bytes:  # noqa: ANN401  whatever requests takes
    """Return the bytes of a body; those of a generator as chunks, as its headers then say."""
    if body is None:
        return b""
    if isinstance(body, str | bytes | bytearray):
        return body.encode() if isinstance(body, str) else bytes(body)
    parts: Iterable[bytes | str] = (body.read(),) if hasattr(body, "read") else body
    pieces = [part.encode() if isinstance(part, str) else part for part in parts]
    if not chunked:
        return b"".join(pieces)
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece) + b"0\r\n\r\n"


def _response(request: requests.PreparedRequest, exchange: Exchange) -> WireResponse:
    """Return an answer as requests has it.

    Raises:
        requests.RequestException: there is none.
    """
    answer, failure = exchange.response, exchange.failure
    if answer is None or failure is not None:
        kind, detail = (failure.kind, failure.detail) if failure else (FailureKind.CLOSED, "no answer")
        unsent = kind is FailureKind.TIMEOUT and not exchange.sent
        raise (requests.ConnectTimeout if unsent else ERRORS[kind])(detail, request=request)
    response = WireResponse()
    response.exchange = exchange
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
    response.raw_headers = HTTPHeaderDict(pairs)
    response.headers = CaseInsensitiveDict(response.raw_headers)
    response.status_code = answer.status
    response.reason = answer.reason.decode("latin-1")
    response.raw = HTTPResponse(
        io.BytesIO(answer.body),
        response.raw_headers,
        answer.status,
        preload_content=False,
        enforce_content_length=False,
    )
    response.url = request.url or ""
    response.encoding = get_encoding_from_headers(response.headers)
    response.request = request
    response.elapsed = timedelta(seconds=exchange.seconds)
    return response
