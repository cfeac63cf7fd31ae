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
    rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?i:Root=1-)[^\r\n\"]*|\d+(?:\.\d+)? ms|Max Memory Used: \d+"
    rb"|\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{8}T\d{6}Z|\d{13,}|[0-9a-f]{24,}"
)
"""What differs between two answers to one request: ids, traces, durations, memory, times."""
OF_ITSELF = frozenset({b"date", b"x-amzn-trace-id"})
LOG = b"x-amz-log-result"
LOG_MEMBER = re.compile(rb'"LogResult": ?"([^"]*)"')
STREAM = "application/vnd.amazon.eventstream"


def signature(exchanges: Iterable[Exchange]) -> tuple[object, ...]:
    """Return what the answers of a case are but for what changes from call to call."""
    return tuple(_of(one.response) if one.response else one.failure and one.failure.kind for one in exchanges)


def _of(response: Response) -> tuple[object, ...]:
    headers = sorted(
        (name.lower(), CHANGING.sub(b"*", _readable(name.lower(), value)))
        for name, value in response.headers
        if name.lower() not in OF_ITSELF
    )
    sized = [(name, value) for name, value in headers if name != b"content-length"]
    return (response.status, tuple(sized), len(response.header("Content-Length")), _body(response))


def _body(response: Response) -> object:
    """Return a body without what changes; a stream's checksums change with it, so its events stand for it."""
    if STREAM not in response.header("Content-Type"):
        return CHANGING.sub(b"*", response.body)
    try:
        frames = eventstream.decode(response.body)
    except ValueError:
        return response.body
    return tuple((tuple(sorted(one.headers.items())), _payload(one.payload)) for one in frames)


def _payload(payload: bytes) -> bytes:
    """Return an event's payload without what changes, and the log in it in plain text."""
    found = LOG_MEMBER.search(payload)
    log = _readable(LOG, found[1]) if found else b""
    return CHANGING.sub(b"*", LOG_MEMBER.sub(b"", payload) + log)


def _readable(name: bytes, value: bytes) -> bytes:
    """Decode a log, in which ids and durations would otherwise be hidden."""
    if name != LOG:
        return value
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        return value
