"""Cases in which several constraints are violated at once: all of them must be reported, in one message."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations
from typing import TYPE_CHECKING

from conformance.generation.constraints import name_of
from conformance.generation.drafts import Draft
from conformance.generation.placing import GROUNDS, placed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Operation

WRONG: Mapping[str, str] = {
    "FunctionName": "no!such",
    "Qualifier": "live!",
    "X-Amz-Invocation-Type": "Sync",
    "X-Amz-Log-Type": "Head",
}
"""A value of each parameter that breaks one constraint."""
DOUBLY: Mapping[str, str] = {"FunctionName": "!" * 257, "Qualifier": "!" * 129}
"""A value that breaks two."""


def several(operation: Operation) -> Iterator[Draft]:
    """Yield every set of two and more violations, a constraint of each parameter, and two of one parameter."""
    sets = chain.from_iterable(combinations(WRONG, size) for size in range(2, len(WRONG) + 1))
    tables = [*({name: WRONG[name] for name in chosen} for chosen in sets), *({name: DOUBLY[name]} for name in DOUBLY)]
    for values in tables:
        call = replace(GROUNDS["FunctionName"].call, FunctionName="{echo}")
        for name, value in values.items():
            call = placed(call, operation.parameter(name), value)
        named = [name_of(operation.parameter(name)) for name in values]
        id_ = "-and-".join(named) if len(named) > 1 else f"{named[0]}-twice"
        yield Draft(f"several/{id_}", f"Violations of {', '.join(named)} at once", call, "FunctionName/seed/name")
