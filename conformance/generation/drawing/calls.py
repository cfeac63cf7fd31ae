"""Whole requests drawn at random."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.cases.model import Call
from conformance.generation.drawing.chance import one_of, rarely, weighted
from conformance.generation.drawing.headers import headers, invocation_type
from conformance.generation.drawing.names import LATEST, QUALIFIERS, FunctionName, qualifier
from conformance.generation.drawing.payloads import payload
from conformance.generation.placing import NEEDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.model import Contract, Operation, Parameter
    from conformance.generation.drawing.chance import Chance

OPERATIONS: Mapping[str, int] = {"Invoke": 12, "InvokeWithResponseStream": 3, "InvokeAsync": 1}
"""Operation -> how often it is called."""
CALLED: Mapping[str, int] = {
    "echo": 10,
    "versioned": 5,
    "context": 2,
    "nothing": 2,
    "raise": 1,
    "log": 1,
    "weighted": 1,
    "tenant": 1,
    "durable": 1,
    "closed": 1,
    "node_echo": 1,
}
"""Fixture -> how often it is called. None that takes its time, ends its process or keeps anything."""
LATER = frozenset({"echo", "versioned", "nothing", "context"})
"""Fixtures that are called asynchronously: those that never fail, and so are not retried."""
METHODS = ("GET", "PUT")
"""Methods that are sent to the path of an operation instead of its own; none that deletes."""
SAFE = re.compile(r"[A-Za-z0-9_.:$-]+|\{[a-z_]+\}")
"""Of a name that may go into a path as it is."""
EXTRA = ("unknown=1", "qualifier=live", "Qualifier2=x", "empty=", "bare")
"""Parts of a query that say nothing to the service."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is drawn from.

    Attributes:
        contract: its operations and limits.
        fixtures: that may be called, each as often as it is to be.
        later: those of them that may be called asynchronously.
        operations: their ids, each as often as it is to be called; the first is the plainest.
    """

    contract: Contract
    fixtures: tuple[str, ...]
    later: tuple[str, ...]
    operations: tuple[str, ...]


def scope_of(contract: Contract, fixtures: frozenset[str], capabilities: frozenset[str]) -> Scope:
    """Return what is drawn from for a target with these fixtures, of which echo must be one, and capabilities."""
    there = {name: times for name, times in CALLED.items() if name in fixtures}
    return Scope(
        contract,
        weighted(there),
        weighted({name: times for name, times in there.items() if name in LATER}),
        weighted({id_: times for id_, times in OPERATIONS.items() if capabilities >= {*NEEDS[id_]}}),
    )


def call(chance: Chance, scope: Scope) -> Call:
    """Return a request of an operation, about half of them flawed in a part or two."""
    operation = scope.contract.operations[one_of(chance, scope.operations)]
    most = (*scope.contract.operations["Invoke"].parameters, *operation.parameters)
    parameters = {parameter.name: parameter for parameter in most}
    InvocationType = invocation_type(chance, parameters)
    asynchronous = operation.id == "InvokeAsync" or (InvocationType or "").lower() == "event"
    fixture = one_of(chance, scope.later if asynchronous else scope.fixtures)
    suffix, query = _qualified(chance, fixture, operation, parameters)
    name = FunctionName(chance, fixture, suffix, operation.parameter("FunctionName"))
    limits = operation.body_limits
    return Call(
        FunctionName=name,
        query=query,
        operation=operation.id,
        method=one_of(chance, METHODS) if rarely(chance, 60) else "",
        escape="raw" if rarely(chance, 4) and _safe(name) else "percent",
        framing="chunked" if rarely(chance, 12) else "length",
        headers=headers(chance, operation, parameters, InvocationType, fixture),
        # The longest part is drawn last, so that making it smaller leaves the choices of the others in their places.
        body=payload(chance, limits.get(InvocationType or "", max(limits.values()))),
    )


def _qualified(
    chance: Chance, fixture: str, operation: Operation, parameters: Mapping[str, Parameter]
) -> tuple[str, str]:
    """Return a qualifier behind the name, and a query."""
    known = any(one.name == "Qualifier" for one in operation.parameters)
    there = QUALIFIERS.get(fixture, LATEST)
    where = one_of(chance, _WHERE[fixture] if fixture in _WHERE else _WHERE[""])
    suffix = qualifier(chance, there, parameters["FunctionName"], behind=True) if "name" in where else ""
    parts = [_written(chance, qualifier(chance, there, parameters["Qualifier"]))] if "query" in where else []
    if "both" in where:
        suffix = one_of(chance, ("$LATEST", "live", "1"))
        parts = [f"Qualifier={suffix}"]
    parts = (parts if known else []) + ([one_of(chance, EXTRA)] if rarely(chance, 40) else [])
    return suffix, "&".join(parts)


_WHERE: Mapping[str, tuple[str, ...]] = {
    "": weighted({"": 12, "name": 2, "query": 3, "name query": 1, "both": 1}),
    "versioned": weighted({"query": 4, "name": 4, "": 2, "name query": 1, "both": 1}),
    "weighted": weighted({"query": 2, "name": 2, "": 1}),
    "durable": weighted({"query": 4, "name": 4, "": 1}),
}
"""Fixture -> where qualifiers stand."""


def _written(chance: Chance, text: str) -> str:
    """Return the Qualifier of a query, encoded as it must be, or each character of it."""
    every = rarely(chance, 16)
    return "Qualifier=" + ("".join(f"%{byte:02X}" for byte in text.encode()) if every else quote(text, safe="$"))


def _safe(name: str) -> bool:
    return SAFE.sub("", name) == ""
