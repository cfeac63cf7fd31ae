"""Schemathesis over the wire: its cases go out through the adapter as they are, and every exchange is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings

from conformance.contract.source import spec_folder
from conformance.exchange.adapter import WireAdapter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.exchange.message import Exchange
    from conformance.targets.model import Target

INVOKE = "/2015-03-31/functions/{FunctionName}/invocations"


@pytest.fixture(scope="module")
def operation() -> Any:
    """Invoke, as Schemathesis reads it off the contract."""
    library: Any = schemathesis
    return library.openapi.from_path(spec_folder() / "openapi.yaml")[INVOKE]["POST"]


@pytest.fixture(scope="module")
def wired() -> Iterator[tuple[requests.Session, list[Exchange]]]:
    """A session over the wire, and the exchanges that it recorded."""
    seen: list[Exchange] = []
    adapter = WireAdapter(seen.append)
    with requests.Session() as session:
        session.mount("http://", adapter)
        yield session, seen
    adapter.close()


def test_a_case_goes_out_as_it_is(
    operation: Any,
    wired: tuple[requests.Session, list[Exchange]],
    reference: Target,
) -> None:
    """A raw colon and dollar in the path are sent raw, in the bytes that the exchange holds, and are answered."""
    session, seen = wired
    case = operation.Case(
        path_parameters={"FunctionName": "my-function:$LATEST"}, body=b"{}", media_type="application/octet-stream"
    )

    response = case.call(base_url=reference.endpoint.url, session=session)

    assert seen[-1].sent.startswith(b"POST /2015-03-31/functions/my-function:$LATEST/invocations HTTP/1.1\r\n")
    assert seen[-1].response is not None
    assert response.status_code == seen[-1].response.status == 403  # it is not signed


def test_every_generated_case_is_recorded(
    operation: Any,
    wired: tuple[requests.Session, list[Exchange]],
    reference: Target,
) -> None:
    """Whatever Schemathesis generates from the contract is sent, answered and recorded."""
    session, seen = wired
    statuses: list[int] = []

    @given(case=operation.as_strategy())
    @settings(max_examples=15, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
    def send(case: Any) -> None:
        statuses.append(case.call(base_url=reference.endpoint.url, session=session).status_code)

    seen.clear()
    send()
    assert len(statuses) >= 15
    assert statuses == [one.response.status for one in seen if one.response is not None]
