"""Reads one response out of the bytes of a connection; does no I/O itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from conformance.exchange.message import Failure, FailureKind, Response

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADER_LIMIT = 1 << 20
"""Bytes that the head of a response may have, interim responses included."""
SWITCHING = 101
FINAL = 200
"""Statuses below it are interim, but for 101."""


class ResponseReader:
    """Collects one response; interim ones (1xx) are passed over but stay in the raw bytes.

    Args:
        limit: bytes that the whole answer may have.
        head: whether the request was a HEAD, whose answer has no body whatever its headers say.

    Attributes:
        response: None until it is whole.
        failure: why there won't be a response.
        reusable: whether the connection can carry another exchange: the answer is whole and says so, and nothing
            came behind it.
    """

    __slots__ = (
        "_body",
        "_head",
        "_headers",
        "_in_body",
        "_limit",
        "_parser",
        "_raw",
        "_reason",
        "_size",
        "failure",
        "response",
        "reusable",
    )

    def __init__(self, limit: int, *, head: bool = False) -> None:
        self._limit = limit
        self._head = head
        self.response: Response | None = None
        self.failure: Failure | None = None
        self.reusable = False
        self._raw: list[bytes] = []
        self._size = 0
        self._parser: HttpResponseParser | None = HttpResponseParser(self)
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
        self._raw.append(data)
        self._size += len(data)
        parser = self._parser
        if parser is None:
            self.reusable = False
        elif self._size > self._limit:
            self.fail(FailureKind.TOO_LARGE, f"the answer has more than {self._limit:,} bytes")
        else:
            self._parse(parser, data)

    def _parse(self, parser: HttpResponseParser, data: bytes) -> None:
        try:
            parser.feed_data(data)
        except HttpParserUpgrade:
            self.reusable = False
        except HttpParserError as error:
            self._broken(error)
        if self.done:
            self._release()
        elif not self._in_body and self._size > HEADER_LIMIT:
            self.fail(FailureKind.TOO_LARGE, f"the head of the answer has more than {HEADER_LIMIT:,} bytes")

    def _broken(self, error: HttpParserError) -> None:
        """Bytes behind a whole answer only spoil the connection; any others are garbage."""
        self.reusable = False
        if self.response is None:
            said = str(error) or type(error).__name__
            self.failure = Failure(FailureKind.GARBAGE, f"not HTTP: {said}; it begins with {self.raw[:60]!r}")

    def eof(self, why: str = "") -> None:
        """Take in that the connection has been closed; ``why`` is empty when it was closed in order."""
        if self._parser is None:
            return
        framed = any(_frames(name, value) for name, value in self._headers)
        if self._in_body and not framed and not why:
            self._finish(self._parser, keep=False)
            self._release()
            return
        when = "within the answer" if self._size else "before an answer"
        self.fail(FailureKind.CLOSED, f"the connection was closed {when}{why and f' ({why})'}")

    def fail(self, kind: FailureKind, detail: str) -> None:
        """Give up, unless there is a response already."""
        if not self.done:
            self.failure = Failure(kind, f"{detail}; {self._size:,} bytes had come" if self._size else detail)
            self._release()

    def _release(self) -> None:
        """Let go of the parser: it and the reader hold each other, and with them the bytes of the answer."""
        self._parser = None

    def on_message_begin(self) -> None:
        """Called by the parser; behind a whole response it is the begin of one that nobody asked for."""
        self.reusable = False

    def on_status(self, status: bytes) -> None:
        """Called by the parser with (a part of) the reason phrase."""
        self._reason += status

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser with each header; also with trailers, which are no headers and stay in the raw bytes."""
        if not self._in_body:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Called by the parser behind the last header."""
        self._in_body = True
        parser = self._parser
        if self._head and parser is not None and parser.get_status_code() >= FINAL:
            self._finish(parser, keep=False)

    def on_body(self, body: bytes) -> None:
        """Called by the parser with a part of the body, chunking taken off."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Called by the parser behind the body."""
        parser = self._parser
        if parser is None:
            return
        status = parser.get_status_code()
        if status < FINAL and status != SWITCHING:
            self._begin()
        else:
            self._finish(parser, keep=parser.should_keep_alive())

    def _finish(self, parser: HttpResponseParser, *, keep: bool) -> None:
        """Make the response, once; a second one in the same bytes was not asked for."""
        if self.response is not None:
            return
        version = b"HTTP/" + parser.get_http_version().encode()
        body = b"".join(self._body)
        self.response = Response(parser.get_status_code(), self._reason, version, tuple(self._headers), body)
        self.reusable = keep


class PipelineReader:
    """Collects the responses to requests that were sent in one write, each by a :class:`ResponseReader` of its own.

    Args:
        limit: bytes that each answer may have.
        heads: for each request, whether it was a HEAD.

    Attributes:
        readers: one for each request, in their order.
    """

    __slots__ = ("_at", "readers")

    def __init__(self, limit: int, heads: Sequence[bool]) -> None:
        self.readers = tuple(ResponseReader(limit, head=head) for head in heads)
        self._at = 0

    @property
    def done(self) -> bool:
        """Whether each request has its response, or no more can come."""
        return all(reader.done for reader in self.readers)

    @property
    def reusable(self) -> bool:
        """Whether the connection can carry another exchange."""
        return self.readers[-1].reusable

    def feed(self, data: bytes) -> None:
        """Take in bytes, one at a time, so that each response gets its own and no byte of the next."""
        for at in range(len(data)):
            reader = self.readers[self._at]
            reader.feed(data[at : at + 1])
            if reader.failure is not None:
                self.fail(FailureKind.GARBAGE, "an answer before it was none")
            if reader.done and self._at < len(self.readers) - 1:
                self._at += 1

    def eof(self, why: str = "") -> None:
        """Take in that the connection has been closed."""
        for reader in self.readers:
            reader.eof(why)

    def fail(self, kind: FailureKind, detail: str) -> None:
        """Give up on the responses that are not there yet."""
        for reader in self.readers:
            reader.fail(kind, detail)


def _frames(name: bytes, value: bytes) -> bool:
    """Tell whether a header says where the body ends (RFC 9112, section 6.3)."""
    lowered = name.lower()
    return lowered == b"content-length" or (lowered == b"transfer-encoding" and value.lower().endswith(b"chunked"))
