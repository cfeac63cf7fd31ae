"""Reserved concurrency: synchronous calls are refused, Events wait for their turn."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from support.calls import EVENT, eventually, invoke, refusal, result

if TYPE_CHECKING:
    from conformance.exchange.message import Response
    from conformance.targets.model import Target

THROTTLED = (
    429,
    "TooManyRequestsException",
    {
        "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
        "Type": "User",
        "message": "Rate Exceeded.",
    },
)


THROTTLED_STATUS = THROTTLED[0]


def single(target: Target, **event: object) -> Response:
    """Call ``single`` until it has a slot for us."""
    body = json.dumps(event).encode()
    return eventually(lambda: invoke(target, "single", body=body), lambda answer: answer.status != THROTTLED_STATUS)


def read(target: Target, key: str) -> Any:
    """Return the marks of ``single`` under a key."""
    return json.loads(single(target, op="read", key=key).body)


@pytest.mark.parametrize("operation", ["Invoke", "InvokeWithResponseStream"])
@pytest.mark.parametrize("fixture", ["closed", "async_closed"])
def test_none_is_reserved(reference: Target, fixture: str, operation: str) -> None:
    """Each synchronous call of a function with a reserved concurrency of 0 is 429 (co-reserved-zero-sync)."""
    assert refusal(invoke(reference, fixture, operation=operation)) == THROTTLED


def test_the_only_one_is_busy(reference: Target) -> None:
    """While one runs, another call is 429 and an Event is taken and runs later (as-throttled-event-eventually-runs)."""
    answers: list[object] = []
    running = threading.Thread(target=lambda: answers.append(json.loads(single(reference, seconds=1, key="busy").body)))
    running.start()

    refused = eventually(
        lambda: invoke(reference, "single", body=b'{"op": "read", "key": "busy"}'),
        lambda answer: answer.status == THROTTLED_STATUS,
    )
    event = invoke(reference, "single", headers=EVENT, body=b'{"key": "busy"}')
    while_busy = list(answers)
    running.join()

    assert (refusal(refused), event.status, while_busy) == (THROTTLED, 202, [])
    assert answers == [{"done": True}]
    seen = eventually(lambda: read(reference, "busy"), lambda seen: seen["count"] == 2)
    assert seen["request_ids"][-1] == event.header("x-amzn-RequestId")[0]


def test_other_functions_have_slots_of_their_own(reference: Target) -> None:
    """One busy function does not keep others from running."""
    running = threading.Thread(target=lambda: single(reference, seconds=0.3, key="own"))
    running.start()

    assert result(reference, "echo", {}) == {}
    running.join()


def test_a_slot_is_given_back_after_a_failure(reference: Target) -> None:
    """A run that fails gives back its slot, too."""
    assert json.loads(single(reference).body)["errorType"] == "KeyError"

    assert read(reference, "after a failure")["count"] == 0
