"""Removes what runs that were aborted have left on a target."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.errors import TargetUnreachable
from conformance.exchange.endpoint import Endpoint
from conformance.fixtures.table import PREFIX
from conformance.targets.control_plane import CallFailed, ControlPlane
from conformance.targets.endpoint import credentials_of, region_of
from conformance.targets.making import POLICY
from conformance.targets.removal import Removal

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.targets.options import TargetOptions

OF_A_RUN = re.compile(rf"{PREFIX}[0-9a-f]{{8}}(-\w+)?")
"""The name of what a run made: the run's own word follows the prefix, which no function made by hand has."""


def clean(options: TargetOptions, tell: Callable[[str], None]) -> None:
    """Remove all functions, queues and roles that runs have made, those of a run that is under way included.

    Args:
        options: where, with what credentials.
        tell: is told a line for each thing that is removed, and for what could not be looked for.

    Raises:
        UsageError: the region is none.
        TargetUnreachable: nothing answers there, functions can't be listed, or something could not be removed.
    """
    endpoint = Endpoint.parse(options.endpoint_url)
    plane = ControlPlane(endpoint, credentials_of(options, endpoint), region_of(options), options.timeout)
    try:
        plane.reach()
        removal = Removal(plane)
        _note_functions(plane, removal)
        for note in (_note_queues, _note_roles):
            try:
                note(plane, removal)
            except CallFailed as error:
                tell(f"not looked for: {error.reason}")
        removal.everything()
    finally:
        plane.close()
    for thing in removal.removed:
        tell(f"removed the {thing.kind} {thing.name}")
    if removal.left:
        raise TargetUnreachable("clean-incomplete", f"left behind: {'; '.join(removal.left)}", "try again")
    if not removal.removed:
        tell("there was nothing to remove")


def _note_functions(plane: ControlPlane, removal: Removal) -> None:
    for page in _pages(plane, plane.lambda_, "list_functions"):
        for function in page.get("Functions", ()):
            name = str(function["FunctionName"])
            if OF_A_RUN.fullmatch(name):
                removal.note("function", name, plane.lambda_.delete_function, FunctionName=name)


def _note_queues(plane: ControlPlane, removal: Removal) -> None:
    sqs = plane.client("sqs")
    for page in _pages(plane, sqs, "list_queues", QueueNamePrefix=PREFIX):
        for url in page.get("QueueUrls", ()):
            name = str(url).rpartition("/")[2]
            if OF_A_RUN.fullmatch(name):
                removal.note("queue", name, sqs.delete_queue, QueueUrl=url)


def _note_roles(plane: ControlPlane, removal: Removal) -> None:
    iam = plane.client("iam")
    for page in _pages(plane, iam, "list_roles"):
        for role in page.get("Roles", ()):
            name = str(role["RoleName"])
            if OF_A_RUN.fullmatch(name):
                removal.note("role policy", name, iam.delete_role_policy, RoleName=name, PolicyName=POLICY)
                removal.note("role", name, iam.delete_role, RoleName=name)


def _pages(plane: ControlPlane, client: Any, operation: str, **arguments: Any) -> list[Any]:  # noqa: ANN401  boto3's
    """Return all pages of a list."""

    def listed(**given: Any) -> list[Any]:  # noqa: ANN401  boto3's
        return list(client.get_paginator(operation).paginate(**given))

    listed.__name__ = operation
    pages: list[Any] = plane.call(listed, **arguments)
    return pages
