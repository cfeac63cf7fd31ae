"""Faults of how bytes, characters and values stand for each other: seen only where these differ."""

from __future__ import annotations

import base64
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.reference.checks import check_size
from conformance.reference.faults.building import around, gate
from conformance.reference.faults.editing import event
from conformance.reference.faults.log_contents import MOST, returned
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.exchange.message import Request
    from conformance.reference.call import Call, Route

    Read = Callable[[Request, Route, str], Call]

PIECE = 1 << 16
"""Bytes of a body that are decoded at a time."""


def _empty(_: Call, found: Any) -> Any:  # noqa: ANN401  any JSON value
    """Take for no body what is empty, but for false and null."""
    return {} if not isinstance(found, bool) and found in ([], "", 0) else found


def _in_characters(log: bytes) -> bytes:
    return log.decode()[-MOST:].encode()


def _size_in_characters(call: Call) -> None:
    check_size(replace(call, body=bytes(len(call.body.decode(errors="replace")))))


def _in_pieces(read: Read) -> Read:
    """Decode a body piece by piece, with a replacement for what is cut."""

    def broken(request: Request, route: Route, request_id: str) -> Call:
        call = read(request, route, request_id)
        with contextlib.suppress(UnicodeDecodeError):  # what is no UTF-8 as a whole is left as it is
            call.body.decode()
            pieces = [call.body[start : start + PIECE] for start in range(0, len(call.body), PIECE)]
            return replace(call, body=b"".join(piece.decode(errors="replace").encode() for piece in pieces))
        return call

    return broken


FAULTS = (
    Fault(
        "payload/empty-values-are-no-body",
        "takes 0, an empty string and an empty array for no body at all",
        ("payload/any-json", "payload/scalars"),
        event(_empty),
    ),
    Fault(
        "logs/4096-characters",
        "brings the last 4,096 characters of a log, however many bytes they have",
        ("logs/last-4-kib",),
        returned(_in_characters),
    ),
    Fault(
        "limits/counted-in-characters",
        "counts the characters of a request, not its bytes",
        ("limits/synchronous-request-too-large",),
        gate(size=_size_in_characters),
    ),
    Fault(
        "payload/decoded-in-pieces",
        "decodes 64 KiB of a body at a time, and loses a character that lies across them",
        ("payload/unicode",),
        around("read", _in_pieces),
    ),
    Fault(
        "logs/url-safe",
        "writes the base64 of a log in the alphabet for URLs",
        ("logs/base64",),
        returned(lambda log: log[-MOST:], lambda log: base64.urlsafe_b64encode(log).decode()),
    ),
)
