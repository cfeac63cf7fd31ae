"""Refusals: each check's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.asking import REQUEST_ID, WORLD, broken, header, refusal, reply, request, status

from conformance.oracle.asked import read_request
from conformance.oracle.refusals import Refusal, refusals
from conformance.oracle.resting import GUESSED
from conformance.oracle.world import Deployed, World

if TYPE_CHECKING:
    from conformance.contract.model import Contract
    from conformance.exchange.message import Request

from support.deserved import ARN, DESERVED, DRY_RUN, DURABLE_NAME, EVENT, MIB, TENANT_ID, Deserved, context, text


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
