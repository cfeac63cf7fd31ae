"""What a refusal rests on where a request is called in another way than to Invoke and to wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from support.asking import WORLD, broken, header, refusal, request, status

from conformance.contract.requirements import load_requirements
from conformance.oracle.asked import read_request
from conformance.oracle.refusals import refusals
from conformance.oracle.resting import BY_WAY, OTHERWISE, THE_SAME

if TYPE_CHECKING:
    from conformance.contract.model import Contract
    from conformance.exchange.message import Request

from support.deserved import DRY_RUN, EVENT, FORMAT, MIB, text

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
