"""What the generated cases prove by themselves: how many faults they kill, of which area, and which kill nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.selftest.kept import families, family
from conformance.selftest.proof import Fate, prove

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from conformance.cases.model import Case
    from conformance.reference.faults.model import Fault
    from conformance.selftest.proof import Result
    from conformance.selftest.trials import Made

WANTED = 0.7
"""The share of the catalogue that generated cases alone have to kill."""

FIFTEEN: Mapping[str, str] = {
    "an Event is answered with 200": "status-codes/event-200",
    "X-Amz-Executed-Version is missing": "response-headers/no-executed-version",
    "x-amzn-ErrorType is missing": "request-errors/named-in-the-body",
    "a name that is too long is accepted": "names/any-length",
    "an unknown invocation type is accepted": "invocation-types/unknown-accepted",
    "a partial ARN breaks the service": "names/partial-arn-breaks",
    "a malformed ARN is not found": "names/illegal-is-unknown",
    "Qualifier is ignored": "qualifiers/ignored",
    "the log is no base64": "logs/plain",
    "the log is longer than 4 KiB": "logs/whole",
    "a dry run runs the function": "invocation-types/dry-run-runs",
    "the content type is wrong": "response-headers/content-type-text",
    "JSON is serialised anew": "payload/whole-fractions",
    "a request that is too large is accepted": "limits/synchronous-unlimited",
    "GET breaks the service": "routing/unknown-route-500",
}
"""Faults on which generators of requests from OpenAPI documents were measured (the best caught nine), and ours."""
FIFTEEN_WANTED = 14


@dataclass(frozen=True, slots=True)
class Score:
    """What generated cases prove by themselves.

    Attributes:
        results: of each fault.
        idle: families of which no case kills a fault.
    """

    results: tuple[Result, ...]
    idle: tuple[str, ...]

    @property
    def killed(self) -> frozenset[str]:
        """The faults that were killed for a declared reason."""
        return frozenset(one.fault.id for one in self.results if one.fate is Fate.KILLED)

    @property
    def caught(self) -> int:
        """How many of the fifteen."""
        return len(self.killed & set(FIFTEEN.values()))

    @property
    def areas(self) -> Mapping[str, tuple[int, int]]:
        """Area -> faults killed, and faults there are."""
        found: dict[str, tuple[int, int]] = {}
        for one in self.results:
            area = one.fault.id.partition("/")[0]
            killed, there = found.get(area, (0, 0))
            found[area] = (killed + (one.fault.id in self.killed), there + 1)
        return found

    @property
    def holds(self) -> bool:
        """Tell whether enough faults were killed, and no family is idle."""
        enough = len(self.killed) >= WANTED * len(self.results) and self.caught >= FIFTEEN_WANTED
        return enough and not self.idle


def score(made: Sequence[Made], faults: Mapping[str, Fault], cases: Mapping[str, Case], kept: Collection[str]) -> Score:
    """Return what trials with generated cases prove; killed means what it means for the authored ones.

    Args:
        made: the trials.
        faults: the catalogue.
        cases: the generated cases by id.
        kept: families that may kill nothing.
    """
    results = prove(made, faults, dict.fromkeys(cases, 1.0), ()).results
    busy = {family(case) for one in results for case in one.killers}
    return Score(results, tuple(name for name in families(cases) if name not in busy and name not in kept))


def as_data(score: Score) -> dict[str, Any]:
    """Return a score as JSON values."""
    return {
        "holds": score.holds,
        "faults": len(score.results),
        "killed": len(score.killed),
        "fifteen": score.caught,
        "areas": {area: list(pair) for area, pair in score.areas.items()},
        "idle": list(score.idle),
        "matrix": {one.fault.id: {"fate": one.fate.value, "killers": list(one.killers)} for one in score.results},
    }


def lines(score: Score) -> list[str]:
    """Return what is printed: each area, what survives there, idle families, and the last line."""
    found = [f"{area}: {killed} of {there}" for area, (killed, there) in score.areas.items()]
    found += [
        f"  {one.fate.value}: {one.fault.id}: the reference {one.fault.breaks}"
        for one in score.results
        if one.fault.id not in score.killed
    ]
    found += [f"idle: {name}: kills no fault; say in the table of families why it is kept" for name in score.idle]
    share = len(score.killed) / max(len(score.results), 1)
    last = (
        f"{'PROVEN' if score.holds else 'NOT PROVEN'} · generated cases alone kill {len(score.killed)} of "
        f"{len(score.results)} faults, {share:.1%} · {score.caught} of the {len(FIFTEEN)} of other generators · "
        f"{len(score.idle)} idle families"
    )
    return [*found, last]
