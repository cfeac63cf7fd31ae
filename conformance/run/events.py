"""What a run tells while it goes on; reports, progress and gates all listen to the same stream."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from conformance.record import record

if TYPE_CHECKING:
    from conformance.exchange.message import Exchange
    from conformance.oracle.judge import Check
    from conformance.oracle.outcome import Outcome
    from conformance.run.plan import Planned


class VoidCause(StrEnum):
    """Why there is no verdict."""

    NO_ANSWER = "no answer"
    BRACKET = "the bracket broke"
    HARNESS = "the harness failed"


@record(frozen=True, slots=True)
class Judged:
    """What came of a case.

    Attributes:
        planned: the case and its tier.
        outcome: of the case.
        reason: why it was skipped or void; empty otherwise.
        checks: of all its steps.
        exchanges: the last one of each step that was sent.
        seconds: that all its calls took.
        void: why there is no verdict, for a void case.
    """

    planned: Planned
    outcome: Outcome
    reason: str = ""
    checks: tuple[Check, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    seconds: float = 0.0
    void: VoidCause | None = None


@dataclass(frozen=True, slots=True)
class Bracket:
    """A known-good Invoke, sent before, between and after the cases.

    Attributes:
        answered: whether an answer came that can be judged: one that refuses the caller can't, as our credentials may
            be at fault.
        holds: whether it was the right one.
        detail: what came, in words.
    """

    answered: bool
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended.

    Attributes:
        brackets: all that were sent, in order.
        interrupted: whether the user stopped it.
        stopped: why it ended before its last case; empty when it didn't.
    """

    brackets: tuple[Bracket, ...]
    interrupted: bool = False
    stopped: str = ""

    @property
    def unreachable(self) -> bool:
        """Tell whether the target was not there at the beginning, or no longer in the end."""
        return bool(self.brackets) and not self.brackets[-1].answered
