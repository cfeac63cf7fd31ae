"""All authored cases, in the order in which they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases import (
    arns,
    asynchronous,
    client_context,
    concurrency,
    connections,
    durable,
    error_order,
    function_errors,
    function_states,
    header_sets,
    invocation_outcomes,
    invocation_refusals,
    invocation_types,
    invoke_async,
    limits,
    log_types,
    logs,
    name_characters,
    names,
    payload,
    payload_malformed,
    payload_transfer,
    qualifier_refusals,
    qualifiers,
    request_errors,
    response_headers,
    routing,
    runtime_errors,
    signing,
    stream_refusals,
    streaming,
    suffixes,
    tenant,
)
from conformance.errors import HarnessError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.model import Case
    from conformance.contract.model import Contract

AREAS = (
    invocation_types,
    invocation_outcomes,
    invocation_refusals,
    header_sets,
    response_headers,
    names,
    name_characters,
    arns,
    qualifiers,
    suffixes,
    qualifier_refusals,
    payload,
    payload_malformed,
    payload_transfer,
    client_context,
    logs,
    log_types,
    function_errors,
    runtime_errors,
    request_errors,
    error_order,
    limits,
    routing,
    connections,
    signing,
    invoke_async,
    streaming,
    stream_refusals,
    concurrency,
    function_states,
    tenant,
    durable,
    asynchronous,
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
