"""A request as the service understands it: operation, parameters, body."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.model import Contract, Operation
    from conformance.exchange.message import Request


@dataclass(frozen=True, slots=True)
class Call:
    """A request for an operation.

    Attributes:
        request: as received.
        operation: of the contract.
        request_id: of the answer.
        values: of the parameters that are there, by their name on the wire, decoded.
        trace: the trace header of the answer.
    """

    request: Request
    operation: Operation
    request_id: str
    values: Mapping[str, str]
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
        self.find = lru_cache(maxsize=4096)(self._find)

    def _find(self, method: bytes, path: bytes) -> tuple[Operation, str] | None:
        """Return the operation and the decoded FunctionName; None when no route fits."""
        for operation, before, after in self._routes:
            whole = path[:-1] if operation.id == "InvokeAsync" and path.endswith(b"/") else path
            name = whole[len(before) : len(whole) - len(after)]
            fits = whole.startswith(before) and whole.endswith(after) and len(whole) > len(before) + len(after)
            if fits and b"/" not in name and method == operation.method.encode():
                return operation, _decoded(name)
        return None


def values_of(request: Request, operation: Operation, FunctionName: str, query: bytes) -> Mapping[str, str]:
    """Return the parameters that a request has, by name; of repeated ones the first counts."""
    found = {"FunctionName": FunctionName}
    asked = _query(query) if query else dict[str, str]()
    sent = {name.lower(): value for name, value in reversed(request.headers)}
    for parameter in operation.parameters:
        if parameter.location == "query" and parameter.name in asked:
            found[parameter.name] = asked[parameter.name]
        elif parameter.location == "header":
            value = sent.get(_lower(parameter.name))
            if value is not None:
                found[parameter.name] = value.decode("latin-1")
    return found


@lru_cache
def _lower(name: str) -> bytes:
    return name.lower().encode()


@lru_cache(maxsize=4096)
def _query(query: bytes) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for part in query.split(b"&"):
        name, _, value = part.partition(b"=")
        found.setdefault(_decoded(name), _decoded(value))
    return found


def _decoded(text: bytes) -> str:
    return unquote_to_bytes(text).decode("utf-8", "replace")
