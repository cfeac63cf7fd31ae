"""Just enough of SQS to read and empty the queues: the protocol AWS JSON 1.0, signed for the service ``sqs``."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.reference.answer import Answer, Refusal
from conformance.reference.signature import check_signature
from conformance.reference.sinks import Queue

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from conformance.exchange.message import Request
    from conformance.exchange.sigv4 import Credentials
    from conformance.reference.records import Letter
    from conformance.reference.sinks import Message

    Asked: TypeAlias = Mapping[str, Any]
    Action: TypeAlias = Callable[[Queue, Asked], Answer | Awaitable[Answer]]

PREFIX = "AmazonSQS."
NUMBERS: Mapping[str, tuple[int, int, int]] = {
    "MaxNumberOfMessages": (1, 1, 10),
    "VisibilityTimeout": (30, 0, 43200),
    "WaitTimeSeconds": (0, 0, 20),
}
"""The numbers that ReceiveMessage takes: which one where none is given, the least and the most."""
STRING = 1
"""The number of the transport type of text, in the digest of message attributes."""


class QueueService:
    """The queues of the fixtures, at URLs that end in /ACCOUNT/NAME.

    Args:
        names: word of the table of fixtures -> name of its queue.
        account: whose they are.
        credentials: the only ones that may call.
        region: for which calls are signed.
    """

    def __init__(self, names: Mapping[str, str], account: str, credentials: Credentials, region: str) -> None:
        self._queues = {word: Queue() for word in names}
        self._paths = {f"/{account}/{name}": self._queues[word] for word, name in names.items()}
        self._account = account
        self._credentials = credentials
        self._region = region
        self._actions: Mapping[str, Action] = {
            "ReceiveMessage": self._receive,
            "DeleteMessage": _delete,
            "PurgeQueue": _purge,
        }

    def send(self, word: str, letter: Letter) -> None:
        """Put a message into the queue that a word stands for."""
        self._queues[word].send(letter)

    @staticmethod
    def is_for(request: Request) -> bool:
        """Tell whether a request is for queues rather than for functions."""
        return request.method == b"POST" and request.target == b"/" and bool(request.header("X-Amz-Target"))

    def handle(self, request: Request) -> Answer | Awaitable[Answer]:
        """Answer a request."""
        try:
            check_signature(request, self._credentials, "sqs", self._region, time.time())
        except Refusal as refusal:
            return _refused(403, refusal)
        try:
            action = self._action(request.header("X-Amz-Target")[0].removeprefix(PREFIX))
            asked = _asked(request.body)
            return action(self._queue(asked), asked)
        except Refusal as refusal:
            return _refused(400, refusal)

    def _action(self, name: str) -> Action:
        action = self._actions.get(name)
        if action is None:
            raise Refusal("InvalidAction", f"The action {name} is not valid for this endpoint.")
        return action

    def _queue(self, asked: Asked) -> Queue:
        """Return the queue of a QueueUrl, whatever host the caller knows us by."""
        url = str(asked.get("QueueUrl", ""))
        queue = self._paths.get("/" + "/".join(url.split("/")[-2:]))
        if queue is None:
            raise Refusal("QueueDoesNotExist", "The specified queue does not exist.")
        return queue

    def _receive(self, queue: Queue, asked: Asked) -> Awaitable[Answer]:
        """ReceiveMessage: without messages the answer has no member Messages."""
        numbers = {name: _number(asked, name) for name in NUMBERS}
        return self._received(queue, asked, **numbers)

    async def _received(
        self, queue: Queue, asked: Asked, *, MaxNumberOfMessages: int, VisibilityTimeout: int, WaitTimeSeconds: int
    ) -> Answer:
        found = await queue.receive(MaxNumberOfMessages, VisibilityTimeout, WaitTimeSeconds)
        shown = [self._shown(message, asked) for message in found]
        return _answer(200, {"Messages": shown} if shown else {})

    def _shown(self, message: Message, asked: Asked) -> Mapping[str, Any]:
        """Return a message with the attributes that are asked for."""
        letter = message.letter
        shown: dict[str, Any] = {
            "MessageId": message.id,
            "ReceiptHandle": message.receipt,
            "MD5OfBody": _md5(letter.body.encode()),
            "Body": letter.body,
        }
        system = {
            "SenderId": self._account,
            "SentTimestamp": str(int(message.sent * 1000)),
            "ApproximateReceiveCount": str(message.received),
            "ApproximateFirstReceiveTimestamp": str(int(message.first_received * 1000)),
        }
        wanted = [*asked.get("AttributeNames", ()), *asked.get("MessageSystemAttributeNames", ())]
        kept = _chosen(system, wanted)
        if kept:
            shown["Attributes"] = {name: system[name] for name in kept}
        kept = _chosen(letter.attributes, asked.get("MessageAttributeNames", ()))
        if kept:
            shown["MD5OfMessageAttributes"] = _digest({name: letter.attributes[name] for name in kept})
            shown["MessageAttributes"] = {
                name: {"DataType": letter.attributes[name][0], "StringValue": letter.attributes[name][1]}
                for name in kept
            }
        return shown


def _delete(queue: Queue, asked: Asked) -> Answer:
    queue.delete(str(asked.get("ReceiptHandle", "")))
    return _answer(200, {})


def _purge(queue: Queue, asked: Asked) -> Answer:  # noqa: ARG001  an action
    queue.purge()
    return _answer(200, {})


def _asked(body: bytes) -> Asked:
    """Return the members of a request."""
    try:
        asked = json.loads(body or b"{}")
    except ValueError as error:
        raise Refusal("SerializationException", "The request is not JSON.") from error
    if not isinstance(asked, dict):
        raise Refusal("SerializationException", "The request is not a JSON object.")
    return asked  # pyright: ignore[reportUnknownVariableType]  any JSON object


def _number(asked: Asked, name: str) -> int:
    """Return a number that is asked for, or the usual one."""
    usual, least, most = NUMBERS[name]
    number = asked.get(name, usual)
    if not isinstance(number, int) or not least <= number <= most:
        text = f"Value {number} for parameter {name} is invalid. Reason: Must be between {least} and {most}."
        raise Refusal("InvalidParameterValue", text)
    return number


def _chosen(names: Iterable[str], wanted: Sequence[str]) -> list[str]:
    """Return which names are asked for: by name, by the begin of a name before ``.*``, or all of them."""
    begins = tuple(one.removesuffix("*").removesuffix(".") for one in wanted if one.endswith("*"))
    return [name for name in names if "All" in wanted or name in wanted or name.startswith(begins)]


def _digest(attributes: Mapping[str, tuple[str, str]]) -> str:
    """Return the digest of message attributes: by name, each part with its length before it."""

    def sized(text: str) -> bytes:
        return len(text.encode()).to_bytes(4, "big") + text.encode()

    parts = [
        sized(name) + sized(kind) + bytes([STRING]) + sized(value) for name, (kind, value) in sorted(attributes.items())
    ]
    return _md5(b"".join(parts))


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _answer(status: int, members: Mapping[str, Any]) -> Answer:
    headers = (("Content-Type", "application/x-amz-json-1.0"), ("x-amzn-RequestId", str(uuid.uuid4())))
    return Answer(status, headers, json.dumps(members).encode())


def _refused(status: int, refusal: Refusal) -> Answer:
    return _answer(status, {"__type": f"com.amazonaws.sqs#{refusal.name}", "message": refusal.message})
