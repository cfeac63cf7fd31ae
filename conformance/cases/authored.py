"""All authored cases, in the order in which they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases import (
    client_context,
    function_errors,
    invocation_types,
    limits,
    logs,
    names,
    operations,
    payload,
    qualifiers,
    request_errors,
    response_headers,
    routing,
    signing,
)
from conformance.errors import HarnessError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.model import Case
    from conformance.contract.model import Contract

AREAS = (
    invocation_types,
    response_headers,
    names,
    qualifiers,
    payload,
    client_context,
    logs,
    function_errors,
    request_errors,
    limits,
    routing,
    signing,
    operations,
)


def authored_cases(contract: Contract) -> Mapping[str, Case]:
    """Return the authored cases by id.

    Raises:
        HarnessError: an id stands twice.
    """
    found: dict[str, Case] = {}
    for area in AREAS:
        for case in area.cases(contract):
            if case.id in found:
                raise HarnessError("case-duplicate", f"{area.__name__}: the case {case.id} stands twice")
            found[case.id] = case
    return found
