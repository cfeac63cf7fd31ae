"""Cases of the area logs: without Tail, and beside what has no log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import (
    DRY_RUN,
    EVENT,
    TAIL,
    accepted,
    case,
    expect,
    fails_in_the_function,
    invalid,
    log_type,
    not_found,
    succeeds,
)
from conformance.cases.invocation_refusals import enumerated
from conformance.cases.logs import HEADER, SHORT
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the cases of answers without a log, and of log types that are none."""
    allowed = contract.operations["Invoke"].parameter("X-Amz-Log-Type").enum
    return (*_absent(), *_nothing_ran(), *_refused(allowed), *_unclear())


def _absent() -> tuple[Case, ...]:
    return (
        case(
            "logs/absent",
            "Without a log type there is no log",
            Call("{log}"),
            succeeds(),
            expect("logs/none", HEADER, "is absent"),
        ),
        case(
            "logs/none",
            "With the log type None there is no log",
            Call("{log}", headers=log_type("None")),
            succeeds(),
            expect("logs/none", HEADER, "is absent"),
        ),
        case(
            "logs/absent-on-exception",
            "Without a log type there is no log of a function that raises",
            Call("{raise}"),
            fails_in_the_function(),
            expect("logs/none-on-function-error", HEADER, "is absent"),
        ),
    )


def _nothing_ran() -> tuple[Case, ...]:
    return (
        case(
            "logs/tail-on-event",
            "The answer to Event brings no log",
            Call("{log}", headers=EVENT + TAIL),
            accepted(),
            expect("logs/not-on-event", HEADER, "is absent"),
        ),
        case(
            "logs/tail-on-dry-run",
            "The answer to DryRun brings no log",
            Call("{log}", headers=DRY_RUN + TAIL),
            expect("status-codes/dry-run-204", "status", "equals", 204),
            expect("logs/not-on-dry-run", HEADER, "is absent"),
        ),
        case(
            "logs/tail-on-refusal",
            "A refusal brings no log",
            Call("{missing}", headers=TAIL, body=SHORT),
            not_found("names/unknown-function"),
            expect("logs/not-on-refusal", HEADER, "is absent"),
            twin="logs/tail",
        ),
    )


def _refused(allowed: tuple[str, ...]) -> tuple[Case, ...]:
    unknown, checked = "logs/unknown-type", "logs/checked-on-event"
    rows = {
        "unknown-type": ("Head", "A log type that is not in the enumeration"),
        "wrong-case": ("tail", "A log type in lower case"),
        "upper-case": ("TAIL", "A log type in upper case"),
        "wrong-case-of-none": ("none", "The log type None in lower case"),
    }
    synchronous = tuple(
        case(
            f"logs/{name}",
            f"{what} is refused, and the message names it",
            Call("{log}", headers=log_type(value), body=SHORT),
            invalid(unknown),
            expect(f"{unknown}-message", "error message", "matches", enumerated(value, "logType", allowed)),
            twin="logs/tail",
        )
        for name, (value, what) in rows.items()
    )
    event = case(
        "logs/unknown-type-on-event",
        "A log type that is not in the enumeration is refused beside Event, too",
        Call("{log}", headers=EVENT + log_type("Head")),
        invalid(checked),
        twin="logs/tail-on-event",
    )
    return (*synchronous, event)


def _unclear() -> tuple[Case, ...]:
    """What the service does is not recorded; what it can't do is clear."""
    rows = {
        "empty": ("An empty log type", log_type(""), "logs/empty-value"),
        "repeated": ("Tail, twice", TAIL + TAIL, "logs/repeated"),
        "contradicting": ("Tail and None", TAIL + log_type("None"), "logs/repeated"),
    }
    return tuple(
        case(
            f"logs/{name}",
            f"{what}, is taken for what it says, or refused",
            Call("{log}", headers=headers, body=SHORT),
            expect(requirement, "status", "is one of", [200, 400]),
        )
        for name, (what, headers, requirement) in rows.items()
    )
