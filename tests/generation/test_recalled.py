"""The way back from the bytes of a request to a call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.cases.model import Call, Sized
from conformance.cases.rendering import render
from conformance.contract.reader import load_contract
from conformance.exchange.endpoint import Endpoint
from conformance.fixtures.table import FIXTURES
from conformance.generation.cases import generated_cases
from conformance.generation.recalled import call_of
from conformance.oracle.site import Site

CONTRACT = load_contract()
HERE = Site("us-east-1", "123456789012", {name: f"invoke-conformance-{name}" for name in FIXTURES})
THERE = Site("cn-north-1", "000000000001", {name: f"team_x-{name}" for name in FIXTURES}, "aws-cn")
NOWHERE = Endpoint("127.0.0.1", 80)
CALLS = [
    case.steps[0].call
    for case in generated_cases(CONTRACT).values()
    if len(case.steps) == 1 and not isinstance(case.steps[0].call.body, Sized)
]


def test_a_call_sends_the_request_that_it_was_made_of() -> None:
    """Whatever request is generated, its call is rendered into the same bytes."""
    assert len(CALLS) > 1000
    for call in CALLS:
        request = render(call, HERE, CONTRACT, NOWHERE)
        assert render(call_of(request, CONTRACT, HERE), HERE, CONTRACT, NOWHERE) == request


def test_names_and_arns_are_those_of_another_target() -> None:
    """A call that was sent to one target means the same to another one: its function, its account, its region."""
    for form in ("{echo}", "{account}:function:{echo}:1", "arn:{partition}:lambda:{region}:{account}:function:{log}"):
        call = Call(form, "Qualifier=live")
        back = call_of(render(call, HERE, CONTRACT, NOWHERE), CONTRACT, HERE)
        assert render(back, THERE, CONTRACT, NOWHERE) == render(call, THERE, CONTRACT, NOWHERE)


@pytest.mark.parametrize(
    "call",
    [
        Call(method="GET", body=b""),
        Call(path="/2015-03-31/functions"),
        Call(path="/2015-03-31/functions/ab%63/invocations"),
        Call(path="/2015-03-31/functions/arn%3aaws/invocations"),
        Call("{echo}:$LATEST", escape="raw"),
        Call(headers=(("X-Amz-Tenant-Id", "b\xe9"),), operation="InvokeWithResponseStream"),
    ],
)
def test_odd_requests_come_back_as_well(call: Call) -> None:
    """Another method, a path of no operation, odd escapes and bytes beyond ASCII are kept."""
    request = render(call, HERE, CONTRACT, NOWHERE)

    assert render(call_of(request, CONTRACT, HERE), HERE, CONTRACT, NOWHERE) == request


def test_what_is_made_anew_is_left_out() -> None:
    """Host, length and signature are no part of a call, since they are made when it is sent."""
    request = render(Call(), HERE, CONTRACT, NOWHERE)
    signed = replace(request, headers=(*request.headers, (b"X-Amz-Date", b"d"), (b"Authorization", b"secret")))

    assert call_of(signed, CONTRACT, HERE) == Call()
