"""Tells whether an answer differs from the unbroken reference's, without asking the judge."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from conformance.exchange import eventstream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.exchange.message import Exchange, Response

CHANGING = re.compile(
    rb"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?i:Root=1-)[0-9a-f]{8}-[0-9a-f]{24})"
    rb"|(?i:Parent=)[0-9a-f]{16}|(?i:Lineage=1:)[0-9a-f]{8}|\d+(?:\.\d+)? ms|Max Memory Used: \d+"
    rb"|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT"
    rb"|\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{8}T\d{6}Z|[0-9a-f]{24,}|\d{13,}"
)
"""What differs between two answers to one request: ids and roots of traces, durations, memory, times."""
LOG = b"x-amz-log-result"
LOG_MEMBER = re.compile(rb'"LogResult": ?"([^"]*)"')
STREAM = "application/vnd.amazon.eventstream"


class _Blank:
    """Takes what changes out of the answers of a case; ids get numbers, to tell whether two are the same."""

    def __init__(self) -> None:
        self._ids: dict[bytes, int] = {}

    def __call__(self, text: bytes) -> bytes:
        return CHANGING.sub(self._instead, text)

    def _instead(self, found: re.Match[bytes]) -> bytes:
        id_ = found["id"]
        return b"*" if id_ is None else b"*%d" % self._ids.setdefault(id_.lower(), len(self._ids))


def signature(exchanges: Iterable[Exchange]) -> tuple[object, ...]:
    """Return what the answers of a case are but for what changes from call to call.

    Ids that a request sends get their numbers first, so that an answer which has one of them differs from one with an
    id of its own.
    """
    blank = _Blank()
    return tuple(_told(one, blank) for one in exchanges)


def _told(exchange: Exchange, blank: _Blank) -> object:
    for _, value in exchange.request.headers:
        blank(value)
    return _of(exchange.response, blank) if exchange.response else exchange.failure and exchange.failure.kind


def _of(response: Response, blank: _Blank) -> tuple[object, ...]:
    headers = sorted(((name.lower(), value) for name, value in response.headers), key=lambda pair: pair[0])
    sized = [(name, blank(_readable(name, value))) for name, value in headers if name != b"content-length"]
    return (response.status, tuple(sized), len(response.header("Content-Length")), _body(response, blank))


def _body(response: Response, blank: _Blank) -> object:
    """Return a body without what changes; a stream's checksums change with it, so its events stand for it."""
    if STREAM not in response.header("Content-Type"):
        return blank(response.body)
    try:
        frames = eventstream.decode(response.body)
    except ValueError:
        return response.body
    return tuple((tuple(sorted(one.headers.items())), _payload(one.payload, blank)) for one in frames)


def _payload(payload: bytes, blank: _Blank) -> bytes:
    """Return an event's payload without what changes, and the log in it in plain text."""
    found = LOG_MEMBER.search(payload)
    log = _readable(LOG, found[1]) if found else b""
    return blank(LOG_MEMBER.sub(b"", payload) + log)


def _readable(name: bytes, value: bytes) -> bytes:
    """Decode a log, in which ids and durations would otherwise be hidden."""
    if name != LOG:
        return value
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        return value
