"""What the user says about a target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.targets.process import Program


@dataclass(frozen=True, slots=True)
class TargetOptions:
    """What the user says about a target.

    Attributes:
        name: of the table, or a path to a YAML file; empty chooses by ``endpoint_url``.
        endpoint_url: where it runs already; empty starts it where that is possible.
        region: to sign for; empty takes AWS_REGION, AWS_DEFAULT_REGION or the target's own.
        profile: of the shared AWS configuration; empty takes the default chain.
        seed: chooses what is arbitrary, the same each time.
        timeout: seconds for one call of its control plane.
        keep: whether fixtures that are made for the run stay, so that its requests can be sent again.
        program: of the target, where it was begun already and may take a moment yet.
        needed: names of the fixtures that the run's cases call, for targets that make them for the run; None makes
            all.
    """

    name: str = ""
    endpoint_url: str = ""
    region: str = ""
    profile: str = ""
    seed: int = 0
    timeout: float = 10.0
    keep: bool = False
    program: Program | None = None
    needed: frozenset[str] | None = None
