"""What the tests of the oracle share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.contract.requirements import Tier, load_requirements
from conformance.oracle.judge import judge
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.exchange.message import Response
    from conformance.oracle.clause import Clause

    Breaks = Callable[[Iterable[Clause], Response], str]


@pytest.fixture(scope="session")
def breaks() -> Breaks:
    """Return the function that says which requirements an answer breaks, or contradicts, in alphabetical order."""

    def found(clauses: Iterable[Clause], answer: Response) -> str:
        checks = judge(clauses, [Reading(answer)], load_requirements(), Tier.STRICT)
        return " ".join(sorted({one.clause.requirement for one in checks if one.outcome is not Outcome.PASS}))

    return found
