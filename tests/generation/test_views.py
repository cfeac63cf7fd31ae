"""Views of the contract: valid OpenAPI, whose examples and formats are of what a target takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.cases.model import Call
from conformance.cases.rendering import render
from conformance.contract.reader import load_contract
from conformance.contract.source import check_openapi, read_yaml, spec_folder
from conformance.exchange.endpoint import Endpoint
from conformance.fixtures.table import FIXTURES
from conformance.generation.formats import MOSTLY, formats_of
from conformance.generation.placing import placed
from conformance.generation.views import EXAMPLES, FORMAT, LEFT_OUT, VIEWS, View, narrowed, views_of
from conformance.generation.world import world_of
from conformance.oracle.expectation import expectation
from conformance.oracle.site import Site

SITE = Site("eu-west-1", "210987654321", {name: f"my-{name}" for name in FIXTURES}, "aws")
NOWHERE = Endpoint("127.0.0.1", 80)
CONTRACT = load_contract()
DOCUMENT = read_yaml(spec_folder() / "openapi.yaml")
ALL = frozenset(CONTRACT.operations)


def status_of(call: Call) -> object:
    """What the oracle says of the status of a call; None where it says nothing."""
    clauses = expectation(render(call, SITE, CONTRACT, NOWHERE), CONTRACT, world_of(SITE))
    return next((one.value for one in clauses if one.subject == "status"), None)


def ground(view: View) -> Call:
    """A call of a view's first function that is taken."""
    headers = tuple((name, "blue") for name in sorted(view.required))
    return Call(view.function_names(SITE)[0], headers=headers)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_is_openapi(view: View) -> None:
    """What Schemathesis is given is a valid document of OpenAPI 3.1."""
    check_openapi(replace(DOCUMENT, data=narrowed(DOCUMENT.data, view, SITE, ALL)))


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_taken(view: View, name: str) -> None:
    """With each example of a parameter a function that is there is called, and that is to succeed."""
    parameter = CONTRACT.operations["Invoke"].parameter(name)
    examples = list(EXAMPLES[name](view, SITE))

    assert examples
    for value in examples:
        assert (value, status_of(placed(ground(view), parameter, value))) == (value, 200)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_most_values_of_the_formats_are_taken(view: View, data: st.DataObject) -> None:
    """What a format yields breaks no constraint; what is no name of a function there is an unknown one."""
    formats = formats_of(view, SITE)
    for name in EXAMPLES:
        parameter = CONTRACT.operations["Invoke"].parameter(name)
        value = data.draw(formats[FORMAT + name])
        assert parameter.violations(value) == ()
        status = status_of(placed(ground(view), parameter, value))
        assert (name, value, status in (200, 404)) == (name, value, True)


def test_formats_are_mostly_of_what_is_there() -> None:
    """No more than about one in MOSTLY values is of something that isn't there."""
    drawn: list[str] = []
    view = VIEWS[0]

    @settings(max_examples=300)
    @given(formats_of(view, SITE)[FORMAT + "FunctionName"])
    def draw(value: str) -> None:
        drawn.append(value)

    draw()
    there = [value for value in drawn if status_of(replace(ground(view), FunctionName=value)) == 200]
    assert len(there) > len(drawn) * (1 - 3 / MOSTLY)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_what_excludes_each_other_does_not_meet(view: View) -> None:
    """No operation of a view has a parameter with which its functions can't be called; what they need is required."""
    document = narrowed(DOCUMENT.data, view, SITE, ALL)
    known = document["components"]["parameters"]

    for item in document["paths"].values():
        parameters = [known[one["$ref"].rpartition("/")[2]] for one in item["post"]["parameters"]]
        names = {one["name"] for one in parameters}
        assert not names & {*LEFT_OUT, *view.absent}
        assert view.required <= {one["name"] for one in parameters if one["required"]}


def test_operations_that_a_target_lacks_are_left_out() -> None:
    """A view has the operations that are asked for, and of those no one that lacks what its functions need."""
    invoke = narrowed(DOCUMENT.data, VIEWS[0], SITE, frozenset({"Invoke"}))
    tenants = narrowed(DOCUMENT.data, VIEWS[-1], SITE, ALL)

    assert [one["post"]["operationId"] for one in invoke["paths"].values()] == ["Invoke"]
    assert "InvokeAsync" not in {one["post"]["operationId"] for one in tenants["paths"].values()}


def test_the_contract_is_left_alone() -> None:
    """A view is a copy: the document that it is made of stays as it is."""
    before = repr(DOCUMENT.data)

    for view in VIEWS:
        narrowed(DOCUMENT.data, view, SITE, ALL)

    assert repr(DOCUMENT.data) == before


def test_a_view_needs_its_first_function() -> None:
    """A target without tenants has no view of them, and one with echo alone has a single one."""
    assert views_of(SITE) == VIEWS
    assert [view.name for view in views_of(replace(SITE, names={"echo": "e", "log": "l"}))] == ["functions"]
    assert views_of(replace(SITE, names={"log": "l"})) == ()
