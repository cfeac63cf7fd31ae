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
    """What is known of the marks under a key.

    Attributes:
        marks: numbers of the steps that ran the function and waited for it.
        events: numbers of the steps that left it an Event.
        idle: whether a dry run would have left a mark, had it run.
        seen: whether the marks were looked at since the last step that has to do with them.
    """

    marks: tuple[int, ...] = ()
    events: tuple[int, ...] = ()
    idle: bool = False
    seen: bool = True


NEW = Key()
"""A key that nobody used."""
EFFECTS: Mapping[str, Callable[[Key, int], Key]] = {
    "mark": lambda key, step: replace(key, marks=(*key.marks, step), seen=False),
    "event": lambda key, step: replace(key, events=(*key.events, step), seen=False),
    "dry-run": lambda key, _: replace(key, idle=True, seen=False),
    "wait": lambda key, _: key,
    "read": lambda key, _: replace(key, seen=True),
}
"""What a step makes of what is known: name -> function of that and the step's number."""
ALONE = frozenset({"mark", "event", "read"})
"""Effects of calls for which no Event may be on its way."""


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
    requirement = "invocation-types/dry-run-does-not-run" if key.idle else "invocation-types/synchronous-runs-once"
    most = () if key.events else expect(requirement, "json /count", "is at most", len(key.marks))
    calls = [f"step {number} {ID}" for number in sorted((*key.marks, *key.events))]
    whose = WHOSE[key.idle, bool(key.events)]
    return (*most, *(expect(whose, "json /request_ids", "are among", calls) if whose else ()))


WHOSE: Mapping[tuple[bool, bool], str] = {
    (False, False): "response-headers/request-id-is-the-functions",
    (False, True): "invocation-types/event-runs-with-its-request-id",
    (True, False): "invocation-types/dry-run-does-not-run",
    (True, True): "",
}
"""Whether there were dry runs, and Events -> what a mark of no call breaks; empty where it may be either."""
