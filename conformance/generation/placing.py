"""Where a parameter's value goes in a call, and which function a call of it needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from conformance.cases.model import Call

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.contract.model import Operation, Parameter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ground:
    """What the values of a parameter are tried on.

    Attributes:
        call: a request that is taken, without the parameter.
        seeds: values of the parameter with which it is taken: part of an id -> value.
        capabilities: what the target must claim.
    """

    call: Call
    seeds: Mapping[str, str]
    capabilities: tuple[str, ...] = ()


ARN = "arn:{partition}:lambda:{region}:{account}:function:"
GROUNDS: Mapping[str, Ground] = {
    "FunctionName": Ground(
        Call(body=b'{"named": true}'),
        {"name": "{echo}", "partial-arn": "{account}:function:{echo}", "arn": ARN + "{echo}"},
    ),
    "Qualifier": Ground(Call("{versioned}"), {"version": "1", "alias": "live", "latest": "$LATEST"}),
    "X-Amz-Invocation-Type": Ground(Call(body=b'{"typed": true}'), {}),
    "X-Amz-Log-Type": Ground(Call(body=b'{"logged": true}'), {}),
    "X-Amz-Client-Context": Ground(
        Call("{context}"),
        {"custom": "eyJjdXN0b20iOnsiZm9vIjoiYmFyIn19"},  # {"custom":{"foo":"bar"}}
    ),
    "X-Amz-Durable-Execution-Name": Ground(
        Call("{durable}", "Qualifier=$LATEST"), {"name": "order-4711", "underscore": "Order_4711"}
    ),
    "X-Amz-Tenant-Id": Ground(Call("{tenant}"), {"word": "blue", "every-class": "a.b_c:d/e=f+g-h@i j"}),
}
"""Parameter -> its ground; those without seeds have an enumeration whose values are all taken."""
NEEDS: Mapping[str, tuple[str, ...]] = {
    "Invoke": (),
    "InvokeWithResponseStream": ("response-streaming",),
    "InvokeAsync": ("invoke-async",),
}
"""Operation -> the capabilities that a target with it claims."""

SHARED = 12
"""Of so many near misses one is tried with the operations that share their constraints with Invoke."""


def some_of(values: Iterable[T], operation: Operation) -> Iterator[T]:
    """Yield all values for Invoke, and a few of them for another operation."""
    return iter(values) if operation.id == "Invoke" else islice(values, 0, None, SHARED)


def ground_of(parameter: Parameter) -> Ground:
    """Return what the values of a parameter are tried on; KeyError when the table lacks it."""
    ground = GROUNDS[parameter.name]
    return replace(ground, seeds={value: value for value in parameter.enum}) if parameter.enum else ground


def placed(call: Call, parameter: Parameter, value: str) -> Call:
    """Return a call with a parameter; a query's value is percent-encoded, a header's goes as it is."""
    if parameter.location == "path":
        return replace(call, FunctionName=value)
    if parameter.location == "query":
        encoded = f"{parameter.name}={quote(value, safe='$')}"
        return replace(call, query=f"{call.query}&{encoded}" if call.query else encoded)
    return replace(call, headers=(*call.headers, (parameter.name, value)))
