"""What is sent to destinations and dead-letter queues, member by member as recorded 2025-11-24 to 27."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.reference.functions import LATEST
from conformance.reference.outcomes import error_of
from conformance.reference.schedule import Condition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome

ERROR_MESSAGE = 1024
"""Bytes of an error's text that a dead letter carries (docs)."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """How the delivery of an Event ended.

    Attributes:
        invocation: that was asked for.
        condition: how it ended.
        count: how often the function ran.
        outcome: of the last run; None when it never ran.
        ended: when, in UTC.
    """

    invocation: Invocation
    condition: Condition
    count: int
    outcome: Outcome | None
    ended: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A message for a queue: its body, and its attributes as name -> (type, value)."""

    body: str
    attributes: Mapping[str, tuple[str, str]]


def letters(delivered: Delivered) -> tuple[tuple[str, Letter], ...]:
    """Return what is sent, each with the word of its queue: to the destination of the end, and the dead letter."""
    fixture, succeeded = delivered.invocation.fixture, delivered.condition is Condition.SUCCESS
    destination = fixture.on_success if succeeded else fixture.on_failure
    sent = ((destination, record(delivered)),) if destination else ()
    letter = None if succeeded or not fixture.dead_letters else dead_letter(delivered)
    return sent if letter is None else (*sent, (fixture.dead_letters, letter))


def record(delivered: Delivered) -> Letter:
    """Return what a destination is told."""
    invocation = delivered.invocation
    content: dict[str, Any] = {
        "version": "1.0",
        "timestamp": delivered.ended.strftime("%Y-%m-%dT%H:%M:%S.") + f"{delivered.ended.microsecond // 1000:03d}Z",
        "requestContext": {
            "requestId": invocation.request_id,
            "functionArn": _qualified(invocation),
            "condition": delivered.condition,
            "approximateInvokeCount": delivered.count,
        },
        "requestPayload": invocation.event,
    }
    outcome = delivered.outcome
    if outcome is not None:
        error = {"functionError": "Unhandled"} if outcome.failed else {}
        content["responseContext"] = {"statusCode": 200, "executedVersion": invocation.version, **error}
        content["responsePayload"] = json.loads(outcome.payload)
    return Letter(json.dumps(content, separators=(",", ":")), {})


def _qualified(invocation: Invocation) -> str:
    """Return the ARN with a qualifier, even where the caller gave none."""
    unqualified = invocation.arn.endswith(f":function:{invocation.function_name}")
    return f"{invocation.arn}:{LATEST}" if unqualified else invocation.arn


def dead_letter(delivered: Delivered) -> Letter | None:
    """Return the dead letter of an Event: its payload as the caller sent it; None when the function never ran."""
    if delivered.outcome is None:
        return None
    _, message = error_of(delivered.outcome)
    return Letter(
        delivered.invocation.payload.decode(),
        {
            "RequestID": ("String", delivered.invocation.request_id),
            "ErrorCode": ("Number", "200"),
            "ErrorMessage": ("String", message.encode(errors="replace")[:ERROR_MESSAGE].decode(errors="ignore")),
        },
    )
