"""What the oracle knows of a target: where it is, and which functions are there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LATEST = "$LATEST"


@dataclass(frozen=True, slots=True)
class Ran:
    """What comes of running a function.

    Attributes:
        payload: its result, or the object that describes its error.
        failed: whether it is an error.
    """

    payload: Any
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Deployed:
    """A function that is there and Active.

    Attributes:
        versions: the published ones, ``1`` and so on.
        aliases: alias -> the versions that it may run.
        run: what comes of running it with an event; None, of it or from it, where that is not known.
        exhausted: whether its reserved concurrency is used up, or 0.
        silent: whether it prints nothing.
        tenancy: whether each call must name a tenant.
        durable: whether it is a durable function.
    """

    versions: frozenset[str] = frozenset()
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    run: Callable[[Any], Ran | None] | None = None
    exhausted: bool = False
    silent: bool = False
    tenancy: bool = False
    durable: bool = False

    def resolve(self, qualifier: str | None) -> frozenset[str]:
        """Return the versions that a qualifier may run; none when there is no such version or alias."""
        if qualifier is None or qualifier == LATEST:
            return frozenset({LATEST})
        return frozenset({qualifier}) & self.versions or self.aliases.get(qualifier, frozenset())


@dataclass(frozen=True, slots=True)
class World:
    """A target as far as what must come back depends on it.

    Attributes:
        region: that it says it is.
        account: its own.
        functions: by name.
        partition: of its ARNs.
    """

    region: str
    account: str
    functions: Mapping[str, Deployed]
    partition: str = "aws"
