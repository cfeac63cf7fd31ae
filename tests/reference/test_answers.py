"""The reference answers as AWS was recorded to; the table is written from the facts, not from the cases."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from support.calls import ARN, DRY_RUN, EVENT, invoke, refusal, request, send, signed, talk

from conformance.exchange.sigv4 import Credentials

if TYPE_CHECKING:
    from conformance.exchange.message import Response
    from conformance.targets.model import Target

ECHO = "invoke-conformance-echo"
BOTH = "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: Member must "
NAME_PATTERN = (
    r"satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?"
    r"-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"
)
QUALIFIER_PATTERN = r"satisfy regular expression pattern: \$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+"
BODY = "Could not parse request body into json: Could not parse payload into json: "
SOURCE = "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: {}]"


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
    "err-413-front-end": Refused(
        {"body": b'"' + b"a" * 7_000_000 + b'"'},
        413,
        "RequestEntityTooLargeException",
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
    ),
    "err-413-event-1mib": Refused(
        {"headers": {"X-Amz-Invocation-Type": "Event"}, "body": b'"' + b"a" * (1441631 - 2) + b'"'},
        413,
        "RequestEntityTooLargeException",
        "1441631 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
    ),
    "ia-limit-256kb": Refused(
        {"operation": "InvokeAsync", "body": b'"' + b"a" * 262143 + b'"'},
        413,
        "RequestEntityTooLargeException",
        "262145 byte payload is too large for the Event invocation type (limit 262144 bytes)",
    ),
    "log-cross-account-tail-denied": Refused(
        {
            "FunctionName": ARN.replace("123456789012", "999999999999") + ECHO,
            "headers": {"X-Amz-Log-Type": "Tail"},
        },
        403,
        "AccessDeniedException",
        "Cross-account log access is not allowed",
        {"Message"},
    ),
    "log-invalid-enum": Refused(
        {"headers": {"X-Amz-Log-Type": "tail"}},
        400,
        "ValidationException",
        BOTH.format("tail", "logType") + "satisfy enum value set: [None, Tail]",
    ),
    "st-types": Refused(
        {"operation": "InvokeWithResponseStream", "headers": EVENT},
        400,
        "ValidationException",
        BOTH.format("Event", "invocationType") + "satisfy enum value set: [RequestResponse, DryRun]",
    ),
    "te-constraint-violation": Refused(
        {"headers": {"X-Amz-Tenant-Id": "a,b"}},
        400,
        "ValidationException",
        BOTH.format("a,b", "tenantId") + r"satisfy regular expression pattern: [a-zA-Z0-9\._:\/=+\-@ ]+",
    ),
    "err-request-id-header-invalid": Refused(
        {"headers": {"x-amzn-RequestId": "not-a-uuid"}}, 400, "InvalidRequestContentException", "", {"Type", "message"}
    ),
}
"""Fact id -> what it says; an empty message is one that no source has."""


def answer_to(target: Target, **sent: Any) -> Response:
    """Send one request."""
    return send(target, [request(**sent)])[0]


@pytest.mark.parametrize("fact", REFUSED)
def test_refusals(reference: Target, fact: str) -> None:
    """Each recorded refusal comes with its status, type, message and body keys."""
    row = REFUSED[fact]

    answer = answer_to(reference, **row.sent)

    status, kind, body = refusal(answer)
    message = body.get("message", body.get("Message"))
    assert (status, kind) == (row.status, row.kind)
    assert message == row.message or (message and not row.message)
    assert answer.header("Content-Type") == ("application/json",)
    assert not row.keys or set(body) == row.keys


def test_all_violations_in_one_message(reference: Target) -> None:
    """Two violated constraints are two entries of one message (qual-two-violations-collected)."""
    name = ARN.replace("us-east-1", "invalid-region") + "f"

    answer = answer_to(reference, FunctionName=name, query="Qualifier=" + "a" * 129)

    message = json.loads(answer.body)["message"]
    assert message.startswith("2 validation errors detected: Value '")
    assert message.count("; Value '") == 1


def test_both_bodies_wrong_is_about_the_body(reference: Target) -> None:
    """A bad body wins over a bad client context (capture 19)."""
    answer = invoke(reference, headers={"X-Amz-Client-Context": "string"}, body=b"e30=")

    message = json.loads(answer.body)["message"]
    assert message.startswith(BODY + "Unrecognized token 'e30': was expecting (")


@pytest.mark.parametrize("id_", ["1d492f55-78c4-47c2-921a-a27cf784d4b0", "1D492F55-78C4-47C2-921A-A27CF784D4B0"])
def test_a_request_id_that_is_one_is_no_fault(reference: Target, id_: str) -> None:
    """A caller may send a UUID as x-amzn-RequestId (err-request-id-header-invalid, the other way round)."""
    assert invoke(reference, headers={"x-amzn-RequestId": id_}).status == 200


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


@pytest.mark.parametrize("function", ["echo", "raise", "closed"])
def test_event_headers(reference: Target, function: str) -> None:
    """The answer to Event has the recorded headers: no content type, no version, whatever comes of it (capture 04)."""
    answer = invoke(reference, function, headers=EVENT, body=b'{"op": "read", "key": 1}')

    assert (answer.status, answer.body, answer.header("Content-Length")) == (202, b"", ("0",))
    assert {name.decode().lower() for name, _ in answer.headers} == {
        "date", "content-length", "connection", "x-amzn-requestid", "x-amzn-remapped-content-length", "x-amzn-trace-id",
    }  # fmt: skip


@pytest.mark.parametrize("operation", ["Invoke", "InvokeWithResponseStream"])
def test_dry_run(reference: Target, operation: str) -> None:
    """DryRun is 204, empty, and says of no version that it ran (type-dryrun-204, st-dryrun-204)."""
    answer = invoke(reference, headers=DRY_RUN, operation=operation)

    assert (answer.status, answer.body, answer.header("X-Amz-Executed-Version")) == (204, b"", ())


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH", "INVOKE", "CONNECT"])
def test_unknown_route(reference: Target, method: str) -> None:
    """Any other method is an unknown route: 403, XML (capture 16, ht-non-post)."""
    answer = invoke(reference, method=method)

    assert answer.status == 403
    assert (
        answer.body.split()
        == (
            b"<AccessDeniedException> <Message>Unable to determine service/operation name to be authorized</Message> "
            b"</AccessDeniedException>"
        ).split()
    )


def test_head_is_an_unknown_route_without_a_body(reference: Target) -> None:
    """HEAD gets the head of that answer, and a length, but no body (ht-non-post, RFC 9110)."""
    (asked,) = [signed(request(method="HEAD", headers={"Connection": "close"}))]

    head, _, body = talk(reference, asked.encode(), b"never sent").partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert b"Content-Length: 130" in head
    assert body == b""


@pytest.mark.parametrize("path", ["//2015-03-31/functions/{}/invocations", "/2015-03-31/functions//invocations", "/"])
def test_unknown_paths(reference: Target, path: str) -> None:
    """A path that is doubled, short of its name or the root is an unknown route (ht-double-slash)."""
    answer = answer_to(reference, path=path.format(ECHO))

    assert (answer.status, answer.body[:23]) == (403, b"<AccessDeniedException>")


def test_alias(reference: Target) -> None:
    """An alias runs the version it points to, and the function sees the alias in its ARN."""
    answer = invoke(reference, "versioned", "Qualifier=live")

    assert answer.header("X-Amz-Executed-Version") == ("1",)
    assert json.loads(answer.body) == {
        "version": "1",
        "invoked_function_arn": ARN + "invoke-conformance-versioned:live",
        "marker": "code 1",
    }


@pytest.mark.parametrize("qualifier", ["0", "01", "3", "latest", "$LATEST.PUBLISHE"])
def test_what_is_no_version(reference: Target, qualifier: str) -> None:
    """Only published numbers and aliases are found (qual-nonexistent-version-404)."""
    status, kind, body = refusal(invoke(reference, "versioned", f"Qualifier={qualifier}"))

    assert (status, kind) in {(404, "ResourceNotFoundException"), (400, "ValidationException")}
    assert status == 400 or body["Message"].endswith(f":invoke-conformance-versioned:{qualifier}")


def test_client_context_is_for_synchronous_calls(reference: Target) -> None:
    """A synchronous function sees the client context."""
    context = base64.b64encode(b'{"custom": {"foo": "bar"}}').decode()

    answer = invoke(reference, "context", headers={"X-Amz-Client-Context": context})

    assert json.loads(answer.body)["client_context"]["custom"] == {"foo": "bar"}


def test_trace_is_passed_on(reference: Target) -> None:
    """A caller's trace root is kept in the answer and given to the function (rh-trace-propagation)."""
    root = "Root=1-3152b799-8954dae64eda91bc9a23a7e8"

    answer = invoke(reference, "context", headers={"X-Amzn-Trace-Id": f"{root};Sampled=1"})

    assert answer.header("X-Amzn-Trace-Id")[0].startswith(root)
    assert json.loads(answer.body)["trace_id"].startswith(root)


def test_invoke_async_passes_no_trace_on(reference: Target) -> None:
    """InvokeAsync does not take over a caller's trace (ia-no-xray)."""
    root = "Root=1-3152b799-8954dae64eda91bc9a23a7e8"

    answer = invoke(reference, operation="InvokeAsync", headers={"X-Amzn-Trace-Id": root})

    assert (answer.status, root in answer.header("X-Amzn-Trace-Id")[0]) == (202, False)


@pytest.mark.parametrize("body", [b"[" * 1000 + b"]" * 1000, b"9" * 5000, b'{"a": 1, "a": 2}'])
def test_unusual_but_legal_json(reference: Target, body: bytes) -> None:
    """Deep nesting, huge integers and duplicate keys are JSON and reach the function."""
    answer = invoke(reference, "nothing", body=body)

    assert (answer.status, answer.body) == (200, b"null")


@pytest.mark.parametrize("path", ["invoke-async", "invoke-async/"])
def test_invoke_async(reference: Target, path: str) -> None:
    """InvokeAsync is accepted on both of its paths, up to its limit (ia-route, ia-202, ia-limit-256kb)."""
    body = b'"' + b"a" * 262142 + b'"'

    answer = answer_to(reference, path=f"/2014-11-13/functions/{ECHO}/{path}", body=body)

    assert answer.status == 202


@pytest.mark.parametrize(
    ("credentials", "kind"),
    [
        (Credentials("AKIDEXAMPLE", "wrong"), "InvalidSignatureException"),
        (Credentials("SOMEBODY", "wrong"), "UnrecognizedClientException"),
        (
            Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "token"),
            "UnrecognizedClientException",
        ),
    ],
)
def test_signatures_are_checked_first(reference: Target, credentials: Credentials, kind: str) -> None:
    """A bad signature, key or token is refused, whatever else is wrong with the request (or-auth-first)."""
    (answer,) = send(reference, [request("*", body=b"no json")], credentials)

    assert (answer.status, answer.header("x-amzn-ErrorType")) == (403, (kind,))
    assert [key.lower() for key in json.loads(answer.body)] == ["message"]  # which spelling is not recorded for both


def test_header_text_beyond_ascii_spoils_the_signature(reference: Target) -> None:
    """Other text than ASCII in a header is a bad signature, not a bad context (cc-non-ascii-signature)."""
    answer = invoke(reference, headers={"X-Amz-Client-Context": "Ω≈ç√"})

    assert (answer.status, answer.header("x-amzn-ErrorType")) == (403, ("InvalidSignatureException",))


def test_what_an_authorization_lacks_is_listed(reference: Target) -> None:
    """A header that is no signature is refused with a list of what it lacks (au-incomplete-signature)."""
    asked = request(headers={"Authorization": "Bearer word", "Connection": "close"})

    seen = talk(reference, asked.encode(), b"never sent")

    assert b"x-amzn-ErrorType: IncompleteSignatureException\r\n" in seen
    assert json.loads(seen.partition(b"\r\n\r\n")[2])["message"] == (
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
        "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a "
        "'X-Amz-Date' or a 'Date' header. Authorization=Bearer word"
    )
