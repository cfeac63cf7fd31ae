"""Cases of the area concurrency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import (
    EVENT,
    accepted,
    case,
    expect,
    fails_in_the_function,
    refused,
    sequence,
    step,
    succeeds,
)
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

BUSY = Call("{single}", body=b'{"op": "mark", "key": "{run}-busy", "seconds": 2.0}')
"""Keeps the one environment of the function busy."""
HEAD_START = 0.6
"""Seconds, as AWS counts them, that a call gets to reach the function before the next one is sent."""
FAILING = Call("{single}")
"""Fails in the function, which finds no key in its event."""
PATIENCE = 30.0
"""Seconds that a waiting Event gets to run once there is room."""


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    return (*_closed(), *_busy())


def _throttled() -> Expectation:
    return refused("concurrency/throttled", 429, "TooManyRequestsException")


def _closed() -> tuple[Case, ...]:
    reason, members = "concurrency/throttled-reason", "concurrency/throttled-members"
    body = b'{"op": "read", "key": "{run}-closed"}'
    return (
        case("concurrency/room", "A function with concurrency is run", Call("{record}", body=body), succeeds()),
        case(
            "concurrency/none",
            "One without any is not run",
            Call("{closed}", body=body),
            _throttled(),
            twin="concurrency/room",
        ),
        case(
            "concurrency/none-reason",
            "The refusal says that the reserved concurrency is at its limit",
            Call("{closed}", body=body),
            _throttled(),
            expect(reason, "json /Reason", "equals", "ReservedFunctionConcurrentInvocationLimitExceeded"),
            expect(reason, "json /Type", "equals", "User"),
            twin="concurrency/room",
        ),
        case(
            "concurrency/none-message",
            "The refusal has the recorded text and members",
            Call("{closed}", body=body),
            _throttled(),
            expect("concurrency/throttled-message", "error message", "equals", "Rate Exceeded."),
            expect(members, "members", "equals", ["Reason", "Type", "message"]),
            twin="concurrency/room",
        ),
        case(
            "concurrency/none-event",
            "An Event is accepted all the same",
            Call("{closed}", headers=EVENT),
            expect("concurrency/event-accepted", "status", "equals", 202),
            expect("concurrency/event-accepted", "body", "is empty"),
        ),
    )


def _busy() -> tuple[Case, ...]:
    mark, read = b'{"op": "mark", "key": "{run}-queued", "seconds": 0}', b'{"op": "read", "key": "{run}-queued"}'
    unharmed, given_back = "concurrency/busy-call-unharmed", "concurrency/given-back"
    return (
        sequence(
            "concurrency/busy",
            "While its one environment is busy a second call is refused, an Event accepted, which runs afterwards; "
            "a call that fails gives it back, too",
            step(Call("{single}", body=read), succeeds()),  # it needs no new connection when it has to be quick
            step(BUSY, succeeds(unharmed), expect(unharmed, "json /done", "equals", True), background=True),
            step(Call("{single}", body=read), _throttled(), pause=HEAD_START),
            step(
                Call("{single}", headers=EVENT, body=mark),
                accepted(),
                expect("concurrency/event-accepted", "status", "equals", 202),
            ),
            step(
                Call("{single}", body=read),
                expect("concurrency/queued-event-runs", "json /count", "is at least", 1),
                within=PATIENCE,
            ),
            step(FAILING, fails_in_the_function(), within=PATIENCE),
            step(Call("{single}", body=read), expect(given_back, "status", "equals", 200), within=PATIENCE),
        ),
    )
