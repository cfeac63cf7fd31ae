"""The marks that calls of ``record`` leave under a key: what is known of them, and what a reader may be told.

Marks are files of one environment of the function, and a platform may have several. So a mark that is missing proves
nothing; one too many does, and one of a request that nobody sent. An Event alone is waited for, as in the authored
cases, and ``record`` is left alone until its mark is there, so that no second environment is called for. How often an
Event runs is left open: AWS documents that it may be delivered more than once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.cases.building import expect
from conformance.cases.model import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.cases.building import Expectation

ID = "header x-amzn-RequestId"


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of the marks under a key. All of them are of calls of one kind, so that it is clear what is wrong.

    Attributes:
        kind: effect of the calls that would leave a mark: ``mark``, ``event`` or ``dry-run``; empty before the first.
        steps: their numbers.
        seen: whether the marks were looked at since the last of them.
    """

    kind: str = ""
    steps: tuple[int, ...] = ()
    seen: bool = True

    def used(self, kind: str, step: int) -> Key:
        """Return what is known after one more call."""
        return Key(kind, (*self.steps, step), seen=False)


NEW = Key()
"""A key that nobody used."""
EFFECTS: Mapping[str, Callable[[Key, int], Key]] = {
    "mark": lambda key, step: key.used("mark", step),
    "event": lambda key, step: key.used("event", step),
    "dry-run": lambda key, step: key.used("dry-run", step),
    "wait": lambda key, _: key,
    "read": lambda key, _: replace(key, seen=True),
}
"""What a step makes of what is known: name -> function of that and the step's number."""
ALONE = frozenset({"mark", "event", "read"})
"""Effects of calls for which no Event may be on its way."""


def possible(effect: str, key: Key, *, pending: bool) -> bool:
    """Tell whether a call may be next, so that what it shows is certain.

    Args:
        effect: of the call.
        key: what is known of its key.
        pending: whether an Event is on its way to this very key.
    """
    if effect == "wait":
        return pending
    return bool(key.kind) if effect == "read" else key.kind in {"", effect}


def call(op: str, text: str, headers: tuple[tuple[str, str], ...] = (), **members: object) -> Call:
    """Return a call of ``record``.

    Args:
        op: ``mark`` or ``read``.
        text: of the key.
        headers: of the call.
        members: of the event beside these.
    """
    return Call("{record}", headers=headers, body=json.dumps({"op": op, "key": text, **members}).encode())


def marked() -> Expectation:
    """The answer of a call that left a mark."""
    return expect("invocation-types/default-is-synchronous", "json /marked", "equals", True)


def arrived() -> Expectation:
    """The marks under a key for which there was an Event, sooner or later."""
    return expect("invocation-types/event-runs", "json /count", "is at least", 1)


def bounded(key: Key) -> Expectation:
    """The marks under a key at any time: not more than there were calls that ran, and of those alone."""
    calls = [f"step {number} {ID}" for number in key.steps]
    once, idle = "invocation-types/synchronous-runs-once", "invocation-types/dry-run-does-not-run"
    own, of_event = "response-headers/request-id-is-the-functions", "invocation-types/event-runs-with-its-request-id"
    claims: Mapping[str, Expectation] = {
        "mark": (
            *expect(once, "json /count", "is at most", len(calls)),
            *expect(own, "json /request_ids", "are among", calls),
        ),
        "event": expect(of_event, "json /request_ids", "are among", calls),
        "dry-run": expect(idle, "json /count", "is at most", 0),
    }
    return claims[key.kind]
