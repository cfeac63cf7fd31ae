"""Requests of which no evidence says what must come back: the oracle claims no more than of every answer."""

from __future__ import annotations

import pytest

from conformance.cases.model import Call
from conformance.cases.rendering import render
from conformance.contract.reader import load_contract
from conformance.exchange.endpoint import Endpoint
from conformance.oracle.answers import ANY
from conformance.oracle.expectation import expectation
from conformance.oracle.site import Site
from conformance.oracle.world import Deployed, World

CONTRACT = load_contract()
SITE = Site("us-east-1", "123456789012", {"echo": "echo", "tenant": "tenant"})
WORLD = World(SITE.region, SITE.account, {"echo": Deployed(), "tenant": Deployed(tenancy=True)})


def expected(call: Call) -> object:
    """What the oracle expects of a call: its status, or nothing beyond what holds of every answer."""
    clauses = expectation(render(call, SITE, CONTRACT, Endpoint("127.0.0.1", 80)), CONTRACT, WORLD)
    return None if clauses == ANY else next(one.value for one in clauses if one.subject == "status")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/octet-stream", 200),
        ("binary/octet-stream", 200),
        ("", 200),
        ("text/plain", None),
        ("multipart/form-data", None),
        (",", None),
    ],
)
def test_a_content_type_that_no_sdk_sends_may_be_refused_or_not(content_type: str, status: int | None) -> None:
    """The model has a refusal that was never seen, so that either conforms; what SDKs send is accepted."""
    assert expected(Call(headers=(("Content-Type", content_type),))) == status


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
