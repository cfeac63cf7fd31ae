"""Turns a call into the bytes of a request, for one target. Signing comes later."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.cases.model import Sized
from conformance.exchange.message import Request
from conformance.oracle.site import fill

if TYPE_CHECKING:
    from conformance.cases.model import Call
    from conformance.contract.model import Contract
    from conformance.exchange.endpoint import Endpoint
    from conformance.oracle.site import Site


def render(call: Call, site: Site, contract: Contract, endpoint: Endpoint) -> Request:
    """Return the request of a call, unsigned: its headers are Host, the call's own, then Content-Length.

    Raises:
        KeyError: the call names an operation that the contract doesn't have.
    """
    operation = contract.operations[call.operation]
    body = body_of(call, site)
    method = call.method or operation.method
    own = [(name.encode(), fill(value, site).encode()) for name, value in call.headers]
    length = [(b"Content-Length", str(len(body)).encode())] if body or method == "POST" else []
    headers = ((b"Host", endpoint.authority), *own, *length)
    return Request(method.encode(), _target(call, operation.path, site, endpoint), headers, body)


def body_of(call: Call, site: Site) -> bytes:
    """Return the bytes of a call's body."""
    if isinstance(call.body, Sized):
        return bytes(call.body)
    return call.body.replace(b"{run}", site.run.encode())


def _target(call: Call, path: str, site: Site, endpoint: Endpoint) -> bytes:
    name = fill(call.FunctionName, site)
    escaped = quote(name, safe="") if call.escape == "percent" else name
    chosen = fill(call.path, site) if call.path else path.replace("{FunctionName}", escaped)
    query = f"?{fill(call.query, site)}" if call.query else ""
    return f"{endpoint.base_path}{chosen}{query}".encode()
