"""The exit codes, their meaning in words, and which one a run ends with."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from conformance.oracle.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.run.events import Ended


class ExitCode(IntEnum):
    """What the process ends with."""

    HOLDS = 0
    BROKEN = 1
    USAGE = 2
    UNREACHABLE = 3
    HARNESS = 4
    STALE_BASELINE = 5
    NOTHING_JUDGED = 6
    INTERRUPTED = 130


EXIT_CODES: Mapping[ExitCode, str] = {
    ExitCode.HOLDS: "every check of the chosen tier holds, known failures fail as listed",
    ExitCode.BROKEN: "the contract is broken: an unexpected failure",
    ExitCode.USAGE: "usage: bad option, unreadable file, unknown name",
    ExitCode.UNREACHABLE: "the target can't be reached, refused the credentials, or can't be provisioned",
    ExitCode.HARNESS: "verdicts are void: no answer came, or the harness is at fault",
    ExitCode.STALE_BASELINE: "the baseline is stale: a listed failure passes, has expired, or fails in another way",
    ExitCode.NOTHING_JUDGED: "nothing was judged, or fewer cases than --min-cases",
    ExitCode.INTERRUPTED: "interrupted: the report is partial and says so",
}


def exit_code(
    totals: Mapping[Outcome, int],
    ended: Ended,
    min_cases: int = 1,
    asked: int | None = None,
    stale: int = 0,
    listed: int = 0,
) -> ExitCode:
    """Return the code of a run; where several apply, the cause that voids the others wins.

    Args:
        totals: number of cases by outcome.
        ended: how the run ended.
        min_cases: fewer judged ones are no run.
        asked: how many judged cases were asked for; None for all. Twins that come along prove nothing by themselves.
        stale: lines of the baseline that are not true any more.
        listed: how many of the failures the baseline lists, though not as they are.
    """
    judged = sum(count for outcome, count in totals.items() if outcome.judged) if asked is None else asked
    causes = (
        (ended.interrupted, ExitCode.INTERRUPTED),
        (totals.get(Outcome.VOID, 0) > 0 and not ended.unreachable, ExitCode.HARNESS),
        (ended.unreachable, ExitCode.UNREACHABLE),
        (judged < max(min_cases, 1), ExitCode.NOTHING_JUDGED),
        (totals.get(Outcome.FAIL, 0) > listed, ExitCode.BROKEN),
        (stale > 0, ExitCode.STALE_BASELINE),
    )
    return next((code for applies, code in causes if applies), ExitCode.HOLDS)
