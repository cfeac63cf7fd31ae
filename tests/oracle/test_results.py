"""What must hold of the result that a function returned: its value, its bytes, and what it says of its call."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from support.asking import REQUEST_ID, WORLD, header, reply, request

from conformance.exchange.eventstream import Frame, encode
from conformance.oracle.asked import read_request
from conformance.oracle.results import about_result, about_version, of_result, of_telling
from conformance.oracle.world import Deployed, Ran

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.contract.model import Contract
    from conformance.exchange.message import Request, Response
    from conformance.oracle.asked import Asked
    from conformance.oracle.clause import Clause

    Breaks = Callable[[Iterable[Clause], Response], str]

PARTIAL = "111111111111:function:echo"
ARN = f"arn:aws:lambda:us-east-1:{PARTIAL}"
SIX_MIB, MOST = 6_291_456, 6_291_556
"""Bytes of a result that is large, and of the largest."""


def asked_of(asked: Request, contract: Contract) -> Asked:
    """What a request asks for."""
    found = read_request(asked, contract)
    assert found is not None
    return found


ABOUT: dict[str, tuple[str, Any, str]] = {
    "nothing sent": ("", {}, "payload/empty-body-is-object"),
    "nothing returned": ("1", None, "payload/nothing-returned-is-null"),
    "something else": ("1", 2, "payload/round-trip"),
    "null": ("null", None, "payload/scalars"),
    "object": ('{"a": "b"}', {"a": "b"}, "payload/round-trip"),
    "array": ("[1]", [1], "payload/round-trip"),
    "true": ("true", True, "payload/scalars"),
    "number": ("42", 42, "payload/scalars"),
    "text": ('"a"', "a", "payload/scalars"),
    "space before": (" [1]", [1], "payload/whitespace"),
    "line behind": ("[1]\n", [1], "payload/whitespace"),
    "space within": ("[ 1 ]", [1], "payload/round-trip"),
    "beyond ASCII": ('["é"]', ["é"], "payload/unicode"),
    "combined": ('["e\u0301"]', ["e\u0301"], "payload/any-json"),
    "beyond print": ('["\u00ad"]', ["\u00ad"], "payload/any-json"),
    "escape": ('["\\u0061"]', ["a"], "payload/any-json"),
    "empty object": ("{}", {}, "payload/any-json"),
    "empty array": ("[]", [], "payload/any-json"),
    "two digits": ("[1.25]", [1.25], "payload/round-trip"),
    "three digits": ("[1.125]", [1.125], "payload/any-json"),
    "exponent": ("[1e2]", [100.0], "payload/any-json"),
    "capital exponent": ("[1E2]", [100.0], "payload/any-json"),
    "seven arrays": ("[[[[[[[1]]]]]]]", [[[[[[[1]]]]]]], "payload/round-trip"),
    "eight arrays": ("[[[[[[[[1]]]]]]]]", [[[[[[[[1]]]]]]]], "payload/any-json"),
    **{
        name: (f'{{"{name}" : 1}}', {name: 1}, "payload/any-json")
        for name in ("$", "__proto__", "Payload", "StatusCode", "statusCode", "errorMessage")
    },
    "ordinary name": ('{"payload": 1}', {"payload": 1}, "payload/round-trip"),
}
"""What is special about an event or a result -> event, result, and the requirement that it shows."""


@pytest.mark.parametrize(("event", "result", "requirement"), ABOUT.values(), ids=ABOUT)
def test_a_result_is_judged_by_what_is_special_about_the_event(event: str, result: object, requirement: str) -> None:
    """What comes back as it was sent shows something about events of its kind; what doesn't is a result like any."""
    assert about_result(event.encode(), result) == requirement


SIZES = {
    "ordinary": (b"{}", 1000, "payload/round-trip"),
    "6 MiB": (b"{}", SIX_MIB, "payload/round-trip"),
    "more than 6 MiB": (b"{}", SIX_MIB + 1, "limits/synchronous-response"),
    "the largest": (b"{}", MOST, "limits/synchronous-response-of-the-limit"),
    "as large as the event": (b"a" * (SIX_MIB // 2 + 1), SIX_MIB // 2 + 1, "limits/synchronous-request"),
    "as large as a smaller event": (b"a" * (SIX_MIB // 2), SIX_MIB // 2, "payload/round-trip"),
    "smaller than the event": (b"a" * (SIX_MIB // 2 + 2), SIX_MIB // 2 + 1, "payload/round-trip"),
}
"""How large a result is -> event, bytes of the result, and the requirement about it."""


@pytest.mark.parametrize(("event", "size", "requirement"), SIZES.values(), ids=SIZES)
def test_of_a_large_result_the_size_is_held(
    event: bytes, size: int, requirement: str, contract: Contract, breaks: Breaks
) -> None:
    """A byte too few breaks the requirement about results of that size."""
    clauses = of_result(asked_of(request(body=event), contract), Ran(None, size=size), contract)

    assert breaks(clauses, reply(200, b"a" * size)) == ""
    assert breaks(clauses, reply(200, b"a" * (size - 1))) == requirement


BYTES: dict[str, tuple[bytes, Any, bytes, str]] = {
    "null": (b"null", None, b"null", ""),
    "null, padded": (b"null", None, b"null ", "payload/null-bytes"),
    "no null": (b"null", None, b"", "payload/null-bytes payload/scalars"),
    "float": (b"0.0", 0.0, b"0.0", ""),
    "float as an integer": (b"0.0", 0.0, b"0", "payload/float-bytes"),
    "another float": (b"1.0", 1.0, b"1", ""),
    "text": (b'"a"', "a", b'"a"', ""),
    "text, escaped": (b'"a"', "a", b'"\\u0061"', "payload/string-bytes"),
    "text without quotes": (b'"a"', "a", b"a", "payload/scalars payload/string-bytes"),
    "text with a quote": (b'"\\""', '"', b'"\\""', ""),
    "text beyond ASCII": ('"é"'.encode(), "é", b'"\\u00e9"', ""),
    "text beyond print": (b'"\\n"', "\n", b'"\\u000a"', ""),
    "object": (b'{"a":1}', {"a": 1}, b'{ "a": 1 }', ""),
}
"""What of the bytes of a result is known -> event, result, body of the answer, and what that breaks."""


@pytest.mark.parametrize(("event", "result", "body", "requirements"), BYTES.values(), ids=BYTES)
def test_of_null_a_float_and_plain_texts_the_bytes_are_known(
    event: bytes, result: object, body: bytes, requirements: str, contract: Contract, breaks: Breaks
) -> None:
    """They come in one spelling; of all else the value is held, and not how it is written."""
    clauses = of_result(asked_of(request(body=event), contract), Ran(result), contract)
    assert breaks(clauses, reply(200, body)) == requirements


def test_the_result_of_a_slow_function_shows_that_it_is_waited_for(contract: Contract, breaks: Breaks) -> None:
    """A target that answers early has no result to show."""
    clauses = of_result(asked_of(request(), contract), Ran(None, slow=True), contract)

    assert breaks(clauses, reply(200, b"null")) == ""
    assert breaks(clauses, reply(200, b"{}")) == "routing/waits-for-the-result"


DEPLOYED = Deployed(versions=frozenset({"1", "2"}), aliases={"live": frozenset("1"), "both": frozenset("12")})
VERSIONED = Deployed(DEPLOYED.versions, DEPLOYED.aliases, tells="version")
CONTEXT = Deployed(DEPLOYED.versions, DEPLOYED.aliases, tells="context")


@pytest.mark.parametrize(
    ("name", "query", "requirement"),
    [
        ("echo", "", "response-headers/executed-version"),
        ("echo", "Qualifier=$LATEST", "qualifiers/latest"),
        ("echo:$LATEST", "", "qualifiers/latest"),
        ("echo", "Qualifier=2", "qualifiers/version"),
        ("echo:live", "", "qualifiers/alias"),
    ],
)
def test_the_version_that_runs_is_judged_by_the_qualifier(
    name: str, query: str, requirement: str, contract: Contract
) -> None:
    """None, $LATEST, the number of a version and an alias have requirements of their own."""
    assert about_version(asked_of(request(name, query), contract), DEPLOYED) == requirement


VERSION = "X-Amz-Executed-Version"


def told(version: str, arn: str = ARN, marker: str = "") -> Response:
    """The answer of a function that tells which version of it ran."""
    members = {"version": version, "invoked_function_arn": arn, "marker": marker or f"code {version}"}
    return reply(200, members, {VERSION: version})


OF_VERSIONS: dict[str, tuple[Request, Response, str]] = {
    "unpublished": (request(), told("$LATEST"), ""),
    "marker of what is unpublished": (request(), told("$LATEST", marker="any"), ""),
    "unpublished, wrong": (request(), told("1", marker="code 1"), "response-headers/executed-version"),
    "ARN with a qualifier": (
        request(),
        told("$LATEST", f"{ARN}:$LATEST"),
        "qualifiers/unqualified-arn-seen-by-function",
    ),
    "named by its ARN": (request(PARTIAL), told("$LATEST", "echo"), "names/seen-by-function"),
    "$LATEST": (request(query="Qualifier=$LATEST"), told("$LATEST", "any"), ""),
    "$LATEST, wrong": (request(query="Qualifier=$LATEST"), told("1"), "qualifiers/latest"),
    "version": (request(query="Qualifier=1"), told("1", f"{ARN}:1"), ""),
    "other version": (request(query="Qualifier=1"), told("2", f"{ARN}:1"), "qualifiers/version"),
    "other code": (request(query="Qualifier=1"), told("1", f"{ARN}:1", "code 2"), "qualifiers/version"),
    "ARN of a version": (request(query="Qualifier=1"), told("1"), "qualifiers/version-arn-seen-by-function"),
    "alias": (request("echo:live"), told("1", f"{ARN}:live"), ""),
    "other version of an alias": (request("echo:live"), told("2", f"{ARN}:live"), "qualifiers/alias"),
    "ARN of an alias": (request("echo:live"), told("1", f"{ARN}:1"), "qualifiers/alias-arn-seen-by-function"),
    "weighted alias": (request("echo:both"), told("2", f"{ARN}:both"), ""),
    "weighted alias, neither": (
        request("echo:both"),
        told("3", f"{ARN}:both"),
        "response-headers/executed-version-weighted",
    ),
    "weighted alias, not as the header says": (
        request("echo:both"),
        header(VERSION, "1")(told("2", f"{ARN}:both")),
        "response-headers/executed-version-weighted",
    ),
    "parameter in the payload": (request(body=b'{"Qualifier": "1"}'), told("$LATEST"), ""),
    "parameter in the payload that counts": (
        request(body=b'{"Qualifier": "1"}'),
        told("1"),
        "payload/no-parameters",
    ),
    "parameter in the payload beside one": (
        request("echo:1", body=b'{"Qualifier": "2"}'),
        told("2", f"{ARN}:1"),
        "qualifiers/version",
    ),
}
"""What is asked for -> request, answer, and what that breaks."""


@pytest.mark.parametrize(("asked", "answer", "requirements"), OF_VERSIONS.values(), ids=OF_VERSIONS)
def test_a_function_tells_which_version_ran(
    asked: Request, answer: Response, requirements: str, contract: Contract, breaks: Breaks
) -> None:
    """Version, code and ARN are those that were asked for; the ARN of $LATEST is not on record."""
    clauses = of_telling(asked_of(asked, contract), VERSIONED, WORLD, "json")
    assert breaks(clauses, answer) == requirements


def context(value: Any) -> dict[str, str]:
    """A header that carries a client context."""
    return {"X-Amz-Client-Context": base64.b64encode(json.dumps(value).encode()).decode()}


ROOT = f"1-{1:08x}-{2:024x}"
SEEN = {
    "function_name": "echo",
    "aws_request_id": REQUEST_ID,
    "invoked_function_arn": ARN,
    "client_context": None,
    "tenant_id": None,
    "trace_id": f"Root={ROOT};Parent=4;Sampled=1",
}
CUSTOM = {"custom": {"a": "b"}, "env": {"c": "d"}}
DEEP, WIDE = {"custom": {"a": [1]}, "env": None}, {"custom": {"a": "é"}, "env": None}
TRACED = {"X-Amzn-Trace-Id": f"Root={ROOT};Parent={9:016x};Sampled=0"}
OF_CONTEXTS: dict[str, tuple[dict[str, str], dict[str, Any], str]] = {
    "nothing special": ({}, {}, ""),
    "name": ({}, {"function_name": ARN}, "names/seen-by-function"),
    "request id": ({}, {"aws_request_id": "1"}, "response-headers/request-id-is-the-functions"),
    "ARN": ({}, {"invoked_function_arn": "echo"}, "qualifiers/unqualified-arn-seen-by-function"),
    "a context from nowhere": ({}, {"client_context": CUSTOM}, "client-context/absent-is-null"),
    "context": (context(CUSTOM), {"client_context": CUSTOM}, ""),
    "no context": (context(CUSTOM), {}, "client-context/round-trip"),
    "context without env": (
        context(CUSTOM),
        {"client_context": {"custom": CUSTOM["custom"]}},
        "client-context/round-trip",
    ),
    "depth": (context({"custom": {"a": [1]}}), {"client_context": DEEP}, ""),
    "lost depth": (context({"custom": {"a": [1]}}), {"client_context": CUSTOM}, "client-context/passed-as-it-is"),
    "beyond ASCII": (context({"custom": {"a": "é"}}), {"client_context": WIDE}, ""),
    "lost beyond ASCII": (context({"custom": {"a": "é"}}), {"client_context": CUSTOM}, "client-context/beyond-ascii"),
    "a member that is no object": (context({"custom": 1}), {"client_context": CUSTOM}, ""),
    "tenant": ({"X-Amz-Tenant-Id": "a"}, {"tenant_id": "a"}, ""),
    "no tenant": ({"X-Amz-Tenant-Id": "a"}, {}, "tenant/seen-by-function"),
    "trace": (TRACED, {}, ""),
    "other trace": (TRACED, {"trace_id": f"Root={ROOT}1;Parent=4"}, "response-headers/trace-root-propagated"),
    "trace without a parent": ({"X-Amzn-Trace-Id": f"Root={ROOT};Sampled=0"}, {"trace_id": "any"}, ""),
    "what is no trace": ({"X-Amzn-Trace-Id": f"Root=1(-2;Parent={9:016x};Sampled=0"}, {"trace_id": "any"}, ""),
}
"""What is sent in headers -> these, what the function sees that is unusual, and what that breaks."""


@pytest.mark.parametrize(("headers", "seen", "requirements"), OF_CONTEXTS.values(), ids=OF_CONTEXTS)
def test_a_function_tells_what_it_sees_of_its_call(
    headers: dict[str, str], seen: dict[str, Any], requirements: str, contract: Contract, breaks: Breaks
) -> None:
    """Name, request id, ARN, client context, tenant and the root of the trace reach the function."""
    clauses = of_telling(asked_of(request(headers=headers), contract), CONTEXT, WORLD, "json")
    assert breaks(clauses, reply(200, {**SEEN, **seen})) == requirements


STREAM = "InvokeWithResponseStream"
BOTH = "client-context/streamed streaming/client-context"
OF_STREAMS: dict[str, tuple[Deployed, dict[str, str], dict[str, Any], str]] = {
    "context": (CONTEXT, context(CUSTOM), {"client_context": CUSTOM}, ""),
    "no context": (CONTEXT, context(CUSTOM), {"client_context": None}, BOTH),
    "a context from nowhere": (CONTEXT, {}, {"client_context": CUSTOM}, "client-context/absent-is-null"),
    "no tenant": (CONTEXT, {"X-Amz-Tenant-Id": "a"}, {"client_context": None}, "tenant/seen-by-function"),
    "version": (VERSIONED, {}, {"version": "$LATEST"}, ""),
    "other version": (VERSIONED, {}, {"version": "1"}, "streaming/executed-version"),
    "nothing": (DEPLOYED, {}, {}, ""),
}
"""What a function tells in a stream -> the function, headers of the call, the result, and what that breaks."""


@pytest.mark.parametrize(("deployed", "headers", "result", "requirements"), OF_STREAMS.values(), ids=OF_STREAMS)
def test_a_function_tells_it_in_a_stream_too(
    deployed: Deployed,
    headers: dict[str, str],
    result: dict[str, Any],
    requirements: str,
    contract: Contract,
    breaks: Breaks,
) -> None:
    """The same reaches a function whose answer is streamed, as far as that is on record."""
    content = encode(Frame({":event-type": "PayloadChunk"}, json.dumps(result).encode()))
    clauses = of_telling(asked_of(request(operation=STREAM, headers=headers), contract), deployed, WORLD, "stream")
    assert breaks(clauses, reply(200, content, {VERSION: "$LATEST"})) == requirements
