"""The catalogue of faults."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from conformance.errors import UsageError
from conformance.reference.faults import (
    client_context,
    function_errors,
    invocation_types,
    limits,
    logs,
    payload,
    payload_refusals,
    response_headers,
    routing,
    runtime_errors,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.reference.faults.model import Fault

MODULES = (
    client_context,
    function_errors,
    invocation_types,
    limits,
    logs,
    payload,
    payload_refusals,
    response_headers,
    routing,
    runtime_errors,
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
