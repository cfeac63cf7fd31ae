"""Fixtures without which a target is judged on the rest: made with all their settings, or left out with the reason."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from support.background import in_background
from support.control_plane import ControlPlane

from conformance.fixtures.table import FIXTURES, PREFIX, QUEUES
from conformance.targets import control_plane, provisioning
from conformance.targets.options import TargetOptions
from conformance.targets.table import open_target

if TYPE_CHECKING:
    from collections.abc import Generator

    from conformance.targets.model import Target

REFUSED = (501, "NotImplemented", "not here")
TOO_MANY = (429, "TooManyRequestsException", "Rate exceeded")
YOUNG = (400, "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.")
QUEUE = "arn:aws:sqs:eu-west-1:210987654321:"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls that came too soon are tried again at once, twice."""
    monkeypatch.setattr(control_plane, "PAUSES", (0.0, 0.0))


@contextmanager
def at(plane: ControlPlane, *names: str) -> Generator[Target]:
    """The target whose control plane this is, with these fixtures beside ``echo``; all where none is named."""
    with in_background(plane.behave) as server:
        needed = frozenset(names) or None
        with open_target(TargetOptions("endpoint", server.endpoint.url, "eu-west-1", needed=needed)) as target:
            yield target


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the package has to say; asyncio tells of connections that a server ends with."""
    return [record.getMessage() for record in caplog.records if record.name.startswith("conformance.")]


def test_settings_are_made() -> None:
    """Functions get all that the table says: runtimes, concurrency, weights, tenants, durability, destinations."""
    plane = ControlPlane()
    with at(plane) as target:
        made = {name: plane.made[target.site.names[name]] for name in FIXTURES if name in target.site.names}
        prefix = f"{QUEUE}{PREFIX}{target.site.run}-"

    given = {name: function.given for name, function in made.items()}
    assert (given["node_echo"]["Runtime"], given["echo"]["Runtime"]) == ("nodejs22.x", "python3.12")
    assert given["durable"]["DurableConfig"]["ExecutionTimeout"] == 900
    assert given["tenant"]["TenancyConfig"] == {"TenantIsolationMode": "PER_TENANT"}
    assert given["async_dead"]["DeadLetterConfig"] == {"TargetArn": prefix + "queue_dead"}
    assert made["weighted"].settings["CreateAlias"]["RoutingConfig"] == {"AdditionalVersionWeights": {"2": 0.5}}
    assert made["closed"].settings["PutFunctionConcurrency"] == {"ReservedConcurrentExecutions": 0}
    assert made["async_aged"].settings["PutFunctionEventInvokeConfig"] == {
        "MaximumEventAgeInSeconds": 60,
        "DestinationConfig": {"OnFailure": {"Destination": prefix + "queue_aged"}},
    }
    assert made["async_success"].settings["PutFunctionEventInvokeConfig"] == {
        "DestinationConfig": {"OnSuccess": {"Destination": prefix + "queue_successes"}}
    }
    assert made["echo"].settings == {}


def test_queues_are_words_of_the_site() -> None:
    """Each queue is a word for its URL as the target calls it, whatever its host, since the target itself is asked."""
    plane = ControlPlane()
    with at(plane) as target:
        there = list(plane.queues)

    urls = {word: target.site.names[word] for word in QUEUES}
    assert sorted(there) == sorted(f"{PREFIX}{target.site.run}-{word}" for word in QUEUES)
    assert {url.rpartition("/")[2] for url in urls.values()} == set(there)
    assert {url.partition("/210987654321/")[0] for url in urls.values()} == {"http://sqs.eu-west-1.invalid"}
    assert target.endpoint_of("sqs") == target.endpoint
    assert plane.queues == []


def test_states_can_not_be_made() -> None:
    """Fixtures that are to stay Pending or Failed are left out: no control plane can be told to keep them so."""
    with at(ControlPlane()) as target:
        missing = target.missing

    assert missing == {
        "pending": "CreateFunction can't be told to leave a function Pending",
        "failed": "CreateFunction can't be told to leave a function Failed",
    }


@pytest.mark.parametrize(
    ("operation", "fixture"),
    [
        ("PutFunctionConcurrency", "single"),
        ("GetFunctionConcurrency", "single"),
        ("PutFunctionEventInvokeConfig", "async_once"),
        ("GetFunctionEventInvokeConfig", "async_once"),
        ("CreateQueue", "async_once"),
        ("GetQueueAttributes", "async_once"),
        ("CreateAlias", "weighted"),
        ("GetAlias", "weighted"),
        ("PublishVersion", "weighted"),
    ],
)
def test_what_is_refused_is_left_out(operation: str, fixture: str) -> None:
    """A fixture of which a call is refused is left out, what there was of it removed, and the call is the reason."""
    plane = ControlPlane({(operation, 0): REFUSED})
    with at(plane, fixture) as target:
        there = list(plane.functions)

    assert [name.rpartition("-")[2] for name in there] == ["echo"]
    assert set(target.site.names) & set(FIXTURES) == {"echo"}
    assert target.missing[fixture] == f"{operation} answered 501 NotImplemented: not here"
    assert (plane.functions, plane.queues) == ({}, [])


def test_a_function_that_is_refused_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    """An optional function that can't be created is left out; that it can't be removed either is nothing to say."""
    plane = ControlPlane({("CreateFunction", 2): REFUSED, ("DeleteFunction", 1): REFUSED})
    with caplog.at_level(logging.WARNING), at(plane, "node_echo") as target:
        pass

    assert target.missing == {"node_echo": "CreateFunction answered 501 NotImplemented: not here"}
    assert plane.calls.count("DeleteFunction") == 2
    assert plane.functions == {}
    assert messages(caplog) == []


@pytest.mark.parametrize(
    ("operation", "fixture", "reason"),
    [
        (
            "PutFunctionConcurrency",
            "closed",
            "GetFunctionConcurrency does not tell the ReservedConcurrentExecutions",
        ),
        (
            "PutFunctionEventInvokeConfig",
            "async_twice",
            "GetFunctionEventInvokeConfig does not tell the MaximumRetryAttempts",
        ),
        ("CreateAlias", "weighted", "GetAlias does not tell the FunctionVersion"),
        ("CreateFunction", "tenant", "GetFunctionConfiguration does not tell the TenancyConfig"),
        ("CreateFunction", "durable", "GetFunctionConfiguration does not tell the DurableConfig"),
        ("CreateFunction", "async_dead", "GetFunctionConfiguration does not tell the DeadLetterConfig"),
    ],
)
def test_what_is_ignored_is_left_out(operation: str, fixture: str, reason: str) -> None:
    """A setting that a target takes and does not tell again is none: the fixture is left out for it."""
    plane = ControlPlane(forgetting=frozenset({operation}))
    with at(plane, fixture) as target:
        there = list(plane.functions)

    assert len(there) == 1
    assert target.missing[fixture] == f"{operation} was answered, but {reason} that was given"


def test_what_came_too_soon_is_tried_again() -> None:
    """A call that the target had no time for is made again."""
    plane = ControlPlane({("PutFunctionConcurrency", 1): TOO_MANY, ("PutFunctionConcurrency", 2): TOO_MANY})
    with at(plane, "single") as target:
        missing = target.missing

    assert missing == {}
    assert plane.calls.count("PutFunctionConcurrency") == 3


def test_what_stays_busy_is_left_out() -> None:
    """A call that the target never has time for is given up after a few tries."""
    plane = ControlPlane({("PutFunctionConcurrency", 0): TOO_MANY})
    with at(plane, "single") as target:
        missing = target.missing

    assert missing == {"single": "PutFunctionConcurrency answered 429 TooManyRequestsException: Rate exceeded"}
    assert plane.calls.count("PutFunctionConcurrency") == 3


def test_a_role_is_waited_for() -> None:
    """A role that was made a moment ago and is not known everywhere yet is no reason to give up."""
    plane = ControlPlane({("CreateFunction", 1): YOUNG, ("CreateFunction", 2): YOUNG})
    with at(plane, "echo") as target:
        there = list(plane.functions)

    assert there == [target.site.names["echo"]]
    assert plane.calls.count("CreateRole") == 1


def test_a_role_without_a_policy_serves() -> None:
    """Where a role can't be allowed anything, functions are made all the same, and the role is removed in the end."""
    plane = ControlPlane(
        {("CreateFunction", 1): YOUNG, ("PutRolePolicy", 1): REFUSED, ("DeleteRolePolicy", 1): REFUSED}
    )
    with at(plane, "echo") as target:
        missing = target.missing

    assert missing == {}
    assert plane.roles == set()


def test_queues_and_roles_go_last(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is removed before what uses it; a queue and a role that can't be removed are said to be left."""
    broken = (500, "ServiceException", "broken")
    plane = ControlPlane({("CreateFunction", 1): YOUNG, ("DeleteQueue", 1): broken, ("DeleteRole", 1): broken})
    with caplog.at_level(logging.WARNING), at(plane, "async_once"):
        pass

    removed = [call for call in plane.calls if call.startswith("Delete")]
    assert removed == ["DeleteFunction", "DeleteFunction", "DeleteQueue", "DeleteRolePolicy", "DeleteRole"]
    (said,) = messages(caplog)
    assert said.startswith(f"left behind: {plane.queues[0]} (DeleteQueue for {plane.queues[0]} answered 500")
    assert f"; {min(plane.roles)} (DeleteRole for" in said


def test_what_is_gone_already_is_not_left(caplog: pytest.LogCaptureFixture) -> None:
    """What somebody else has removed meanwhile needs no mention."""
    plane = ControlPlane()
    with caplog.at_level(logging.WARNING), at(plane, "echo"):
        plane.made.clear()

    assert plane.calls.count("DeleteFunction") == 1
    assert messages(caplog) == []


def test_the_first_fixture_is_the_one_that_runs_need() -> None:
    """What is made alone, and first, is the function of the known-good Invoke; it is not optional."""
    assert not FIXTURES[provisioning.FIRST].optional
    assert provisioning.FIRST == "echo"
