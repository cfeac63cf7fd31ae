"""Makes the queues that functions send to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.fixtures.parameters import TAGS
from conformance.fixtures.table import PREFIX
from conformance.targets.control_plane import CallFailed

if TYPE_CHECKING:
    from conformance.targets.control_plane import ControlPlane
    from conformance.targets.making import Maker
    from conformance.targets.removal import Removal


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue that was made.

    Attributes:
        url: as the target calls it; its host need not be one that can be reached.
        arn: as functions are told of it.
    """

    url: str
    arn: str


def make_queue(plane: ControlPlane, removal: Removal, maker: Maker, run: str, word: str) -> Queue:
    """Make a queue.

    Args:
        plane: of the target.
        removal: is told what is made.
        maker: calls, unless nothing more is to be made.
        run: a word that no other run uses.
        word: the queue's, of the table.

    Raises:
        CallFailed: the target has no queues, or none like this.
        Stopped: nothing more is to be made.
    """
    sqs: Any = plane.client("sqs")
    name = f"{PREFIX}{run}-{word}"
    made = maker.call(sqs.create_queue, QueueName=name, tags=TAGS)
    url = str(made.get("QueueUrl", ""))
    if not url:
        raise CallFailed("CreateQueue", name, " answered no QueueUrl")
    removal.note("queue", name, sqs.delete_queue, QueueUrl=url)
    found = maker.call(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["QueueArn"])
    arn = str(found.get("Attributes", {}).get("QueueArn", ""))
    if not arn:
        raise CallFailed("GetQueueAttributes", name, " answered no QueueArn")
    return Queue(url, arn)
