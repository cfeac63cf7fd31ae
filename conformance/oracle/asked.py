"""What a request asks for: operation, parameters and body, read off its bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from conformance.contract.names import parse_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Contract, Operation, Violation
    from conformance.contract.names import FunctionReference
    from conformance.exchange.message import Request

SYNCHRONOUS = "RequestResponse"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for an operation.

    Attributes:
        operation: of the contract.
        values: of its parameters that are there, by their name on the wire, decoded.
        repeated: names of parameters that are there more than once; which one counts is not known.
        body: without chunking.
    """

    operation: Operation
    values: Mapping[str, str]
    repeated: frozenset[str]
    body: bytes

    @property
    def InvocationType(self) -> str:  # noqa: N802  the field's name
        """How the function is to be invoked, as the request says."""
        if self.operation.id == "InvokeAsync":
            return "Event"
        return self.values.get("X-Amz-Invocation-Type", SYNCHRONOUS)

    @property
    def body_limit(self) -> int | None:
        """The most bytes that its body may have; None where none is known, as for DryRun."""
        return self.operation.body_limits.get(self.InvocationType)

    @property
    def undecided(self) -> bool:
        """Whether no evidence says what comes of the request.

        So it is where a parameter is there twice, where a body is exactly as large as that of a synchronous call may
        be, of which the recorded texts say both, and where one is larger than any limit that is certain to apply.
        """
        size, limit = len(self.body), self.body_limit
        if limit is None:
            return bool(self.repeated) or size > min(self.operation.body_limits.values())
        return bool(self.repeated) or (size == limit and self.InvocationType == SYNCHRONOUS)

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Every constraint of the contract that a parameter breaks."""
        return tuple(
            violation
            for parameter in self.operation.parameters
            if parameter.name in self.values
            for violation in parameter.violations(self.values[parameter.name])
        )

    @property
    def reference(self) -> FunctionReference | None:
        """FunctionName taken apart; None when it is malformed."""
        return parse_name(self.values["FunctionName"], self.operation.parameter("FunctionName"))


def read_request(request: Request, contract: Contract, body: bytes | None = None) -> Asked | None:
    """Return what a request asks for; None when method and path belong to no operation.

    Args:
        request: as sent, below no base path.
        contract: says which operations there are.
        body: the body without chunking, where the request's own has it.
    """
    path, _, query = request.target.partition(b"?")
    for operation in contract.operations.values():
        name = re.fullmatch(re.escape(operation.path.encode()).replace(rb"\{FunctionName\}", rb"([^/]+)"), path)
        if name is not None and request.method == operation.method.encode():
            pairs = list(_pairs(request, operation, query))
            names = [key for key, _ in pairs]
            return Asked(
                operation=operation,
                values={"FunctionName": _text(name[1]), **dict(pairs)},
                repeated=frozenset(key for key in names if names.count(key) > 1),
                body=request.body if body is None else body,
            )
    return None


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
