"""Refusals: each check's own, and which of several may come where a request fails more than one."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

import pytest
from support.asking import WORLD, body, header, refusal, reply, request, status

from conformance.contract.requirements import Tier, load_requirements
from conformance.exchange.message import Request
from conformance.oracle.asked import read_request
from conformance.oracle.expectation import expectation
from conformance.oracle.judge import judge
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading
from conformance.oracle.refusals import Refusal, refusals

if TYPE_CHECKING:
    from conformance.contract.model import Contract
    from conformance.exchange.message import Response

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
    """

    request: Request
    status: int
    type: str
    key: str
    message: str
    requirement: str
    wording: str = ""

    @property
    def answer(self) -> Response:
        """The refusal."""
        return refusal(self.status, self.type, {"Type": "User", self.key: self.message})


def text(size: int) -> bytes:
    """JSON of this many bytes."""
    return b'"' + b"a" * (size - 2) + b'"'


def violation(asked: Request, requirement: str, *violated: str) -> Deserved:
    """A request that violates constraints."""
    noun = "error" if len(violated) == 1 else "errors"
    message = f"{len(violated)} validation {noun} detected: {'; '.join(violated)}"
    return Deserved(
        asked, 400, "ValidationException", "message", message, requirement, "request-errors/violation-format"
    )


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
    return Deserved(asked, 400, "InvalidRequestContentException", "message", UNPARSED, requirement, wording)


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
        request(headers={TENANT_ID: LONG}),
        "tenant/constraints",
        violated("tenantId", LONG, "have length less than or equal to 256"),
    ),
    "tenant-of-other-characters": violation(
        request(headers={TENANT_ID: "a,b"}), "tenant/constraints", violated("tenantId", "a,b", pattern(TENANT))
    ),
    "execution-too-long": violation(
        request(headers={DURABLE_NAME: "a" * 65}),
        "durable/name-constraints",
        violated("durableExecutionName", "a" * 65, "have length less than or equal to 64"),
    ),
    "execution-of-other-characters": violation(
        request(headers={DURABLE_NAME: "a.b"}),
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
    "event-too-large": Deserved(
        request(headers=EVENT, body=text(MIB + 1)),
        413,
        "RequestEntityTooLargeException",
        "Message",
        "whatever",
        "limits/event-request-too-large",
    ),
    "no-json": unparsed(b"{", "payload/malformed-json"),
    "no-utf-8": unparsed(b'"\xff"', "payload/invalid-utf8"),
    "context-in-no-base64": no_context({"X-Amz-Client-Context": "e30=!"}),
    "context-in-no-ascii": no_context({"X-Amz-Client-Context": "é"}),
    "context-of-no-json": no_context(context(b"{")),
    "context-of-no-utf-8": no_context(context(b'{"a": "\xff"}')),
    "context-of-no-object": no_context(context(b"[]")),
    "context-of-too-many-levels": no_context(context(b"[" * 100_000)),
    "unknown-function": not_found(request("nobody"), "names/unknown-function", "nobody"),
    "unknown-function-at-latest": not_found(request("nobody"), "names/unknown-function", "nobody:$LATEST"),
    "unknown-function-at-a-version": not_found(request("nobody:7"), "names/unknown-function", "nobody:7"),
    "unknown-version": not_found(request(query="Qualifier=3"), "qualifiers/unknown-version", "echo:3"),
    "unknown-alias": not_found(request(query="Qualifier=dead"), "qualifiers/unknown-alias", "echo:dead"),
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


def broken(asked: Request, answer: Response, contract: Contract) -> list[str]:
    """Return the requirements that an answer breaks, or contradicts at least."""
    checks = judge(expectation(asked, contract, WORLD), [Reading(answer)], load_requirements(), Tier.STRICT)
    return sorted({check.clause.requirement for check in checks if check.outcome is not Outcome.PASS})


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
    """Another text breaks the requirement about the text; where none is known, any text will do."""
    before, after = (body({"Type": "User", one.key: words}) for words in (f"No. {one.message}", f"{one.message} No."))
    wording = [one.wording] if one.wording else []

    assert broken(one.request, before(one.answer), contract) == wording
    if one.message != UNPARSED and "validation error" not in one.message:  # of these, only the beginning is known
        assert broken(one.request, after(one.answer), contract) == wording


def test_where_no_wording_is_known_nothing_is_said_of_it(contract: Contract) -> None:
    """A refusal of which no text is known cites no requirement about its text."""
    asked = read_request(DESERVED["other-account"].request, contract)
    assert asked is not None
    assert refusals(asked, WORLD) == (Refusal("account", "names/other-account", 403, "AccessDeniedException", "", ""),)


@pytest.mark.parametrize(
    "asked",
    [
        request(query="Qualifier="),
        request(headers={TENANT_ID: ""}),
        request(headers={DURABLE_NAME: ""}),
    ],
)
def test_no_recording_shows_a_text_that_is_too_short(asked: Request, contract: Contract) -> None:
    """Whatever answers an empty text, the worst that can be said of its status is that it is noted."""
    clauses = expectation(asked, contract, WORLD)
    requirements = load_requirements()
    about_it = {clause.requirement for clause in clauses if clause.subject in {"status", "error type"}}

    assert [requirements[one].can_fail for one in about_it] == [False]


@pytest.mark.parametrize("member", ["minLength 1", "pattern"])
def test_an_empty_text_breaks_two_constraints(member: str, contract: Contract) -> None:
    """An empty qualifier is too short and matches no pattern, and a message has to name both."""
    named = {
        "minLength 1": violated("qualifier", "", "have length greater than or equal to 1"),
        "pattern": violated("qualifier", "", pattern(QUALIFIER)),
    }
    both = "; ".join(named.values())
    asked = request(query="Qualifier=")
    whole = refusal(400, "ValidationException", {"message": f"2 validation errors detected: {both}"})
    short = refusal(400, "ValidationException", {"message": f"2 validation errors detected: {named[member]}"})

    assert broken(asked, whole, contract) == []
    assert broken(asked, short, contract) == ["request-errors/violation-format"]


LARGEST = {
    "synchronous": request(body=text(6 * MIB - 1)),
    "event": request(headers=EVENT, body=text(MIB)),
    "old event": request(operation="InvokeAsync", body=text(256 * 1024)),
    "dry run": request(headers=DRY_RUN, body=text(MIB)),
}
TAKEN = {
    **LARGEST,
    "event of a busy function": request("busy", headers=EVENT),
    "dry run of a busy function": request("busy", headers=DRY_RUN),
    "client context": request(headers=context(b"{}")),
    "own account": request("111111111111:function:echo"),
    "own region": request("us-east-1:echo"),
    "same qualifier twice": request("echo:live", "Qualifier=live"),
}


@pytest.mark.parametrize("asked", TAKEN.values(), ids=TAKEN)
def test_what_breaks_nothing_is_taken(asked: Request, contract: Contract) -> None:
    """The limits themselves are within; an Event waits where nothing else would run; parts that fit are no fault."""
    refused = refusal(500, "ServiceException")
    assert any(one.startswith("status-codes/") for one in broken(asked, refused, contract))


UNDECIDED = {
    "synchronous, exactly of the limit": request(body=text(6 * MIB)),
    "dry run, larger than an event": request(headers=DRY_RUN, body=text(MIB + 1)),
    "dry run, larger than any": request(headers=DRY_RUN, body=text(6 * MIB + 1)),
    "two qualifiers": request(query="Qualifier=1&Qualifier=2"),
    "two types": Request(b"POST", request().target, ((b"X-Amz-Invocation-Type", b"Event"),) * 2),
    "two tenants of a dry run": Request(
        b"POST", request().target, ((b"X-Amz-Invocation-Type", b"DryRun"), *((b"X-Amz-Tenant-Id", b"a"),) * 2)
    ),
}


@pytest.mark.parametrize("asked", UNDECIDED.values(), ids=UNDECIDED)
def test_what_no_evidence_decides_is_left_to_the_target(asked: Request, contract: Contract) -> None:
    """Where recordings say both or nothing, an answer is held to nothing but having a request id."""
    assert broken(asked, reply(200, b"{}"), contract) == []
    assert broken(asked, refusal(413, "RequestEntityTooLargeException"), contract) == []
    assert broken(asked, header("x-amzn-RequestId", None)(reply(200)), contract) == ["response-headers/request-id-uuid"]


OLD = {
    "illegal name": ("echo!", b"", 400, "ValidationException", "invoke-async/illegal-name-error"),
    "unknown function": ("nobody", b"{}", 404, "ResourceNotFoundException", "invoke-async/unknown-function"),
    "no json": ("echo", b"{", 400, "InvalidRequestContentException", "invoke-async/malformed-json"),
    "too large": (
        "echo",
        text(256 * 1024 + 1),
        413,
        "RequestEntityTooLargeException",
        "invoke-async/too-large-error",
    ),
}


@pytest.mark.parametrize(("name", "content", "code", "kind", "requirement"), OLD.values(), ids=OLD)
def test_what_is_recorded_for_invoke_is_not_held_against_invoke_async(
    name: str, content: bytes, code: int, kind: str, requirement: str, contract: Contract
) -> None:
    """Its refusals rest on evidence of its own, which knows no texts."""
    asked = request(name, body=content, operation="InvokeAsync")
    key = contract.errors[kind].message_key or "message"

    assert broken(asked, refusal(code, kind, {key: "in other words"}), contract) == []
    assert broken(asked, refusal(500, kind, {key: "in other words"}), contract) == [requirement]


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
        request(body=b"{", headers=context(b"[]")),
        DESERVED["context-of-no-object"],
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
        request("nobody", headers=context(b"[]")),
        ("context-of-no-object", "unknown-function"),
    ),
}
"""Two checks of which no evidence tells the order -> a request that fails both, and both refusals."""


@pytest.mark.parametrize("checks", UNORDERED)
def test_without_an_order_on_record_either_refusal_conforms(checks: str, contract: Contract) -> None:
    """Where nobody knows which check comes first, both refusals pass, and no third one does."""
    asked, names = UNORDERED[checks]

    assert [broken(asked, DESERVED[name].answer, contract) for name in names] == [[], []]
    assert broken(asked, refusal(500, "ServiceException"), contract) != []
