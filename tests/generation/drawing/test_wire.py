"""Bytes that are no request: each way in which one can be broken is drawn."""

from __future__ import annotations

from conformance.generation.drawing.chance import Seeded
from conformance.generation.drawing.wire import FIELDS, HEADERS, LINE, OPENINGS, wire

RIGHT = b"\r\n".join([b"".join(LINE), *HEADERS, b"", b"{}"])
DRAWN = [wire(Seeded(1, number)) for number in range(3000)]


def test_hardly_any_is_a_proper_request() -> None:
    """What is drawn differs from the request that it is made of."""
    assert sum(one == RIGHT for one in DRAWN) < 30


def test_lines_headers_framing_and_ends_are_broken() -> None:
    """Requests lack a part, have one too many, contradict themselves, end early, or are of another protocol."""
    assert all(any(one.startswith(opening) for one in DRAWN) for opening in OPENINGS)
    assert all(any(field in one for one in DRAWN) for field in FIELDS)
    assert any(b"\r\n" not in one and b"\n" in one for one in DRAWN), "bare line feeds"
    assert sum(RIGHT.startswith(one) for one in DRAWN) > 50, "cut short"
    assert any(b"Host" not in one and one.endswith(b"{}") for one in DRAWN), "without Host"
    assert b"" in DRAWN, "nothing at all"
