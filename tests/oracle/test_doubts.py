"""Requests of which no evidence says what must come back: of no answer does more fail than what holds of every one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.cases.model import Call
from conformance.cases.rendering import render
from conformance.contract.reader import load_contract
from conformance.contract.requirements import load_requirements
from conformance.exchange.endpoint import Endpoint
from conformance.oracle.answers import ANY
from conformance.oracle.clause import Clause
from conformance.oracle.expectation import expectation
from conformance.oracle.site import Site
from conformance.oracle.world import Deployed, World

if TYPE_CHECKING:
    from conformance.oracle.answers import Clauses

CONTRACT, REQUIREMENTS = load_contract(), load_requirements()
SITE = Site("us-east-1", "123456789012", {"echo": "echo", "tenant": "tenant"})
WORLD = World(SITE.region, SITE.account, {"echo": Deployed(), "tenant": Deployed(tenancy=True)})


def clauses_of(call: Call) -> Clauses:
    """What the oracle expects of a call."""
    return expectation(render(call, SITE, CONTRACT, Endpoint("127.0.0.1", 80)), CONTRACT, WORLD)


def expected(call: Call) -> object:
    """What the oracle expects of a call: its status, or nothing beyond what holds of every answer."""
    clauses = clauses_of(call)
    return None if clauses == ANY else next(one.value for one in clauses if one.subject == "status")


KNOWN = "payload/sdk-content-types"


@pytest.mark.parametrize(
    ("content_type", "requirement"),
    [
        ("application/json", KNOWN),
        ("application/octet-stream", KNOWN),
        ("binary/octet-stream", KNOWN),
        ("", KNOWN),
        ("text/plain", "payload/any-content-type"),
        ("multipart/form-data", "payload/any-content-type"),
        (",", "payload/any-content-type"),
    ],
)
def test_a_content_type_that_no_sdk_sends_is_noted_when_it_is_refused(content_type: str, requirement: str) -> None:
    """The model has a refusal that was never seen, so that none fails; what SDKs send is accepted for certain."""
    clauses = clauses_of(Call(headers=(("Content-Type", content_type),)))
    failing = {one for one in clauses if REQUIREMENTS[one.requirement].can_fail}

    assert clauses[0] == Clause(requirement, "status", "equals", 200)
    assert failing == ({*clauses} if requirement == KNOWN else {*ANY})


def test_a_header_beyond_ascii_may_fail_the_signature_or_not() -> None:
    """Where signatures are checked it fails before its constraint does; where they aren't, the constraint does."""
    assert expected(Call("{tenant}", headers=(("X-Amz-Tenant-Id", "bl\xfce"),))) is None
    assert expected(Call("{tenant}", headers=(("X-Amz-Tenant-Id", "bl!e"),))) == 400


def test_what_invoke_async_makes_of_tenants_is_open() -> None:
    """It can't name a tenant, and no document says what comes of a function that needs one."""
    assert expected(Call("{tenant}", operation="InvokeAsync")) is None
    assert expected(Call("{echo}", operation="InvokeAsync")) == 202


def test_invoke_async_without_a_body_is_open() -> None:
    """Its model requires a body, and no answer to a request without one is recorded."""
    assert expected(Call(operation="InvokeAsync", body=b"")) is None
