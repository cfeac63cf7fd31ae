"""Cases of the area routing that are about connections: kept open, pipelined, of an older version, held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import (
    DRY_RUN,
    EVENT,
    accepted,
    case,
    expect,
    fails_in_the_function,
    not_found,
    sequence,
    step,
    succeeds,
)
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

OPEN, STAYS = "routing/keep-alive", "connection stays open"
MANY = 100
"""Calls over one connection."""


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases about connections."""
    return (*_kept_open(), *_pipelined(), *_old_version(), _held())


def _numbered(number: int) -> bytes:
    return b'{"number": %d}' % number


def _answers(requirement: str, number: int) -> Expectation:
    """The echo of a numbered call; tells the answers to several apart."""
    return expect(requirement, "status", "equals", 200) + expect(requirement, "json", "equals", {"number": number})


def _kept_open() -> tuple[Case, ...]:
    stays = expect(OPEN, STAYS, "equals", True)
    long = "routing/keep-alive-long"
    return (
        sequence(
            "routing/keep-alive",
            "Two calls go over one connection",
            step(Call(body=_numbered(1)), succeeds(), stays),
            step(Call(body=_numbered(2)), _answers(OPEN, 2)),
        ),
        sequence(
            "routing/keep-alive-after-refusal",
            "A connection is kept open after a refusal",
            step(Call("{missing}"), not_found("names/unknown-function"), stays),
            step(Call(body=_numbered(2)), _answers(OPEN, 2)),
        ),
        sequence(
            "routing/keep-alive-after-empty-answers",
            "A connection is kept open after answers without a body",
            step(Call(headers=EVENT), accepted(), stays),
            step(Call(headers=DRY_RUN), expect("status-codes/dry-run-204", "status", "equals", 204)),
            step(Call(body=_numbered(3)), _answers(OPEN, 3)),
        ),
        sequence(
            "routing/keep-alive-after-function-error",
            "A connection is kept open after a function has failed",
            step(Call("{raise}"), fails_in_the_function(), stays),
            step(Call(body=_numbered(2)), _answers(OPEN, 2)),
        ),
        sequence(
            "routing/keep-alive-100",
            f"{MANY} calls in a row are answered rightly over a connection that stays open",
            step(Call(body=_numbered(1)), _answers(OPEN, 1), repeat=MANY - 1),
            step(Call(body=_numbered(MANY)), _answers(OPEN, MANY), expect(long, STAYS, "equals", True)),
        ),
    )


def _pipelined() -> tuple[Case, ...]:
    ordered = "routing/pipelining"
    return (
        sequence(
            "routing/pipelining",
            "Three calls in one write are answered in their order",
            *(step(Call(body=_numbered(n)), _answers(ordered, n), pipelined=n > 1) for n in (1, 2, 3)),
        ),
        sequence(
            "routing/pipelining-slow-first",
            "Of two calls in one write the first is answered first, though its function takes longer",
            step(
                Call("{sleep}", body=b'{"seconds": 0.2}'),
                expect(ordered, "status", "equals", 200),
                expect(ordered, "json", "equals", None),
            ),
            step(Call(body=_numbered(2)), _answers(ordered, 2), pipelined=True),
        ),
        sequence(
            "routing/pipelining-around-refusal",
            "A refusal between two calls in one write stands between their answers",
            step(Call(body=_numbered(1)), _answers(ordered, 1)),
            step(Call("{missing}"), not_found("names/unknown-function"), pipelined=True),
            step(Call(body=_numbered(3)), _answers(ordered, 3), pipelined=True),
        ),
    )


def _old_version() -> tuple[Case, ...]:
    old = "routing/http-1-0"
    return (
        case(
            "routing/http-1-0",
            "A call in HTTP/1.0 is answered, without chunks, and the connection is closed",
            Call(body=_numbered(1), version="HTTP/1.0"),
            _answers(old, 1),
            expect(old, "header Transfer-Encoding", "is absent"),
            expect(old, STAYS, "equals", False),
        ),
    )


def _held() -> Case:
    waits = "routing/waits-for-the-result"
    return case(
        "routing/waits-for-the-result",
        "The result of a function that takes its time comes with the answer",
        Call("{sleep}", body=b'{"seconds": 0.2}'),
        succeeds(waits),
        expect(waits, "json", "equals", None),
    )
