"""Turns a call into the bytes of a request, for one target. Signing comes later."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.cases.model import Sized
from conformance.exchange.message import RawRequest, Request
from conformance.oracle.site import fill

if TYPE_CHECKING:
    from conformance.cases.model import Call
    from conformance.contract.model import Contract
    from conformance.exchange.endpoint import Endpoint
    from conformance.exchange.message import Headers
    from conformance.oracle.site import Site


_WORD = re.compile(rb"\{[a-z_]+\}")
"""What a word of the site looks like in a body; most have none."""


def render(call: Call, site: Site, contract: Contract, endpoint: Endpoint) -> Request:
    """Return the request of a call, unsigned: its headers are Host, the call's own, then those that frame the body.

    Raises:
        KeyError: the call names an operation that the contract doesn't have.
    """
    if call.wire:
        return RawRequest.of(fill(call.wire.decode("latin-1"), site).encode("latin-1"))
    operation = contract.operations[call.operation]
    body = body_of(call, site)
    method = call.method or operation.method
    own = [(name.encode("latin-1"), fill(value, site).encode("latin-1")) for name, value in call.headers]
    headers = ((b"Host", endpoint.authority), *own, *_framing(call, method, len(body)))
    target = _target(call, operation.path, site, endpoint)
    return Request(method.encode(), target, headers, body, call.version.encode())


def _framing(call: Call, method: str, size: int) -> Headers:
    if call.framing == "chunked":
        return ((b"Transfer-Encoding", b"chunked"),)
    told = call.framing == "length" and (size > 0 or method == "POST")
    return ((b"Content-Length", b"%d" % size),) if told else ()


def chunked(request: Request) -> Request:
    """Return a request with its body in chunks; of two halves, so that there is more than one."""
    half = len(request.body) // 2
    parts = [part for part in (request.body[:half], request.body[half:]) if part]
    body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    return replace(request, body=body)


def body_of(call: Call, site: Site) -> bytes:
    """Return the bytes of a call's body."""
    if isinstance(call.body, Sized):
        return bytes(call.body)
    return fill(call.body.decode("latin-1"), site).encode("latin-1") if _WORD.search(call.body) else call.body


@lru_cache(maxsize=1024)
def _escaped(name: str) -> str:
    return quote(name, safe="")


def _target(call: Call, path: str, site: Site, endpoint: Endpoint) -> bytes:
    name = fill(call.FunctionName, site)
    escaped = _escaped(name) if call.escape == "percent" else name
    chosen = fill(call.path, site) if call.path else path.replace("{FunctionName}", escaped)
    query = f"?{fill(call.query, site)}" if call.query else ""
    return f"{endpoint.base_path}{chosen}{query}".encode()
