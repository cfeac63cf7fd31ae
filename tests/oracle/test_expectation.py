"""What must come back: right answers pass, and each thing that is wrong with one breaks the requirement about it."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.asking import BROKEN, REQUEST_ID, WORLD, body, header, refusal, reply, request, status

from conformance.contract.requirements import Tier, load_requirements
from conformance.exchange.eventstream import Frame, encode
from conformance.oracle.expectation import expectation
from conformance.oracle.judge import judge
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading

if TYPE_CHECKING:
    from support.asking import Change

    from conformance.contract.model import Contract
    from conformance.exchange.message import Request, Response

TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0"
ID = "response-headers/request-id-uuid"
LOG = base64.b64encode(b"a" * 4096).decode()
LONGER = base64.b64encode(b"a" * 4097).decode()
FRAME = encode(Frame({":event-type": "InvokeComplete"}, b"{}"))
NO_ROUTE = (
    b"<AccessDeniedException>\n"
    b"  <Message>Unable to determine service/operation name to be authorized</Message>\n"
    b"</AccessDeniedException>\n"
)


def result(content: bytes, version: str = "$LATEST", **headers: str) -> Response:
    """The answer to a synchronous call."""
    return reply(
        200,
        content,
        {
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            "X-Amzn-Trace-Id": TRACE,
            "x-amzn-Remapped-Content-Length": "0",
            "X-Amz-Executed-Version": version,
            **{f"X-Amz-{name.replace('_', '-')}": value for name, value in headers.items()},
        },
    )


TAIL, EVENT, DRY_RUN = (
    {"X-Amz-Log-Type": "Tail"},
    {"X-Amz-Invocation-Type": "Event"},
    {"X-Amz-Invocation-Type": "DryRun"},
)
UNHANDLED = {"Function_Error": "Unhandled"}
STREAM = "InvokeWithResponseStream"
ERROR_BODY = b'{"errorMessage": "broken (on purpose)", "errorType": "Broken"}'
MISSING = "Function not found: arn:aws:lambda:us-east-1:111111111111:function:nobody:$LATEST"

RIGHT: dict[str, tuple[Request, Response]] = {
    "synchronous": (request(body=b'{"a": 1}'), result(b'{"a":1}')),
    "explicitly synchronous": (
        request(headers={"X-Amz-Invocation-Type": "RequestResponse"}, body=b'{"a": 1}'),
        result(b'{"a":1}'),
    ),
    "without an event": (request(), result(b"{}")),
    "whatever it returns": (request("untold", body=b"1"), result(b"7")),
    "of a version": (request(query="Qualifier=2"), result(b"{}", "2")),
    "of an alias": (request("echo:live"), result(b"{}", "1")),
    "with its log": (request(headers=TAIL), result(b"{}", Log_Result=LOG)),
    "failed": (request("raise"), result(ERROR_BODY, **UNHANDLED)),
    "failed long ago": (request("raise"), result(ERROR_BODY, Function_Error="Handled")),
    "failed without a type": (request("raise-without-type"), result(b'{"errorMessage": "broken"}', **UNHANDLED)),
    "event": (request(headers=EVENT), reply(202)),
    "dry run": (request(headers=DRY_RUN), reply(204)),
    "stream": (request(operation=STREAM), reply(200, FRAME, {"X-Amz-Executed-Version": "$LATEST"})),
    "dry run of a stream": (request(operation=STREAM, headers=DRY_RUN), reply(204)),
    "old event": (request(operation="InvokeAsync", body=b"{}"), reply(202, {"Status": 202})),
    "no route": (replace(request(), method=b"GET"), reply(403, NO_ROUTE)),
    "repeated parameter": (request(query="Qualifier=1&Qualifier=2"), refusal(500, "Whatever")),
    "refused": (
        request("nobody"),
        refusal(404, "ResourceNotFoundException", {"Type": "User", "Message": MISSING}),
    ),
    "violating": (
        request(headers={"X-Amz-Log-Type": "tail"}),
        refusal(
            400,
            "ValidationException",
            {
                "message": "1 validation error detected: Value 'tail' at 'logType' failed to satisfy constraint: "
                "Member must satisfy enum value set: [None, Tail]"
            },
        ),
    ),
}
"""Situation -> what is sent, and an answer to it that is right."""

SYNCHRONOUS: list[tuple[Change, str]] = [
    (status(202), "status-codes/synchronous-200"),
    (header("x-amzn-RequestId", None), ID),
    (header("x-amzn-RequestId", REQUEST_ID.upper() + "A"), ID),
    (header("Content-Type", None), "response-headers/content-type"),
    (header("Content-Type", "text/plain"), "response-headers/content-type"),
    (header("Content-Length", "6"), "response-headers/content-length"),
    (header("X-Amzn-Trace-Id", None), "response-headers/trace-id"),
    (header("X-Amzn-Trace-Id", TRACE.replace("Root", "Toor")), "response-headers/trace-id"),
    (header("x-amzn-Remapped-Content-Length", "7"), "response-headers/remapped-content-length"),
    (header("X-Amz-Executed-Version", "1"), "response-headers/executed-version"),
    (header("X-Amz-Executed-Version", None), "response-headers/executed-version"),
    (header("X-Amz-Log-Result", LOG), "logs/none"),
    (header("X-Amz-Function-Error", "Unhandled"), "function-errors/not-on-success"),
    (body(b'{"a": 2}'), "payload/round-trip"),
]
EMPTY_ANSWER: dict[str, list[tuple[Change, str]]] = {
    "event": [
        (status(200), "status-codes/event-202"),
        (body(b"{}"), "invocation-types/event-empty-answer"),
        (header("X-Amz-Executed-Version", "$LATEST"), "invocation-types/event-no-executed-version"),
        (header("X-Amz-Function-Error", "Unhandled"), "invocation-types/event-no-executed-version"),
        (header("X-Amz-Log-Result", LOG), "logs/not-on-event"),
        (header("Content-Type", "application/json"), "response-headers/event-no-content-type"),
        (header("x-amzn-RequestId", "42"), ID),
    ],
    "dry run": [
        (status(200), "status-codes/dry-run-204"),
        (body(b"{}"), "invocation-types/dry-run-empty-answer"),
        (header("X-Amz-Executed-Version", "$LATEST"), "invocation-types/dry-run-no-executed-version"),
        (header("x-amzn-RequestId", "42"), ID),
    ],
}
WRONG: dict[str, list[tuple[Change, str]]] = {
    "synchronous": SYNCHRONOUS,
    "explicitly synchronous": SYNCHRONOUS,
    "without an event": [(body(b"null"), "payload/round-trip")],
    "of a version": [(header("X-Amz-Executed-Version", "$LATEST"), "qualifiers/version")],
    "of an alias": [(header("X-Amz-Executed-Version", "3"), "qualifiers/version")],
    "with its log": [
        (header("X-Amz-Log-Result", LONGER), "logs/last-4-kib"),
    ],
    "failed": [
        (header("X-Amz-Function-Error", None), "function-errors/header"),
        (header("X-Amz-Function-Error", "Broken"), "function-errors/header"),
        (body({**BROKEN, "errorMessage": "broken [on purpose]"}), "function-errors/exception-payload"),
        (body({**BROKEN, "errorMessage": "it is broken (on purpose)"}), "function-errors/exception-payload"),
        (body({**BROKEN, "errorMessage": "broken (on purpose)."}), "function-errors/exception-payload"),
        (body({**BROKEN, "errorType": "Other"}), "function-errors/exception-payload"),
    ],
    "failed without a type": [(body({"errorMessage": "other"}), "function-errors/exception-payload")],
    **EMPTY_ANSWER,
    "dry run of a stream": EMPTY_ANSWER["dry run"],
    "stream": [
        (status(204), "streaming/chunks-and-complete"),
        (body(encode(Frame({":event-type": "PayloadChunk"}, b"{}"))), "streaming/chunks-and-complete"),
        (header("X-Amz-Executed-Version", "1"), "response-headers/executed-version"),
        (header("x-amzn-RequestId", "42"), ID),
    ],
    "old event": [(status(200), "status-codes/invoke-async-202"), (header("x-amzn-RequestId", "42"), ID)],
    "no route": [
        (status(404), "routing/unknown-route"),
        (body(NO_ROUTE.replace(b"Unable to", b"I can't")), "routing/unknown-route-body"),
    ],
    "repeated parameter": [(header("x-amzn-RequestId", "42"), ID)],
    "refused": [
        (status(400), "names/unknown-function"),
        (header("x-amzn-ErrorType", "ValidationException"), "names/unknown-function"),
        (
            header("x-amzn-ErrorType", "ResourceNotFoundException:http://x"),
            "response-headers/error-type-bare",
        ),
        (header("Content-Type", "text/plain"), "response-headers/error-content-type"),
        (header("x-amzn-RequestId", "42"), ID),
        (body({"Type": "User", "Message": "Who?"}), "names/unknown-function-message"),
        (body({"Type": "User", "message": MISSING}), "request-errors/modelled-message-key"),
        (body({"Type": "Service", "Message": MISSING}), "request-errors/type-is-user"),
    ],
    "violating": [
        (
            body(
                {
                    "Message": "1 validation error detected: Value 'tail' at 'logType' failed to satisfy constraint: "
                    "Member must satisfy enum value set: [None, Tail]"
                }
            ),
            "request-errors/validation-body",
        ),
    ],
}
"""Situation -> what may be wrong with its answer, and the one requirement that this breaks."""


def broken(asked: Request, answer: Response, contract: Contract) -> list[str]:
    """Return the requirements that an answer breaks, or contradicts at least."""
    checks = judge(expectation(asked, contract, WORLD), [Reading(answer)], load_requirements(), Tier.STRICT)
    return sorted({check.clause.requirement for check in checks if check.outcome is not Outcome.PASS})


@pytest.mark.parametrize("situation", RIGHT)
def test_a_right_answer_breaks_nothing(situation: str, contract: Contract) -> None:
    """An answer as the real service gives it passes, strictest tier included."""
    assert broken(*RIGHT[situation], contract) == []


@pytest.mark.parametrize(
    ("situation", "change", "requirement"),
    [(situation, *row) for situation, rows in WRONG.items() for row in rows],
)
def test_what_is_wrong_breaks_the_requirement_about_it(
    situation: str, change: Change, requirement: str, contract: Contract
) -> None:
    """One thing that is wrong with an answer breaks one requirement, and no other."""
    asked, answer = RIGHT[situation]
    assert broken(asked, change(answer), contract) == [requirement]


def test_a_log_that_was_asked_for_must_be_there(contract: Contract) -> None:
    """Without a log there is none to measure either, so both requirements are broken."""
    asked, answer = RIGHT["with its log"]
    assert broken(asked, header("X-Amz-Log-Result", None)(answer), contract) == ["logs/last-4-kib", "logs/tail"]


def test_the_body_can_be_told_apart_from_its_chunks(contract: Contract) -> None:
    """What a chunked request carries is its event, not the chunks that its own body shows."""
    asked = request(body=b"3\r\n[1]\r\n0\r\n\r\n")
    clauses = expectation(asked, contract, WORLD, b"[1]")
    checks = judge(clauses, [Reading(result(b"[1]"))], load_requirements(), Tier.STRICT)

    assert {check.outcome for check in checks} == {Outcome.PASS}
    assert "payload/round-trip" in {check.clause.requirement for check in checks}


def test_of_an_event_that_is_no_json_nothing_is_run(contract: Contract) -> None:
    """A body that is refused never reaches the function, not even in the oracle's mind."""
    asked = request("echo", body=b"{")
    assert "payload/malformed-json" in broken(asked, result(b"{}"), contract)


def test_where_several_refusals_are_deserved_any_of_them_conforms(contract: Contract) -> None:
    """An order that no evidence tells is left to the target, and with it the text."""
    asked = request("nobody", body=b"{")
    refusals = [(404, "ResourceNotFoundException"), (400, "InvalidRequestContentException")]

    assert [broken(asked, refusal(code, kind), contract) for code, kind in refusals] == [[], []]
    assert broken(asked, refusal(413, "RequestEntityTooLargeException"), contract) == ["payload/malformed-json"]
