"""A result as an event stream: chunks, then one event that completes it and says what went wrong and was logged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.exchange.eventstream import Frame, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.reference.outcomes import Outcome

CHUNK = 1 << 20
"""Bytes of a result in one event; decoders take frames of a few MiB at most."""


def stream_of(outcome: Outcome, tail: str) -> bytes:
    """Return the events of a result; ``tail`` is the end of the log in base64, empty when it was not asked for.

    The status has been sent by then, so an error is told in the last event; a function that buffers its result has
    sent no chunk before it.
    """
    complete: dict[str, str] = {}
    if outcome.failed:
        complete |= {"ErrorCode": "Unhandled", "ErrorDetails": outcome.payload.decode()}
    if tail:
        complete["LogResult"] = tail
    chunks = () if outcome.failed else _chunks(outcome.payload)
    return b"".join((*chunks, encode(_event("InvokeComplete", "application/json", json.dumps(complete).encode()))))


def _chunks(payload: bytes) -> Iterator[bytes]:
    for start in range(0, len(payload), CHUNK):
        yield encode(_event("PayloadChunk", "application/octet-stream", payload[start : start + CHUNK]))


def _event(kind: str, content_type: str, payload: bytes) -> Frame:
    return Frame({":message-type": "event", ":event-type": kind, ":content-type": content_type}, payload)
