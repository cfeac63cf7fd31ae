"""Event streams: what is written can be read, and what is damaged can't."""

from __future__ import annotations

import binascii
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.exchange.eventstream import Frame, decode, encode

NAMES = st.text("abc:-", min_size=1, max_size=10)
FRAMES = st.builds(Frame, st.dictionaries(NAMES, st.text(max_size=10), max_size=3), st.binary(max_size=50))
CHUNK = Frame({":message-type": "event", ":event-type": "PayloadChunk"}, b'{"a": 1}')


@given(st.lists(FRAMES, max_size=4))
def test_frames_come_back(frames: list[Frame]) -> None:
    """Frames that are encoded one behind the other are decoded to the same frames (by botocore)."""
    assert list(decode(b"".join(map(encode, frames)))) == frames


@pytest.mark.parametrize("position", [0, 5, 9, 14, 30, len(encode(CHUNK)) - 1])
def test_a_flipped_bit_is_noticed(position: int) -> None:
    """A frame of which one bit is wrong is no frame: prelude, headers, payload and checksums are all covered."""
    damaged = bytearray(encode(CHUNK))
    damaged[position] ^= 1

    with pytest.raises(ValueError, match="ChecksumMismatch"):
        decode(bytes(damaged))


@pytest.mark.parametrize("length", [1, 11, 20, len(encode(CHUNK)) - 1])
def test_a_stream_that_ends_early_is_noticed(length: int) -> None:
    """A stream that ends within a frame is no whole stream."""
    with pytest.raises(ValueError, match="within a frame"):
        decode(encode(CHUNK) + encode(CHUNK)[:length])


def framed(total: int, headers: bytes) -> bytes:
    """A frame with right checksums, whatever it says."""
    prelude = struct.pack("!II", total, len(headers))
    message = prelude + struct.pack("!I", binascii.crc32(prelude)) + headers
    return message + struct.pack("!I", binascii.crc32(message))


@pytest.mark.parametrize(
    "data",
    [
        framed(0, b""),
        framed(15, b""),
        framed(1 << 31, b""),
        framed(19, b"\x01a\x63"),
        framed(20, b"\x01a\x07\x00"),
    ],
    ids=["length-0", "length-15", "length-huge", "unknown-header-type", "header-cut"],
)
def test_nonsense_with_right_checksums_is_noticed(data: bytes) -> None:
    """A frame whose checksums are right and whose lengths or headers are not is no frame either."""
    with pytest.raises(ValueError, match=r"\w"):
        decode(data)
