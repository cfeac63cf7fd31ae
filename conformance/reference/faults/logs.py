"""Faults of logs: whether there is one, which part of it comes back, and what stands in it."""

from __future__ import annotations

import base64
import json
import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.answer import Answer
from conformance.reference.checks import check_constraints
from conformance.reference.faults.building import answer, around, gate, header, limits, of, outcome, parameter
from conformance.reference.faults.editing import is_error, is_result, set_header, value, values
from conformance.reference.faults.model import Fault
from conformance.reference.logs import log_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.exchange.message import Request
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change, Result
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome
    from conformance.reference.service import Stages

TYPE = "X-Amz-Log-Type"
RESULT = "X-Amz-Log-Result"
MOST = 4096
KIB = 1024
GAP = 40
"""Lines before the end of a log, of which some get lost."""
ID = rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ANOTHER = b"11111111-2222-3333-4444-555555555555"


def _base64(log: bytes) -> str:
    return base64.b64encode(log).decode()


def _returned(cut: Callable[[bytes], bytes], encode: Callable[[bytes], str] = _base64) -> Change:
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
    return _returned(lambda log: _end(re.sub(pattern, text, log)))


def _printed(alter: Callable[[Outcome], str]) -> Change:
    """Change what a function wrote to its log."""
    return outcome(lambda _, found: replace(found, printed=alter(found)))


def _with_gap(found: Outcome) -> str:
    lines = found.printed.splitlines(keepends=True)
    return "".join(lines[: -2 * GAP] + lines[-GAP:]) if len(lines) > 2 * GAP else found.printed


def _accumulated(unbroken: Stages, _: Setting) -> Stages:
    """Keep what earlier calls of a function wrote."""
    before: defaultdict[str, str] = defaultdict(str)

    def result(call: Call, invocation: Invocation, found: Outcome) -> Answer:
        before[invocation.function_name] += found.printed
        return unbroken.result(call, invocation, replace(found, printed=before[invocation.function_name]))

    return replace(unbroken, result=result)


def _asked(*texts: str) -> Callable[[Request, Answer], bool]:
    """Tell the answers of functions to requests of some log types; an empty text stands for none."""
    return lambda request, given: is_result(request, given) and (request.header(TYPE) or ("",))[0] in texts


def _with(when: Callable[[Request, Answer], bool], log: bytes = b"START RequestId: \n") -> Change:
    return answer(lambda given: set_header(given, RESULT, _base64(log)), when)


def _in_any_case(call: Call) -> Mapping[str, str]:
    given = call.values.get(TYPE)
    return call.values if given is None else {**call.values, TYPE: given.capitalize()}


def _not_on_event(call: Call) -> None:
    if call.InvocationType == "Event":
        call = replace(call, values={name: text for name, text in call.values.items() if name != TYPE})
    check_constraints(call)


def _by_the_platform(request: Request, given: Answer) -> bool:
    return is_error(request, given) and b"stackTrace" not in given.body


def _not_implemented(given: Answer) -> Answer:
    text = {"Type": "LocalService", "Message": "log-type: Tail is not supported. None is only supported."}
    headers = (("Content-Type", "application/json"), ("x-amzn-errortype", "NotImplemented"))
    return Answer(501, headers, json.dumps(text).encode())


def _tail_asked(request: Request, _: Answer) -> bool:
    return request.header(TYPE) == ("Tail",)


PRESENCE = (
    Fault(
        "logs/no-log",
        "brings no log, whatever is asked for",
        ("logs/tail",),
        header(RESULT, None),
        seen="moto 5.2.5 without Docker, serverless-offline 14.8.2",
    ),
    Fault(
        "logs/tail-501",
        "answers 501 where the log is asked for",
        ("logs/tail",),
        answer(_not_implemented, _tail_asked),
        seen="SAM local 1.170.0",
    ),
    Fault("logs/always", "brings the log unasked", ("logs/none",), _with(_asked("", "None"))),
    Fault(
        "logs/always-on-error",
        "brings the log unasked where the function fails",
        ("logs/none-on-function-error",),
        _with(lambda request, given: is_error(request, given) and _asked("", "None")(request, given)),
    ),
    Fault(
        "logs/empty-without-tail",
        "brings an empty log where none was asked for",
        ("logs/none",),
        _with(_asked("", "None"), b""),
        seen="localstack 2.3.2",
    ),
    Fault("logs/none-is-tail", "takes None for Tail", ("logs/none",), _with(_asked("None"))),
    Fault("logs/on-event", "brings a log with the answer to an Event", ("logs/not-on-event",), _with(of(202))),
    Fault(
        "logs/on-dry-run",
        "brings an empty log with the answer to a dry run",
        ("logs/not-on-dry-run",),
        _with(of(204), b""),
        seen="localstack 2.3.2",
    ),
    Fault(
        "logs/not-on-error",
        "brings no log where the function fails",
        ("logs/tail-on-function-error",),
        header(RESULT, None, is_error),
    ),
    Fault(
        "logs/not-on-platform-error",
        "brings no log where the platform ends the function",
        ("logs/tail-on-platform-error",),
        header(RESULT, None, _by_the_platform),
    ),
    Fault(
        "logs/unknown-type-accepted",
        "takes any log type that it doesn't know for None",
        ("logs/unknown-type",),
        parameter(TYPE, enum=()),
        seen="moto 5.2.5, localstack 2.3.2, serverless-offline 14.8.2, runtime interface emulator of aws-sam-cli 1.170.0",
    ),
    Fault(
        "logs/type-in-any-case",
        "knows the log types in any case",
        ("logs/unknown-type",),
        values(_in_any_case),
        seen="ministack 1.5.33",
    ),
    Fault(
        "logs/type-unchecked-on-event",
        "does not look at the log type of an Event",
        ("logs/checked-on-event",),
        gate(constraints=_not_on_event),
    ),
    Fault(
        "logs/type-named-by-its-header",
        "names the header, not the member, where it refuses an unknown log type",
        ("logs/unknown-type-message",),
        parameter(TYPE, member=TYPE),
    ),
)

PART = (
    Fault(
        "logs/head",
        "brings the first 4 KiB of a longer log",
        ("logs/tail-is-the-end",),
        _returned(lambda log: log[:MOST]),
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
        _returned(lambda log: b"".join(log.splitlines(keepends=True)[-10:])),
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
        _returned(_end, lambda log: log.decode(errors="replace").replace("\n", " ").replace("\t", " ")),
    ),
    Fault(
        "logs/hexadecimal",
        "brings the log in hexadecimal digits",
        ("logs/tail-contains-output",),
        _returned(_end, bytes.hex),
    ),
    Fault(
        "logs/without-padding",
        "leaves the padding of base64 out",
        ("logs/base64",),
        _returned(_end, lambda log: _base64(log).rstrip("=")),
    ),
    Fault(
        "logs/folded",
        "folds the base64 of a log every 76 characters",
        ("logs/base64",),
        _returned(_end, lambda log: re.sub("(.{76})(?=.)", r"\1 ", _base64(log))),
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
    Fault("logs/no-end", "leaves END out of the log", ("logs/start-end-report",), _written(rb"END RequestId.*\n", b"")),
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
        "logs/accumulated",
        "brings with a log what earlier calls of the function printed",
        ("logs/own-call-only",),
        _accumulated,
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

FAULTS = (*PRESENCE, *PART, *CONTENT)
