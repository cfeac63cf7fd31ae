"""All generated cases: what the contract and the oracle make of it, the same today as tomorrow."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from conformance.cases.authored import authored_cases
from conformance.errors import HarnessError
from conformance.generation.answers import answers
from conformance.generation.bodies import bodies
from conformance.generation.combinations import STRENGTH, combined
from conformance.generation.constraints import boundaries, near_misses, seeds
from conformance.generation.contexts import contexts
from conformance.generation.drafts import case_of
from conformance.generation.functions import functions
from conformance.generation.grammar import names, qualifiers
from conformance.generation.headers import headers
from conformance.generation.orders import orders
from conformance.generation.repeated import repeated
from conformance.generation.routes import routes
from conformance.generation.sequences import sequences
from conformance.generation.several import several
from conformance.generation.signing import signatures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.cases.model import Case
    from conformance.contract.model import Contract
    from conformance.generation.drafts import Draft


@cache
def generated_cases(contract: Contract, strength: int = STRENGTH) -> Mapping[str, Case]:
    """Return the cases that the contract writes, by id.

    Args:
        contract: all constraints.
        strength: how many parameters meet in every combination of their classes.

    Raises:
        HarnessError: an id stands twice, or the oracle expects nothing of a case.
    """
    found: dict[str, Case] = {}
    drafts = (case_of(draft, contract) for draft in _drafts(contract, strength))
    for case in chain(drafts, sequences(contract)):
        if case.id in found or not all(step.expect for step in case.steps):
            raise HarnessError("case-generated", f"{case.id}: stands twice, or nothing is expected of it")
        found[case.id] = case
    return found


def every_case(contract: Contract, strength: int = STRENGTH) -> Mapping[str, Case]:
    """Return all cases by id, the authored ones first.

    Raises:
        HarnessError: as :func:`generated_cases`, or an id stands twice among the authored ones.
        KeyError: the contract lacks what authored cases need.
    """
    return {**authored_cases(contract), **generated_cases(contract, strength)}


def _drafts(contract: Contract, strength: int) -> Iterator[Draft]:
    invoke = contract.operations["Invoke"]
    for operation in contract.operations.values():
        yield from chain(seeds(operation), boundaries(operation, contract), near_misses(operation), contexts(operation))
        yield from chain(bodies(operation, contract), answers(operation), routes(operation), signatures(operation))
    yield from chain(names(), qualifiers(), several(invoke), orders(invoke), headers(), functions(contract), repeated())
    yield from combined(strength)
