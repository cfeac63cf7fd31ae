"""Takes the target's credentials out of whatever a report shows, wherever they turn up.

A target may send back what it was sent: AWS, for one, answers a wrong signature with the canonical request,
session token included. So the values are looked for, not only the headers that carry them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.exchange.message import Headers
    from conformance.exchange.sigv4 import Credentials

HEADERS = frozenset({b"authorization", b"x-amz-security-token"})
"""Headers whose values are never shown."""
HIDDEN = b"[not shown]"
LEAST = 16
"""Characters from which on a value is a secret: emulators are called with words such as ``test``."""


class Secrets:
    """The values that must not be shown.

    Args:
        credentials: of the target; None where requests go out unsigned.
    """

    def __init__(self, credentials: Credentials | None) -> None:
        values = (credentials.secret_key, credentials.session_token or "") if credentials else ()
        self._needles = tuple(
            spelling
            for value in values
            if len(value) >= LEAST
            for spelling in dict.fromkeys(_spellings(value.encode()))
        )

        self._signs = tuple(needle[:LEAST].decode("latin-1") for needle in self._needles)

    def hide(self, data: bytes) -> bytes:
        """Return bytes without the secrets; one that is cut off in its middle is hidden as far as it goes."""
        for needle in self._needles:
            if needle[:LEAST] in data:
                data = b"".join(_without(data, needle))
        return data

    def hide_in(self, text: str) -> str:
        """Return text without the secrets, and fit for UTF-8: a lone surrogate is written as its escape."""
        if text.isascii() and not any(sign in text for sign in self._signs):
            return text
        return self.hide(text.encode("utf-8", "backslashreplace")).decode("utf-8", "backslashreplace")

    def head(self, line: bytes, headers: Headers) -> bytes:
        """Return a start line and headers, a line each, the secret ones without their value."""
        lines = [b"%b: %b" % (name, HIDDEN if name.lower() in HEADERS else value) for name, value in headers]
        return self.hide(b"\n".join((line, *lines)))

    def beginning(self, body: bytes, size: int) -> tuple[bytes, bool]:
        """Return at most so many bytes from the beginning of a body, without the secrets, and whether that is all."""
        start = body[: 2 * size]
        hidden = self.hide(start)
        if len(start) < len(body):
            hidden = hidden[: 1 - LEAST]  # what a secret may begin with that is cut off too early to be known as one
        return hidden[:size], len(start) == len(body) and len(hidden) <= size


def _spellings(value: bytes) -> Iterator[bytes]:
    """Yield how a value may be written: as it is, percent-encoded, and in JSON with its slashes escaped."""
    yield value
    yield quote_from_bytes(value, safe="").encode()
    yield value.replace(b"/", b"\\/")


def _without(data: bytes, needle: bytes) -> Iterator[bytes]:
    at = 0
    while (found := data.find(needle[:LEAST], at)) >= 0:
        yield data[at:found]
        yield HIDDEN
        at = found + _common(data[found : found + len(needle)], needle)
    yield data[at:]


def _common(one: bytes, other: bytes) -> int:
    """Return how many bytes two begin with alike."""
    return next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
