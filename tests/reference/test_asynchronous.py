"""The delivery of Events: how often the function runs, what destinations and dead-letter queues are told.

boto3 reads the queues. The reference is one of its own, so that nobody else takes messages away.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from support.calls import ARN, EVENT, eventually, invoke, result, sdk

from conformance.fixtures.table import FIXTURES, PREFIX
from conformance.targets.options import TargetOptions
from conformance.targets.table import open_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.targets.model import Target


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """A reference of its own."""
    with open_target(TargetOptions("reference", seed=2)) as target:
        yield target


@pytest.fixture(scope="module")
def sqs(target: Target) -> Iterator[Any]:
    """A boto3 client of its queues."""
    client = sdk(target, "sqs")
    yield client
    client.close()


def received(target: Target, sqs: Any, queue: str, wait: int = 10) -> dict[str, Any] | None:
    """Return the next message of a queue and delete it; None when none comes."""
    url = target.site.names[queue]
    asked: dict[str, Any] = {"MessageAttributeNames": ["All"], "AttributeNames": ["All"], "WaitTimeSeconds": wait}
    messages = sqs.receive_message(QueueUrl=url, **asked).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return messages[0] if messages else None


def send_event(target: Target, fixture: str, body: bytes, query: str = "") -> str:
    """Send an Event and return its request id."""
    answer = invoke(target, fixture, query, headers=EVENT, body=body)
    assert answer.status == 202
    return answer.header("x-amzn-RequestId")[0]


def marks(target: Target, fixture: str, key: str) -> list[str]:
    """Return which requests left marks."""
    ids: list[str] = result(target, fixture, {"op": "read", "key": key})["request_ids"]
    return ids


def failing(key: str, **more: str) -> bytes:
    """An Event for ``record`` that leaves a mark and fails."""
    return json.dumps({"op": "mark", "key": key, "fail": True, **more}).encode()


ENDS = {
    # fact: (fixture, its condition, its number of runs)
    "as-retries-0": ("async_once", "RetriesExhausted", 1),
    "as-retry-range": ("async_twice", "RetriesExhausted", 2),
    "as-default-two-retries": ("async_default", "RetriesExhausted", 3),
    "as-event-age-exceeded": ("async_aged", "EventAgeExceeded", 1),
    "as-event-age-90-one-retry": ("async_aged_later", "EventAgeExceeded", 2),
}
"""Fact id -> what it says."""
WAITED = {1: 0, 2: 60, 3: 180}
"""Runs -> seconds on AWS before the last of them (as-retry-delays)."""


@pytest.mark.parametrize("fact", ENDS)
def test_an_event_that_fails(target: Target, sqs: Any, fact: str) -> None:
    """It runs as often as configured, each time with the same request id, and the record says how it ended."""
    fixture, condition, count = ENDS[fact]
    key = f"fails {fact}"
    payload = failing(key, message="intentional failure")

    started = time.monotonic()
    request_id = send_event(target, fixture, payload)

    message = received(target, sqs, FIXTURES[fixture].on_failure)
    assert message is not None
    assert time.monotonic() - started >= WAITED[count] * target.pace.waits
    record = json.loads(message["Body"])
    assert list(record) == [
        *("version", "timestamp", "requestContext", "requestPayload", "responseContext", "responsePayload")
    ]
    assert (record["version"], record["requestPayload"]) == ("1.0", json.loads(payload))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", record["timestamp"])
    assert record["requestContext"] == {
        "requestId": request_id,
        "functionArn": f"{ARN}{PREFIX}{fixture}:$LATEST",
        "condition": condition,
        "approximateInvokeCount": count,
    }
    assert record["responseContext"] == {
        "statusCode": 200,
        "executedVersion": "$LATEST",
        "functionError": "Unhandled",
    }
    error = record["responsePayload"]
    assert (error["errorMessage"], error["errorType"], error["requestId"]) == (
        "intentional failure",
        "Exception",
        request_id,
    )
    assert marks(target, fixture, key) == [request_id] * count


def test_an_event_that_succeeds(target: Target, sqs: Any) -> None:
    """Its record has no functionError, and the result as responsePayload (as-record-shape-success)."""
    request_id = send_event(target, "async_success", b'{"op": "mark", "key": "succeeds"}')

    message = received(target, sqs, "queue_successes")
    assert message is not None
    record = json.loads(message["Body"])
    del record["timestamp"]
    assert record == {
        "version": "1.0",
        "requestContext": {
            "requestId": request_id,
            "functionArn": f"{ARN}{PREFIX}async_success:$LATEST",
            "condition": "Success",
            "approximateInvokeCount": 1,
        },
        "requestPayload": {"op": "mark", "key": "succeeds"},
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST"},
        "responsePayload": {"marked": True},
    }
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    assert "MessageAttributes" not in message


def test_nothing_is_reserved(target: Target, sqs: Any) -> None:
    """The record of an Event that can't run counts no run and has no response; no body is {} (as-zero-reserved)."""
    request_id = send_event(target, "async_closed", b"")

    message = received(target, sqs, "queue_closed")
    assert message is not None
    record = json.loads(message["Body"])
    assert set(record) == {"version", "timestamp", "requestContext", "requestPayload"}
    assert record["requestContext"]["requestId"] == request_id
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert record["requestContext"]["approximateInvokeCount"] == 0
    assert record["requestPayload"] == {}


def test_a_dead_letter(target: Target, sqs: Any) -> None:
    """It is the event as it was sent, with three attributes (as-dlq-message; the recorded digest has a space in it)."""
    payload = failing("dead", message="the text")

    request_id = send_event(target, "async_dead", payload)

    message = received(target, sqs, "queue_dead")
    assert message is not None
    assert message["Body"].encode() == payload
    assert message["MD5OfBody"] == hashlib.md5(payload, usedforsecurity=False).hexdigest()
    assert message["MessageAttributes"] == {
        "RequestID": {"DataType": "String", "StringValue": request_id},
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": "the text"},
    }


def test_a_dead_letter_of_a_long_error(target: Target, sqs: Any) -> None:
    """Only the first KiB of the text is kept (as-dlq-errormessage-1kb)."""
    send_event(target, "async_dead", failing("dead", message="é" * 1000))

    message = received(target, sqs, "queue_dead")
    assert message is not None
    assert message["MessageAttributes"]["ErrorMessage"]["StringValue"] == "é" * 512


def test_synchronous_calls_tell_no_destination(target: Target, sqs: Any) -> None:
    """Destinations are for Events only (as-destination-async-only)."""
    invoke(target, "async_once", body=failing("synchronous"))
    invoke(target, "async_success", body=b'{"op": "mark", "key": "synchronous"}')

    request_id = send_event(target, "async_success", b'{"op": "mark", "key": "after"}')

    message = received(target, sqs, "queue_successes")
    assert message is not None
    assert json.loads(message["Body"])["requestContext"]["requestId"] == request_id
    assert received(target, sqs, "queue_once", wait=0) is None


def test_events_of_other_operations(target: Target, sqs: Any) -> None:
    """InvokeAsync delivers like Event."""
    body = b'{"op": "mark", "key": "invoke-async"}'
    answer = invoke(target, "async_success", operation="InvokeAsync", body=body)

    message = received(target, sqs, "queue_successes")
    assert message is not None
    assert json.loads(message["Body"])["requestContext"]["requestId"] == answer.header("x-amzn-RequestId")[0]


def test_an_event_sees_no_client_context(target: Target) -> None:
    """The client context is not for Events: one that is valid does not keep it from running (cc-sync-only)."""
    headers = {**EVENT, "X-Amz-Client-Context": "e30="}
    answer = invoke(target, "record", headers=headers, body=b'{"op": "mark", "key": "context"}')

    seen = eventually(lambda: marks(target, "record", "context"), bool)

    assert seen == [*answer.header("x-amzn-RequestId")]
