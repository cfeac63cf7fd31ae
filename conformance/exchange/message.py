"""Requests, responses and exchanges as data: the bytes on the wire, nothing added and nothing normalised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conformance.record import record

Headers = tuple[tuple[bytes, bytes], ...]
"""Name and value of each header, in the order of the wire, spelled as on the wire."""


def header_values(headers: Headers, name: str) -> tuple[str, ...]:
    """Return the values of a header, its name compared without case; latin-1, in order."""
    wanted = name.lower().encode("latin-1")
    return tuple([value.decode("latin-1") for key, value in headers if key.lower() == wanted])


@record(frozen=True, slots=True)
class Request:
    """A request exactly as it goes out.

    Attributes:
        method: token of the request line.
        target: request-target, such as ``/2015-03-31/functions/echo/invocations?Qualifier=1``.
        headers: all of them, Host and Content-Length included; none is added.
        body: behind the empty line.
        version: of the request line.
    """

    method: bytes
    target: bytes
    headers: Headers
    body: bytes = b""
    version: bytes = b"HTTP/1.1"

    def encode(self) -> bytes:
        """Return the bytes that go out."""
        lines = [b"%b %b %b\r\n" % (self.method, self.target, self.version)]
        lines += [b"%b: %b\r\n" % pair for pair in self.headers]
        return b"".join((*lines, b"\r\n", self.body))

    def header(self, name: str) -> tuple[str, ...]:
        """Return the values of a header."""
        return header_values(self.headers, name)


@record(frozen=True, slots=True)
class RawRequest(Request):
    """Bytes that go out as they are, whether they are a request or not; made by :meth:`of`.

    Attributes:
        data: the bytes. Their first line and what stands behind it are in the other attributes, to be shown.
    """

    data: bytes = b""

    @classmethod
    def of(cls, data: bytes) -> RawRequest:
        """Return bytes as a request."""
        line, _, rest = data.partition(b"\r\n")
        method, target, version = (*line.split(b" ", 2), b"", b"")[:3]
        return cls(method, target, (), rest, version, data)

    def encode(self) -> bytes:
        """Return the bytes."""
        return self.data


@record(frozen=True, slots=True)
class Response:
    """A response as it came in.

    Attributes:
        status: such as 200.
        reason: behind the status; may be empty.
        version: such as ``HTTP/1.1``.
        headers: all of them.
        body: with the chunking taken off.
    """

    status: int
    reason: bytes
    version: bytes
    headers: Headers
    body: bytes

    def header(self, name: str) -> tuple[str, ...]:
        """Return the values of a header."""
        return header_values(self.headers, name)


class FailureKind(StrEnum):
    """Why there is no response."""

    REFUSED = "refused"
    NAME = "unknown host"
    TLS = "tls"
    TIMEOUT = "timeout"
    CLOSED = "closed"
    GARBAGE = "garbage"
    TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no response, and what happened, in words."""

    kind: FailureKind
    detail: str


@record(frozen=True, slots=True)
class Exchange:
    """One request and its response, or why there is none.

    Attributes:
        request: as data.
        sent: the bytes that the kernel took, as far as is known: none without a connection, and less than the request
            when the answer came before all of it was sent.
        received: the bytes that came back, as far as they came.
        response: None when there is none.
        failure: None when there is a response.
        started: seconds since the epoch.
        seconds: from the begin of sending to the last byte read, connecting included.
    """

    request: Request
    sent: bytes
    received: bytes
    response: Response | None
    failure: Failure | None
    started: float
    seconds: float
