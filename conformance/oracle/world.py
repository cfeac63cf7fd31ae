"""What the oracle knows of a target: where it is, and which functions are there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LATEST = "$LATEST"
Cause: TypeAlias = Literal[
    "",
    "exception",
    "exit",
    "timeout",
    "loading",
    "missing module",
    "unserialisable",
    "too large",
    "node exception",
    "node handler not found",
]
"""Why a run failed; empty for one that did not, or of which it is not known."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What comes of running a function.

    Attributes:
        payload: its result, or of the object that describes its error what is known.
        failed: whether it is an error.
        cause: of the error.
        size: of the result in bytes, where it is too long to stand here; then ``payload`` says nothing.
        printed: what the function writes into its log; None where that is not known.
        slow: whether the function takes its time.
    """

    payload: Any
    failed: bool = False
    cause: Cause = ""
    size: int | None = None
    printed: str | None = None
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Deployed:
    """A function that is there and Active.

    Attributes:
        versions: the published ones, ``1`` and so on.
        aliases: alias -> the versions that it may run.
        run: what comes of running it with an event; None, of it or from it, where that is not known.
        tells: what the result says where it depends on the call: ``context`` is what the context object of a Python
            function holds, ``version`` is version, ARN and marker of the code.
        exhausted: whether its reserved concurrency is used up, or 0.
        silent: whether it prints nothing.
        tenancy: whether each call must name a tenant.
        durable: whether it is a durable function.
        long: whether its durable executions may take more than 15 minutes.
        timeout: seconds that it may run.
        state: in which it is.
    """

    versions: frozenset[str] = frozenset()
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    run: Callable[[Any], Ran | None] | None = None
    tells: Literal["", "context", "version"] = ""
    exhausted: bool = False
    silent: bool = False
    tenancy: bool = False
    durable: bool = False
    long: bool = False
    timeout: int = 0
    state: Literal["Active", "Pending", "Failed"] = "Active"

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
