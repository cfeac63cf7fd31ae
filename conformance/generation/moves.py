"""What a client does in a sequence: a table of moves, each one call.

What holds of every such call, wherever it stands, is the oracle's affair. A move adds what only a sequence can show:
values that name their step, so that those of another call are told apart, and the marks that calls leave.

Aliases stay where they are: only a control plane moves them, and other cases under way call by them.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.cases.building import (
    DRY_RUN,
    EVENT,
    expect,
    fails_in_the_function,
    invocation_type,
    log_type,
    succeeds,
)
from conformance.cases.logs import LAST_LINE, line, printed
from conformance.cases.model import Call
from conformance.cases.qualifiers import ARN_SEEN, runs
from conformance.generation import marks
from conformance.generation.marks import NEW
from conformance.oracle.answers import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.cases.building import Expectation
    from conformance.generation.marks import Key

MOST_LINES = 40
"""The log of fewer lines fits."""
ARN = "arn:{partition}:lambda:{region}:{account}:function:"


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a move stands.

    Attributes:
        number: of the step, from 1.
        tail: whether the log is asked for.
        key: the text of the key, for a move that has to do with marks.
        known: of the marks under it, before the move.
        before: ids of the moves before it.
    """

    number: int
    tail: bool = False
    key: str = ""
    known: Key = NEW
    before: frozenset[str] = frozenset()


def _nothing(_: Turn) -> Expectation:
    return ()


@dataclass(frozen=True, slots=True)
class Move:
    """One call of a client.

    Attributes:
        id: ``function/form``.
        text: what it is, in a few words.
        call: what is sent, but for the header that asks for the log.
        own: what must hold beside what the oracle says.
        effect: on the marks under a key, of EFFECTS; empty for none.
        plain: whether it is the plainest call of its function, to which nothing of others may stick.
        capabilities: what the target must claim.
    """

    id: str
    text: str
    call: Callable[[Turn], Call]
    own: Callable[[Turn], Expectation] = _nothing
    effect: str = ""
    plain: bool = False
    capabilities: tuple[str, ...] = ()

    @property
    def function(self) -> str:
        """The first part of the id."""
        return self.id.partition("/")[0]


def _always(call: Call) -> Callable[[Turn], Call]:
    return lambda _: call


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


_ECHO = (
    Move("echo/no-body", "echo without a body", _always(Call(body=b"")), plain=True),
    Move("echo/step", "echo of the step", lambda turn: Call(body=_json({"step": turn.number}))),
    Move("echo/same", "echo of the same as ever", _always(Call(body=b'{"always": ["the same", 1]}'))),
    Move("echo/text", "echo of a text", lambda turn: Call(body=_json(f"step {turn.number}"))),
    Move("echo/event", "Event of echo", lambda turn: Call(headers=EVENT, body=_json({"event": turn.number}))),
    Move("echo/dry-run", "dry run of echo", lambda turn: Call(headers=DRY_RUN, body=_json({"dry": turn.number}))),
    Move("nothing/plain", "nothing", _always(Call("{nothing}"))),
)


def _raised(message: str) -> Expectation:
    """A failure with its message."""
    payload = "function-errors/exception-payload"
    told = expect(payload, "json /errorMessage", "equals", message)
    return (*fails_in_the_function(), *told, *expect(payload, "json /errorType", "equals", "Exception"))


_RAISE = (
    Move(
        "raise/step",
        "an exception that names the step",
        lambda turn: Call("{raise}", body=_json({"message": f"raised in step {turn.number}"})),
        lambda turn: _raised(f"raised in step {turn.number}"),
    ),
)


def _versioned(form: str, FunctionName: str, query: str, own: Expectation) -> Move:
    text = f"versioned, {'unqualified' if form == 'plain' else form}"
    return Move(f"versioned/{form}", text, _always(Call(FunctionName, query)), lambda _: own, plain=form == "plain")


def _seen(requirement: str, behind: str) -> Expectation:
    """The ARN through which the function is called, as it is told."""
    return expect(requirement, ARN_SEEN, "equals", f"{ARN}{{versioned}}{behind}")


_UNQUALIFIED, _VERSION = "qualifiers/unqualified-arn-seen-by-function", "qualifiers/version-arn-seen-by-function"
_VERSIONED = (
    _versioned(
        "plain",
        "{versioned}",
        "",
        succeeds()
        + expect("response-headers/executed-version", VERSION, "equals", "$LATEST")
        + expect(_UNQUALIFIED, "json /version", "equals", "$LATEST")
        + _seen(_UNQUALIFIED, ""),
    ),
    _versioned("1", "{versioned}", "Qualifier=1", runs("qualifiers/version", "1") + _seen(_VERSION, ":1")),
    _versioned("2", "{versioned}", "Qualifier=2", runs("qualifiers/version", "2") + _seen(_VERSION, ":2")),
    _versioned(
        "live",
        "{versioned}",
        "Qualifier=live",
        runs("qualifiers/alias", "1") + _seen("qualifiers/alias-arn-seen-by-function", ":live"),
    ),
    _versioned("suffix-2", "{versioned}:2", "", runs("qualifiers/suffix", "2")),
    _versioned("$LATEST", "{versioned}", "Qualifier=$LATEST", runs("qualifiers/latest", "$LATEST")),
    Move("versioned/event", "Event of versioned, live", _always(Call("{versioned}", "Qualifier=live", headers=EVENT))),
    Move("versioned/dry-run", "dry run of versioned, 2", _always(Call("{versioned}", "Qualifier=2", headers=DRY_RUN))),
)
_NO_CONTEXT = expect("client-context/absent-is-null", "json /client_context", "equals", None)


def _context(turn: Turn) -> tuple[tuple[str, str], ...]:
    """Return a client context that names the step."""
    value = base64.b64encode(_json({"custom": {"step": turn.number}})).decode()
    return (("X-Amz-Client-Context", value),)


_CONTEXT = (
    Move(
        "context/plain",
        "context",
        _always(Call("{context}")),
        lambda _: succeeds() + _NO_CONTEXT,
        plain=True,
    ),
    Move(
        "context/custom",
        "context with one of the client",
        lambda turn: Call("{context}", headers=_context(turn)),
        lambda turn: (
            *succeeds(),
            *expect("client-context/round-trip", "json /client_context/custom", "equals", {"step": turn.number}),
        ),
    ),
    Move(
        "context/event", "Event with a client context", lambda turn: Call("{context}", headers=EVENT + _context(turn))
    ),
)


def _lines(turn: Turn) -> int:
    """Return how many lines are printed: another number from step to step, and few enough for the log to fit."""
    return turn.number % MOST_LINES


def _log(turn: Turn) -> Expectation:
    """The result of the function, and what it printed where the log is asked for: all of it, once, and nothing else."""
    result = succeeds() + expect("payload/round-trip", "json", "equals", {"last": LAST_LINE})
    output, beyond, own = printed(0, _lines(turn)), line(_lines(turn)), "logs/own-call-only"
    log = (
        *expect(own, "log", "matches", re.escape(output)),
        *expect(own, "log", "matches", f"(?s)^(?!.*{re.escape(beyond)})"),
        *expect(own, "log", "matches", f"(?s)^(?!.*{LAST_LINE}.*{LAST_LINE})"),
    )
    return result + log if turn.tail else result


_LOG = (
    Move(
        "log/lines",
        "lines of log",
        lambda turn: Call("{log}", body=_json({"lines": _lines(turn)})),
        _log,
        plain=True,
    ),
)


def _works(turn: Turn) -> Expectation:
    """The function succeeds, whatever happened to it before."""
    if FAILING not in turn.before:
        return succeeds()
    again = "function-errors/next-call-unharmed"
    return expect(again, "status", "equals", 200) + expect(again, "header X-Amz-Function-Error", "is absent")


FAILING = "record/fail"
_RECORD = (
    Move(
        "record/mark",
        "mark",
        lambda turn: marks.call("mark", turn.key),
        lambda turn: _works(turn) + marks.marked(),
        effect="mark",
    ),
    Move(
        FAILING,
        "mark, then fail",
        lambda turn: marks.call("mark", turn.key, fail=True, message=f"failed in step {turn.number}"),
        lambda turn: _raised(f"failed in step {turn.number}"),
        effect="mark",
    ),
    Move("record/dry-run", "dry run of a mark", lambda turn: marks.call("mark", turn.key, DRY_RUN), effect="dry-run"),
    Move("record/event", "Event of a mark", lambda turn: marks.call("mark", turn.key, EVENT), effect="event"),
    Move(
        "record/wait",
        "wait for the Event's mark",
        lambda turn: marks.call("read", turn.key),
        lambda turn: _works(turn) + marks.arrived(),
        effect="wait",
    ),
    Move(
        "record/read",
        "read the marks",
        lambda turn: marks.call("read", turn.key),
        lambda turn: _works(turn) + marks.bounded(turn.known),
        effect="read",
    ),
)
_REFUSED = tuple(
    Move(f"refused/{form}", text, _always(call))
    for form, text, call in (
        ("function", "an unknown function", Call("{missing}")),
        ("name", "an illegal name", Call("no!such")),
        ("alias", "an unknown alias", Call("{versioned}", "Qualifier=no-such-alias")),
        ("qualifiers", "qualifiers that disagree", Call("{versioned}:1", "Qualifier=2")),
        ("type", "an unknown invocation type", Call(headers=invocation_type("Sync"))),
        ("log-type", "an unknown log type", Call(headers=log_type("Head"))),
        ("body", "a body that is no JSON", Call(body=b'{"step": ')),
        ("event-body", "an Event whose body is no JSON", Call(headers=EVENT, body=b'{"step": ')),
        (
            "context",
            "a client context that is none",
            Call("{context}", headers=(("X-Amz-Client-Context", "bm9uZQ=="),)),
        ),
    )
)


def _tenant(name: str) -> Move:
    call = Call("{tenant}", headers=(("X-Amz-Tenant-Id", name),))
    seen = expect("tenant/seen-by-function", "json /tenant_id", "equals", name)
    return Move(
        f"tenant/{name}",
        f"tenant {name}",
        _always(call),
        lambda _: succeeds() + seen,
        capabilities=("tenancy",),
    )


_TENANT = (
    _tenant("blue"),
    _tenant("green"),
    Move("tenant/none", "no tenant where one is needed", _always(Call("{tenant}")), capabilities=("tenancy",)),
)

MOVES: Mapping[str, Move] = {
    move.id: move for move in (*_ECHO, *_RECORD, *_VERSIONED, *_CONTEXT, *_LOG, *_RAISE, *_TENANT, *_REFUSED)
}
"""Id -> move; within a function the simpler ones first."""
PLAIN: Mapping[str, Move] = {move.function: move for move in MOVES.values() if move.plain}
"""Function -> its plainest move."""
