"""Cases of the area logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import (
    EVENT,
    TAIL,
    accepted,
    case,
    expect,
    fails_in_the_function,
    invalid,
    log_type,
    succeeds,
)
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

HEADER = "header X-Amz-Log-Result"
LAST_LINE = "last line of the log"
SHORT = b'{"lines": 3}'
WHOLE_LOG = (
    r"(?s)^START RequestId: (?P<id>[0-9a-f-]{36}) Version: \$LATEST\n.*END RequestId: (?P=id)\n"
    r"REPORT RequestId: (?P=id)\tDuration: [0-9.]+ ms\tBilled Duration: \d+ ms\tMemory Size: \d+ MB\t"
    r"Max Memory Used: \d+ MB\t"
)


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    return (*_tail(contract.limits["log-result"]), *_absent(), *_refused())


def _tail(most: int) -> tuple[Case, ...]:
    there, size, end = "logs/tail", "logs/last-4-kib", "logs/tail-is-the-end"
    return (
        case(
            "logs/tail",
            "Tail brings the log, with what the function printed",
            Call("{log}", headers=TAIL, body=SHORT),
            succeeds(),
            expect(there, HEADER, "is present"),
            expect("logs/tail-contains-output", "log", "matches", LAST_LINE),
        ),
        case(
            "logs/start-end-report",
            "A short log is framed by START, END and REPORT, all with one request id",
            Call("{log}", headers=TAIL, body=SHORT),
            succeeds(),
            expect("logs/start-end-report", "log", "matches", WHOLE_LOG),
        ),
        case(
            "logs/last-4-kib",
            "Of a long log at most the last 4 KiB come back, the last line among them",
            Call("{log}", headers=TAIL),
            succeeds(),
            expect(size, "log size", "is at most", most),
            expect(size, "log size", "is at least", most // 2),
            expect(end, "log", "matches", LAST_LINE),
        ),
        case(
            "logs/tail-on-function-error",
            "Tail brings the log of a function that raises",
            Call("{raise}", headers=TAIL),
            fails_in_the_function(),
            expect("logs/tail-on-function-error", HEADER, "is present"),
        ),
    )


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
            "logs/tail-on-event",
            "The answer to Event brings no log",
            Call("{log}", headers=EVENT + TAIL),
            accepted(),
            expect("logs/not-on-event", HEADER, "is absent"),
        ),
    )


def _refused() -> tuple[Case, ...]:
    return (
        case(
            "logs/unknown-type",
            "A log type that is not in the enumeration is refused",
            Call("{log}", headers=log_type("Head"), body=SHORT),
            invalid("logs/unknown-type"),
            twin="logs/tail",
        ),
        case(
            "logs/wrong-case",
            "A log type in the wrong case is refused",
            Call("{log}", headers=log_type("tail"), body=SHORT),
            invalid("logs/unknown-type"),
            twin="logs/tail",
        ),
    )
