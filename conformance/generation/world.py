"""The fixtures of a target as the oracle knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.fixtures.table import FIXTURES
from conformance.oracle.world import Deployed, Ran, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.fixtures.table import Fixture
    from conformance.oracle.site import Site

RUNS: Mapping[str, Callable[[Any], Ran]] = {
    "echo": Ran,
    "nothing": lambda _: Ran(None),
}
"""What comes of running a fixture with an event, by fixture, where the event alone decides."""
SILENT = frozenset({"echo", "nothing", "versioned", "context", "tenant", "durable"})
"""Fixtures that print nothing."""


def world_of(site: Site) -> World:
    """Return what the oracle has to know of a target with the fixtures that its site names."""
    there = {site.names[name]: _deployed(one) for name, one in FIXTURES.items() if name in site.names}
    return World(site.region, site.account, there, site.partition)


def _deployed(fixture: Fixture) -> Deployed:
    versions = frozenset(str(number) for number in range(1, fixture.versions + 1))
    aliases = {
        alias: frozenset({version, *fixture.weights.get(alias, {})}) for alias, version in fixture.aliases.items()
    }
    return Deployed(
        versions=versions,
        aliases=aliases,
        run=RUNS.get(fixture.name),
        exhausted=fixture.reserved == 0,
        silent=fixture.name in SILENT,
        tenancy=fixture.tenancy,
        durable=fixture.durable is not None,
    )
