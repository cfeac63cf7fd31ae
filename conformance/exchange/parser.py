"""Reads one response out of the bytes of a connection; does no I/O itself."""

from __future__ import annotations

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from conformance.exchange.message import Failure, FailureKind, Response

HEADER_LIMIT = 1 << 20
"""Bytes that the head of a response may have."""


class ResponseReader:
    """Collects one response; interim ones (1xx) are passed over but stay in the raw bytes.

    Args:
        limit: bytes that the whole answer may have.
        head: whether the request was a HEAD, whose answer has no body whatever its headers say.
    """

    __slots__ = (
        "_body",
        "_headers",
        "_in_body",
        "_parser",
        "_raw",
        "_reason",
        "_size",
        "failure",
        "head",
        "limit",
        "response",
        "reusable",
    )

    def __init__(self, limit: int, *, head: bool = False) -> None:
        self.limit = limit
        self.head = head
        self.response: Response | None = None
        self.failure: Failure | None = None
        self.reusable = False
        self._raw: list[bytes] = []
        self._size = 0
        self._parser = HttpResponseParser(self)
        self._begin()

    def _begin(self) -> None:
        self._reason = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._in_body = False

    @property
    def done(self) -> bool:
        """Whether there is a response, or the certainty that there won't be one."""
        return self.response is not None or self.failure is not None

    @property
    def raw(self) -> bytes:
        """All bytes that came in."""
        return b"".join(self._raw)

    def feed(self, data: bytes) -> None:
        """Take in bytes; look at ``done`` afterwards."""
        complete = self.response is not None
        self._raw.append(data)
        self._size += len(data)
        if complete:
            self.reusable = False
            return
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            self._finish(keep=False)
        except HttpParserError as error:
            self._broken(error)
        if not self.done and self._size > (self.limit if self._in_body else min(self.limit, HEADER_LIMIT)):
            part = "answer" if self._in_body else "head of the answer"
            self.failure = Failure(FailureKind.TOO_LARGE, f"the {part} has more than {self._size - len(data):,} bytes")

    def _broken(self, error: HttpParserError) -> None:
        """Bytes behind a whole answer only spoil the connection; any others are garbage."""
        self.reusable = False
        if self.response is None:
            start = self.raw[:60]
            self.failure = Failure(
                FailureKind.GARBAGE, f"not HTTP: {error or type(error).__name__}; it begins with {start!r}"
            )

    def eof(self, why: str = "") -> None:
        """Take in that the connection has been closed."""
        if self.done:
            return
        framed = {name.lower() for name, _ in self._headers} & {b"content-length", b"transfer-encoding"}
        if self._in_body and not framed:
            self._finish(keep=False)
            return
        when = "within the answer" if self._size else "before an answer"
        self.failure = Failure(FailureKind.CLOSED, f"the connection was closed {when}{why and f' ({why})'}")

    def on_status(self, status: bytes) -> None:
        """Called by the parser with (a part of) the reason phrase."""
        self._reason += status

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser with each header."""
        if self.response is None:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Called by the parser behind the last header."""
        self._in_body = True
        if self.head and self._parser.get_status_code() >= 200:  # noqa: PLR2004  the end of HTTP's interim class
            self._finish(keep=False)

    def on_body(self, body: bytes) -> None:
        """Called by the parser with a part of the body, chunking taken off."""
        if self.response is None:
            self._body.append(body)

    def on_message_complete(self) -> None:
        """Called by the parser behind the body."""
        if 100 <= self._parser.get_status_code() < 200 and self._parser.get_status_code() != 101:  # noqa: PLR2004
            self._begin()
        else:
            self._finish(keep=self._parser.should_keep_alive())

    def _finish(self, *, keep: bool) -> None:
        if self.response is not None:
            self.reusable = False
            return
        version = b"HTTP/" + self._parser.get_http_version().encode()
        body = b"".join(self._body)
        self.response = Response(self._parser.get_status_code(), self._reason, version, tuple(self._headers), body)
        self.reusable = keep
