"""The reference answers as AWS was recorded to; the table is written from the facts, not from the cases."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from conformance.exchange.client import Client
from conformance.exchange.eventstream import decode
from conformance.exchange.message import Request, Response
from conformance.exchange.sigv4 import Credentials, sign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.targets.model import Target

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"
ECHO = "invoke-conformance-echo"
BOTH = "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: Member must "
NAME_PATTERN = (
    r"satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?"
    r"-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"
)
QUALIFIER_PATTERN = r"satisfy regular expression pattern: \$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+"
BODY = "Could not parse request body into json: Could not parse payload into json: "
SOURCE = "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: {}]"


def send(target: Target, requests: Iterable[Request], credentials: Credentials | None = None) -> list[Response]:
    """Send signed requests and return their answers."""

    async def run() -> list[Response]:
        client = Client(timeout=10)
        key = credentials or target.credentials
        assert key is not None
        found: list[Response] = []
        for request in requests:
            exchange = await client.send(target.endpoint, sign(request, key, "us-east-1", now=datetime.now(UTC)))
            assert exchange.response is not None, exchange.failure
            found.append(exchange.response)
        await client.aclose()
        return found

    return asyncio.run(run())


def request(
    FunctionName: str = ECHO, query: str = "", headers: dict[str, str] | None = None, body: bytes = b"{}", **other: str
) -> Request:
    """An Invoke."""
    path = other.get("path", f"/2015-03-31/functions/{FunctionName}/invocations")
    pairs = [(b"Host", b"h"), *((name.encode(), value.encode()) for name, value in (headers or {}).items())]
    target = (path + (f"?{query}" if query else "")).encode()
    return Request(other.get("method", "POST").encode(), target, (*pairs, (b"Content-Length", b"%d" % len(body))), body)


def invoke(target: Target, *arguments: Any, **keywords: Any) -> Response:  # noqa: ANN401
    """Send one Invoke."""
    return send(target, [request(*arguments, **keywords)])[0]


@dataclass(frozen=True)
class Refused:
    """A row: what is sent, and the status, type and message of the refusal."""

    sent: dict[str, Any]
    status: int
    kind: str
    message: str
    keys: set[str] = field(default_factory=set[str])


REFUSED = {
    "name-invalid-star": Refused(
        {"FunctionName": "*"}, 400, "ValidationException", BOTH.format("*", "functionName") + NAME_PATTERN, {"message"}
    ),
    "name-invalid-two-qualifiers": Refused(
        {"FunctionName": ARN + "my-function:1:2"},
        400,
        "ValidationException",
        BOTH.format(ARN + "my-function:1:2", "functionName") + NAME_PATTERN,
    ),
    "qual-invalid-char": Refused(
        {"query": "Qualifier=invalid!"},
        400,
        "ValidationException",
        BOTH.format("invalid!", "qualifier") + QUALIFIER_PATTERN,
    ),
    "qual-too-long": Refused(
        {"query": "Qualifier=" + "a" * 129},
        400,
        "ValidationException",
        BOTH.format("a" * 129, "qualifier") + "have length less than or equal to 128",
    ),
    "name-bare-65-chars-404": Refused(
        {"FunctionName": "a" * 65},
        404,
        "ResourceNotFoundException",
        f"Function not found: {ARN}{'a' * 65}:$LATEST",
        {"Message", "Type"},
    ),
    "name-incomplete-arn-treated-as-name": Refused(
        {"FunctionName": ARN[:-1]}, 404, "ResourceNotFoundException", f"Function not found: {ARN}function:$LATEST"
    ),
    "name-wrong-region-arn": Refused(
        {"FunctionName": ARN.replace("us-east-1", "eu-west-3") + ECHO},
        404,
        "ResourceNotFoundException",
        "Functions from 'eu-west-3' are not reachable in this region ('us-east-1')",
        {"Message", "Type"},
    ),
    "name-other-account-arn-denied": Refused(
        {"FunctionName": ARN.replace("123456789012", "999999999999") + ECHO},
        403,
        "AccessDeniedException",
        "User: arn:aws:iam::123456789012:user/conformance is not authorized to perform: lambda:InvokeFunction on "
        f"resource: {ARN.replace('123456789012', '999999999999')}{ECHO}",
        {"Message"},
    ),
    "qual-mismatch": Refused(
        {"FunctionName": ARN + "my-function:$LATEST", "query": "Qualifier=1"},
        400,
        "InvalidParameterValueException",
        "The derived qualifier from the function name does not match the specified qualifier.",
        {"message", "Type"},
    ),
    "qual-lowercase-latest-404": Refused(
        {"query": "Qualifier=$latest"}, 404, "ResourceNotFoundException", f"Function not found: {ARN}{ECHO}:$latest"
    ),
    "qual-nonexistent-alias-404": Refused(
        {"query": "Qualifier=non-existent-alias"},
        404,
        "ResourceNotFoundException",
        f"Function not found: {ARN}{ECHO}:non-existent-alias",
    ),
    "type-invalid-enum": Refused(
        {"headers": {"X-Amz-Invocation-Type": "dry_run"}},
        400,
        "ValidationException",
        BOTH.format("dry_run", "invocationType") + "satisfy enum value set: [Event, RequestResponse, DryRun]",
    ),
    "pl-invalid-utf8": Refused(
        {"body": b"n\x87r\x9e\xe9\xb5\xd7I\xee\x9bmt"},
        400,
        "InvalidRequestContentException",
        BODY + "Invalid UTF-8 start byte 0x87" + SOURCE.format(3),
        {"Type", "message"},
    ),
    "pl-ctrl-char": Refused(
        {"body": b"\x99\xeb,j\x07\xa1zYh"},
        400,
        "InvalidRequestContentException",
        BODY + "Unexpected character ((CTRL-CHAR, code 153)): expected a valid value (JSON String, Number, Array, "
        "Object or token 'null', 'true' or 'false')" + SOURCE.format(1),
    ),
    "cc-invalid": Refused(
        {"headers": {"X-Amz-Client-Context": "string"}},
        400,
        "InvalidRequestContentException",
        "Client context must be a valid Base64-encoded JSON object.",
    ),
    "err-413-slightly-over": Refused(
        {"body": b'"' + b"a" * (6291478 - 2) + b'"'},
        413,
        "RequestEntityTooLargeException",
        "6291478 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)",
    ),
    "err-413-event-1mib": Refused(
        {"headers": {"X-Amz-Invocation-Type": "Event"}, "body": b'"' + b"a" * (1441631 - 2) + b'"'},
        413,
        "RequestEntityTooLargeException",
        "1441631 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
    ),
}
"""Fact id -> what it says."""


@pytest.mark.parametrize("fact", REFUSED)
def test_refusals(reference: Target, fact: str) -> None:
    """Each recorded refusal comes with its status, type, message and body keys."""
    row = REFUSED[fact]

    answer = invoke(reference, **row.sent)

    body = json.loads(answer.body)
    assert (answer.status, answer.header("x-amzn-ErrorType")) == (row.status, (row.kind,))
    assert row.message == body.get("message", body.get("Message"))
    assert answer.header("Content-Type") == ("application/json",)
    assert not row.keys or set(body) == row.keys


def test_all_violations_in_one_message(reference: Target) -> None:
    """Two violated constraints are two entries of one message (qual-two-violations-collected)."""
    answer = invoke(reference, ARN.replace("us-east-1", "invalid-region") + "f", "Qualifier=" + "a" * 129)

    message = json.loads(answer.body)["message"]
    assert message.startswith("2 validation errors detected: Value '")
    assert message.count("; Value '") == 1


def test_both_bodies_wrong_is_about_the_body(reference: Target) -> None:
    """A bad body wins over a bad client context (capture 19)."""
    answer = invoke(reference, headers={"X-Amz-Client-Context": "string"}, body=b"e30=")

    message = json.loads(answer.body)["message"]
    assert message.startswith(BODY + "Unrecognized token 'e30': was expecting (")


def test_synchronous_headers(reference: Target) -> None:
    """A synchronous answer has the eight recorded headers and no other (capture 21)."""
    answer = invoke(reference, body=b'"HelloWorld"')

    assert {name.decode().lower() for name, _ in answer.headers} == {
        "date", "content-type", "content-length", "connection", "x-amzn-requestid", "x-amzn-remapped-content-length",
        "x-amz-executed-version", "x-amzn-trace-id",
    }  # fmt: skip
    assert answer.header("Content-Length") == ("12",)
    assert answer.header("x-amzn-Remapped-Content-Length") == ("0",)
    assert answer.header("X-Amz-Executed-Version") == ("$LATEST",)
    assert re.fullmatch(
        r"Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=1:[0-9a-f]{8}:0",
        answer.header("X-Amzn-Trace-Id")[0],
    )


def test_event_headers(reference: Target) -> None:
    """The answer to Event has the recorded headers: no content type, no executed version (capture 04)."""
    answer = invoke(reference, headers={"X-Amz-Invocation-Type": "Event"})

    assert (answer.status, answer.body, answer.header("Content-Length")) == (202, b"", ("0",))
    assert {name.decode().lower() for name, _ in answer.headers} == {
        "date", "content-length", "connection", "x-amzn-requestid", "x-amzn-remapped-content-length", "x-amzn-trace-id",
    }  # fmt: skip


def test_dry_run(reference: Target) -> None:
    """DryRun is 204, empty, and says of no version that it ran."""
    answer = invoke(reference, headers={"X-Amz-Invocation-Type": "DryRun"})

    assert (answer.status, answer.body, answer.header("X-Amz-Executed-Version")) == (204, b"", ())


def test_unknown_route(reference: Target) -> None:
    """GET is an unknown route: 403, XML (capture 16)."""
    answer = invoke(reference, method="GET")

    assert answer.status == 403
    assert (
        answer.body.split()
        == (
            b"<AccessDeniedException> <Message>Unable to determine service/operation name to be authorized</Message> "
            b"</AccessDeniedException>"
        ).split()
    )


@pytest.mark.parametrize(
    ("function", "event", "expected"),
    [
        ("raise", b'{"message": "Handler fails"}', {"errorMessage": "Handler fails", "errorType": "Exception"}),
        ("exit", b"{}", {"errorType": "Runtime.ExitError"}),
        ("sleep", b"{}", {"errorType": "Sandbox.Timedout"}),
        (
            "big",
            b'{"size": 7340032}',
            {
                "errorType": "Function.ResponseSizeTooLarge",
                "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
            },
        ),
    ],
)
def test_function_errors(reference: Target, function: str, event: bytes, expected: dict[str, str]) -> None:
    """A function that fails answers 200, Unhandled, and the recorded error."""
    answer = invoke(reference, f"invoke-conformance-{function}", body=event)

    error = json.loads(answer.body)
    assert (answer.status, answer.header("X-Amz-Function-Error")) == (200, ("Unhandled",))
    assert answer.header("X-Amz-Executed-Version") == ("$LATEST",)
    assert expected == {key: error[key] for key in expected}
    if function == "raise":
        assert set(error) == {"errorMessage", "errorType", "requestId", "stackTrace"}
        assert error["stackTrace"][0].startswith('  File "/var/task/')


def test_log_tail(reference: Target) -> None:
    """The log result is the base64 of the last 4096 bytes: it ends with REPORT and has lost its START."""
    answer = invoke(reference, "invoke-conformance-log", headers={"X-Amz-Log-Type": "Tail"})

    log = base64.b64decode(answer.header("X-Amz-Log-Result")[0], validate=True)
    assert len(log) == 4096
    assert b"START" not in log
    assert log.splitlines()[-1].startswith(b"REPORT RequestId: " + answer.header("x-amzn-RequestId")[0].encode())


def test_alias(reference: Target) -> None:
    """An alias runs the version it points to, and the function sees the alias in its ARN."""
    answer = invoke(reference, "invoke-conformance-versioned", "Qualifier=live")

    assert answer.header("X-Amz-Executed-Version") == ("1",)
    assert json.loads(answer.body) == {
        "version": "1",
        "invoked_function_arn": ARN + "invoke-conformance-versioned:live",
        "marker": "code 1",
    }


def test_client_context_is_for_synchronous_calls(reference: Target) -> None:
    """A synchronous function sees the client context."""
    context = base64.b64encode(b'{"custom": {"foo": "bar"}}').decode()

    answer = invoke(reference, "invoke-conformance-context", headers={"X-Amz-Client-Context": context})

    assert json.loads(answer.body)["client_context"]["custom"] == {"foo": "bar"}


def test_trace_is_passed_on(reference: Target) -> None:
    """A caller's trace root is kept in the answer and given to the function."""
    root = "Root=1-3152b799-8954dae64eda91bc9a23a7e8"

    answer = invoke(reference, "invoke-conformance-context", headers={"X-Amzn-Trace-Id": f"{root};Sampled=1"})

    assert answer.header("X-Amzn-Trace-Id")[0].startswith(root)
    assert json.loads(answer.body)["trace_id"].startswith(root)


@pytest.mark.parametrize("body", [b"[" * 1000 + b"]" * 1000, b"9" * 5000, b'{"a": 1, "a": 2}'])
def test_unusual_but_legal_json(reference: Target, body: bytes) -> None:
    """Deep nesting, huge integers and duplicate keys are JSON and reach the function."""
    answer = invoke(reference, "invoke-conformance-nothing", body=body)

    assert (answer.status, answer.body) == (200, b"null")


@pytest.mark.parametrize("path", ["invoke-async", "invoke-async/"])
def test_invoke_async(reference: Target, path: str) -> None:
    """InvokeAsync is accepted on both of its paths."""
    answer = invoke(reference, path=f"/2014-11-13/functions/{ECHO}/{path}")

    assert answer.status == 202


@pytest.mark.parametrize(
    ("function", "complete"),
    [("echo", set[str]()), ("raise", {"ErrorCode", "ErrorDetails"})],
)
def test_response_stream(reference: Target, function: str, complete: set[str]) -> None:
    """A streamed answer is chunks and one InvokeComplete, which has an ErrorCode only when the function failed."""
    path = f"/2021-11-15/functions/invoke-conformance-{function}/response-streaming-invocations"

    answer = invoke(reference, path=path)

    frames = decode(answer.body)
    assert frames[-1].headers[":event-type"] == "InvokeComplete"
    assert set(json.loads(frames[-1].payload)) == complete


@pytest.mark.parametrize(
    ("credentials", "kind"),
    [
        (Credentials("AKIDEXAMPLE", "wrong"), "InvalidSignatureException"),
        (Credentials("SOMEBODY", "wrong"), "UnrecognizedClientException"),
    ],
)
def test_signatures_are_checked_first(reference: Target, credentials: Credentials, kind: str) -> None:
    """A bad signature is refused, whatever else is wrong with the request."""
    (answer,) = send(reference, [request("*", body=b"no json")], credentials)

    assert (answer.status, answer.header("x-amzn-ErrorType")) == (403, (kind,))
    assert [key.lower() for key in json.loads(answer.body)] == ["message"]  # which spelling is not recorded for both
