"""Cases of the area asynchronous: they wait for retries, and are run when the group ``async`` is included."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from conformance.cases.building import EVENT, accepted, expect, sequence, step, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case, Step
    from conformance.contract.model import Contract

GROUP = "async"
SOON, LATER = 60.0, 600.0
"""Seconds on AWS within which a record comes: of an Event that is not retried, and of one that is."""
MEMBERS = ["requestContext", "requestPayload", "responseContext", "responsePayload", "timestamp", "version"]
WITHOUT_RESPONSE = ["requestContext", "requestPayload", "timestamp", "version"]
CONTEXT = ["approximateInvokeCount", "condition", "functionArn", "requestId"]
FAILED = "marked, then raised on purpose"
OF_RUN = "step 1 header x-amzn-RequestId"


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    return (*_successes(), *_contexts(), *_failures(), *_given_up(), *_dead_letters())


def _event(key: str, **members: object) -> bytes:
    return json.dumps({"op": "mark", "key": f"{{run}}-{key}", **members}).encode()


def _received(queue: str) -> Call:
    """Look at what a queue holds, without hiding it from others."""
    asked = {
        "QueueUrl": f"{{queue_{queue}}}",
        "MaxNumberOfMessages": 10,
        "MessageAttributeNames": ["All"],
        "MessageSystemAttributeNames": ["SentTimestamp"],
        "VisibilityTimeout": 0,
        "WaitTimeSeconds": 0,
    }
    headers = (("X-Amz-Target", "AmazonSQS.ReceiveMessage"), ("Content-Type", "application/x-amz-json-1.0"))
    return Call("", headers=headers, body=json.dumps(asked).encode(), method="POST", path="/", service="sqs")


def _recorded(queue: str, requirement: str, within: float, *expectations: Expectation) -> tuple[Step, Step]:
    """Wait for the record of the Event of step 1, which a requirement of its own wants, then look at it."""
    came = expect(requirement, "message", "is present")
    same = expect("asynchronous/record-request-id", "message /requestContext/requestId", "is as", OF_RUN)
    return (step(_received(queue), came, within=within), step(_received(queue), same, *expectations))


def _context(requirement: str, condition: str, count: int) -> Expectation:
    return expect(requirement, "message /requestContext/condition", "equals", condition) + expect(
        requirement, "message /requestContext/approximateInvokeCount", "equals", count
    )


def _response(requirement: str, *, failed: bool) -> Expectation:
    at = "message /responseContext"
    error = ("equals", "Unhandled") if failed else ("is absent", None)
    members = ["executedVersion", "functionError", "statusCode"] if failed else ["executedVersion", "statusCode"]
    return (
        expect(requirement, f"{at}/statusCode", "equals", 200)
        + expect(requirement, f"{at}/executedVersion", "equals", "$LATEST")
        + expect(requirement, f"{at}/functionError", *error)
        + expect("asynchronous/record-members", "message members /responseContext", "equals", members)
    )


def _form(fixture: str, members: list[str]) -> Expectation:
    arn = f"arn:{{partition}}:lambda:{{region}}:{{account}}:function:{{{fixture}}}:$LATEST"
    return (
        expect("asynchronous/record-version", "message /version", "equals", "1.0")
        + expect("asynchronous/record-members", "message members", "equals", members)
        + expect("asynchronous/record-members", "message members /requestContext", "equals", CONTEXT)
        + expect("asynchronous/record-arn-qualified", "message /requestContext/functionArn", "equals", arn)
    )


def _successes() -> tuple[Case, ...]:
    success, payloads = "asynchronous/success-record", "asynchronous/record-payloads"
    return (
        sequence(
            "asynchronous/success",
            "An Event that succeeds leaves a record of its event and result; a synchronous call leaves none",
            step(Call("{async_success}", headers=EVENT, body=_event("success")), accepted()),
            *_recorded(
                "successes",
                success,
                SOON,
                _context(success, "Success", 1),
                _response(success, failed=False),
                _form("async_success", MEMBERS),
                expect(payloads, "message /responsePayload", "equals", {"marked": True}),
                expect(payloads, "message /requestPayload", "equals", {"op": "mark", "key": "{run}-success"}),
            ),
            step(Call("{async_success}", body=_event("synchronous")), succeeds()),
            step(
                _received("successes"),
                expect(
                    "asynchronous/destination-for-events-only", "message /requestContext/requestId", "is as", OF_RUN
                ),
                pause=1.0,
            ),
            group=GROUP,
        ),
    )


def _contexts() -> tuple[Case, ...]:
    """What the function of an Event saw as its client context, which the record of its result tells."""
    sent = base64.b64encode(b'{"custom": {"foo": "bar"}}').decode()
    headers = (*EVENT, ("X-Amz-Client-Context", sent))
    hidden = "client-context/not-for-events"
    return (
        sequence(
            "client-context/not-for-events",
            "The function of an Event sees no client context, though one was sent",
            step(Call("{async_context}", headers=headers, body=_event("context")), accepted()),
            step(_received("context"), expect(hidden, "message", "is present"), within=SOON),
            step(
                _received("context"),
                expect(hidden, "message /responsePayload/function_version", "equals", "$LATEST"),
                expect(hidden, "message /responsePayload/client_context", "equals", None),
            ),
            group=GROUP,
        ),
    )


def _failing(fixture: str, queue: str, requirement: str, runs: int) -> Case:
    failure, payloads, same = (
        "asynchronous/failure-record",
        "asynchronous/record-payloads",
        "asynchronous/same-request-id",
    )
    read = Call(f"{{{fixture}}}", body=json.dumps({"op": "read", "key": f"{{run}}-{queue}"}).encode())
    return sequence(
        f"asynchronous/{requirement.partition('/')[2]}-{runs}",
        f"An Event that fails runs {runs} time{'s' if runs > 1 else ''}, under one request id, then leaves a record",
        step(Call(f"{{{fixture}}}", headers=EVENT, body=_event(queue, fail=True)), accepted()),
        *_recorded(
            queue,
            failure,
            LATER,
            _context(requirement, "RetriesExhausted", runs),
            _response(failure, failed=True),
            _form(fixture, MEMBERS),
            expect(failure, "message /responsePayload/errorType", "equals", "Exception"),
            expect(failure, "message /responsePayload/errorMessage", "equals", FAILED),
            expect(
                payloads, "message /requestPayload", "equals", {"op": "mark", "key": f"{{run}}-{queue}", "fail": True}
            ),
        ),
        step(
            read,
            succeeds(),
            expect(requirement, "json /count", "is at least", runs),
            *(expect(same, f"json /request_ids/{index}", "is as", OF_RUN) for index in range(runs)),
        ),
        group=GROUP,
    )


def _failures() -> tuple[Case, ...]:
    configured = "asynchronous/configured-retries"
    return (
        _failing("async_once", "once", configured, 1),
        _failing("async_twice", "twice", configured, 2),
        _failing("async_default", "default", "asynchronous/default-retries", 3),
    )


def _aged(fixture: str, queue: str, runs: int) -> Case:
    old = "asynchronous/event-too-old"
    return sequence(
        f"asynchronous/event-too-old-{runs}",
        f"An Event that grows too old runs {runs} time{'s' if runs > 1 else ''}; the record has the last response",
        step(Call(f"{{{fixture}}}", headers=EVENT, body=_event(queue, fail=True)), accepted()),
        *_recorded(
            queue,
            old,
            LATER,
            _context(old, "EventAgeExceeded", runs),
            _response(old, failed=True),
            _form(fixture, MEMBERS),
        ),
        group=GROUP,
    )


def _given_up() -> tuple[Case, ...]:
    closed = "asynchronous/no-concurrency-record"
    return (
        _aged("async_aged", "aged", 1),
        _aged("async_aged_later", "aged_later", 2),
        sequence(
            "asynchronous/no-concurrency",
            "An Event of a function without concurrency is given up without a run",
            step(Call("{async_closed}", headers=EVENT, body=_event("closed")), accepted()),
            *_recorded(
                "closed",
                closed,
                LATER,
                _context(closed, "ZeroReservedConcurrency", 0),
                expect(closed, "message /responseContext", "is absent"),
                expect(closed, "message /responsePayload", "is absent"),
                _form("async_closed", WITHOUT_RESPONSE),
            ),
            group=GROUP,
        ),
    )


def _dead_letters() -> tuple[Case, ...]:
    body, attributes = "asynchronous/dead-letter-body", "asynchronous/dead-letter-attributes"
    return (
        sequence(
            "asynchronous/dead-letter",
            "An Event that fails for good becomes a dead letter: the event itself, with what went wrong beside it",
            step(Call("{async_dead}", headers=EVENT, body=_event("dead", fail=True)), accepted()),
            step(
                _received("dead"),
                expect(body, "message", "is present"),
                within=LATER,
            ),
            step(
                _received("dead"),
                expect(attributes, "attribute RequestID", "is as", OF_RUN),
                expect(body, "message", "equals", {"op": "mark", "key": "{run}-dead", "fail": True}),
                expect(attributes, "attribute type RequestID", "equals", "String"),
                expect(attributes, "attribute ErrorCode", "equals", "200"),
                expect(attributes, "attribute type ErrorCode", "equals", "Number"),
                expect(attributes, "attribute ErrorMessage", "equals", FAILED),
                expect(attributes, "attribute type ErrorMessage", "equals", "String"),
            ),
            group=GROUP,
        ),
    )
