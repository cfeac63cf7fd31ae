"""Faults of which part of a log comes back, and of what stands in it."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.faults.building import around, limits, outcome
from conformance.reference.faults.editing import set_header, value
from conformance.reference.faults.model import Fault
from conformance.reference.logs import log_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.answer import Answer
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change, Result
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome

RESULT = "X-Amz-Log-Result"
MOST = 4096
KIB = 1024
GAP = 40
"""Lines before the end of a log, of which some get lost."""
ID = rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ANOTHER = b"11111111-2222-3333-4444-555555555555"


def encoded(log: bytes) -> str:
    """Return a log as its header has it."""
    return base64.b64encode(log).decode()


def returned(cut: Callable[[bytes], bytes], encode: Callable[[bytes], str] = encoded) -> Change:
    """Answer with another part of the log where it was asked for, or write it in another way."""

    def wrap(result: Result) -> Result:
        def broken(call: Call, invocation: Invocation, found: Outcome) -> Answer:
            given = result(call, invocation, found)
            if value(given, RESULT) is None:
                return given
            return set_header(given, RESULT, encode(cut(log_of(invocation, found))))

        return broken

    return around("result", wrap)


def _end(log: bytes) -> bytes:
    return log[-MOST:]


def _written(pattern: bytes, text: bytes) -> Change:
    """Write something into a log in another way, before its end is taken."""
    return returned(lambda log: _end(re.sub(pattern, text, log)))


def _printed(alter: Callable[[Outcome], str]) -> Change:
    """Change what a function wrote to its log."""
    return outcome(lambda _, found: replace(found, printed=alter(found)))


def _with_gap(found: Outcome) -> str:
    lines = found.printed.splitlines(keepends=True)
    return "".join(lines[: -2 * GAP] + lines[-GAP:]) if len(lines) > 2 * GAP else found.printed


PART = (
    Fault(
        "logs/head",
        "brings the first 4 KiB of a longer log",
        ("logs/tail-is-the-end",),
        returned(lambda log: log[:MOST]),
    ),
    Fault("logs/a-byte-more", "brings 4,097 bytes of a longer log", ("logs/last-4-kib",), limits(log_result=MOST + 1)),
    Fault(
        "logs/whole",
        "brings the whole log, however long it is",
        ("logs/last-4-kib",),
        limits(log_result=1 << 30),
        seen="moto 5.2.5 with Docker",
    ),
    Fault("logs/1-kib", "brings the last KiB of a longer log", ("logs/last-4-kib",), limits(log_result=KIB)),
    Fault(
        "logs/ten-lines",
        "brings the last ten lines of a log",
        ("logs/last-4-kib", "logs/own-call-only"),
        returned(lambda log: b"".join(log.splitlines(keepends=True)[-10:])),
    ),
    Fault(
        "logs/4-kib-of-base64",
        "brings as much of a log as 4 KiB of base64 hold",
        ("logs/end-unbroken",),
        limits(log_result=MOST // 4 * 3),
    ),
    Fault(
        "logs/plain",
        "brings the log as plain text, in one line",
        ("logs/base64",),
        returned(_end, lambda log: log.decode(errors="replace").replace("\n", " ").replace("\t", " ")),
    ),
    Fault(
        "logs/without-padding",
        "leaves the padding of base64 out",
        ("logs/base64",),
        returned(_end, lambda log: encoded(log).rstrip("=")),
    ),
    Fault(
        "logs/folded",
        "folds the base64 of a log every 76 characters",
        ("logs/base64",),
        returned(_end, lambda log: re.sub("(.{76})(?=.)", r"\1 ", encoded(log))),
    ),
)


CONTENT = (
    Fault(
        "logs/output-alone",
        "brings what the function printed, without START, END and REPORT",
        ("logs/start-end-report", "logs/silent-function"),
        _written(rb"START RequestId.*\n|END RequestId.*\n|REPORT RequestId.*\n", b""),
        seen="ministack 1.5.33",
    ),
    Fault(
        "logs/frame-alone",
        "brings START, END and REPORT, without what the function printed",
        ("logs/tail-contains-output",),
        _printed(lambda _: ""),
    ),
    Fault(
        "logs/no-start",
        "leaves START out of the log",
        ("logs/start-end-report", "logs/start-version"),
        _written(rb"START RequestId.*\n", b""),
    ),
    Fault(
        "logs/no-report",
        "leaves REPORT out of the log",
        ("logs/start-end-report",),
        _written(rb"REPORT RequestId.*\n", b""),
    ),
    Fault(
        "logs/report-without-billing",
        "leaves the duration that is billed out of REPORT",
        ("logs/start-end-report",),
        _written(rb"\tBilled Duration: \d+ ms", b""),
    ),
    Fault(
        "logs/request-id-of-another",
        "writes another request id into the log than the answer's",
        ("logs/start-end-report",),
        _written(rb"(?<=RequestId: )" + ID, ANOTHER),
    ),
    Fault(
        "logs/start-of-latest",
        "calls every version $LATEST in START",
        ("logs/start-version",),
        _written(rb"(?<=Version: )\d+", b"$LATEST"),
    ),
    Fault(
        "logs/lines-twice",
        "writes each line of a log twice",
        ("logs/own-call-only",),
        _printed(lambda found: "".join(line * 2 for line in found.printed.splitlines(keepends=True))),
    ),
    Fault("logs/gap", "loses lines of a long log on the way", ("logs/end-unbroken",), _printed(_with_gap)),
    Fault(
        "logs/no-traceback",
        "leaves the traceback of an exception out of the log",
        ("logs/traceback",),
        _printed(lambda found: found.printed.partition("[ERROR]")[0]),
    ),
    Fault(
        "logs/traceback-unmarked",
        "writes a traceback into the log without [ERROR] and the exception before it",
        ("logs/traceback",),
        _printed(lambda found: re.sub(r"\[ERROR\].*\n", "", found.printed)),
        seen="ministack 1.5.33",
    ),
)


FAULTS = (*PART, *CONTENT)
