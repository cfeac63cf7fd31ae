"""Refusals: each check's own, and which of several may come where a request fails more than one."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

import pytest
from support.asking import WORLD, broken, header, refusal, reply, request, status

from conformance.contract.requirements import load_requirements
from conformance.oracle.asked import read_request
from conformance.oracle.refusals import Refusal, refusals
from conformance.oracle.resting import BY_WAY, GUESSED, OTHERWISE

if TYPE_CHECKING:
    from conformance.contract.model import Contract
    from conformance.exchange.message import Request, Response


ARN = "arn:aws:lambda:{}:{}:function:{}"
HERE = "arn:aws:lambda:us-east-1:111111111111:function"
DERIVED = "The derived qualifier from the function name does not match the specified qualifier."
UNREACHABLE = "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')"
CONTEXT = "Client context must be a valid Base64-encoded JSON object."
UNPARSED = "Could not parse request body into json: Unexpected end-of-input"
EVENT = {"X-Amz-Invocation-Type": "Event"}
DRY_RUN = {"X-Amz-Invocation-Type": "DryRun"}
MIB = 1024 * 1024


class Deserved(NamedTuple):
    """A request, and the refusal that it deserves.

    Attributes:
        request: that fails one check.
        status: of the refusal.
        type: its bare name.
        key: of its message.
        message: as AWS words it; any where no wording is known.
        requirement: that says so.
        wording: the requirement about the message; empty where no wording is known.
        open: whether of the message only the beginning is known.
    """

    request: Request
    status: int
    type: str
    key: str
    message: str
    requirement: str
    wording: str = ""
    open: bool = False

    @property
    def answer(self) -> Response:
        """The refusal."""
        return self.worded(self.message)

    def worded(self, message: str) -> Response:
        """The refusal in these words."""
        return refusal(self.status, self.type, {"Type": "User", self.key: message})


def text(size: int) -> bytes:
    """JSON of this many bytes."""
    return b'"' + b"a" * (size - 2) + b'"'


def violation(asked: Request, requirement: str, *violated: str) -> Deserved:
    """A request that violates constraints."""
    noun = "error" if len(violated) == 1 else "errors"
    message = f"{len(violated)} validation {noun} detected: {'; '.join(violated)}"
    wording = "request-errors/violation-format"
    return Deserved(asked, 400, "ValidationException", "message", message, requirement, wording, open=True)


def violated(member: str, value: str, constraint: str) -> str:
    """What AWS prints of a violated constraint."""
    return f"Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"


def pattern(wanted: str) -> str:
    """How AWS words that a pattern is not matched."""
    return f"satisfy regular expression pattern: {wanted}"


def context(content: bytes) -> dict[str, str]:
    """A header that carries a client context."""
    return {"X-Amz-Client-Context": base64.b64encode(content).decode()}


def no_context(headers: dict[str, str]) -> Deserved:
    """A client context that is none."""
    requirement, wording = "client-context/not-json", "client-context/refusal-message"
    asked = request(headers=headers)
    return Deserved(asked, 400, "InvalidRequestContentException", "message", CONTEXT, requirement, wording)


def unparsed(content: bytes, requirement: str) -> Deserved:
    """A body that is no JSON."""
    wording = "payload/malformed-json-message"
    asked = request(body=content)
    kind = "InvalidRequestContentException"
    return Deserved(asked, 400, kind, "message", UNPARSED, requirement, wording, open=True)


def not_found(asked: Request, requirement: str, arn: str) -> Deserved:
    """A function, version or alias that is not there."""
    message, wording = f"Function not found: {HERE}:{arn}", "names/unknown-function-message"
    return Deserved(asked, 404, "ResourceNotFoundException", "Message", message, requirement, wording)


QUALIFIER = r"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+"
TENANT = r"[a-zA-Z0-9\._:\/=+\-@ ]+"
DURABLE = "[a-zA-Z0-9-_]+"
LONG = "a" * 257
TENANT_ID, DURABLE_NAME = "X-Amz-Tenant-Id", "X-Amz-Durable-Execution-Name"

DESERVED: dict[str, Deserved] = {
    "name-too-long": violation(
        request(LONG), "names/too-long", violated("functionName", LONG, "have length less than or equal to 256")
    ),
    "qualifier-too-long": violation(
        request(query=f"Qualifier={LONG}"),
        "qualifiers/too-long",
        violated("qualifier", LONG, "have length less than or equal to 128"),
    ),
    "qualifier-of-other-characters": violation(
        request(query="Qualifier=live!"),
        "qualifiers/illegal-character",
        violated("qualifier", "live!", pattern(QUALIFIER)),
    ),
    "unknown-type": violation(
        request(headers={"X-Amz-Invocation-Type": "event"}),
        "invocation-types/unknown",
        violated("invocationType", "event", "satisfy enum value set: [RequestResponse, Event, DryRun]"),
    ),
    "unknown-log-type": violation(
        request(headers={"X-Amz-Log-Type": "tail"}),
        "logs/unknown-type",
        violated("logType", "tail", "satisfy enum value set: [Tail, None]"),
    ),
    "tenant-too-long": violation(
        request("tenants", headers={TENANT_ID: LONG}),
        "tenant/constraints",
        violated("tenantId", LONG, "have length less than or equal to 256"),
    ),
    "tenant-of-other-characters": violation(
        request("tenants", headers={TENANT_ID: "a,b"}),
        "tenant/constraints",
        violated("tenantId", "a,b", pattern(TENANT)),
    ),
    "execution-too-long": violation(
        request("durable:1", headers={DURABLE_NAME: "a" * 65}),
        "durable/name-constraints",
        violated("durableExecutionName", "a" * 65, "have length less than or equal to 64"),
    ),
    "execution-of-other-characters": violation(
        request("durable:1", headers={DURABLE_NAME: "a.b"}),
        "durable/name-constraints",
        violated("durableExecutionName", "a.b", pattern(DURABLE)),
    ),
    "several-violations": violation(
        request(query="Qualifier=live!", headers={"X-Amz-Log-Type": "tail"}),
        "qualifiers/illegal-character",
        violated("logType", "tail", "satisfy enum value set: [Tail, None]"),
        violated("qualifier", "live!", pattern(QUALIFIER)),
    ),
    "two-qualifiers": Deserved(
        request("echo:1", "Qualifier=2"),
        400,
        "InvalidParameterValueException",
        "message",
        DERIVED,
        "qualifiers/disagreeing",
        "qualifiers/disagreeing-message",
    ),
    "other-region": Deserved(
        request(ARN.format("eu-west-1", "111111111111", "echo")),
        404,
        "ResourceNotFoundException",
        "Message",
        UNREACHABLE,
        "names/wrong-region",
        "names/wrong-region-message",
    ),
    "other-account": Deserved(
        request(ARN.format("us-east-1", "222222222222", "echo")),
        403,
        "AccessDeniedException",
        "Message",
        "whatever",
        "names/other-account",
    ),
    "too-large": Deserved(
        request(body=text(6 * MIB + 1)),
        413,
        "RequestEntityTooLargeException",
        "message",
        "whatever",
        "limits/synchronous-request-too-large",
    ),
    "no-json": unparsed(b"{", "payload/malformed-json"),
    "no-utf-8": unparsed(b'"\xff"', "payload/invalid-utf8"),
    "no-tenant": Deserved(
        request("tenants"),
        400,
        "InvalidParameterValueException",
        "message",
        "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request",
        "tenant/missing",
        "tenant/missing-message",
        open=True,
    ),
    "unexpected-tenant": Deserved(
        request(headers={TENANT_ID: "a"}),
        400,
        "InvalidParameterValueException",
        "message",
        "whatever",
        "tenant/unexpected",
    ),
    "unqualified-durable-function": Deserved(
        request("durable"),
        400,
        "InvalidParameterValueException",
        "message",
        "You cannot invoke a durable function using an unqualified ARN",
        "durable/unqualified",
        "durable/unqualified-message",
        open=True,
    ),
    "context-in-no-base64": no_context({"X-Amz-Client-Context": "e30=!"}),
    "context-of-no-json": no_context(context(b"{")),
    "context-of-no-json-without-padding": no_context({"X-Amz-Client-Context": "ew"}),
    "context-of-no-utf-8": no_context(context(b'{"a": "\xff"}')),
    "unknown-function": not_found(request("nobody"), "names/unknown-function", "nobody"),
    "unknown-function-at-latest": not_found(request("nobody"), "names/unknown-function", "nobody:$LATEST"),
    "unknown-function-at-a-version": not_found(request("nobody:7"), "names/unknown-function", "nobody:7"),
    "unknown-version": not_found(request(query="Qualifier=3"), "qualifiers/unknown-version", "echo:3"),
    "unknown-alias": not_found(request(query="Qualifier=dead"), "qualifiers/unknown-alias", "echo:dead"),
    "other-case": not_found(request("Echo"), "names/case-sensitive", "Echo"),
    "zero-before-a-version": not_found(request(query="Qualifier=01"), "qualifiers/leading-zero", "echo:01"),
    "alias-in-other-case": not_found(request("echo:LIVE"), "qualifiers/alias-case-sensitive", "echo:LIVE"),
    "latest-in-other-case": not_found(request(query="Qualifier=$latest"), "qualifiers/unknown-alias", "echo:$latest"),
    "zero-before-no-version": not_found(request(query="Qualifier=03"), "qualifiers/unknown-version", "echo:03"),
    "exhausted": Deserved(
        request("busy"),
        429,
        "TooManyRequestsException",
        "message",
        "Rate Exceeded.",
        "concurrency/throttled",
        "concurrency/throttled-message",
    ),
}
"""What is wrong with a request -> the request, and the refusal that it deserves."""


@pytest.mark.parametrize("one", [pytest.param(one, id=name) for name, one in DESERVED.items()])
def test_the_refusal_that_is_deserved_is_expected(one: Deserved, contract: Contract) -> None:
    """The right refusal passes; one of another status or type breaks the requirement about the check."""
    assert broken(one.request, one.answer, contract) == []
    assert broken(one.request, status(500)(one.answer), contract) == [one.requirement]
    assert broken(one.request, header("x-amzn-ErrorType", "ServiceException")(one.answer), contract) == [
        one.requirement
    ]


@pytest.mark.parametrize("one", [pytest.param(one, id=name) for name, one in DESERVED.items()])
def test_the_wording_that_is_known_is_expected(one: Deserved, contract: Contract) -> None:
    """Another text breaks the requirement about the text; where none is known, or no refusal is, any text will do."""
    wording = [one.wording] if one.wording and one.requirement not in GUESSED else []

    assert broken(one.request, one.worded(f"No. {one.message}"), contract) == wording
    if not one.open:
        assert broken(one.request, one.worded(f"{one.message} No."), contract) == wording


def test_where_no_wording_is_known_nothing_is_said_of_it(contract: Contract) -> None:
    """A refusal of which no text is known cites no requirement about its text."""
    asked = read_request(DESERVED["other-account"].request, contract)
    assert asked is not None
    assert refusals(asked, WORLD) == (Refusal("account", "names/other-account", 403, "AccessDeniedException", "", ""),)


LARGEST = {
    "synchronous": request(body=text(6 * MIB - 1)),
    "event": request(headers=EVENT, body=text(MIB)),
    "old event": request(operation="InvokeAsync", body=text(256 * 1024)),
    "dry run": request(headers=DRY_RUN, body=text(6 * MIB)),
    "stream": request(operation="InvokeWithResponseStream", body=text(6 * MIB - 1)),
}
TAKEN = {
    **LARGEST,
    "event of a busy function": request("busy", headers=EVENT),
    "dry run of a busy function": request("busy", headers=DRY_RUN),
    "client context": request(headers=context(b"{}")),
    "own account": request("111111111111:function:echo"),
    "same qualifier twice": request("echo:live", "Qualifier=live"),
    "tenant": request("tenants", headers={TENANT_ID: "a"}),
    "durable with a name": request("durable:1", headers={DURABLE_NAME: "a"}),
    "durable at latest": request("durable", "Qualifier=$LATEST"),
}


@pytest.mark.parametrize("asked", TAKEN.values(), ids=TAKEN)
def test_what_breaks_nothing_is_taken(asked: Request, contract: Contract) -> None:
    """The limits themselves are within; an Event waits where nothing else would run; parts that fit are no fault."""
    found = read_request(asked, contract)
    assert found is not None
    assert refusals(found, WORLD) == ()


UNSURE = {
    "synchronous, exactly of the limit": request(body=text(6 * MIB)),
    "stream, exactly of the limit": request(operation="InvokeWithResponseStream", body=text(6 * MIB)),
    "dry run, larger than any": request(headers=DRY_RUN, body=text(6 * MIB + 1)),
    "dry run of no JSON": request(headers=DRY_RUN, body=b"{"),
    "body that parsers read in two ways": request(body=b"{}{}"),
    "event that parsers read in two ways": request(headers=EVENT, body=b"{}{}"),
    "empty qualifier": request(query="Qualifier="),
    "empty qualifier beside one": request("echo:1", "Qualifier="),
    "empty tenant": request("tenants", headers={TENANT_ID: ""}),
    "empty name": request("durable:1", headers={DURABLE_NAME: ""}),
    "client context of an event": request(headers={**EVENT, **context(b"[]")}),
    "client context without padding": request(headers={"X-Amz-Client-Context": "e30"}),
    "client context of another alphabet": request(headers={"X-Amz-Client-Context": "eyJhIjoiPz8-In0="}),
    "client context of the other alphabet": request(headers={"X-Amz-Client-Context": "eyJhIjoiw7_Dv8O_In0="}),
    "client context in two lines": request(headers={"X-Amz-Client-Context": "e3 0="}),
    "client context of no object": request(headers=context(b"[]")),
    "client context that parsers read in two ways": request(headers=context(b"{}{}")),
    "name of an execution": request(headers={DURABLE_NAME: "a"}),
    "version to publish": request("durable", "Qualifier=$LATEST.PUBLISHED"),
    "two qualifiers of an event": request("echo:1", "Qualifier=2", headers=EVENT),
    "tenant of an event": request(headers={**EVENT, TENANT_ID: "a"}),
    "tenant of a stream": request(operation="InvokeWithResponseStream", headers={TENANT_ID: "a"}),
    "other region of an event": request(ARN.format("eu-west-1", "111111111111", "echo"), headers=EVENT),
    "busy stream": request("busy", operation="InvokeWithResponseStream"),
    "dry run of no stream": request("nobody", operation="InvokeWithResponseStream", headers=DRY_RUN),
}


@pytest.mark.parametrize("asked", UNSURE.values(), ids=UNSURE)
def test_what_no_evidence_decides_is_left_to_the_target(asked: Request, contract: Contract) -> None:
    """Where recordings say both or nothing, an answer is held to nothing but having a request id."""
    assert broken(asked, reply(200, b"{}"), contract) == []
    assert broken(asked, refusal(413, "RequestEntityTooLargeException"), contract) == []
    assert broken(asked, header("x-amzn-RequestId", "42")(reply(200)), contract) == ["response-headers/request-id-uuid"]


def test_a_context_that_is_too_long_may_be_refused_in_two_ways(contract: Contract) -> None:
    """As what is none, or as what is too large: how the limit is enforced is not recorded."""
    asked = request(headers={"X-Amz-Client-Context": "e30=" + "A" * 3580})

    assert broken(asked, refusal(400, "InvalidRequestContentException"), contract) == []
    assert broken(asked, refusal(413, "RequestEntityTooLargeException"), contract) == []
    assert broken(asked, reply(200, b"{}"), contract)[0] == "client-context/too-long"


@pytest.mark.parametrize(
    ("length", "requirement"), [(3583, "client-context/not-json"), (3584, "client-context/too-long")]
)
def test_a_context_of_the_limit_is_not_too_long(length: int, requirement: str, contract: Contract) -> None:
    """The limit is of the text in base64, and within; whatever is wrong with such a text is something else."""
    found = read_request(request(headers={"X-Amz-Client-Context": "A" * length}), contract)
    assert found is not None
    assert {one.requirement for one in refusals(found, WORLD)} == {requirement}


def test_a_version_that_was_never_published_may_be_refused_in_two_ways(contract: Contract) -> None:
    """Whether that is said before the look-up of a version is not recorded; it is no violation."""
    asked = request("untold", "Qualifier=$LATEST.PUBLISHED")

    assert broken(asked, refusal(400, "NoPublishedVersionException"), contract) == []
    assert broken(asked, refusal(404, "ResourceNotFoundException"), contract) == []
    assert broken(asked, refusal(400, "ValidationException"), contract) == ["qualifiers/latest-published"]
    assert broken(asked, refusal(500, "ServiceException"), contract) == ["qualifiers/latest-published"]


STREAM, OLD = "InvokeWithResponseStream", "InvokeAsync"
NO_JSON, NOT_FOUND = "InvalidRequestContentException", "ResourceNotFoundException"
TOO_LARGE, WRONG = "RequestEntityTooLargeException", "ValidationException"
WAYS: dict[str, tuple[Request, int, str, str, str]] = {
    "event/constraints": (
        request(headers={**EVENT, "X-Amz-Log-Type": "tail"}),
        400,
        WRONG,
        "invocation-types/event-checked-first",
        "",
    ),
    "event/look-up": (request("nobody", headers=EVENT), 404, NOT_FOUND, "invocation-types/event-checked-first", ""),
    "event/size": (request(headers=EVENT, body=text(MIB + 1)), 413, TOO_LARGE, "limits/event-request-too-large", ""),
    "event/body": (request(headers=EVENT, body=b"{"), 400, NO_JSON, "payload/event-malformed-json", ""),
    "dry run/constraints": (
        request(headers={**DRY_RUN, "X-Amz-Log-Type": "tail"}),
        400,
        WRONG,
        "invocation-types/dry-run-validates",
        "",
    ),
    "dry run/look-up": (
        request("nobody", headers=DRY_RUN),
        404,
        NOT_FOUND,
        "invocation-types/dry-run-looks-up",
        "",
    ),
    "stream/constraints": (
        request(operation=STREAM, headers={"X-Amz-Log-Type": "tail"}),
        400,
        WRONG,
        "streaming/constraints",
        "streaming/constraints-error",
    ),
    "stream/look-up": (request("nobody", operation=STREAM), 404, NOT_FOUND, "streaming/unknown-function", ""),
    "stream/qualifier": (
        request("echo:1", "Qualifier=2", operation=STREAM),
        400,
        "InvalidParameterValueException",
        "streaming/contradicting-qualifiers",
        "",
    ),
    "stream/size": (
        request(operation=STREAM, body=text(6 * MIB + 1)),
        413,
        TOO_LARGE,
        "streaming/request-limit",
        "",
    ),
    "stream/body": (request(operation=STREAM, body=b"{"), 400, NO_JSON, "streaming/malformed-json", ""),
    "dry run of a stream/constraints": (
        request(operation=STREAM, headers={**DRY_RUN, "X-Amz-Log-Type": "tail"}),
        400,
        WRONG,
        "streaming/constraints",
        "streaming/constraints-error",
    ),
    "event of a stream": (
        request(operation=STREAM, headers=EVENT),
        400,
        WRONG,
        "streaming/types",
        "streaming/constraints-error",
    ),
    "old event/constraints": (
        request("echo!", operation=OLD),
        400,
        WRONG,
        "invoke-async/illegal-name",
        "invoke-async/illegal-name-error",
    ),
    "old event/look-up": (
        request("nobody", operation=OLD, body=b"{}"),
        404,
        NOT_FOUND,
        "invoke-async/unknown-function",
        "",
    ),
    "old event/size": (
        request(operation=OLD, body=text(256 * 1024 + 1)),
        413,
        TOO_LARGE,
        "invoke-async/limit",
        "invoke-async/too-large-error",
    ),
    "old event/body": (request(operation=OLD, body=b"{"), 400, NO_JSON, "invoke-async/malformed-json", ""),
}
"""Way of calling, and what is wrong -> request, status, type, requirement, and that about the type if it is another."""


@pytest.mark.parametrize(("asked", "code", "kind", "requirement", "about_type"), WAYS.values(), ids=WAYS)
def test_other_ways_of_calling_rest_on_evidence_of_their_own(
    asked: Request, code: int, kind: str, requirement: str, about_type: str, contract: Contract
) -> None:
    """What is recorded of Invoke that waits is not held against the rest, in other words least of all."""
    key = contract.errors[kind].message_key or "message"
    answer = refusal(code, kind, {key: "in other words"})
    worded = ["request-errors/violation-format"] if kind == WRONG and asked.target.endswith(b"/invocations") else []

    assert broken(asked, answer, contract) == worded
    assert broken(asked, status(500)(answer), contract) == sorted([requirement, *worded])
    other = header("x-amzn-ErrorType", "ServiceException")(answer)
    assert broken(asked, other, contract) == sorted([about_type or requirement, *worded])


def test_each_ground_is_stood_on() -> None:
    """The ways above are all that there are grounds for."""
    assert len(WAYS) == sum(map(len, BY_WAY.values())) + sum(map(len, OTHERWISE.values()))


def test_each_ground_is_a_requirement() -> None:
    """Grounds are ids of requirements."""
    tables = [*BY_WAY.values(), *OTHERWISE.values()]
    cited = {one for table in tables for grounds in table.values() for one in grounds}
    assert sorted(cited - load_requirements().keys()) == []


@pytest.mark.parametrize("asked", [request(name, operation=OLD, body=b"{}") for name in ("tenants", "durable:1")])
def test_an_old_event_needs_no_tenant(asked: Request, contract: Contract) -> None:
    """InvokeAsync can't name one, and nobody knows what comes of that: it is not refused for certain."""
    found = read_request(asked, contract)
    assert found is not None
    assert [one for one in refusals(found, WORLD) if one.sure] == []


FIRST: dict[str, tuple[Request, Deserved, str]] = {
    "constraints before qualifier": (
        request("echo:1", "Qualifier=2!"),
        DESERVED["two-qualifiers"],
        "qualifiers/illegal-character",
    ),
    "constraints before look-up": (
        request("nobody", headers={"X-Amz-Log-Type": "tail"}),
        DESERVED["unknown-function"],
        "logs/unknown-type",
    ),
    "qualifier before look-up": (
        request("nobody:1", "Qualifier=2"),
        DESERVED["unknown-function-at-a-version"],
        "qualifiers/disagreeing",
    ),
    "region before look-up": (
        request(ARN.format("eu-west-1", "111111111111", "nobody")),
        DESERVED["unknown-function"],
        "names/wrong-region-message",
    ),
    "body before client-context": (
        request(body=b"{", headers=context(b"{")),
        DESERVED["context-of-no-json"],
        "payload/malformed-json-message",
    ),
    "look-up before concurrency": (
        request("busy:dead"),
        DESERVED["exhausted"],
        "qualifiers/unknown-alias",
    ),
}
"""Which check is known to be made first -> a request that fails both, the refusal of the second, what that breaks."""


@pytest.mark.parametrize("order", FIRST)
def test_a_check_that_is_made_first_hides_the_other(order: str, contract: Contract) -> None:
    """Where the order of two checks is on record, the refusal of the second is none of those deserved."""
    asked, second, requirement = FIRST[order]
    assert requirement in broken(asked, second.answer, contract)


UNORDERED: dict[str, tuple[Request, tuple[str, str]]] = {
    "size and body": (request(body=b"{" * (6 * MIB + 1)), ("too-large", "no-json")),
    "account and look-up": (
        request(ARN.format("us-east-1", "222222222222", "nobody")),
        ("other-account", "unknown-function"),
    ),
    "qualifier and account": (
        request(ARN.format("us-east-1", "222222222222", "echo:1"), "Qualifier=2"),
        ("two-qualifiers", "other-account"),
    ),
    "body and concurrency": (request("busy", body=b"{"), ("no-json", "exhausted")),
    "client-context and look-up": (
        request("nobody", headers=context(b"{")),
        ("context-of-no-json", "unknown-function"),
    ),
}
"""Two checks of which no evidence tells the order -> a request that fails both, and both refusals."""


@pytest.mark.parametrize("checks", UNORDERED)
def test_without_an_order_on_record_either_refusal_conforms(checks: str, contract: Contract) -> None:
    """Where nobody knows which check comes first, both refusals pass, and no third one does."""
    asked, names = UNORDERED[checks]

    assert [broken(asked, DESERVED[name].answer, contract) for name in names] == [[], []]
    assert broken(asked, refusal(500, "ServiceException"), contract) != []
