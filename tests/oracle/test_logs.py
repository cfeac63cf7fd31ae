"""What must hold of the log that comes with an answer, in a header or at the end of a stream."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from support.asking import REQUEST_ID, reply, request

from conformance.exchange.eventstream import Frame, encode
from conformance.oracle.asked import read_request
from conformance.oracle.logs import FRAME, of_log, of_streamed_log
from conformance.oracle.world import Cause, Deployed, Ran

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.contract.model import Contract
    from conformance.exchange.message import Request, Response
    from conformance.oracle.asked import Asked
    from conformance.oracle.clause import Clause

    Breaks = Callable[[Iterable[Clause], Response], str]

TAIL = {"X-Amz-Log-Type": "Tail"}
OTHER_ID = REQUEST_ID.replace("1", "a")
VERSIONS = frozenset({"1", "2"})
ECHO = Deployed(versions=VERSIONS, aliases={"live": frozenset("1"), "both": VERSIONS})
SILENT = Deployed(silent=True)
MOST = 4096
"""Bytes of the longest log."""
WHOLE, PRINTED, OWN = "logs/start-end-report", "logs/tail-contains-output", "logs/own-call-only"
QUIET = "logs/silent-function"


def asked_of(asked: Request, contract: Contract) -> Asked:
    """What a request asks for."""
    found = read_request(asked, contract)
    assert found is not None
    return found


def framed(output: str, version: str = "$LATEST", more: str = "", id_: str = REQUEST_ID) -> str:
    """A log: what a function printed, with what the platform adds."""
    return (
        f"START RequestId: {id_} Version: {version}\n{output}END RequestId: {id_}\n"
        f"REPORT RequestId: {id_}\tDuration: 1.87 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\t"
        f"Max Memory Used: 32 MB\t{more}\n"
    )


def answer(log: str | None) -> Response:
    """An answer with a log in its header, in base64."""
    return reply(200, b"", {} if log is None else {"X-Amz-Log-Result": base64.b64encode(log.encode()).decode()})


LINES = "first\nsecond\n"
PRINTS = Ran(None, printed=LINES)
QUIETLY = Ran(None, printed="")
OUTPUTS: dict[str, tuple[str, Ran | None, Deployed, str, str]] = {
    "whole": ("echo", PRINTS, ECHO, framed(LINES), ""),
    "with the time of a cold start": ("echo", PRINTS, ECHO, framed(LINES, more="Init Duration: 99.01 ms\t"), ""),
    "with a line of another call": ("echo", PRINTS, ECHO, framed(f"other\n{LINES}"), f"{WHOLE} {OWN}"),
    "in another order": ("echo", PRINTS, ECHO, framed("second\nfirst\n"), f"{WHOLE} {OWN}"),
    "without its last line": ("echo", PRINTS, ECHO, framed("first\n"), f"{WHOLE} {OWN} {PRINTED}"),
    "of another call": ("echo", PRINTS, ECHO, framed(LINES, id_=OTHER_ID), WHOLE),
    "ended by another call": (
        "echo",
        PRINTS,
        ECHO,
        framed(LINES).replace(f"END RequestId: {REQUEST_ID}", f"END RequestId: {OTHER_ID}"),
        f"{WHOLE} {OWN}",
    ),
    "without a frame": ("echo", PRINTS, ECHO, LINES, f"{WHOLE} {OWN}"),
    "quiet": ("echo", QUIETLY, ECHO, framed(""), ""),
    "quiet, of another call": ("echo", QUIETLY, ECHO, framed("", id_=OTHER_ID), WHOLE),
    "not quiet": ("echo", QUIETLY, ECHO, framed(LINES), f"{QUIET} {WHOLE}"),
    "silent": ("echo", None, SILENT, framed(""), ""),
    "not silent": ("echo", None, SILENT, framed(LINES), f"{QUIET} {WHOLE}"),
    "silent, with a known result": ("echo", Ran(1), SILENT, framed(LINES), f"{QUIET} {WHOLE}"),
    "unknown": ("echo", Ran(1), ECHO, "anything", ""),
    "unknown altogether": ("echo", None, ECHO, "anything", ""),
    "version": ("echo:2", PRINTS, ECHO, framed(LINES, "2"), ""),
    "other version": ("echo:2", PRINTS, ECHO, framed(LINES, "1"), f"{WHOLE} {OWN} logs/start-version"),
    "alias": ("echo:live", PRINTS, ECHO, framed(LINES, "1"), ""),
    "alias of two versions": ("echo:both", PRINTS, ECHO, framed(LINES, "2"), ""),
    "alias instead of its version": (
        "echo:live",
        PRINTS,
        ECHO,
        framed(LINES, "live"),
        f"{WHOLE} {OWN} logs/start-version-of-alias",
    ),
    "other than $LATEST": ("echo", PRINTS, ECHO, framed(LINES, "1"), f"{WHOLE} {OWN}"),
}
"""What a log is -> function, what is known of the run, the function, the log, and what that breaks."""


@pytest.mark.parametrize(("name", "ran", "deployed", "log", "requirements"), OUTPUTS.values(), ids=OUTPUTS)
def test_a_log_that_fits_is_whole(
    name: str, ran: Ran | None, deployed: Deployed, log: str, requirements: str, contract: Contract, breaks: Breaks
) -> None:
    """It has the frame, the version and the id of its call, and in between what was printed, where that is known."""
    clauses = of_log(asked_of(request(name, headers=TAIL), contract), contract, deployed, ran)
    assert breaks(clauses, answer(log)) == " ".join(sorted(requirements.split()))


LONG = "".join(f"line {number:05d}\n" for number in range(1000))
JUST, LONGER = "a" * (MOST - FRAME), "a" * (MOST - FRAME + 1)
"""Outputs of which one fits for certain, and the other may not."""
WIDE = "é" * 3000 + "\nlonger\n"
"""Of this the bytes that are held begin within a letter."""
END = framed(LONG)[-MOST:]
ENDS: dict[str, tuple[str, str, str]] = {
    "end": (LONG, END, ""),
    "end without its report": (LONG, LONG[-MOST:], ""),
    "a byte too many": (LONG, framed(LONG)[-MOST - 1 :], "logs/last-4-kib"),
    "half of it": (LONG, END[-MOST // 2 :], "logs/end-unbroken"),
    "less than half of it": (LONG, END[-MOST // 2 + 1 :], "logs/end-unbroken logs/last-4-kib"),
    "with a gap": (LONG, END.replace("line 00900\n", ""), "logs/end-unbroken"),
    "begin": (LONG, LONG[:MOST], "logs/end-unbroken logs/tail-is-the-end"),
    "one line that fits": (JUST, framed(JUST), ""),
    "one line that fits, without a frame": (JUST, JUST, f"{OWN} {WHOLE}"),
    "letters of two bytes": (WIDE, WIDE[-1500:], ""),
    "letters of two bytes, without the end": (WIDE, WIDE[:1500], "logs/end-unbroken logs/tail-is-the-end"),
    "one line that may not fit": (LONGER, "b" * 3000 + "a", "logs/tail-is-the-end"),
}
"""What comes back of a long log -> output, log, and what that breaks."""


@pytest.mark.parametrize(("output", "log", "requirements"), ENDS.values(), ids=ENDS)
def test_of_a_long_log_the_end_comes_back(
    output: str, log: str, requirements: str, contract: Contract, breaks: Breaks
) -> None:
    """The last 4 KiB are there, without a gap; what stands before the end is open."""
    clauses = of_log(asked_of(request(headers=TAIL), contract), contract, ECHO, Ran(None, printed=output))
    assert breaks(clauses, answer(log)) == requirements


BY_FUNCTION: tuple[Cause, ...] = ("exception", "loading", "node exception")
BY_PLATFORM: tuple[Cause, ...] = ("exit", "timeout", "too large")


@pytest.mark.parametrize("cause", [*BY_FUNCTION, *BY_PLATFORM])
def test_a_failure_has_a_log_too(cause: Cause, contract: Contract, breaks: Breaks) -> None:
    """With Tail there is one, whether the function failed or was ended; without, there is none."""
    ran, rest = Ran({}, failed=True, cause=cause), "logs/base64 logs/last-4-kib"
    kind = "function" if cause in BY_FUNCTION else "platform"
    clauses = of_log(asked_of(request(headers=TAIL), contract), contract, ECHO, ran)
    without = of_log(asked_of(request(), contract), contract, ECHO, ran)

    assert breaks(clauses, answer("anything")) == ""
    assert breaks(clauses, answer(None)) == f"{rest} logs/tail-on-{kind}-error"
    assert breaks(without, answer(None)) == ""
    assert breaks(without, answer("anything")) == "logs/none-on-function-error"


@pytest.mark.parametrize("ran", [None, PRINTS])
def test_a_log_is_there_if_it_is_asked_for(ran: Ran | None, contract: Contract, breaks: Breaks) -> None:
    """In base64 of the standard alphabet, padded, and not otherwise."""
    clauses = of_log(asked_of(request(headers=TAIL), contract), contract, ECHO, None)
    other = of_log(asked_of(request(headers={"X-Amz-Log-Type": "None"}), contract), contract, ECHO, ran)

    assert breaks(clauses, answer(None)) == "logs/base64 logs/last-4-kib logs/tail"
    assert breaks(clauses, reply(200, b"", {"X-Amz-Log-Result": "YQ"})) == "logs/base64 logs/last-4-kib"
    assert breaks(clauses, reply(200, b"", {"X-Amz-Log-Result": "_w=="})) == "logs/base64 logs/last-4-kib"
    assert breaks(other, answer(None)) == ""
    assert breaks(other, answer("a")) == "logs/none"


TRACEBACK = "[ERROR] Broken: on (purpose)\nTraceback (most recent call last):\n"
BROKEN = {"errorType": "Broken", "errorMessage": "on (purpose)"}


@pytest.mark.parametrize(
    ("payload", "cause", "log", "requirement"),
    [
        (BROKEN, "exception", f"START\n{TRACEBACK}  File", ""),
        (BROKEN, "exception", TRACEBACK.replace("Broken", "Exception"), "logs/traceback"),
        (BROKEN, "exception", TRACEBACK.replace("(", "["), "logs/traceback"),
        (BROKEN, "exception", TRACEBACK.splitlines()[0], "logs/traceback"),
        (BROKEN, "loading", "anything", ""),
        ({**BROKEN, "errorMessage": ""}, "exception", "anything", ""),
        ({**BROKEN, "errorMessage": "é"}, "exception", "anything", ""),
        ({**BROKEN, "errorMessage": "a\nb"}, "exception", "anything", ""),
        ({"errorType": "Broken"}, "exception", "anything", ""),
    ],
)
def test_the_log_of_an_exception_has_its_traceback(
    payload: dict[str, str], cause: Cause, log: str, requirement: str, contract: Contract, breaks: Breaks
) -> None:
    """Class and message stand before it, where the message is one plain line."""
    ran = Ran(payload, failed=True, cause=cause)
    clauses = of_log(asked_of(request(headers=TAIL), contract), contract, ECHO, ran)
    assert breaks(clauses, answer(log)) == requirement


@pytest.mark.parametrize(
    ("headers", "ran", "log", "requirement"),
    [
        ({}, PRINTS, None, ""),
        ({}, PRINTS, "a", "streaming/no-log"),
        ({"X-Amz-Log-Type": "None"}, None, "a", "streaming/no-log"),
        (TAIL, PRINTS, "START\nfirst\nsecond\nEND", ""),
        (TAIL, PRINTS, "START\nfirst\nEND", "streaming/log"),
        (TAIL, PRINTS, None, "streaming/log"),
        (TAIL, Ran(None, printed="a.b\n"), "axb", "streaming/log"),
        (TAIL, QUIETLY, "a", ""),
        (TAIL, Ran(None), "a", ""),
        (TAIL, None, "a" * MOST, ""),
        (TAIL, None, "a" * (MOST + 1), "streaming/log"),
    ],
)
def test_a_stream_ends_with_its_log_if_it_is_asked_for(
    headers: dict[str, str], ran: Ran | None, log: str | None, requirement: str, contract: Contract, breaks: Breaks
) -> None:
    """No more than 4 KiB, with the last line that was printed; without Tail there is none."""
    asked = asked_of(request(operation="InvokeWithResponseStream", headers=headers), contract)
    members = {} if log is None else {"LogResult": base64.b64encode(log.encode()).decode()}
    content = encode(Frame({":event-type": "InvokeComplete"}, json.dumps(members).encode()))
    assert breaks(of_streamed_log(asked, contract, ran), reply(200, content)) == requirement
