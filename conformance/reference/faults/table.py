"""The catalogue of faults."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from conformance.errors import UsageError
from conformance.reference.faults import (
    asynchronous,
    client_context,
    concurrency,
    conditional,
    constraints,
    dry_runs,
    durable,
    encodings,
    function_errors,
    instability,
    invocation_types,
    invoke_async,
    leaks,
    limits,
    log_contents,
    logs,
    name_constraints,
    name_segments,
    names,
    payload,
    payload_refusals,
    payload_results,
    platform_errors,
    qualifier_constraints,
    qualifiers,
    records,
    request_errors,
    response_forms,
    response_headers,
    routing,
    runtime_errors,
    sequences,
    side_effects,
    signing,
    signing_refusals,
    states,
    stream_events,
    streaming,
    tenancy,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.reference.faults.model import Fault

MODULES = (
    asynchronous,
    client_context,
    concurrency,
    conditional,
    constraints,
    dry_runs,
    durable,
    encodings,
    function_errors,
    instability,
    invocation_types,
    invoke_async,
    leaks,
    limits,
    log_contents,
    logs,
    name_constraints,
    name_segments,
    names,
    payload,
    payload_refusals,
    payload_results,
    platform_errors,
    qualifier_constraints,
    qualifiers,
    records,
    request_errors,
    response_forms,
    response_headers,
    routing,
    runtime_errors,
    sequences,
    side_effects,
    signing,
    signing_refusals,
    states,
    stream_events,
    streaming,
    tenancy,
)
FAULTS: Mapping[str, Fault] = {fault.id: fault for module in MODULES for fault in module.FAULTS}
"""Id -> fault."""


def find_fault(id_: str) -> Fault:
    """Return a fault.

    Raises:
        UsageError: there is no such fault; suggests the nearest.
    """
    if id_ in FAULTS:
        return FAULTS[id_]
    close = difflib.get_close_matches(id_, FAULTS, n=1)
    hint = f"did you mean {close[0]}?" if close else "list faults shows all"
    raise UsageError("fault-unknown", f"--fault {id_}: there is no such fault", hint)
