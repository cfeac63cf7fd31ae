"""The queues of the reference as boto3 sees them: reading, hiding, deleting, emptying, refusing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from support.calls import EVENT, connected, invoke, request, sdk, signed, until

from conformance.exchange.sigv4 import Credentials
from conformance.targets.identity import CREDENTIALS
from conformance.targets.options import TargetOptions
from conformance.targets.table import open_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.targets.model import Target

MARK = b'{"op": "mark", "key": "sqs"}'


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """A reference of its own."""
    with open_target(TargetOptions("reference", seed=3)) as target:
        yield target


@pytest.fixture
def sqs(target: Target) -> Iterator[Any]:
    """A boto3 client of its queues, which are empty."""
    client = sdk(target, "sqs")
    client.purge_queue(QueueUrl=target.site.names["queue_successes"])
    yield client
    client.close()


@pytest.fixture
def queue(target: Target) -> str:
    """The URL of a queue."""
    return target.site.names["queue_successes"]


def receive(sqs: Any, queue: str, **asked: Any) -> list[dict[str, Any]]:
    """Return the messages that come."""
    messages: list[dict[str, Any]] = sqs.receive_message(QueueUrl=queue, **asked).get("Messages", [])
    return messages


def test_a_message_is_hidden_until_its_time_is_up(target: Target, sqs: Any, queue: str) -> None:
    """Nobody else sees a message that somebody has received; when it is visible again it counts."""
    invoke(target, "async_success", headers=EVENT, body=MARK)

    (first,) = receive(sqs, queue, WaitTimeSeconds=5, VisibilityTimeout=1)
    hidden = receive(sqs, queue)
    (again,) = receive(sqs, queue, WaitTimeSeconds=5, MessageSystemAttributeNames=["ApproximateReceiveCount"])

    assert hidden == []
    assert again["MessageId"] == first["MessageId"]
    assert again["ReceiptHandle"] != first["ReceiptHandle"]
    assert again["Attributes"] == {"ApproximateReceiveCount": "2"}
    assert {"Attributes", "MessageAttributes"} & set(first) == set()


def test_a_deleted_message_does_not_come_back(target: Target, sqs: Any, queue: str) -> None:
    """After DeleteMessage there is none, even when it would be visible."""
    invoke(target, "async_success", headers=EVENT, body=MARK)
    (message,) = receive(sqs, queue, WaitTimeSeconds=5, VisibilityTimeout=0)

    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    assert receive(sqs, queue) == []


def test_several_messages_at_once(target: Target, sqs: Any, queue: str) -> None:
    """As many come as are asked for, the oldest first."""
    for number in range(3):
        invoke(target, "async_success", headers=EVENT, body=MARK[:-1] + b', "n": %d}' % number)
        (_,) = receive(sqs, queue, WaitTimeSeconds=5, VisibilityTimeout=0)[-1:]

    found = receive(sqs, queue, MaxNumberOfMessages=10, WaitTimeSeconds=5)

    assert [message["Body"].count(f'"n":{number}') for number, message in enumerate(found)] == [1, 1, 1]


def test_waiting_for_a_message(target: Target, sqs: Any, queue: str) -> None:
    """A call that waits gets a message that is sent meanwhile."""
    found: list[dict[str, Any]] = []
    waiting = threading.Thread(target=lambda: found.extend(receive(sqs, queue, WaitTimeSeconds=10)))
    waiting.start()

    invoke(target, "async_success", headers=EVENT, body=MARK)
    waiting.join(9)

    assert len(found) == 1


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"QueueUrl": "http://127.0.0.1/123456789012/nobody"}, "QueueDoesNotExist"),
        ({"MaxNumberOfMessages": 11}, "InvalidParameterValue"),
    ],
)
def test_refusals(sqs: Any, queue: str, asked: dict[str, Any], code: str) -> None:
    """An unknown queue and a number out of range are errors that boto3 understands."""
    with pytest.raises(ClientError) as caught:
        sqs.receive_message(**{"QueueUrl": queue, **asked})

    assert caught.value.response.get("Error", {}).get("Code") == code


@pytest.mark.parametrize(
    ("credentials", "service", "kind"),
    [
        (Credentials("AKIDEXAMPLE", "wrong"), "sqs", b"InvalidSignatureException"),
        (CREDENTIALS, "lambda", b"InvalidSignatureException"),
    ],
)
def test_signatures(target: Target, credentials: Credentials, service: str, kind: bytes) -> None:
    """Calls are to be signed for the service sqs."""
    headers = {"X-Amz-Target": "AmazonSQS.ReceiveMessage", "Connection": "close"}
    asked = signed(request(path="/", headers=headers), credentials, service)

    with connected(target) as connection:
        connection.sendall(asked.encode())
        seen = until(connection, b"never sent")

    assert seen.startswith(b"HTTP/1.1 403 ")
    assert kind in seen


@pytest.mark.parametrize(
    ("operation", "body", "kind"),
    [("SendMessage", b"{}", b"InvalidAction"), ("PurgeQueue", b"[", b"SerializationException")],
)
def test_other_calls(target: Target, operation: str, body: bytes, kind: bytes) -> None:
    """What is no call that it knows is refused."""
    headers = {"X-Amz-Target": f"AmazonSQS.{operation}", "Connection": "close"}
    asked = signed(request(path="/", headers=headers, body=body), CREDENTIALS, "sqs")

    with connected(target) as connection:
        connection.sendall(asked.encode())
        seen = until(connection, b"never sent")

    assert seen.startswith(b"HTTP/1.1 400 ")
    assert kind in seen
