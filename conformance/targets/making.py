"""Makes one fixture after the other through the Lambda control plane, with as few calls as each can be made with."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from conformance.contract.names import parse_name
from conformance.contract.reader import load_contract
from conformance.fixtures.packing import package
from conformance.fixtures.parameters import (
    MEMORY,
    TAGS,
    configuration,
    event_invoke_configuration,
    marker,
    runtime,
    variables,
)
from conformance.fixtures.table import PREFIX
from conformance.targets.control_plane import CallFailed, busy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.fixtures.table import Fixture
    from conformance.targets.control_plane import ControlPlane
    from conformance.targets.removal import Removal

LATEST = "$LATEST"
"""The version that CreateFunction tells of where it published none."""
PLACEHOLDER_ROLE = "arn:aws:iam::000000000000:role/invoke-conformance"
"""What emulators that look at no role are given."""
POLICY = "invoke-conformance"
"""The name of the policy in a role that is made."""
ASSUMED_BY_LAMBDA = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
    ' "Principal": {"Service": "lambda.amazonaws.com"}}]}'
)
MAY_SEND = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage",'
    f' "Resource": "arn:*:sqs:*:*:{PREFIX}*"}}]}}'
)
"""What functions are allowed: to send to the queues of their destinations."""
LOOKS = (*[0.1] * 20, *[0.5] * 16, *[1.0] * 20)
"""Seconds before each look at whether a function is ready."""


class Stopped(Exception):  # noqa: N818  nothing went wrong in what is stopped
    """Nothing more is to be made."""


@dataclass(frozen=True, slots=True)
class Created:
    """A function that is there, and may have to become Active yet.

    Attributes:
        name: its FunctionName.
        said: its configuration, as the target said last.
    """

    name: str
    said: Mapping[str, Any]


class Maker:
    """Makes fixtures, noting how each is removed; several threads may make one each.

    The first one is to be created alone: it finds out which role the target takes, and who the target says it is.

    Args:
        plane: of the target.
        removal: is told what is made.
        run: a word that no other run uses.

    Attributes:
        home: partition, region and account of the functions' ARNs.
    """

    def __init__(self, plane: ControlPlane, removal: Removal, run: str) -> None:
        self._plane = plane
        self._lambda = plane.lambda_
        self._removal = removal
        self._run = run
        self._role = PLACEHOLDER_ROLE
        self._stop = threading.Event()
        self.home = ("", "", "")

    def stop(self) -> None:
        """Let whoever makes something end after the call that is under way."""
        self._stop.set()

    def name(self, fixture: Fixture) -> str:
        """Return the FunctionName of a fixture."""
        return f"{PREFIX}{self._run}-{fixture.name}"

    def finish(self, fixture: Fixture, created: Created, arns: Mapping[str, str]) -> str:
        """Wait until a function is Active, give it all that it is to have beside itself, and return its name.

        Args:
            fixture: what it is like.
            created: the function.
            arns: the ARN of each queue that it sends to, by word.

        Raises:
            CallFailed: a call failed, or had no effect.
            Stopped: nothing more is to be made.
        """
        name = created.name
        self._settle(name, created.said)
        if fixture.versions and created.said.get("Version") == LATEST:
            self._publish(name)
        for number in range(2, fixture.versions + 1):
            changed = self.call(
                self._lambda.update_function_configuration, FunctionName=name, Environment=_environment(fixture, number)
            )
            self._settle(name, changed)
            self._publish(name)
        for alias, version in fixture.aliases.items():
            self._alias(fixture, name, alias, version)
        self._reserve(fixture, name)
        self._configure_events(fixture, name, arns)
        return name

    def call(self, call: Callable[..., Any], again: Callable[[CallFailed], bool] = busy, **arguments: Any) -> Any:  # noqa: ANN401  boto3's
        """Call the control plane, unless nothing more is to be made.

        Raises:
            CallFailed: it failed.
            Stopped: nothing more is to be made.
        """
        if self._stop.is_set():
            raise Stopped
        return self._plane.call(call, again, self._stop.wait, **arguments)

    def create(self, fixture: Fixture, arns: Mapping[str, str]) -> Created:
        """Create a function and, where the target can do so in one call, its first version.

        Args:
            fixture: what it is like.
            arns: the ARN of each queue that it sends to, by word.

        Raises:
            CallFailed: a call failed, or had no effect.
            Stopped: nothing more is to be made.
        """
        name, own = self.name(fixture), configuration(fixture, arns)
        arguments: dict[str, Any] = {
            "FunctionName": name,
            "Runtime": runtime(fixture),
            "Handler": fixture.handler,
            "Code": {"ZipFile": package(fixture.language)},
            "Timeout": fixture.timeout,
            "MemorySize": MEMORY,
            "Environment": _environment(fixture, 1),
            "Tags": TAGS,
            **({"Publish": True} if fixture.versions else {}),
            **own,
        }
        self._removal.note("function", name, self._lambda.delete_function, FunctionName=name)
        made = self._created(name, arguments)
        self.home = self.home if all(self.home) else _home(str(made.get("FunctionArn", "")), name)
        if not _holds(own, made):
            made = self.call(self._lambda.get_function_configuration, FunctionName=name)
        self._must_hold(name, "CreateFunction", "GetFunctionConfiguration", own, made)
        return Created(name, made)

    def _created(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return self._with_role(arguments)
        except CallFailed as error:
            if error.kind:
                self._removal.doubt("function", name)
            raise

    def _with_role(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Create a function, with a role made for it where the placeholder is refused."""
        try:
            made: Mapping[str, Any] = self.call(self._lambda.create_function, **arguments, Role=self._role)
        except CallFailed as error:
            if "role" not in error.reason.lower() or self._role != PLACEHOLDER_ROLE:
                raise
            self._role = self._make_role()
            made = self.call(self._lambda.create_function, _role_is_young, **arguments, Role=self._role)
        return made

    def _make_role(self) -> str:
        name = f"{PREFIX}{self._run}"
        iam = self._plane.client("iam")
        self._removal.note("role", name, iam.delete_role, RoleName=name)
        made = self.call(iam.create_role, RoleName=name, AssumeRolePolicyDocument=ASSUMED_BY_LAMBDA)
        arn: str = made["Role"]["Arn"]
        self._removal.note("role policy", name, iam.delete_role_policy, RoleName=name, PolicyName=POLICY)
        try:
            self.call(iam.put_role_policy, RoleName=name, PolicyName=POLICY, PolicyDocument=MAY_SEND)
        except CallFailed:  # then the fixtures with destinations are refused for it, and the others are made
            self._removal.doubt("role policy", name)
        return arn

    def _settle(self, name: str, said: Mapping[str, Any], **qualifier: Any) -> None:  # noqa: ANN401  boto3's
        """Wait until a function is Active and its last update is done.

        Not by boto3's waiters, which can't be stopped and ask once more where the last answer has said all.
        """
        pauses = iter(LOOKS)
        while (states := _states(said)) != ("Active", "Successful"):
            pause = next(pauses, None)
            if pause is None or "Failed" in states:
                why = said.get("StateReason") or said.get("LastUpdateStatusReason") or "no reason is given"
                raise CallFailed("waiting until it is active", name, f": it is {states[0]}: {why}")
            self._stop.wait(pause)
            said = self.call(self._lambda.get_function_configuration, FunctionName=name, **qualifier)

    def _publish(self, name: str) -> None:
        made = self.call(self._lambda.publish_version, FunctionName=name)
        self._settle(name, made, Qualifier=str(made.get("Version", "")))

    def _alias(self, fixture: Fixture, name: str, alias: str, version: str) -> None:
        """Create an alias; one that is to share its calls must be found to do so."""
        wanted: dict[str, Any] = {"FunctionVersion": version}
        if alias in fixture.weights:
            wanted["RoutingConfig"] = {"AdditionalVersionWeights": dict(fixture.weights[alias])}
        self.call(self._lambda.create_alias, FunctionName=name, Name=alias, **wanted)
        if alias in fixture.weights:
            found = self.call(self._lambda.get_alias, FunctionName=name, Name=alias)
            self._must_hold(name, "CreateAlias", "GetAlias", wanted, found)

    def _reserve(self, fixture: Fixture, name: str) -> None:
        if fixture.reserved is None:
            return
        wanted: dict[str, Any] = {"ReservedConcurrentExecutions": fixture.reserved}
        self.call(self._lambda.put_function_concurrency, FunctionName=name, **wanted)
        found = self.call(self._lambda.get_function_concurrency, FunctionName=name)
        self._must_hold(name, "PutFunctionConcurrency", "GetFunctionConcurrency", wanted, found)

    def _configure_events(self, fixture: Fixture, name: str, arns: Mapping[str, str]) -> None:
        wanted = event_invoke_configuration(fixture, arns)
        if not wanted:
            return
        self.call(self._lambda.put_function_event_invoke_config, FunctionName=name, **wanted)
        found = self.call(self._lambda.get_function_event_invoke_config, FunctionName=name)
        self._must_hold(name, "PutFunctionEventInvokeConfig", "GetFunctionEventInvokeConfig", wanted, found)

    def _must_hold(self, name: str, call: str, read: str, wanted: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        """A setting that a target takes and forgets is none."""
        lost = [key for key in wanted if not _holds(wanted[key], found.get(key))]
        if lost:
            raise CallFailed(call, name, f" was answered, but {read} does not tell the {lost[0]} that was given")


def _environment(fixture: Fixture, version: int) -> dict[str, Any]:
    return {"Variables": variables(fixture, marker(version))}


def _states(said: Mapping[str, Any]) -> tuple[str, str]:
    """Return a function's state and that of its last update; what is not said is taken for good."""
    return said.get("State", "Active"), said.get("LastUpdateStatus", "Successful")


def _role_is_young(error: CallFailed) -> bool:
    """Tell whether a role that was made a moment ago is not known everywhere yet."""
    return busy(error) or "cannot be assumed" in error.reason


def _holds(wanted: Any, found: Any) -> bool:  # noqa: ANN401  any JSON value
    """Tell whether everything that is wanted is found, whatever else is."""
    if not isinstance(wanted, dict) or not isinstance(found, dict):
        return bool(wanted == found)
    all_wanted, all_found = cast("dict[str, Any]", wanted), cast("dict[str, Any]", found)
    return all(_holds(value, all_found.get(key)) for key, value in all_wanted.items())


def _home(arn: str, name: str) -> tuple[str, str, str]:
    """Return partition, region and account of a function's ARN."""
    found = parse_name(arn, load_contract().operations["Invoke"].parameter("FunctionName"))
    if found is None or not (found.partition and found.region and found.account):
        raise CallFailed("CreateFunction", name, f" answered no FunctionArn: {arn or 'there is none'}")
    return found.partition, found.region, found.account
