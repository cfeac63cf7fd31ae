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

    def hide(self, data: bytes) -> bytes:
        """Return bytes without the secrets; one that is cut off in its middle is hidden as far as it goes."""
        for needle in self._needles:
            if needle[:LEAST] in data:
                data = b"".join(_without(data, needle))
        return data

    def hide_in(self, text: str) -> str:
        """Return text without the secrets, and fit for UTF-8: a lone surrogate is written as its escape."""
        return self.hide(text.encode("utf-8", "backslashreplace")).decode("utf-8", "backslashreplace")

    def header_lines(self, headers: Headers) -> list[bytes]:
        """Return headers a line each, the secret ones without their value."""
        return [b"%b: %b" % (name, HIDDEN if name.lower() in HEADERS else self.hide(value)) for name, value in headers]


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
