"""Fixtures made through the control plane: all there or none, whatever call fails."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from support.background import MISBEHAVIOURS, babbles, fails, in_background, response
from support.control_plane import ControlPlane

from conformance.errors import TargetUnreachable, UsageError
from conformance.fixtures.table import FIXTURES, PREFIX
from conformance.targets import making, provisioning
from conformance.targets.endpoint import PLACEHOLDER
from conformance.targets.options import TargetOptions
from conformance.targets.table import open_target

if TYPE_CHECKING:
    from collections.abc import Generator

    from support.servers import Behaviour

    from conformance.targets.model import Target

DENIED = (403, "AccessDeniedException", "User is not authorized to perform: lambda:CreateFunction")
BROKEN = (500, "ServiceException", "something broke")
ROLE = (400, "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.")


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two fixtures, one with versions and an alias, show as much as all of them."""
    monkeypatch.setattr(provisioning, "FIXTURES", {name: FIXTURES[name] for name in ("echo", "versioned")})


@contextmanager
def at(plane: ControlPlane) -> Generator[Target]:
    """The target whose control plane this is, asked for eu-west-1."""
    with in_background(plane.behave) as server:
        options = TargetOptions("endpoint", server.endpoint.url, "eu-west-1")
        with open_target(options) as target:
            yield target


def refused(behave: Behaviour, timeout: float = 5.0) -> TargetUnreachable:
    """The error with which a target is given up."""
    with in_background(behave) as server:
        options = TargetOptions("endpoint", server.endpoint.url, "eu-west-1", timeout=timeout)
        with pytest.raises(TargetUnreachable) as caught, open_target(options):
            pass
    return caught.value


def test_fixtures_can_be_kept() -> None:
    """With --keep-fixtures what was made for a run is still there after it, and can be called again."""
    plane = ControlPlane()
    with in_background(plane.behave) as server:
        options = TargetOptions("endpoint", server.endpoint.url, "eu-west-1", keep=True)
        with open_target(options) as target:
            echo = target.site.names["echo"]

    assert echo in plane.functions


def test_fixtures_are_made_and_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fixture of the table is there for the run, with its versions and aliases, and none of them after it."""
    monkeypatch.setattr(provisioning, "FIXTURES", FIXTURES)
    plane = ControlPlane()
    with at(plane) as target:
        made = dict(plane.functions)

    wanted = {name: fixture for name, fixture in FIXTURES.items() if fixture.state == "Active"}
    names = {name: f"{PREFIX}{target.site.run}-{name}" for name in wanted}
    assert made == {names[name]: fixture.versions for name, fixture in wanted.items()}
    assert {name: target.site.names[name] for name in wanted} == names
    assert plane.calls.count("CreateAlias") == sum(len(fixture.aliases) for fixture in wanted.values())
    assert plane.functions == {}
    assert (plane.queues, plane.roles) == ([], set())


def test_versions_have_code_of_their_own() -> None:
    """Each version is published with a mark of its own, whether CreateFunction can publish the first one or not."""
    for plane in (ControlPlane(), ControlPlane(forgetting=frozenset({"CreateFunction"}))):
        with at(plane) as target:
            markers = plane.made[target.site.names["versioned"]].markers

        assert markers == ["code 1", "code 2"]


def test_no_call_is_made_in_vain() -> None:
    """A target that says at once that its functions are Active is asked for nothing more."""
    plane = ControlPlane()
    with at(plane):
        calls = sorted(plane.calls)

    expected = ["CreateAlias", "CreateFunction", "CreateFunction", "ListFunctions", "PublishVersion"]
    assert calls == [*expected, "UpdateFunctionConfiguration"]


def test_only_what_is_needed_is_made() -> None:
    """Of the fixtures, those that the run's cases call are made, and the one that every run calls."""
    plane = ControlPlane()
    with in_background(plane.behave) as server:
        options = TargetOptions("endpoint", server.endpoint.url, needed=frozenset({"raise", "run"}))
        with open_target(options) as target:
            made = set(target.site.names)

    assert made == {"echo"}
    assert plane.calls.count("CreateFunction") == 1


def test_the_target_says_who_it_is() -> None:
    """Partition, region and account are those of the functions' ARNs, whatever region was asked for."""
    plane = ControlPlane(arn="arn:aws-cn:lambda:cn-north-1:000000000000:function:{name}")
    with at(plane) as target:
        site = target.site

    assert (site.partition, site.region, site.account) == ("aws-cn", "cn-north-1", "000000000000")


def test_two_runs_do_not_meet() -> None:
    """Two runs at a time on one target have names of their own."""
    plane = ControlPlane()
    with in_background(plane.behave) as server:
        options = TargetOptions("endpoint", server.endpoint.url)
        with open_target(options) as one, open_target(options) as other:
            found: list[Target] = [one, other]

    assert set(found[0].site.names.values()).isdisjoint(found[1].site.names.values())
    assert plane.functions == {}


@pytest.mark.parametrize(
    "operation", ["CreateFunction", "UpdateFunctionConfiguration", "PublishVersion", "CreateAlias"]
)
def test_a_failing_call_is_named_and_nothing_stays(operation: str) -> None:
    """Whichever call fails, the error names it, the function and the answer, and all that was made is removed."""
    plane = ControlPlane({(operation, 2 if operation == "CreateFunction" else 1): BROKEN})

    error = refused(plane.behave)

    assert (error.code, error.exit_code) == ("provisioning-failed", 3)
    assert error.message.startswith(f"{operation} for {PREFIX}")
    assert error.message.endswith(" answered 500 ServiceException: something broke")
    assert error.hint
    assert plane.functions == {}


def test_what_is_denied_says_what_to_allow() -> None:
    """Missing permissions are answered with those that are needed."""
    error = refused(ControlPlane({("CreateFunction", 0): DENIED}).behave)

    assert "403 AccessDeniedException: User is not authorized" in error.message
    assert "iam:PassRole" in error.hint


def test_no_control_plane_says_what_to_do() -> None:
    """An endpoint without a control plane is answered with the way for functions that were made by hand."""
    error = refused(fails)

    assert error.message.startswith(f"CreateFunction for {PREFIX}")
    assert "--target FILE.yaml" in error.hint


@pytest.mark.parametrize("behave", MISBEHAVIOURS)
def test_what_does_not_answer_is_given_up_in_time(behave: Behaviour) -> None:
    """A target that hangs, closes, trickles or babbles is unreachable after one timeout, and nothing is asked of it."""
    started = time.monotonic()

    error = refused(behave, timeout=0.3)

    assert (error.code, error.exit_code) == ("unreachable", 3)
    assert " got no answer: " in error.message
    assert time.monotonic() - started < 3


def test_a_function_that_never_becomes_active(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that stays pending is waited for, then named, then removed."""
    monkeypatch.setattr(making, "LOOKS", (0.0,) * 3)
    monkeypatch.setattr(provisioning, "FIXTURES", {"echo": FIXTURES["echo"]})
    plane = ControlPlane(state="Pending")

    error = refused(plane.behave)

    assert error.message.startswith(f"waiting until it is active for {PREFIX}")
    assert ": it is Pending: " in error.message
    assert plane.calls.count("GetFunctionConfiguration") == 3
    assert plane.functions == {}


def test_a_function_that_fails() -> None:
    """A function whose state is Failed is not waited for."""
    plane = ControlPlane(state="Failed")

    error = refused(plane.behave)

    assert ": it is Failed: " in error.message
    assert "GetFunctionConfiguration" not in plane.calls
    assert plane.functions == {}


@pytest.mark.parametrize("arn", ["", "arn:aws:lambda:eu-west-1:12:function:{name}"])
def test_an_arn_that_is_none(arn: str) -> None:
    """A target that does not say who it is can't be asked with ARNs, so it is given up and cleaned up."""
    plane = ControlPlane(arn=arn)

    error = refused(plane.behave)

    assert error.message.startswith(f"CreateFunction for {PREFIX}")
    assert " answered no FunctionArn: " in error.message
    assert plane.functions == {}


@pytest.mark.parametrize(
    ("operation", "said"),
    [("CreateFunction", "answered no FunctionArn"), ("CreateRole", "")],
)
def test_an_answer_that_boto3_does_not_understand(operation: str, said: str) -> None:
    """A control plane that answers 200 with what is neither JSON nor XML is named as such, not met with a traceback."""

    class Talker(ControlPlane):
        def answer(self, method: str, target: str, body: bytes, head: str = "") -> bytes:
            done = super().answer(method, target, body, head)
            return response(200, b"<<{{ nonsense") if self.calls[-1] == operation else done

    plane = Talker({("CreateFunction", 1): ROLE} if operation == "CreateRole" else {})

    error = refused(plane.behave)

    assert error.message.startswith(f"{operation} for {PREFIX}")
    assert said in error.message
    assert plane.functions == {}


def test_a_secret_that_comes_back_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session token that a control plane repeats in its error does not get into ours."""
    mark = "token-that-nobody-may-see"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDGIVEN")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-that-nobody-may-see")
    monkeypatch.setenv("AWS_SESSION_TOKEN", mark)

    error = refused(ControlPlane({("CreateFunction", 1): (403, "Denied", f"you sent {mark}, which is bad")}).behave)

    assert error.message.endswith("403 Denied: you sent [not shown], which is bad")


def test_a_role_is_made_where_one_is_wanted() -> None:
    """Where the placeholder role is refused, one is made, and removed again with the functions."""
    plane = ControlPlane({("CreateFunction", 1): ROLE})
    with in_background(plane.behave) as server, open_target(TargetOptions("endpoint", server.endpoint.url)):
        roles, policies = set(plane.roles), set(plane.policies)

    assert len(roles) == 1
    assert policies == roles
    assert (plane.roles, plane.policies) == (set(), set())
    assert plane.functions == {}


def test_a_role_that_can_not_be_made() -> None:
    """Where the role can't be made either, that call is named."""
    error = refused(ControlPlane({("CreateFunction", 1): ROLE, ("CreateRole", 1): DENIED}).behave)

    assert error.message.startswith(f"CreateRole for {PREFIX}")


def test_what_can_not_be_removed_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """A fixture that stays behind is named, so that somebody can remove it; the others are removed all the same."""
    plane = ControlPlane({("DeleteFunction", 2): BROKEN})
    with caplog.at_level(logging.WARNING), at(plane):
        pass

    (left,) = plane.functions
    (said,) = [record.getMessage() for record in caplog.records if record.name.startswith("conformance.")]
    assert said.startswith(f"left behind: {left} (DeleteFunction for {left} answered 500")


def test_a_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control plane is called where the URL says, as the Invokes are, whatever HTTP_PROXY says."""
    plane = ControlPlane()
    with in_background(babbles) as proxy, in_background(plane.behave) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.endpoint.url)
        monkeypatch.setenv("http_proxy", proxy.endpoint.url)
        with open_target(TargetOptions("endpoint", server.endpoint.url)) as target:
            assert target.credentials == PLACEHOLDER

    assert proxy.received == b""


def test_a_region_that_is_none() -> None:
    """A region that can't be one is a mistake of the user; nothing is sent."""
    plane = ControlPlane()
    with in_background(plane.behave) as server:
        options = TargetOptions("endpoint", server.endpoint.url, "not a region")
        with pytest.raises(UsageError, match="not a region"), open_target(options):
            pass

    assert plane.calls == []
