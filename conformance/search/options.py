"""What the user says about a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from hypothesis.database import ExampleDatabase

    from conformance.run.session import RunOptions

SECONDS = 60.0
"""How long a search lasts that is given no limit."""
SHARE = 0.25
"""Of the time, for sequences."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """What the user says about a search.

    Attributes:
        run: what it has in common with a run: target, tier, workers, time for an exchange.
        seed: the same seed sends the same requests in the same order.
        examples: most requests that are drawn; None for no limit.
        seconds: for which requests are drawn; None for no limit.
        shard: i and n: this search sends every n-th request, from the i-th on.
        database: failures that were found before, and where new ones go; None for none.
        save: folder for capsules; None for none.
        again: words of a shell line that begin like this search's but replay a capsule.
        sequences: most examples of calls in a row that are drawn; 0 for none.
        opinions: most random cases of Schemathesis for each operation, and most sequences; 0 for no second opinion.
    """

    run: RunOptions
    seed: int
    examples: int | None = None
    seconds: float | None = None
    shard: tuple[int, int] = (1, 1)
    database: ExampleDatabase | None = None
    save: Path | None = None
    again: str = "invoke-conformance replay"
    sequences: int = 0
    opinions: int = 0

    @property
    def times(self) -> tuple[float | None, float | None]:
        """Seconds for single requests, and for sequences; None for no limit."""
        if self.seconds is None:
            return None, None
        share = SHARE if self.sequences else 0.0
        return self.seconds * (1 - share), self.seconds * share
