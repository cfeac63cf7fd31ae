"""Hooks of Schemathesis that sign its requests: without a signature the reference, like AWS, refuses everything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import schemathesis
from requests.auth import AuthBase

from conformance.exchange.message import Request
from conformance.exchange.sigv4 import sign
from conformance.targets.identity import CREDENTIALS, REGION

if TYPE_CHECKING:
    from collections.abc import Iterable

    import requests


class Signature(AuthBase):
    """Signs a prepared request for the reference, over the bytes that requests is about to send."""

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add X-Amz-Date and Authorization to a request and return it."""
        parts = urlsplit(r.url or "")
        target = parts.path + ("?" + parts.query if parts.query else "")
        headers = ((b"Host", parts.netloc.encode()), *_headers(r.headers.items()))
        body = r.body.encode() if isinstance(r.body, str) else r.body or b""
        request = Request((r.method or "").encode(), target.encode(), headers, body)
        signed = sign(request, CREDENTIALS, REGION, now=datetime.now(UTC))
        for name, value in signed.headers[len(headers) :]:
            r.headers[name.decode()] = value.decode()
        return r


def _headers(items: Iterable[tuple[str | bytes, str | bytes]]) -> Iterable[tuple[bytes, bytes]]:
    """Return headers as they go out; http.client writes text as Latin-1."""
    for name, value in items:
        yield (
            name.encode("latin-1") if isinstance(name, str) else name,
            value.encode("latin-1") if isinstance(value, str) else value,
        )


library: Any = schemathesis
library.auth.set_from_requests(Signature())
