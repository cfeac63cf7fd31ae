"""What a request asks for: operation, parameters and body, read off its bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from conformance.contract.names import parse_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Contract, Operation, Violation
    from conformance.contract.names import FunctionReference
    from conformance.exchange.message import Request

SYNCHRONOUS = "RequestResponse"
PLUMBING = frozenset(
    {
        *("host", "connection", "content-length", "transfer-encoding", "user-agent", "accept-encoding"),
        *("authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "date"),
    }
)
"""Headers about the connection, the client and the signature."""
SLASHED = frozenset({"InvokeAsync"})
"""Operations whose path may end in a slash (invoke-async/trailing-slash)."""


@dataclass(frozen=True)
class Asked:
    """A request for an operation.

    Attributes:
        operation: of the contract.
        values: of its parameters that are there, by their name on the wire, decoded.
        repeated: names of parameters that are there more than once; which one counts is not known.
        body: without chunking.
        request: the whole of it.
    """

    operation: Operation
    values: Mapping[str, str]
    repeated: frozenset[str]
    body: bytes
    request: Request

    @property
    def InvocationType(self) -> str:  # noqa: N802  the field's name
        """How the function is to be invoked, as the request says."""
        if self.operation.id == "InvokeAsync":
            return "Event"
        return self.values.get("X-Amz-Invocation-Type", SYNCHRONOUS)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Every constraint of the contract that a parameter breaks."""
        return tuple(
            violation
            for parameter in self.operation.parameters
            if parameter.name in self.values
            for violation in parameter.violations(self.values[parameter.name])
        )

    @cached_property
    def reference(self) -> FunctionReference | None:
        """FunctionName taken apart; None when it is malformed."""
        return parse_name(self.values["FunctionName"], self.operation.parameter("FunctionName"))

    @property
    def qualifier(self) -> str | None:
        """The version or alias that is asked for; of two, that behind the name. An empty one asks for none."""
        reference = self.reference
        return (reference.qualifier if reference is not None else None) or self.values.get("Qualifier") or None

    @cached_property
    def spelled(self) -> bytes:
        """FunctionName as the path has it, encoded."""
        return _named(self.operation, self.request.target.partition(b"?")[0]) or b""

    @cached_property
    def others(self) -> Mapping[str, str]:
        """The headers that are no parameters and not about the connection or the signature, by name in lower case."""
        own = {one.name.lower() for one in self.operation.parameters if one.location == "header"}
        named = ((name.decode("latin-1").lower(), value) for name, value in self.request.headers)
        return {name: value.decode("latin-1") for name, value in named if name not in own and name not in PLUMBING}

    @cached_property
    def spellings(self) -> frozenset[str]:
        """The names of the headers that are parameters, as they are spelled."""
        own = {one.name.lower() for one in self.operation.parameters if one.location == "header"}
        names = (name.decode("latin-1") for name, _ in self.request.headers)
        return frozenset(name for name in names if name.lower() in own)

    @cached_property
    def unknown_query(self) -> bool:
        """Whether the query has something that is no parameter in its plain spelling."""
        parts = self.request.target.partition(b"?")[2].split(b"&")
        known = {one.name for one in self.operation.parameters if one.location == "query"}
        return any(part.partition(b"=")[0].decode("latin-1") not in known for part in parts if part)


def read_request(request: Request, contract: Contract, body: bytes | None = None) -> Asked | None:
    """Return what a request asks for; None when method and path belong to no operation.

    Args:
        request: as sent, below no base path.
        contract: says which operations there are.
        body: the body without chunking, where the request's own has it.
    """
    path, _, query = request.target.partition(b"?")
    for operation in contract.operations.values():
        name = _named(operation, path)
        if name is not None and request.method == operation.method.encode():
            pairs = list(_pairs(request, operation, query))
            names = [key for key, _ in pairs]
            return Asked(
                operation=operation,
                values={"FunctionName": _text(name), **dict(pairs)},
                repeated=frozenset(key for key in names if names.count(key) > 1),
                body=request.body if body is None else body,
                request=request,
            )
    return None


def operation_at(target: bytes, contract: Contract) -> Operation | None:
    """Return the operation to which a path belongs, whatever the method; None for that of none."""
    path = target.partition(b"?")[0]
    return next((one for one in contract.operations.values() if _named(one, path) is not None), None)


def _named(operation: Operation, path: bytes) -> bytes | None:
    """Return what stands in the place of FunctionName, encoded; None where the path is not the operation's."""
    pattern = re.escape(operation.path.encode()).replace(rb"\{FunctionName\}", rb"([^/]+)")
    pattern += b"/?" if operation.id in SLASHED else b""
    found = re.fullmatch(pattern, path)
    return None if found is None else found[1]


def _pairs(request: Request, operation: Operation, query: bytes) -> Iterator[tuple[str, str]]:
    """Yield the parameters of query and headers, as often as they are there."""
    asked = [part.partition(b"=") for part in query.split(b"&") if part]
    for parameter in operation.parameters:
        if parameter.location == "query":
            yield from ((parameter.name, _text(value)) for key, _, value in asked if _text(key) == parameter.name)
        elif parameter.location == "header":
            yield from ((parameter.name, value) for value in request.header(parameter.name))


def _text(part: bytes) -> str:
    return unquote_to_bytes(part).decode("utf-8", "replace")
