"""What the reference keeps is bounded: marks, messages, durable executions."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from conformance.contract.names import function_arn
from conformance.fixtures.table import FIXTURES
from conformance.reference import durable, marks, sinks
from conformance.reference.answer import Refusal
from conformance.reference.functions import Invocation
from conformance.reference.records import Letter

if TYPE_CHECKING:
    from collections.abc import Sequence

HOME = ("aws", "us-east-1", "123456789012")


def test_marks() -> None:
    """Under a key the oldest marks are forgotten; of the keys, the one that was used least recently."""
    kept = marks.Marks()
    for number in range(marks.MOST_MARKS + 5):
        kept("often").add(str(number))
    for number in range(marks.MOST_KEYS - 1):
        kept(f"key {number}").add("id")
        kept("often")

    assert (len(kept("often").read()), kept("often").read()[0]) == (marks.MOST_MARKS, "5")
    kept("one more").add("id")
    assert kept("key 1").read() == ["id"]
    assert kept("key 0").read() == []


def bodies(queue: sinks.Queue) -> Sequence[str]:
    """What is in a queue."""
    messages = asyncio.run(queue.receive(sinks.MOST_MESSAGES * 2, 0, 0))
    return [message.letter.body for message in messages]


def test_messages() -> None:
    """A queue loses its oldest messages."""
    queue = sinks.Queue()
    for number in range(sinks.MOST_MESSAGES + 5):
        queue.send(Letter(str(number), {}))

    found = bodies(queue)

    assert (len(found), found[0], found[-1]) == (sinks.MOST_MESSAGES, "5", str(sinks.MOST_MESSAGES + 4))


def test_large_messages() -> None:
    """A queue of large messages holds fewer, but always the last."""
    queue = sinks.Queue()
    large = "a" * (sinks.MOST_BYTES // 2)

    for name in "bcd":
        queue.send(Letter(large[:-1] + name, {}))
    assert [body[-1] for body in bodies(queue)] == ["c", "d"]

    queue.send(Letter("a" * (sinks.MOST_BYTES + 1), {}))
    assert [len(body) for body in bodies(queue)] == [sinks.MOST_BYTES + 1]


def invocation(payload: bytes) -> Invocation:
    """A call of a durable function."""
    name = "invoke-conformance-durable"
    return Invocation(
        FIXTURES["durable"], name, "1", function_arn(*HOME, name, "1"), "id", {}, payload, None, "trace", None
    )


def test_executions() -> None:
    """A name whose execution is forgotten may be used again; one that is kept may not."""

    async def run() -> None:
        executions = durable.Executions(HOME)
        for number in range(durable.MOST + 1):
            executions.enter(invocation(b"1"), f"name-{number}")
        executions.enter(invocation(b"2"), "name-0")
        with pytest.raises(Refusal, match="name-5"):
            executions.enter(invocation(b"2"), "name-5")

    asyncio.run(run())
