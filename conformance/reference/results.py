"""The good answers: what a synchronous call, an Event and a dry run get."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from conformance.reference.answer import Answer
from conformance.reference.logs import log_of
from conformance.reference.outcomes import too_large
from conformance.reference.streaming import stream_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.reference.call import Call
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome

STREAM = "InvokeWithResponseStream"


def possible(call: Call) -> Answer:
    """Return the answer to a dry run that passes all checks."""
    return Answer(204, _common(call))


def accepted(call: Call, invocation: Invocation) -> Answer:
    """Return the answer to an Event."""
    return Answer(202, (*_common(call), ("x-amzn-Remapped-Content-Length", "0"), *_execution(invocation)))


def result(call: Call, invocation: Invocation, outcome: Outcome, limits: Mapping[str, int]) -> Answer:
    """Return the answer to a synchronous call.

    Args:
        call: that is answered.
        invocation: that ran.
        outcome: what came of it.
        limits: of the contract, in bytes.
    """
    headers = (*_common(call), ("X-Amz-Executed-Version", invocation.version))
    if call.operation.id == STREAM:
        events = stream_of(outcome, _tail(call, invocation, outcome, limits))
        return Answer(200, (("Content-Type", "application/vnd.amazon.eventstream"), *headers), events)
    if len(outcome.payload) > limits["sync-response"]:
        outcome = too_large(limits["sync-response"], outcome)
    tail = _tail(call, invocation, outcome, limits)
    headers += (("Content-Type", "application/json"), ("x-amzn-Remapped-Content-Length", "0"))
    headers += (("X-Amz-Function-Error", "Unhandled"),) * outcome.failed
    headers += (("X-Amz-Log-Result", tail),) * bool(tail)
    return Answer(200, headers + _execution(invocation), outcome.payload)


def _common(call: Call) -> tuple[tuple[str, str], ...]:
    return (("x-amzn-RequestId", call.request_id), ("X-Amzn-Trace-Id", call.trace))


def _execution(invocation: Invocation) -> tuple[tuple[str, str], ...]:
    return (("X-Amz-Durable-Execution-Arn", invocation.execution),) if invocation.execution else ()


def _tail(call: Call, invocation: Invocation, outcome: Outcome, limits: Mapping[str, int]) -> str:
    """Return the end of the log in base64; nothing where it was not asked for."""
    if call.values.get("X-Amz-Log-Type") != "Tail":
        return ""
    return base64.b64encode(log_of(invocation, outcome)[-limits["log-result"] :]).decode()
