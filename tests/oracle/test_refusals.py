"""Refusals: each check's own, and which of several may come where a request fails more than one."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

import pytest
from support.asking import REQUEST_ID, WORLD, broken, header, refusal, reply, request, status

from conformance.contract.requirements import load_requirements
from conformance.oracle.asked import read_request
from conformance.oracle.refusals import BEFORE, Refusal, refusals
from conformance.oracle.resting import BY_WAY, GUESSED, OTHERWISE, THE_SAME
from conformance.oracle.world import Deployed, World

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
        wording: the requirements about the message; empty where no wording is known.
        open: whether of the message only the beginning is known.
        order: the requirement that this refusal comes before that of another check, which the request fails, too.
        more: members of the body beside the message.
    """

    request: Request
    status: int
    type: str
    key: str
    message: str
    requirement: str
    wording: str = ""
    open: bool = False
    order: str = ""
    more: tuple[tuple[str, str], ...] = (("Type", "User"),)

    @property
    def answer(self) -> Response:
        """The refusal."""
        return self.worded(self.message)

    def worded(self, message: str) -> Response:
        """The refusal in these words."""
        return refusal(self.status, self.type, {**dict(self.more), self.key: message})


def text(size: int) -> bytes:
    """JSON of this many bytes."""
    return b'"' + b"a" * (size - 2) + b'"'


FORMAT, LOOKED_UP = "request-errors/violation-format", "request-errors/constraints-before-look-up"


def violation(asked: Request, requirement: str, *violated: str, wording: str = "", order: str = "") -> Deserved:
    """A request that violates constraints; its body has nothing but the message."""
    noun = "error" if len(violated) == 1 else "errors"
    message = f"{len(violated)} validation {noun} detected: {'; '.join(violated)}"
    told = f"{wording} {FORMAT}".strip()
    return Deserved(asked, 400, "ValidationException", "message", message, requirement, told, True, order, ())


def violated(member: str, value: str, constraint: str) -> str:
    """What AWS prints of a violated constraint."""
    return f"Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"


def pattern(wanted: str) -> str:
    """How AWS words that a pattern is not matched."""
    return f"satisfy regular expression pattern: {wanted}"


def context(content: bytes) -> dict[str, str]:
    """A header that carries a client context."""
    return {"X-Amz-Client-Context": base64.b64encode(content).decode()}


def no_context(headers: dict[str, str], requirement: str) -> Deserved:
    """A client context that is none."""
    wording = "client-context/refusal-message"
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
    message = f"Function not found: {HERE}:{arn}"
    of_qualifier = requirement.startswith("qualifiers/")
    wording = "qualifiers/unknown-message" if of_qualifier else "names/unknown-function-message"
    return Deserved(asked, 404, "ResourceNotFoundException", "Message", message, requirement, wording)


QUALIFIER = r"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+"
TENANT = r"[a-zA-Z0-9\._:\/=+\-@ ]+"
DURABLE = "[a-zA-Z0-9-_]+"
LONG = "a" * 257
TENANT_ID, DURABLE_NAME = "X-Amz-Tenant-Id", "X-Amz-Durable-Execution-Name"

DESERVED: dict[str, Deserved] = {
    "name-too-long": violation(
        request(LONG),
        "names/too-long",
        violated("functionName", LONG, "have length less than or equal to 256"),
        wording="names/too-long-message",
        order=LOOKED_UP,
    ),
    "qualifier-too-long": violation(
        request(query=f"Qualifier={LONG}"),
        "qualifiers/too-long",
        violated("qualifier", LONG, "have length less than or equal to 128"),
        wording="qualifiers/too-long-message",
        order=LOOKED_UP,
    ),
    "qualifier-of-other-characters": violation(
        request(query="Qualifier=live!"),
        "qualifiers/illegal-character",
        violated("qualifier", "live!", pattern(QUALIFIER)),
        wording="qualifiers/pattern-message",
        order=LOOKED_UP,
    ),
    "unknown-type": violation(
        request(headers={"X-Amz-Invocation-Type": "Later"}),
        "invocation-types/unknown",
        violated("invocationType", "Later", "satisfy enum value set: [RequestResponse, Event, DryRun]"),
        wording="invocation-types/unknown-message",
    ),
    "type-in-other-case": violation(
        request(headers={"X-Amz-Invocation-Type": "event"}),
        "invocation-types/case-sensitive",
        violated("invocationType", "event", "satisfy enum value set: [RequestResponse, Event, DryRun]"),
        wording="invocation-types/unknown-message",
    ),
    "unknown-log-type": violation(
        request(headers={"X-Amz-Log-Type": "tail"}),
        "logs/unknown-type",
        violated("logType", "tail", "satisfy enum value set: [Tail, None]"),
        wording="logs/unknown-type-message",
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
        "request-errors/several-violations",
        violated("logType", "tail", "satisfy enum value set: [Tail, None]"),
        violated("qualifier", "live!", pattern(QUALIFIER)),
        wording="request-errors/all-violations",
        order=LOOKED_UP,
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
        "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)",
        "limits/synchronous-request-too-large",
        "limits/too-large-message",
    ),
    "no-json": unparsed(b"{", "payload/malformed-json"),
    "no-utf-8": unparsed(b"\xff", "payload/invalid-utf8"),
    "text-of-no-utf-8": unparsed(b'"\xff"', "payload/invalid-utf8-in-string"),
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
    "context-in-no-base64": no_context({"X-Amz-Client-Context": "e30=!"}, "client-context/not-base64"),
    "context-of-no-json": no_context(context(b"{"), "client-context/not-json"),
    "context-of-no-json-without-padding": no_context({"X-Amz-Client-Context": "ew"}, "client-context/not-base64"),
    "context-of-no-utf-8": no_context(context(b'{"a": "\xff"}'), "client-context/not-json"),
    "unknown-function": not_found(request("nobody"), "names/unknown-function", "nobody"),
    "unknown-function-at-latest": not_found(request("nobody"), "names/unknown-function", "nobody:$LATEST"),
    "unknown-function-at-a-version": not_found(request("nobody:7"), "names/unknown-function", "nobody:7"),
    "unknown-version": not_found(request(query="Qualifier=3"), "qualifiers/unknown-version", "echo:3"),
    "unknown-alias": not_found(request(query="Qualifier=dead"), "qualifiers/unknown-alias", "echo:dead"),
    "other-case": not_found(request("Echo"), "names/case-sensitive", "Echo"),
    "zero-before-a-version": not_found(request(query="Qualifier=01"), "qualifiers/leading-zero", "echo:01"),
    "alias-in-other-case": not_found(request("echo:LIVE"), "qualifiers/alias-case-sensitive", "echo:LIVE"),
    "latest-in-other-case": not_found(request(query="Qualifier=$latest"), "qualifiers/case-sensitive", "echo:$latest"),
    "zero-before-no-version": not_found(request(query="Qualifier=03"), "qualifiers/unknown-version", "echo:03"),
    "exhausted": Deserved(
        request("busy"),
        429,
        "TooManyRequestsException",
        "message",
        "Rate Exceeded.",
        "concurrency/throttled",
        "concurrency/throttled-message",
        more=(("Type", "User"), ("Reason", "ReservedFunctionConcurrentInvocationLimitExceeded")),
    ),
    "own-request-id": Deserved(
        request(headers={"x-amzn-RequestId": "42"}),
        400,
        "InvalidRequestContentException",
        "message",
        "whatever",
        "request-errors/request-id-not-a-uuid",
    ),
}
"""What is wrong with a request -> the request, and the refusal that it deserves."""


@pytest.mark.parametrize("one", [pytest.param(one, id=name) for name, one in DESERVED.items()])
def test_the_refusal_that_is_deserved_is_expected(one: Deserved, contract: Contract) -> None:
    """The right refusal passes; one of another status or type breaks the requirement about the check.

    Another type breaks that about the order of checks, too, where it is on record and the request fails two.
    """
    other = header("x-amzn-ErrorType", "ServiceException")(one.answer)

    assert broken(one.request, one.answer, contract) == []
    assert broken(one.request, status(500)(one.answer), contract) == [one.requirement]
    assert broken(one.request, other, contract) == sorted(filter(None, (one.requirement, one.order)))


@pytest.mark.parametrize("one", [pytest.param(one, id=name) for name, one in DESERVED.items()])
def test_the_wording_that_is_known_is_expected(one: Deserved, contract: Contract) -> None:
    """Another text breaks the requirements about the text; where none is known, or no refusal is, any text will do."""
    wording = one.wording.split() if one.requirement not in GUESSED else []

    assert broken(one.request, one.worded(f"No. {one.message}"), contract) == wording
    if not one.open:
        assert broken(one.request, one.worded(f"{one.message} No."), contract) == wording


@pytest.mark.parametrize(
    ("members", "requirements"),
    [
        ({"Type": "User"}, "concurrency/throttled-members concurrency/throttled-reason"),
        ({"Type": "User", "Reason": "CallerRateLimitExceeded"}, "concurrency/throttled-reason"),
        ({"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded"}, "concurrency/throttled-members"),
    ],
)
def test_a_function_without_room_says_why(members: dict[str, str], requirements: str, contract: Contract) -> None:
    """The refusal of a call above the reserved concurrency has its reason, and all of its members."""
    answer = refusal(429, "TooManyRequestsException", {**members, "message": "Rate Exceeded."})
    assert broken(request("busy"), answer, contract) == requirements.split()


STATE = "The operation cannot be performed at this time. The function is currently in the following state: Pending"
LONG_DURABLE = "You cannot synchronously invoke a durable function with an executionTimeout greater than 15 minutes."
OF_FUNCTIONS: dict[str, tuple[Request, Deployed, tuple[Refusal, ...]]] = {
    "pending": (
        request(),
        Deployed(state="Pending"),
        (
            Refusal(
                "state",
                "function-states/pending",
                409,
                "ResourceConflictException",
                ("equals", STATE),
                "function-states/pending-message",
            ),
        ),
    ),
    "failed": (
        request(),
        Deployed(state="Failed"),
        (Refusal("state", "function-states/failed", 409, "ResourceConflictException"),),
    ),
    "active": (request(), Deployed(), ()),
    "durable for long": (
        request(query="Qualifier=1"),
        Deployed(versions=frozenset("1"), durable=True, long=True),
        (
            Refusal(
                "durable",
                "durable/too-long-for-synchronous",
                400,
                "InvalidParameterValueException",
                ("equals", LONG_DURABLE),
                "durable/too-long-for-synchronous-message",
            ),
        ),
    ),
    "durable for long, later": (
        request(query="Qualifier=1", headers=EVENT),
        Deployed(versions=frozenset("1"), durable=True, long=True),
        (),
    ),
    "durable for long, without a qualifier": (
        request(),
        Deployed(durable=True, long=True),
        (
            Refusal(
                "durable",
                "durable/unqualified",
                400,
                "InvalidParameterValueException",
                ("tells", ["You cannot invoke a durable function using an unqualified ARN"]),
                "durable/unqualified-message",
            ),
        ),
    ),
}
"""How a function is configured, or the state in which it is -> a request for it, and the refusals deserved."""


@pytest.mark.parametrize(("asked", "deployed", "deserved"), OF_FUNCTIONS.values(), ids=OF_FUNCTIONS)
def test_what_a_function_is_decides_on_the_refusal(
    asked: Request, deployed: Deployed, deserved: tuple[Refusal, ...], contract: Contract
) -> None:
    """A function that is not Active is not run, and one that takes too long is not waited for."""
    found = read_request(asked, contract)
    assert found is not None
    assert refusals(found, World("us-east-1", "111111111111", {"echo": deployed})) == deserved


@pytest.mark.parametrize(
    ("value", "sure"),
    [("42", True), (f"{REQUEST_ID}0", True), (REQUEST_ID.replace("1", "A"), False), (f"{{{REQUEST_ID}}}", False)],
)
def test_what_is_no_uuid_is_no_request_id(value: str, sure: bool, contract: Contract) -> None:  # noqa: FBT001  a table
    """An id of the caller's own is refused that is no UUID; one in capitals or braces may be."""
    found = read_request(request(headers={"x-amzn-RequestId": value}), contract)
    assert found is not None
    assert [(one.check, one.sure) for one in refusals(found, WORLD)] == [("request-id", sure)]


def test_where_no_wording_is_known_nothing_is_said_of_it(contract: Contract) -> None:
    """A refusal of which no text is known cites no requirement about its text."""
    asked = read_request(DESERVED["other-account"].request, contract)
    assert asked is not None
    assert refusals(asked, WORLD) == (Refusal("account", "names/other-account", 403, "AccessDeniedException"),)


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
    ("length", "requirement"), [(3583, "client-context/not-base64"), (3584, "client-context/too-long")]
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
QUALIFIERS = "InvalidParameterValueException"


class Way(NamedTuple):
    """A request that is called in another way than to Invoke and to wait, and its refusal.

    Attributes:
        request: that fails one check.
        status: of the refusal.
        type: its bare name.
        requirement: that says so.
        about_type: the requirement about the type, if it is another.
        wording: the requirements about the message; empty where none is known.
    """

    request: Request
    status: int
    type: str
    requirement: str
    about_type: str = ""
    wording: str = ""


WAYS: dict[str, Way] = {
    "event/constraints": Way(
        request(query="Qualifier=live!", headers=EVENT),
        400,
        WRONG,
        "invocation-types/event-checked-first",
        wording=f"qualifiers/pattern-message {FORMAT}",
    ),
    "event/log type": Way(
        request(headers={**EVENT, "X-Amz-Log-Type": "tail"}),
        400,
        WRONG,
        "logs/checked-on-event",
        wording=f"logs/unknown-type-message {FORMAT}",
    ),
    "event/look-up": Way(request("nobody", headers=EVENT), 404, NOT_FOUND, "invocation-types/event-checked-first"),
    "event/size": Way(
        request(headers=EVENT, body=text(MIB + 1)),
        413,
        TOO_LARGE,
        "limits/event-request-too-large",
        wording="limits/too-large-message",
    ),
    "event/body": Way(request(headers=EVENT, body=b"{"), 400, NO_JSON, "payload/event-malformed-json"),
    "dry run/constraints": Way(
        request(headers={**DRY_RUN, "X-Amz-Log-Type": "tail"}),
        400,
        WRONG,
        "invocation-types/dry-run-validates",
        wording=f"logs/unknown-type-message {FORMAT}",
    ),
    "dry run/qualifier": Way(
        request("echo:1", "Qualifier=2", headers=DRY_RUN), 400, QUALIFIERS, "invocation-types/dry-run-validates"
    ),
    "dry run/look-up": Way(request("nobody", headers=DRY_RUN), 404, NOT_FOUND, "invocation-types/dry-run-looks-up"),
    "stream/constraints": Way(
        request(operation=STREAM, headers={"X-Amz-Log-Type": "tail"}, body=b"{}"),
        400,
        WRONG,
        "streaming/constraints",
        "streaming/constraints-error",
    ),
    "stream/look-up": Way(
        request("nobody", operation=STREAM, body=b"{}"), 404, NOT_FOUND, "streaming/unknown-function"
    ),
    "stream/qualifier": Way(
        request("echo:1", "Qualifier=2", operation=STREAM, body=b"{}"),
        400,
        QUALIFIERS,
        "streaming/contradicting-qualifiers",
    ),
    "stream/size": Way(request(operation=STREAM, body=text(6 * MIB + 1)), 413, TOO_LARGE, "streaming/request-limit"),
    "stream/body": Way(request(operation=STREAM, body=b"{"), 400, NO_JSON, "streaming/malformed-json"),
    "dry run of a stream/constraints": Way(
        request(operation=STREAM, headers={**DRY_RUN, "X-Amz-Log-Type": "tail"}, body=b"{}"),
        400,
        WRONG,
        "streaming/constraints",
        "streaming/constraints-error",
    ),
    "event of a stream": Way(
        request(operation=STREAM, headers=EVENT, body=b"{}"),
        400,
        WRONG,
        "streaming/types",
        "streaming/constraints-error",
    ),
    "old event/constraints": Way(
        request("echo!", operation=OLD, body=b"{}"),
        400,
        WRONG,
        "invoke-async/illegal-name",
        "invoke-async/illegal-name-error",
    ),
    "old event/look-up": Way(
        request("nobody", operation=OLD, body=b"{}"), 404, NOT_FOUND, "invoke-async/unknown-function"
    ),
    "old event/size": Way(
        request(operation=OLD, body=text(256 * 1024 + 1)),
        413,
        TOO_LARGE,
        "invoke-async/limit",
        "invoke-async/too-large-error",
    ),
    "old event/body": Way(request(operation=OLD, body=b"{"), 400, NO_JSON, "invoke-async/malformed-json"),
}
"""Way of calling, and what is wrong -> request and refusal."""


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_other_ways_of_calling_rest_on_evidence_of_their_own(way: Way, contract: Contract) -> None:
    """What is recorded of Invoke that waits is not held against the rest, in other words least of all."""
    key = contract.errors[way.type].message_key or "message"
    members = {key: "in other words"} if way.type == WRONG else {key: "in other words", "Type": "User"}
    answer, worded = refusal(way.status, way.type, members), way.wording.split()
    other = header("x-amzn-ErrorType", "ServiceException")(answer)

    assert broken(way.request, answer, contract) == worded
    assert broken(way.request, status(500)(answer), contract) == sorted([way.requirement, *worded])
    assert broken(way.request, other, contract) == sorted([way.about_type or way.requirement, *worded])


def test_each_ground_is_stood_on() -> None:
    """The ways above are all that there are grounds for."""
    tables = [*BY_WAY.values(), *OTHERWISE.values(), THE_SAME]
    assert len(WAYS) == sum(map(len, tables))


def test_each_ground_is_a_requirement() -> None:
    """Grounds are ids of requirements."""
    tables = [*BY_WAY.values(), *OTHERWISE.values(), THE_SAME]
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
        f"logs/unknown-type {LOOKED_UP}",
    ),
    "qualifier before look-up": (
        request("nobody:1", "Qualifier=2"),
        DESERVED["unknown-function-at-a-version"],
        "qualifiers/disagreeing qualifiers/disagreeing-before-look-up",
    ),
    "region before look-up": (
        request(ARN.format("eu-west-1", "111111111111", "nobody")),
        DESERVED["unknown-function"],
        "names/wrong-region-message request-errors/region-before-look-up",
    ),
    "body before client-context": (
        request(body=b"{", headers=context(b"{")),
        DESERVED["context-of-no-json"],
        "client-context/body-error-wins payload/malformed-json-message",
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
    """Where the order of two checks is on record, the refusal of the second breaks what is required of the first."""
    asked, second, requirements = FIRST[order]
    assert set(requirements.split()) <= set(broken(asked, second.answer, contract))


def test_each_order_that_is_on_record_is_tried() -> None:
    """The orders above are all that there are."""
    assert {f"{first} before {second}" for first, second in BEFORE} == FIRST.keys()
    cited = {one for _, _, requirements in FIRST.values() for one in requirements.split()}
    assert set(filter(None, BEFORE.values())) <= cited


@pytest.mark.parametrize("headers", [EVENT, DRY_RUN])
def test_an_order_is_held_against_calls_alone_that_wait(headers: dict[str, str], contract: Contract) -> None:
    """Which of two checks comes first is recorded of calls that wait, so that no order is cited of the rest."""
    asked = request("nobody", headers={**headers, "X-Amz-Log-Type": "tail"})
    assert LOOKED_UP not in broken(asked, DESERVED["unknown-function"].answer, contract)


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
