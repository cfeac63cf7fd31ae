"""A target that is ready to be judged, and what targets may claim."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.targets.identity import UNSCALED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.exchange.endpoint import Endpoint
    from conformance.exchange.sigv4 import Credentials
    from conformance.oracle.site import Site
    from conformance.targets.identity import Pace

CAPABILITIES: Mapping[str, str] = {
    "signatures": "checks the signatures of requests",
    "invoke-async": "has the operation InvokeAsync",
    "response-streaming": "has the operation InvokeWithResponseStream",
    "tenancy": "has functions with an environment for each tenant",
    "function-states": "can keep a function in the states Pending and Failed",
}
"""What a target may claim beside plain Invoke: name -> what it means."""

PATIENCE = 10.0
"""Seconds that an effect gets at least, however the target scales time."""


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint with everything that a run needs to know about it.

    Attributes:
        name: of the table of targets.
        version: as far as it can be told; may be empty.
        endpoint: where requests go.
        site: what it calls things.
        credentials: that sign the requests; None sends them unsigned.
        capabilities: what it claims, of CAPABILITIES.
        endpoints: where a fixture or a service has one of its own, by its name.
        missing: why a fixture, or a queue, is not there, by its name, where a reason is known.
        pace: how fast its time goes.
    """

    name: str
    version: str
    endpoint: Endpoint
    site: Site
    credentials: Credentials | None
    capabilities: frozenset[str]
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict[str, "Endpoint"])
    missing: Mapping[str, str] = field(default_factory=dict[str, str])
    pace: Pace = UNSCALED

    def patience(self, seconds: float) -> float:
        """Return how long an effect that takes so many seconds on AWS is waited for."""
        return max(seconds * self.pace.waits, min(seconds, PATIENCE))

    def endpoint_of(self, fixture: str) -> Endpoint:
        """Return where the requests for a fixture go."""
        return self.endpoints.get(fixture, self.endpoint)
