"""What comes of a run, and the errors that the platform makes of it, in the words that AWS was recorded to use."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.record import record

if TYPE_CHECKING:
    from conformance.reference.functions import Invocation

NO_REASON = "Runtime exited without providing a reason"


@record(frozen=True, slots=True)
class Outcome:
    """What came of a run.

    Attributes:
        payload: the result or the error, as JSON.
        failed: whether it is an error.
        printed: what the function and its runtime wrote to the log.
        seconds: that it took.
    """

    payload: bytes
    failed: bool
    printed: str = ""
    seconds: float = 0.0


def failure(error: dict[str, Any], printed: str = "") -> Outcome:
    """Return the outcome of a function that failed with an error."""
    return Outcome(json.dumps(error).encode(), failed=True, printed=printed)


def exited(invocation: Invocation) -> Outcome:
    """Return what becomes of a run whose process ends (recorded 2025-11-24)."""
    return _by_the_platform("Runtime.ExitError", f"RequestId: {invocation.request_id} Error: {NO_REASON}")


def timed_out(invocation: Invocation) -> Outcome:
    """Return what becomes of a run that takes too long (recorded 2025-11-25)."""
    limit = invocation.fixture.timeout
    text = f"RequestId: {invocation.request_id} Error: Task timed out after {limit:.2f} seconds"
    return replace(_by_the_platform("Sandbox.Timedout", text), seconds=float(limit))


def too_large(most: int, outcome: Outcome) -> Outcome:
    """Return what becomes of a result that is larger than a synchronous answer may be (recorded 2025-11-24)."""
    text = f"Response payload size exceeded maximum allowed payload size ({most} bytes)."
    instead = _by_the_platform("Function.ResponseSizeTooLarge", text)
    return replace(instead, printed=outcome.printed, seconds=outcome.seconds)


def _by_the_platform(kind: str, text: str) -> Outcome:
    return failure({"errorType": kind, "errorMessage": text})


def error_of(outcome: Outcome) -> tuple[str, str]:
    """Return type and message of the error of an outcome that failed."""
    error: dict[str, str] = json.loads(outcome.payload)
    return error["errorType"], error["errorMessage"]
