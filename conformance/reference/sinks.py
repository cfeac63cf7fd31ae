"""Queues that destinations and dead letters end in: at least once, hidden while somebody reads, and bounded."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.reference.records import Letter

MOST_MESSAGES = 10
"""Messages that a queue holds; the oldest is lost first."""
MOST_BYTES = 32 << 20
"""Bytes of their bodies together."""


@dataclass(slots=True)
class Message:
    """A message in a queue.

    Attributes:
        letter: body and attributes.
        id: of the message.
        sent: when, in seconds since the epoch.
        received: how often.
        first_received: when for the first time.
        receipt: of the last time; whoever has it may delete the message.
        hidden_until: when others see it again, by the monotonic clock.
    """

    letter: Letter
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent: float = field(default_factory=time.time)
    received: int = 0
    first_received: float = 0.0
    receipt: str = ""
    hidden_until: float = 0.0


class Queue:
    """One queue."""

    def __init__(self) -> None:
        self._messages: deque[Message] = deque()
        self._bytes = 0
        self._arrived = asyncio.Event()

    def send(self, letter: Letter) -> None:
        """Put a message behind the others."""
        self._messages.append(Message(letter))
        self._bytes += len(letter.body)
        while len(self._messages) > MOST_MESSAGES or (self._bytes > MOST_BYTES and len(self._messages) > 1):
            self._bytes -= len(self._messages.popleft().letter.body)
        self._arrived.set()

    async def receive(self, most: int, hide: float, wait: float) -> list[Message]:
        """Return visible messages and hide them from others; wait for the first when there is none.

        Args:
            most: messages to return.
            hide: seconds for which others don't see them.
            wait: seconds to wait for one.
        """
        until = time.monotonic() + wait
        while not (found := self._take(most, hide)) and (left := until - time.monotonic()) > 0:
            await self._change(left)
        return found

    def _take(self, most: int, hide: float) -> list[Message]:
        now = time.monotonic()
        found = [message for message in self._messages if message.hidden_until <= now][:most]
        for message in found:
            message.received += 1
            message.first_received = message.first_received or time.time()
            message.receipt = str(uuid.uuid4())
            message.hidden_until = now + hide
        return found

    async def _change(self, seconds: float) -> None:
        """Wait until a message arrives or one becomes visible again."""
        self._arrived.clear()
        visible = min((message.hidden_until for message in self._messages), default=float("inf"))
        pause = max(min(seconds, visible - time.monotonic()), 0)
        try:
            await asyncio.wait_for(self._arrived.wait(), pause)
        except TimeoutError:
            return

    def delete(self, receipt: str) -> None:
        """Delete the message that was received with a receipt; one that is gone is no error."""
        self._keep(message for message in self._messages if message.receipt != receipt)

    def purge(self) -> None:
        """Delete all messages."""
        self._keep(())

    def _keep(self, messages: Iterable[Message]) -> None:
        self._messages = deque(messages)
        self._bytes = sum(len(message.letter.body) for message in self._messages)
