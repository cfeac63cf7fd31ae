"""The fixtures as functions of the reference: found by name and qualifier."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from conformance.fixtures.table import FIXTURES
from conformance.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.fixtures.table import Fixture

LATEST = "$LATEST"
PUBLISHED = "$LATEST.PUBLISHED"


@record(frozen=True, slots=True)
class Invocation:
    """A function to be run.

    Attributes:
        fixture: that runs.
        function_name: under which it is deployed.
        version: that runs.
        arn: through which it was called, with a qualifier where the caller gave one.
        request_id: of the call.
        event: its argument.
        payload: the event as the caller sent it.
        client_context: as decoded; None without one.
        trace: for _X_AMZN_TRACE_ID.
        tenant: whose environment it runs in; None for a function without tenancy.
        execution: the ARN of the durable execution; empty for an ordinary function.
    """

    fixture: Fixture
    function_name: str
    version: str
    arn: str
    request_id: str
    event: Any
    payload: bytes
    client_context: Any
    trace: str
    tenant: str | None = None
    execution: str = ""


def deployed(prefix: str) -> Mapping[str, Fixture]:
    """Return the fixtures by the names under which they are deployed."""
    return {prefix + name: fixture for name, fixture in FIXTURES.items()}


def resolve(fixture: Fixture, qualifier: str | None) -> str | None:
    """Return the version that a qualifier stands for; None when there is no such version or alias.

    An alias with weights gives each call by chance to one of its versions.
    """
    if qualifier is None or qualifier == LATEST:
        return LATEST
    if qualifier == PUBLISHED:
        return str(fixture.versions) if fixture.versions else None
    if qualifier in map(str, range(1, fixture.versions + 1)):
        return qualifier
    return _weighed(fixture, qualifier) or fixture.aliases.get(qualifier)


def _weighed(fixture: Fixture, alias: str) -> str | None:
    """Return the version beside an alias's own that gets this call; None when its own does."""
    left = random.random()  # noqa: S311  a share of calls is no secret
    for version, share in fixture.weights.get(alias, {}).items():
        left -= share
        if left < 0:
            return version
    return None
