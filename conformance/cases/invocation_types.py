"""Cases of the areas invocation-types and status-codes: what each type makes the service do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import (
    DRY_RUN,
    EVENT,
    accepted,
    case,
    expect,
    fails_in_the_function,
    invocation_type,
    sequence,
    step,
    succeeds,
)
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

BODY = b'{"greeting": "hello", "numbers": [1, 2, 3]}'
ECHOED = {"greeting": "hello", "numbers": [1, 2, 3]}
PATIENCE = 5.0
"""Seconds that an Event may take to show its effect."""
LONG = 30.0
"""Seconds that two may take where a target that has much to do runs them one after the other."""


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area that are about calls that are taken."""
    return (*_values(), *_once(), *_event(), *_dry_run())


def _values() -> tuple[Case, ...]:
    absent, given = "invocation-types/default-is-synchronous", "invocation-types/request-response"
    synchronous = invocation_type("RequestResponse")
    return (
        case(
            "invocation-types/absent",
            "Without an invocation type the function runs and its result is the body",
            Call(body=BODY),
            succeeds(absent),
            expect(absent, "json", "equals", ECHOED),
        ),
        case(
            "invocation-types/request-response",
            "RequestResponse runs the function and its result is the body",
            Call(headers=synchronous, body=BODY),
            succeeds(given),
            expect(given, "json", "equals", ECHOED),
        ),
        case(
            "invocation-types/request-response-of-nothing",
            "RequestResponse of a function that returns nothing answers 200 with null, not 204",
            Call("{nothing}", headers=synchronous),
            succeeds(given),
            expect(given, "json", "equals", None),
        ),
        case(
            "invocation-types/request-response-of-exception",
            "RequestResponse of a function that raises brings its error",
            Call("{raise}", headers=synchronous),
            fails_in_the_function(),
            expect(given, "json /errorMessage", "equals", "raised on purpose"),
        ),
        case(
            "status-codes/function-error",
            "A function that raises still answers 200",
            Call("{raise}"),
            fails_in_the_function(),
        ),
    )


def _once() -> tuple[Case, ...]:
    once = "invocation-types/synchronous-runs-once"
    failing = b'{"op": "mark", "key": "{run}-fails-once", "fail": true}'
    return (
        sequence(
            "invocation-types/synchronous-runs-once",
            "A synchronous call leaves one mark",
            step(Call("{record}", body=_mark("once")), succeeds()),
            step(Call("{record}", body=_read("once")), succeeds(), expect(once, "json /count", "is at most", 1)),
        ),
        sequence(
            "invocation-types/synchronous-not-retried",
            "A synchronous call whose function fails leaves one mark, too",
            step(Call("{record}", body=failing), fails_in_the_function()),
            step(Call("{record}", body=_read("fails-once")), succeeds(), expect(once, "json /count", "is at most", 1)),
        ),
    )


def _event() -> tuple[Case, ...]:
    silent, runs = "invocation-types/event-no-executed-version", "invocation-types/event-runs"
    own_id = "invocation-types/event-runs-with-its-request-id"
    return (
        case(
            "invocation-types/event",
            "Event is accepted with 202 and an empty body",
            Call(headers=EVENT, body=BODY),
            accepted(),
            expect("invocation-types/event-empty-answer", "body", "is empty"),
        ),
        case(
            "invocation-types/event-of-alias",
            "Event through an alias is accepted and says no more of the version",
            Call("{versioned}", "Qualifier=live", headers=EVENT, body=BODY),
            expect("invocation-types/event-of-version", "status", "equals", 202),
            expect(silent, "header X-Amz-Executed-Version", "is absent"),
        ),
        sequence(
            "invocation-types/event-runs",
            "An accepted Event makes the function run",
            step(Call("{record}", headers=EVENT, body=_mark("event")), accepted()),
            step(Call("{record}", body=_read("event")), expect(runs, "json /count", "is at least", 1), within=PATIENCE),
        ),
        sequence(
            "invocation-types/event-runs-again",
            "Of two Events that are equal each makes the function run",
            *(
                one
                for number in (1, 2)
                for one in (
                    step(Call("{record}", headers=EVENT, body=_mark("equal-events")), accepted()),
                    # One after the other: two at a time may run in two environments, each with a mark of its own.
                    step(
                        Call("{record}", body=_read("equal-events")),
                        expect(runs, "json /count", "is at least", number),
                        within=LONG,
                    ),
                )
            ),
        ),
        sequence(
            "invocation-types/event-request-id",
            "The function run by an Event sees the request id of the answer",
            step(Call("{record}", headers=EVENT, body=_mark("event-id")), accepted()),
            step(
                Call("{record}", body=_read("event-id")), expect(runs, "json /count", "is at least", 1), within=PATIENCE
            ),
            step(
                Call("{record}", body=_read("event-id")),
                expect(own_id, "json /request_ids/0", "is as", "step 1 header x-amzn-RequestId"),
            ),
        ),
    )


def _mark(key: str) -> bytes:
    return b'{"op": "mark", "key": "{run}-%b"}' % key.encode()


def _read(key: str) -> bytes:
    return b'{"op": "read", "key": "{run}-%b"}' % key.encode()


def _dry_run() -> tuple[Case, ...]:
    idle, silent = "invocation-types/dry-run-does-not-run", "invocation-types/dry-run-no-executed-version"
    ran, mark, read = "invocation-types/default-is-synchronous", _mark("dry-run"), _read("dry-run")
    return (
        case(
            "invocation-types/dry-run",
            "DryRun answers 204 with an empty body",
            Call(headers=DRY_RUN, body=BODY),
            expect("status-codes/dry-run-204", "status", "equals", 204),
            expect("invocation-types/dry-run-empty-answer", "body", "is empty"),
        ),
        case(
            "invocation-types/dry-run-of-alias",
            "DryRun through an alias answers 204 and says nothing of the version",
            Call("{versioned}", "Qualifier=live", headers=DRY_RUN, body=BODY),
            expect("invocation-types/dry-run-of-version", "status", "equals", 204),
            expect(silent, "header X-Amz-Executed-Version", "is absent"),
        ),
        sequence(
            "invocation-types/dry-run-does-not-run",
            "Of a synchronous call and a dry run, only the first leaves a mark",
            step(Call("{record}", body=mark), succeeds(), expect(ran, "json /marked", "equals", True)),
            step(Call("{record}", headers=DRY_RUN, body=mark), expect(idle, "status", "equals", 204)),
            step(Call("{record}", body=read), expect(idle, "json /count", "is at most", 1)),
        ),
    )
