"""A requests adapter over the wire: a Session, and whatever builds on one, sends exactly the bytes it is given."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from conformance.exchange.client import CONNECT_TIMEOUT, TIMEOUT, Client
from conformance.exchange.endpoint import Endpoint
from conformance.exchange.message import FailureKind, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from conformance.exchange.message import Exchange, Headers, Response

ERRORS: Mapping[FailureKind, type[requests.RequestException]] = {
    FailureKind.REFUSED: requests.ConnectionError,
    FailureKind.NAME: requests.ConnectionError,
    FailureKind.CLOSED: requests.ConnectionError,
    FailureKind.TLS: requests.exceptions.SSLError,
    FailureKind.TIMEOUT: requests.Timeout,
    FailureKind.GARBAGE: requests.exceptions.InvalidHeader,
    FailureKind.TOO_LARGE: requests.exceptions.ContentDecodingError,
}
"""What requests calls each failure."""


class WireAdapter(BaseAdapter):
    """Sends a prepared request's URL (behind the authority), headers and body as they are; adds Host and Content-Length only.

    Mount it with ``session.mount("http://", WireAdapter())``. Proxies, client certificates and ``verify=False`` of a
    session are not looked at. Of duplicate response headers ``response.headers`` shows the values joined by a comma,
    ``response.raw.headers`` (a urllib3 HTTPHeaderDict) each of them.

    Args:
        on_exchange: is given each exchange, failed ones included.
        timeout: seconds for an exchange to which the session gives no timeout.
    """

    def __init__(self, on_exchange: Callable[[Exchange], None] | None = None, timeout: float = TIMEOUT) -> None:
        super().__init__()
        self._on_exchange = on_exchange
        self._timeout = timeout
        self._loop = asyncio.new_event_loop()
        self._client = Client(connect_timeout=CONNECT_TIMEOUT, timeout=timeout)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def send(  # noqa: PLR0913  requests' signature
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,  # noqa: ARG002, FBT001, FBT002
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> requests.Response:
        """Send a prepared request.

        Raises:
            requests.RequestException: no answer came (see ERRORS).
        """
        url = request.url or ""
        parts = urlsplit(url)
        endpoint = Endpoint.parse(f"{parts.scheme}://{parts.netloc}")
        sent = _request(request, endpoint, url.split("/", 3)[3] if url.count("/") > 2 else "")  # noqa: PLR2004
        seconds = timeout[1] if isinstance(timeout, tuple) else timeout
        work = self._client.send(endpoint, sent, timeout=seconds or self._timeout)
        exchange = asyncio.run_coroutine_threadsafe(work, self._loop).result()
        if self._on_exchange is not None:
            self._on_exchange(exchange)
        if exchange.response is None:
            failure = exchange.failure
            kind = failure.kind if failure else FailureKind.CLOSED
            raise ERRORS[kind](failure.detail if failure else "no answer", request=request)
        return self._response(request, exchange.response, exchange.seconds)

    def _response(self, request: requests.PreparedRequest, answer: Response, seconds: float) -> requests.Response:
        """Return the answer as requests has it."""
        headers = HTTPHeaderDict((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers)
        response = requests.Response()
        response.status_code = answer.status
        response.reason = answer.reason.decode("latin-1")
        response.headers = requests.structures.CaseInsensitiveDict(headers)
        response.raw = HTTPResponse(answer.body, headers, answer.status, preload_content=False, decode_content=False)
        response._content = answer.body  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # what requests' own adapter leads to
        response.url = request.url or ""
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        response.request = request
        response.elapsed = timedelta(seconds=seconds)
        return response

    def close(self) -> None:
        """Close the connections and end the thread."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._client.aclose(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()


def _request(prepared: requests.PreparedRequest, endpoint: Endpoint, behind: str) -> Request:
    body = _body(prepared.body)
    headers = _headers(prepared.headers)
    names = {name.lower() for name, _ in headers}
    host = () if b"host" in names else ((b"Host", endpoint.authority),)
    unframed = not names & {b"content-length", b"transfer-encoding"}
    length = ((b"Content-Length", b"%d" % len(body)),) if unframed and body else ()
    target = f"/{behind.partition('#')[0]}"
    return Request((prepared.method or "GET").encode("latin-1"), _wire(target), (*host, *headers, *length), body)


def _headers(headers: Mapping[str, str]) -> Headers:
    """Return header pairs; those of an HTTPHeaderDict each on its own."""
    pairs: Iterable[tuple[str | bytes, str | bytes]] = headers.items()
    return tuple((_wire(name), _wire(value)) for name, value in pairs)


def _wire(text: str | bytes) -> bytes:
    """Return text as bytes: latin-1, as HTTP/1.1 libraries do, or UTF-8 where that is not possible."""
    if isinstance(text, bytes):
        return text
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8")


def _body(body: Any) -> bytes:  # noqa: ANN401  whatever requests takes
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b"".join(body)
