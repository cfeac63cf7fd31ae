"""Cases of the area logs: what the end of a log holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.cases.behaviours import behaviours
from conformance.cases.building import TAIL, case, expect, fails_in_the_function, sequence, step, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.behaviours import Behaviour
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

HEADER = "header X-Amz-Log-Result"
REQUEST_ID = "header x-amzn-RequestId"
LAST_LINE = "last line of the log"
START = "^START RequestId: [0-9a-f-]{36} Version: 1\n"
SHORT = b'{"lines": 3}'
BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
SIGNS = b'{"message": "%b"}' % (b">" * 9 + b"?" * 9)
"""Has the function fail with a message whose base64 holds the two characters that other alphabets write otherwise."""
WIDE = 3000
"""How many letters of two bytes a message has so that they are fewer than 4 KiB, and their bytes more."""
FRAME = 512
"""Bytes that suffice for what the platform and the last line add to the numbered lines of a log."""
LINES = 200
"""How many numbered lines the fixture prints where nothing else is asked for."""


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the cases of logs that come back."""
    return (*_short(), *_long(contract.limits["log-result"]), *_of_failures(behaviours(contract)))


def line(number: int) -> str:
    """Return a line that the fixture prints."""
    return f"line {number:06d} of the log, padded to a fixed length\n"


def printed(first: int, end: int) -> str:
    """Return the numbered lines from one up to another, and the last line, without the end of it."""
    return "".join(map(line, range(first, end))) + LAST_LINE


def whole(version: str, output: str) -> str:
    """Return the pattern of a log that fits, with what the function printed."""
    return (
        rf"^START RequestId: (?P<id>[0-9a-f-]{{36}}) Version: {re.escape(version)}\n{re.escape(output)}"
        r"END RequestId: (?P=id)\nREPORT RequestId: (?P=id)\tDuration: [0-9.]+ ms\tBilled Duration: [0-9]+ ms\t"
        r"Memory Size: [0-9]+ MB\tMax Memory Used: [0-9]+ MB\t(Init Duration: [0-9.]+ ms\t)?\n"
    )


def _short() -> tuple[Case, ...]:
    there, framed, own = "logs/tail", "logs/start-end-report", "logs/own-call-only"
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
            "logs/base64",
            "The log is plain base64 in one line",
            Call("{log}", headers=TAIL, body=SHORT),
            succeeds(),
            expect("logs/base64", HEADER, "matches", BASE64),
        ),
        case(
            "logs/base64-of-signs",
            "So is one whose base64 has a plus and a solidus",
            Call("{raise}", headers=TAIL, body=SIGNS),
            fails_in_the_function(),
            expect("logs/base64", HEADER, "matches", BASE64),
        ),
        case(
            "logs/start-end-report",
            "A short log is framed by START, END and REPORT, all with the request id of the answer",
            Call("{log}", headers=TAIL, body=SHORT),
            succeeds(),
            expect(framed, "log", "matches", whole("$LATEST", f"{printed(0, 3)}\n")),
            expect(framed, "log", "contains", REQUEST_ID),
        ),
        case(
            "logs/silent-function",
            "The log of a function that prints nothing is the frame alone",
            Call("{nothing}", headers=TAIL),
            succeeds(),
            expect("logs/silent-function", "log", "matches", whole("$LATEST", "")),
        ),
        case(
            "logs/start-version",
            "START names the version that was asked for",
            Call("{versioned}", "Qualifier=1", headers=TAIL),
            succeeds(),
            expect("logs/start-version", "log", "matches", START),
        ),
        case(
            "logs/start-version-of-alias",
            "START names the version behind the alias that was asked for",
            Call("{versioned}", "Qualifier=live", headers=TAIL),
            succeeds(),
            expect("logs/start-version-of-alias", "log", "matches", START),
        ),
        sequence(
            "logs/own-call-only",
            "The log of a second call holds nothing of the first",
            step(Call("{log}", headers=TAIL, body=b'{"lines": 5}'), succeeds()),
            step(
                Call("{log}", headers=TAIL, body=b'{"lines": 1}'),
                succeeds(),
                expect(own, "log", "matches", re.escape(printed(0, 1))),
                expect(own, "log", "matches", f"(?s)^(?!.*{re.escape(line(1))})"),
                expect(own, "log", "matches", f"(?s)^(?!.*{LAST_LINE}.*{LAST_LINE})"),
            ),
        ),
        sequence(
            "logs/not-kept",
            "A call without Tail gets no log, though the call before got one",
            step(Call("{log}", headers=TAIL, body=SHORT), succeeds(), expect(there, HEADER, "is present")),
            step(Call("{log}", body=SHORT), succeeds(), expect("logs/none", HEADER, "is absent")),
        ),
    )


def _long(most: int) -> tuple[Case, ...]:
    size, end = "logs/last-4-kib", "logs/tail-is-the-end"
    fitting = (most - FRAME) // len(line(0))
    unbroken = re.escape(printed(LINES - fitting, LINES))
    return (
        case(
            "logs/fitting",
            "A log of a little less than 4 KiB comes back whole",
            Call("{log}", headers=TAIL, body=b'{"lines": %d}' % fitting),
            succeeds(),
            expect("logs/own-call-only", "log", "matches", re.escape(printed(0, fitting))),
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
            "logs/last-4-kib-of-many",
            "Of a log a hundred times as long at most the last 4 KiB come back, too",
            Call("{log}", headers=TAIL, body=b'{"lines": %d}' % (100 * fitting)),
            succeeds(),
            expect(size, "log size", "is at most", most),
            expect(end, "log", "matches", re.escape(printed(100 * fitting - 1, 100 * fitting))),
        ),
        case(
            "logs/last-4-kib-of-wide-letters",
            "Of a log whose letters are of two bytes at most the last 4 KiB come back, too",
            Call("{raise}", headers=TAIL, body=b'{"message": "%b"}' % ("é" * WIDE).encode()),
            fails_in_the_function(),
            expect(size, "log size", "is at most", most),
        ),
        case(
            "logs/end-unbroken",
            "The last lines of a long log come back without a gap",
            Call("{log}", headers=TAIL),
            succeeds(),
            expect("logs/end-unbroken", "log", "matches", unbroken),
        ),
        case(
            "logs/exactly-4-kib",
            "Of a long log 4 KiB come back to the byte",
            Call("{log}", headers=TAIL),
            succeeds(),
            expect("logs/exactly-4-kib", "log size", "equals", most),
        ),
    )


def _of_failures(rows: tuple[Behaviour, ...]) -> tuple[Case, ...]:
    raised = ("exception", "loading")
    failures = tuple(
        case(
            f"logs/tail-on-{row.name}",
            f"Tail brings the log of a function that {row.text}",
            Call(row.call.FunctionName, headers=TAIL, body=row.call.body),
            fails_in_the_function(),
            expect(f"logs/tail-on-{'function' if row.name in raised else 'platform'}-error", HEADER, "is present"),
        )
        for row in rows
        if row.fails
    )
    traceback = case(
        "logs/traceback",
        "The log of a function that raises has the exception and its traceback",
        Call("{raise}", headers=TAIL, body=b'{"message": "for the log"}'),
        fails_in_the_function(),
        expect(
            "logs/traceback",
            "log",
            "matches",
            r"\[ERROR\] Exception: for the log\nTraceback \(most recent call last\):\n",
        ),
    )
    return (*failures, traceback)
