"""The fixtures of a target as the oracle knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.fixtures.handlers import LAST_LINE
from conformance.fixtures.table import FIXTURES
from conformance.oracle.reading import is_object
from conformance.oracle.world import Deployed, Ran, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.fixtures.table import Fixture
    from conformance.oracle.site import Site


def _raised(event: Any) -> Ran | None:  # noqa: ANN401  any JSON value
    """Return the error that ``raise`` raises of its own accord; with a message or a class that is none, it fails."""
    asked = event if is_object(event) else {}
    if asked.keys() & {"type", "message"}:
        return None
    return Ran({"errorMessage": "raised on purpose", "errorType": "Exception"}, failed=True)


RUNS: Mapping[str, Callable[[Any], Ran | None]] = {
    "echo": Ran,
    "nothing": lambda _: Ran(None),
    "raise": _raised,
    "log": lambda event: Ran({"last": LAST_LINE}) if is_object(event) and "lines" not in event else None,
}
"""What comes of running a fixture with an event, by fixture, where the event alone decides and it is known."""
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
