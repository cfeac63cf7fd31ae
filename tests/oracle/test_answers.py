"""What must come back: right answers pass, and each thing that is wrong with one breaks the requirement about it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from support.asking import (
    ALIVE,
    BROKEN,
    NO_ROUTE,
    REQUEST_ID,
    TRACE,
    VIOLATION,
    WORLD,
    body,
    broken,
    header,
    refusal,
    reply,
    request,
    result,
    status,
)

from conformance.contract.requirements import Tier, load_requirements
from conformance.exchange.eventstream import Frame, encode
from conformance.exchange.message import Request, Response
from conformance.oracle.answers import REACTION
from conformance.oracle.expectation import expectation
from conformance.oracle.judge import judge
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading

if TYPE_CHECKING:
    from support.asking import Change

    from conformance.contract.model import Contract

VERSION, ERROR, LOG = "X-Amz-Executed-Version", "X-Amz-Function-Error", "X-Amz-Log-Result"
TAIL, EVENT, DRY_RUN = (
    {"X-Amz-Log-Type": "Tail"},
    {"X-Amz-Invocation-Type": "Event"},
    {"X-Amz-Invocation-Type": "DryRun"},
)
STREAM, OLD = "InvokeWithResponseStream", "InvokeAsync"
FRAMED = (
    f"START RequestId: {REQUEST_ID} Version: $LATEST\nEND RequestId: {REQUEST_ID}\nREPORT RequestId: {REQUEST_ID}\t"
    "Duration: 1.87 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 32 MB\t\n"
)
MISSING = "Function not found: arn:aws:lambda:us-east-1:111111111111:function:nobody:$LATEST"
CONTEXT = "Client context must be a valid Base64-encoded JSON object."
TOO_LARGE = "Request must be smaller than 6291456 bytes for the InvokeFunction operation"


def log(text: str) -> str:
    """A log as a header carries it."""
    return base64.b64encode(text.encode()).decode()


def frame(kind: str, payload: bytes, message: str = "event", content: str = "application/json") -> bytes:
    """An event of a stream."""
    return encode(Frame({":message-type": message, ":event-type": kind, ":content-type": content}, payload))


def chunk(payload: bytes) -> bytes:
    """A piece of a streamed result."""
    return frame("PayloadChunk", payload, content="application/octet-stream")


def events(payload: bytes, **members: str) -> bytes:
    """A streamed result: a chunk, and the end with these members."""
    return chunk(payload) + frame("InvokeComplete", json.dumps(members).encode())


def stream(content: bytes) -> Response:
    """The answer to a streamed call."""
    return reply(200, content, {"Content-Type": "application/vnd.amazon.eventstream", VERSION: "$LATEST"})


UNHANDLED = {"Function_Error": "Unhandled"}
ERROR_BODY = json.dumps(BROKEN).encode()
LONG_EVENT = b'["' + b"a" * 99_996 + b'"]'
LARGE_EVENT = LONG_EVENT.replace(b"a", b"aa", 1)
"""Events of 100,000 bytes and of one more."""
LONG_TEXT = b'"' + b"a" * 100_001 + b'"'
"""A plain text, of which nobody has to hold more than the size."""

RIGHT: dict[str, tuple[Request, Response]] = {
    "synchronous": (request(body=b'{"a": 1}'), result(b'{"a":1}')),
    "explicitly synchronous": (
        request(headers={"X-Amz-Invocation-Type": "RequestResponse"}, body=b'{"a": 1}'),
        result(b'{"a":1}'),
    ),
    "without an event": (request(), result(b"{}")),
    "null": (request(body=b"null"), result(b"null")),
    "text": (request(body=b'"a\\u0062 c"'), result(b'"ab c"')),
    "text beyond ASCII": (request(body='"é"'.encode()), result(b'"\\u00e9"')),
    "text beyond print": (request(body=b'"\\u0007"'), result(b'"\\u0007"')),
    "what parsers read in two ways": (request(body=b'{"a": 1, "a": 2}'), result(b'{"a":1}')),
    "the largest event that is held": (request(body=LONG_EVENT), result(LONG_EVENT)),
    "too large to be held": (request(body=LARGE_EVENT), result(b"7")),
    "text of any size": (request(body=LONG_TEXT), result(LONG_TEXT)),
    "whatever it returns": (request("untold", body=b"1"), result(b"7")),
    "unpublished": (request(query="Qualifier=$LATEST"), result(b"{}")),
    "of a version": (request(query="Qualifier=2"), result(b"{}", "2")),
    "of an alias": (request("echo:live"), result(b"{}", "1")),
    "with its log": (request(headers=TAIL), result(b"{}", Log_Result=log(FRAMED))),
    "with the log of a version": (
        request("echo:live", headers=TAIL),
        result(b"{}", "2", Log_Result=log(FRAMED.replace("$LATEST", "2"))),
    ),
    "with any log": (request("untold", headers=TAIL), result(b"{}", Log_Result=log("a" * 4096))),
    "failed": (request("raise"), result(ERROR_BODY, **UNHANDLED)),
    "failed long ago": (request("raise"), result(ERROR_BODY, Function_Error="Handled")),
    "failed without a type": (request("raise-without-type"), result(b'{"errorMessage": "broken"}', **UNHANDLED)),
    "event": (request(headers=EVENT, body=b"{}"), reply(202, headers=ALIVE)),
    "event without a body": (request(headers=EVENT), reply(202, headers=ALIVE)),
    "dry run": (request(headers=DRY_RUN), reply(204)),
    "stream": (request(operation=STREAM, body=b"[1]"), stream(events(b"[1]"))),
    "stream without an event": (request(operation=STREAM), stream(events(b"{}"))),
    "stream of a version": (
        request("echo:2", operation=STREAM, body=b"{}"),
        header(VERSION, "2")(stream(events(b"{}"))),
    ),
    "stream with its log": (
        request(operation=STREAM, headers=TAIL, body=b"{}"),
        stream(events(b"{}", LogResult=log("a" * 4096))),
    ),
    "stream of whatever": (
        request("untold", operation=STREAM, body=b"{}"),
        stream(events(b"7", ErrorCode="Unhandled")),
    ),
    "stream that failed": (
        request("raise", operation=STREAM, body=b"{}"),
        stream(events(ERROR_BODY, ErrorCode="Unhandled")),
    ),
    "dry run of a stream": (request(operation=STREAM, headers=DRY_RUN, body=b"{}"), reply(204)),
    "old event": (request(operation=OLD, body=b"{}"), reply(202, {"Status": 202})),
    "no route": (Request(b"POST", b"/2015-03-31/nothing", ()), reply(403, NO_ROUTE)),
    "repeated parameter": (request(query="Qualifier=1&Qualifier=2"), refusal(500, "Whatever")),
    "refused": (request("nobody"), refusal(404, "ResourceNotFoundException", {"Type": "User", "Message": MISSING})),
    "refused without a type": (
        request(headers={"X-Amz-Client-Context": "!"}),
        refusal(400, "InvalidRequestContentException", {"message": CONTEXT}),
    ),
    "refused under either key": (
        request(body=b'"' + b"a" * 6 * 1024**2 + b'"'),
        refusal(413, "RequestEntityTooLargeException", {"Message": TOO_LARGE}),
    ),
    "violating": (
        request(headers={"X-Amz-Log-Type": "tail"}),
        refusal(400, "ValidationException", {"message": VIOLATION}),
    ),
}
"""Situation -> what is sent, and an answer to it that is right."""

ID = "response-headers/request-id"
UUID = "response-headers/request-id-uuid"
WITH_ID: list[tuple[Change, str]] = [
    (header("x-amzn-RequestId", None), f"{ID} {UUID}"),
    (header("x-amzn-RequestId", f"{REQUEST_ID}a"), UUID),
    (header("x-amzn-RequestId", REQUEST_ID.replace("1", "g")), UUID),
]
OF_SUCCESS: list[tuple[Change, str]] = [
    *WITH_ID,
    (header("Date", None), "response-headers/date"),
    (header("Date", "2026-11-25"), "response-headers/date"),
    (header("Connection", None), "response-headers/connection"),
    (header("Connection", "close"), "response-headers/connection routing/keep-alive"),
    (header("X-Amzn-Trace-Id", None), "response-headers/trace-id"),
    (header("X-Amzn-Trace-Id", TRACE.replace("Root", "Toor")), "response-headers/trace-id"),
    (header("x-amzn-Remapped-Content-Length", "7"), "response-headers/remapped-content-length"),
    (header("x-amzn-ErrorType", "ServiceException"), "response-headers/error-type-only-on-refusals"),
]
SYNCHRONOUS: list[tuple[Change, str]] = [
    *OF_SUCCESS,
    (header("Content-Type", None), "response-headers/content-type"),
    (header("Content-Type", "text/plain"), "response-headers/content-type"),
    (header("Content-Length", "6"), "response-headers/content-length"),
    (header(VERSION, "1"), "response-headers/executed-version"),
    (header(VERSION, None), "response-headers/executed-version"),
    (header(LOG, log("a")), "logs/none"),
    (header(ERROR, "Unhandled"), "function-errors/not-on-success"),
    (body(b'{"a": 2}'), "payload/round-trip"),
]
FRAME = "logs/silent-function logs/start-end-report"
OF_FRAME = [
    ("START", "BEGIN"),
    ("$LATEST", "1"),
    ("END", "AND"),
    ("REPORT", "RECORD"),
    ("\nEND", "\nprinted\nEND"),
    (f"END RequestId: {REQUEST_ID}", f"END RequestId: {REQUEST_ID.replace('1', 'a')}"),
]
"""What may be wrong with the frame of a log."""
WHOLE, OF_FRAMES = "streaming/chunks-and-complete", "streaming/frame-headers"
NOT_FOUND = "request-errors/not-found-body"
WRONG: dict[str, list[tuple[Change, str]]] = {
    "synchronous": [
        *SYNCHRONOUS,
        (
            status(202),
            "invocation-types/default-is-synchronous payload/sdk-content-types status-codes/synchronous-200",
        ),
    ],
    "explicitly synchronous": [*SYNCHRONOUS, (status(202), "invocation-types/request-response")],
    "without an event": [(change, "payload/empty-body-is-object") for change in (body(b"null"), status(202))],
    "null": [(body(b" null"), "payload/null-bytes")],
    "text": [
        (body(b'"\\u0061b c"'), "payload/string-bytes"),
        (body(b'"ab"'), "payload/any-json payload/string-bytes"),
    ],
    "the largest event that is held": [(body(b"7"), "payload/round-trip")],
    "text of any size": [(body(LONG_TEXT[1:]), "payload/round-trip")],
    "unpublished": [(header(VERSION, "1"), "qualifiers/latest")],
    "of a version": [(header(VERSION, "$LATEST"), "qualifiers/version")],
    "of an alias": [
        (header(VERSION, "3"), "response-headers/executed-version-weighted"),
        (header(VERSION, "live"), "response-headers/executed-version-weighted"),
    ],
    "with its log": [
        *[(header(LOG, log(FRAMED.replace(*change))), FRAME) for change in OF_FRAME],
        (header(LOG, log(f"\n{FRAMED}")), FRAME),
        (header(LOG, log(FRAMED.replace(REQUEST_ID, REQUEST_ID.replace("1", "a")))), "logs/start-end-report"),
    ],
    "with the log of a version": [(header(LOG, log(FRAMED)), f"{FRAME} logs/start-version-of-alias")],
    "with any log": [
        (header(LOG, log("a" * 4097)), "logs/last-4-kib"),
        (header(LOG, None), "logs/base64 logs/last-4-kib logs/tail"),
        (header(LOG, "a line"), "logs/base64 logs/last-4-kib"),
    ],
    "failed": [
        (header(ERROR, None), "function-errors/header"),
        (header(ERROR, "Broken"), "function-errors/header"),
        (body({**BROKEN, "errorMessage": "broken [on purpose]"}), "function-errors/exception-payload"),
        (body({**BROKEN, "errorMessage": "it is broken (on purpose)"}), "function-errors/exception-payload"),
        (body({**BROKEN, "errorMessage": "broken (on purpose)."}), "function-errors/exception-payload"),
        (body({**BROKEN, "errorType": "Other"}), "function-errors/exception-payload"),
    ],
    "failed without a type": [(body({"errorMessage": "other"}), "function-errors/exception-payload")],
    "event": [
        *OF_SUCCESS,
        (status(200), "status-codes/event-202"),
        (body(b"{}"), "invocation-types/event-empty-answer response-headers/event-content-length"),
        (header(VERSION, "$LATEST"), "invocation-types/event-no-executed-version"),
        (header(ERROR, "Unhandled"), "invocation-types/event-no-executed-version"),
        (header(LOG, log("a")), "logs/not-on-event"),
        (header("Content-Type", "application/json"), "response-headers/event-no-content-type"),
        (header("Content-Length", None), "response-headers/event-content-length"),
    ],
    "event without a body": [(status(200), "payload/event-without-body")],
    "dry run": [
        (status(200), "status-codes/dry-run-204"),
        (body(b"{}"), "invocation-types/dry-run-empty-answer"),
        (header(VERSION, "$LATEST"), "invocation-types/dry-run-no-executed-version"),
        (header(ERROR, "Unhandled"), "invocation-types/dry-run-no-function-error"),
        (header(LOG, log("a")), "logs/not-on-dry-run"),
        (header("x-amzn-ErrorType", "ServiceException"), "response-headers/error-type-only-on-refusals"),
        (header("x-amzn-RequestId", "42"), "response-headers/request-id-on-dry-run"),
        (header("x-amzn-RequestId", None), "response-headers/request-id-on-dry-run"),
    ],
    "stream": [
        *WITH_ID,
        (status(204), WHOLE),
        (header(VERSION, "1"), "streaming/executed-version"),
        (header(ERROR, "Unhandled"), "streaming/no-error-header"),
        (header(LOG, log("a")), "streaming/no-error-header"),
        (header("Content-Type", "application/json"), "streaming/content-type"),
        (body(events(b"[2]")), WHOLE),
        (body(events(b"[1]", ErrorCode="Unhandled")), "streaming/no-error-code-on-success"),
        (body(events(b"[1]", LogResult=log("a"))), "streaming/no-log"),
        (body(events(b"[1]") + frame("InvokeComplete", b"{}")), "streaming/one-complete"),
        (body(chunk(b"[1]")), f"{WHOLE} {OF_FRAMES} streaming/one-complete"),
        (body(frame("InvokeComplete", b"{}") + chunk(b"[1]")), f"{WHOLE} {OF_FRAMES}"),
        (body(events(b"[1]") + frame("Other", b"")), WHOLE),
        (body(frame("PayloadChunk", b"[1]") + frame("InvokeComplete", b"{}")), OF_FRAMES),
        (body(chunk(b"[1]") + frame("InvokeComplete", b"{}", content="text/plain")), OF_FRAMES),
        (body(chunk(b"[1]") + frame("InvokeComplete", b"{}", "exception")), OF_FRAMES),
    ],
    "stream of a version": [(header(VERSION, "1"), "streaming/executed-version")],
    "stream without an event": [(change, "streaming/empty-body") for change in (body(events(b"null")), status(400))],
    "stream with its log": [
        (body(events(b"{}", LogResult=log("a" * 4097))), "streaming/log"),
        (body(events(b"{}")), "streaming/log"),
    ],
    "stream that failed": [(body(events(ERROR_BODY)), "streaming/function-error")],
    "dry run of a stream": [
        *WITH_ID,
        (status(200), "streaming/dry-run"),
        (body(b"{}"), "streaming/dry-run"),
        (header(ERROR, "Unhandled"), "streaming/no-error-header"),
        (header(LOG, log("a")), "streaming/no-error-header"),
    ],
    "old event": [
        *WITH_ID,
        (status(200), "status-codes/invoke-async-202"),
        *[(header(name, "1"), "invoke-async/no-result-headers") for name in (VERSION, ERROR, LOG)],
    ],
    "no route": [
        (status(404), "routing/unknown-route"),
        (body(NO_ROUTE.replace(b"Unable to", b"I can't")), "routing/unknown-route-body"),
    ],
    "repeated parameter": WITH_ID,
    "refused": [
        *WITH_ID,
        (status(400), "names/unknown-function"),
        (header("x-amzn-ErrorType", "ValidationException"), "names/unknown-function"),
        (header("x-amzn-ErrorType", "ResourceNotFoundException:http://x"), "response-headers/error-type-bare"),
        (header("Connection", "close"), "routing/keep-alive"),
        (header("Content-Type", "text/plain"), "response-headers/error-content-type"),
        (header("Content-Length", "7"), "response-headers/refusal-content-length"),
        (header("Date", "now"), "response-headers/refusal-date"),
        *[(header(name, "1"), "response-headers/refusal-no-result-headers") for name in (VERSION, ERROR, LOG)],
        (body({"Type": "User", "Message": "Who?"}), "names/unknown-function-message"),
        (
            body({"Type": "User", "message": MISSING}),
            f"request-errors/modelled-members request-errors/modelled-message-key {NOT_FOUND}",
        ),
        (body({"Message": MISSING}), NOT_FOUND),
        (body({"Type": "Service", "Message": MISSING}), f"{NOT_FOUND} request-errors/type-is-user"),
        (body({"Type": "User", "Message": MISSING, "Reason": "none"}), "request-errors/modelled-members"),
    ],
    "refused under either key": [
        (body({"message": "Too large."}), "limits/too-large-message"),
        (body({"anything": "goes"}), "limits/too-large-message request-errors/too-large-has-a-message"),
    ],
    "violating": [
        (body({"Message": VIOLATION}), "request-errors/validation-body request-errors/validation-body-only-message"),
        (body({"message": VIOLATION, "Type": "User"}), "request-errors/validation-body-only-message"),
    ],
}
"""Situation -> what may be wrong with its answer, and the requirements that this breaks."""


@pytest.mark.parametrize("situation", RIGHT)
def test_a_right_answer_breaks_nothing(situation: str, contract: Contract) -> None:
    """An answer as the real service gives it passes, strictest tier included."""
    assert broken(*RIGHT[situation], contract) == []


@pytest.mark.parametrize(
    ("situation", "change", "requirements"),
    [(situation, *row) for situation, rows in WRONG.items() for row in rows],
)
def test_what_is_wrong_breaks_the_requirement_about_it(
    situation: str, change: Change, requirements: str, contract: Contract
) -> None:
    """One thing that is wrong with an answer breaks the requirement about it, and no other."""
    asked, answer = RIGHT[situation]
    assert broken(asked, change(answer), contract) == requirements.split()


@pytest.mark.parametrize(
    ("code", "reason", "broken_"),
    [(400, b"Bad Request", False), (200, b"OK", False), (0, b"closed", False), (0, b"timeout", True)],
)
def test_what_is_no_request_is_answered_or_hung_up_on(code: int, reason: bytes, broken_: bool) -> None:  # noqa: FBT001  a table
    """Whoever sends what is no request gets an answer or an end, and does not wait for ever."""
    reading = Reading(Response(code, reason, b"", (), b""))
    checks = judge(REACTION, [reading], load_requirements(), Tier.STRICT)
    wrong = [check.clause.requirement for check in checks if check.outcome is not Outcome.PASS]

    assert len(checks) == 1
    assert wrong == ["routing/no-request"] * broken_


@pytest.mark.parametrize("situation", RIGHT)
def test_the_status_comes_first(situation: str, contract: Contract) -> None:
    """Whatever is expected of the status is the first thing, so that a report begins with it."""
    clauses = expectation(RIGHT[situation][0], contract, WORLD)
    subjects = [clause.subject for clause in clauses]
    assert "status" not in subjects[subjects.count("status") :]


def test_the_body_can_be_told_apart_from_its_chunks(contract: Contract) -> None:
    """What a chunked request carries is its event, not the chunks that its own body shows."""
    asked = request(body=b"3\r\n[1]\r\n0\r\n\r\n")

    assert broken(asked, result(b"[1]"), contract, b"[1]") == []
    assert broken(asked, result(b"[2]"), contract, b"[1]") == ["payload/round-trip"]
