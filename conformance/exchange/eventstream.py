"""Event streams, ``application/vnd.amazon.eventstream``: frames with two checksums each.

Decoded by botocore; written here, since botocore doesn't write them and the reference has to.
"""

from __future__ import annotations

import binascii
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

STRING = 7
"""The type of a header whose value is text."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One event: its headers, such as ``:event-type``, and its payload."""

    headers: Mapping[str, str]
    payload: bytes


def encode(frame: Frame) -> bytes:
    """Return the bytes of a frame: prelude with its checksum, headers, payload, checksum of all."""
    headers = b"".join(
        struct.pack(f"!B{len(name)}sBH{len(value)}s", len(name), name, STRING, len(value), value)
        for name, value in ((key.encode(), text.encode()) for key, text in frame.headers.items())
    )
    prelude = struct.pack("!II", 16 + len(headers) + len(frame.payload), len(headers))
    message = prelude + struct.pack("!I", binascii.crc32(prelude)) + headers + frame.payload
    return message + struct.pack("!I", binascii.crc32(message))


def decode(data: bytes) -> tuple[Frame, ...]:
    """Return the frames of a whole stream.

    Raises:
        ValueError: a checksum or a length is wrong, or the stream ends within a frame.
    """
    from botocore.eventstream import EventStreamBuffer, ParserError  # noqa: PLC0415  heavy, and rarely needed

    buffer = EventStreamBuffer()
    try:
        buffer.add_data(data)
        events: list[Any] = list(buffer)
    except (ParserError, KeyError, struct.error) as error:  # the latter two for headers that botocore does not know
        raise ValueError(f"{type(error).__name__}: {error}") from error
    frames = tuple(Frame({key: str(value) for key, value in event.headers.items()}, event.payload) for event in events)
    if sum(event.prelude.total_length for event in events) != len(data):
        raise ValueError("the stream ends within a frame")
    return frames
