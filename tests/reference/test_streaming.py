"""Streamed results: chunks, then one event that completes them and carries what went wrong and was logged."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from support.calls import invoke, sdk

from conformance.exchange.eventstream import decode
from conformance.fixtures.table import PREFIX

if TYPE_CHECKING:
    from conformance.exchange.eventstream import Frame
    from conformance.targets.model import Target

STREAM = "InvokeWithResponseStream"


def frames(target: Target, fixture: str, body: bytes = b"{}", **keywords: Any) -> tuple[Frame, ...]:
    """The events of a streamed result."""
    return decode(invoke(target, fixture, operation=STREAM, body=body, **keywords).body)


def complete(events: tuple[Frame, ...]) -> dict[str, str]:
    """What the last event says, which is the only one of its kind."""
    kinds = [event.headers[":event-type"] for event in events]
    assert kinds == ["PayloadChunk"] * (len(events) - 1) + ["InvokeComplete"]
    assert {event.headers[":message-type"] for event in events} == {"event"}
    said: dict[str, str] = json.loads(events[-1].payload)
    return said


def test_a_result(reference: Target) -> None:
    """The chunks join to the serialised result; without an error nothing is said of one (st-buffered-function-ok)."""
    events = frames(reference, "echo", b'{"a": 1}')

    assert json.loads(b"".join(event.payload for event in events[:-1])) == {"a": 1}
    assert complete(events) == {}


@pytest.mark.parametrize(
    ("fixture", "kind", "text"),
    [
        ("raise", "Exception", "raised on purpose"),
        ("exit", "Runtime.ExitError", "Runtime exited without providing a reason"),
        ("node_raise", "Error", "raised on purpose"),
    ],
)
def test_an_error_after_the_start(reference: Target, fixture: str, kind: str, text: str) -> None:
    """The status says 200 by then, so the last event has code and details of the error (st-events).

    What the two hold is not recorded: the code is what X-Amz-Function-Error says elsewhere, the details are the error.
    """
    answer = invoke(reference, fixture, operation=STREAM)

    said = complete(decode(answer.body))
    assert (answer.status, answer.header("X-Amz-Function-Error")) == (200, ())
    assert set(said) == {"ErrorCode", "ErrorDetails"}
    details = json.loads(said["ErrorDetails"])
    assert (said["ErrorCode"], details["errorType"]) == ("Unhandled", kind)
    assert details["errorMessage"].endswith(text)


@pytest.mark.parametrize("fixture", ["log", "raise"])
def test_the_log(reference: Target, fixture: str) -> None:
    """With Tail the last event carries the log, and no header does (st-logresult-in-complete)."""
    answer = invoke(reference, fixture, operation=STREAM, headers={"X-Amz-Log-Type": "Tail"})

    log = base64.b64decode(complete(decode(answer.body))["LogResult"], validate=True)
    assert answer.header("X-Amz-Log-Result") == ()
    assert log.splitlines()[-1].startswith(b"REPORT RequestId: " + answer.header("x-amzn-RequestId")[0].encode())


def test_headers(reference: Target) -> None:
    """The answer names the version and its content type (st-response-bindings)."""
    answer = invoke(reference, "versioned", "Qualifier=live", operation=STREAM)

    assert (answer.status, answer.header("X-Amz-Executed-Version")) == (200, ("1",))
    assert answer.header("Content-Type") == ("application/vnd.amazon.eventstream",)


def test_a_result_beyond_the_synchronous_limit(reference: Target) -> None:
    """A streamed result may be larger than a synchronous one, in several chunks (st-limit-200mb)."""
    events = frames(reference, "big", b'{"size": 20000000}')

    assert len(events) > 2
    assert sum(len(event.payload) for event in events[:-1]) == 20_000_000
    assert complete(events) == {}


def test_an_sdk_understands_the_stream(reference: Target) -> None:
    """boto3 gets chunk and completion of a result, and code and details of an error."""
    client = sdk(reference, "lambda")

    good = list(client.invoke_with_response_stream(FunctionName=PREFIX + "echo", Payload=b'"body"')["EventStream"])
    bad = list(client.invoke_with_response_stream(FunctionName=PREFIX + "raise", LogType="Tail")["EventStream"])

    client.close()
    assert good == [{"PayloadChunk": {"Payload": b'"body"'}}, {"InvokeComplete": {}}]
    (last,) = bad
    assert set(last["InvokeComplete"]) == {"ErrorCode", "ErrorDetails", "LogResult"}
    assert last["InvokeComplete"]["ErrorCode"] == "Unhandled"
