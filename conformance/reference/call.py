"""A request as the service understands it: operation, parameters, body."""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from conformance.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.model import Contract, Operation
    from conformance.exchange.message import Request

CACHED = 512
"""Targets of fewer bytes are remembered; longer ones would fill the memory."""
_ROOT = re.compile(rb"Root=1-[0-9a-f]{8}-[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes.

    Attributes:
        operation: of the contract.
        FunctionName: of the path, decoded.
        query: decoded; of repeated parameters the first counts.
    """

    operation: Operation
    FunctionName: str
    query: Mapping[str, str]


@record(frozen=True, slots=True)
class Call:
    """A request for an operation.

    Attributes:
        operation: of the contract.
        request_id: of the answer.
        values: of the parameters that are there, by their name on the wire, decoded.
        headers: by name in lower case; of repeated ones the first.
        body: as received.
        trace: the trace header of the answer.
    """

    operation: Operation
    request_id: str
    values: Mapping[str, str]
    headers: Mapping[bytes, bytes]
    body: bytes
    trace: str

    @property
    def InvocationType(self) -> str:  # noqa: N802  the field's name
        """How the function is to be invoked."""
        if self.operation.id == "InvokeAsync":
            return "Event"
        return self.values.get("X-Amz-Invocation-Type", "RequestResponse")


class Router:
    """Finds the operation of a path; InvokeAsync may end in a slash, as older SDKs send it."""

    def __init__(self, contract: Contract) -> None:
        self._routes = [
            (operation, *operation.path.encode().split(b"{FunctionName}")) for operation in contract.operations.values()
        ]
        self._find = lru_cache(maxsize=4096)(self._search)

    def __call__(self, request: Request) -> Route | None:
        """Return where a request goes; None when no route fits."""
        find = self._find if len(request.target) < CACHED else self._search
        return find(request.method, request.target)

    def _search(self, method: bytes, target: bytes) -> Route | None:
        path, _, query = target.partition(b"?")
        for operation, before, after in self._routes:
            whole = path[:-1] if operation.id == "InvokeAsync" and path.endswith(b"/") else path
            name = whole[len(before) : len(whole) - len(after)]
            fits = whole.startswith(before) and whole.endswith(after) and len(whole) > len(before) + len(after)
            if fits and b"/" not in name and method == operation.method.encode():
                return Route(operation, _decoded(name), _query(query) if query else {})
        return None


def read_call(request: Request, route: Route, request_id: str) -> Call:
    """Return what a request asks for."""
    headers = {name.lower(): value for name, value in reversed(request.headers)}
    trace = _trace(b"" if route.operation.id == "InvokeAsync" else headers.get(b"x-amzn-trace-id", b""))
    return Call(route.operation, request_id, _values(route, headers), headers, request.body, trace)


def _values(route: Route, headers: Mapping[bytes, bytes]) -> Mapping[str, str]:
    """Return the parameters that a request has, by name; of repeated ones the first counts."""
    found = {"FunctionName": route.FunctionName}
    for parameter in route.operation.parameters:
        if parameter.location == "query" and parameter.name in route.query:
            found[parameter.name] = route.query[parameter.name]
        elif parameter.location == "header":
            value = headers.get(_lower(parameter.name))
            if value is not None:
                found[parameter.name] = value.decode("latin-1")
    return found


def _trace(sent: bytes) -> str:
    """Return the trace header in the form of December 2025; the root that a caller sent is kept.

    That of InvokeAsync is not (docs), so nothing is to be passed for it.
    """
    noise = f"{random.getrandbits(192):048x}"
    given = _ROOT.search(sent)
    root = given[0].decode() if given else f"Root=1-{int(time.time()):08x}-{noise[:24]}"
    return f"{root};Parent={noise[24:40]};Sampled=0;Lineage=1:{noise[40:48]}:0"


@lru_cache
def _lower(name: str) -> bytes:
    return name.lower().encode()


def _query(query: bytes) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for part in query.split(b"&"):
        name, _, value = part.partition(b"=")
        found.setdefault(_decoded(name), _decoded(value))
    return found


def _decoded(text: bytes) -> str:
    return unquote_to_bytes(text).decode("utf-8", "replace")
