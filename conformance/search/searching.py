"""One search: draws batches of examples, has the engine judge them, makes the first failure of each kind small."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from conformance.cases.model import Case, Step
from conformance.generation.drafts import clauses_of
from conformance.generation.drawing.drawn import shrunk
from conformance.generation.drawing.examples import Example
from conformance.generation.placing import NEEDS
from conformance.generation.scratch import scratch
from conformance.oracle.outcome import Outcome
from conformance.run.engine import Engine, Settings
from conformance.run.events import Ended
from conformance.run.plan import Planned, tier_of
from conformance.search.kinds import alike, kind_of, repeatable
from conformance.search.tally import Tally

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from conformance.cases.model import Call
    from conformance.generation.drawing.chance import Chance
    from conformance.run.caller import Caller
    from conformance.run.events import Bracket, Judged
    from conformance.search.options import SearchOptions
    from conformance.search.tally import Finding

FIRST, LARGEST = 50, 2_000
"""Examples of the first batch, and of a batch at most."""
PACE = 1.0
"""Seconds that a batch is to take: so late are limits of time and new failures noticed."""
SHRINKING = 20.0
"""Seconds for making one failure small."""
SHARE = 0.5
"""Of the time of a search, what making failures small may take before its end; what is left then is made small then."""
AFTERWARDS = 60.0
"""Seconds for that at most."""


class Search:
    """A search of one target.

    Args:
        options: of the user.
        caller: sends and judges one case.
        runner: of the event loop in which requests are sent.
        found: is told of each failure, as small as it got.
        going: is told how far the search is.

    Attributes:
        tally: what came of it so far.
    """

    def __init__(
        self,
        options: SearchOptions,
        caller: Caller,
        runner: asyncio.Runner,
        found: Callable[[Finding], None],
        going: Callable[[Tally], None],
    ) -> None:
        self.tally = Tally()
        self._options = options
        self._caller = caller
        self._runner = runner
        self._found = found
        self._going = going
        self._brackets: list[Bracket] = []
        self._interrupted = False
        self._engine: Engine | None = None
        self._new: deque[Finding] = deque()
        self._began = time.perf_counter()
        self._shrinking = 0.0
        seconds, _ = options.times
        self._until = time.perf_counter() + seconds if seconds is not None else float("inf")

    def interrupt(self) -> None:
        """Stop as soon as may be. A signal handler may call it at any time."""
        self._interrupted = True
        if self._engine is not None:
            self._engine.interrupt()

    def run(self, before: Iterable[Call], make: Callable[[Chance], Call], drawn: Iterator[Example]) -> Ended:
        """Search until a limit is reached, the target is gone, or the user has enough.

        Args:
            before: failures of earlier searches, which are sent first.
            make: draws a request.
            drawn: the examples, without end.
        """
        stopped = self._batch([Example(0, (), call) for call in before])
        size = FIRST
        while not stopped and not self._over():
            left = self._options.examples - self.tally.sent if self._options.examples is not None else size
            begun = time.perf_counter()
            stopped = self._batch(list(islice(drawn, min(size, left))))
            took = time.perf_counter() - begun
            size = min(max(int(size * PACE / max(took, 0.01)), 1), 2 * size, LARGEST)
            if not stopped:
                self._look_into(make, lambda: self._shrinking < SHARE * (time.perf_counter() - self._began))
        until = time.perf_counter() + AFTERWARDS
        self._look_into(make, lambda: not stopped and time.perf_counter() < until)
        while self._new:
            self._found(self._new.popleft())
        if self._interrupted:
            stopped = f"interrupted after {self.tally.sent:,} examples"
        brackets = (*self._brackets[:1], *self._brackets[1:][-1:])
        return Ended(brackets, self._interrupted, stopped or f"after {self.tally.sent:,} examples")

    def _over(self) -> bool:
        enough = self._options.examples is not None and self.tally.sent >= self._options.examples
        return enough or self._interrupted or time.perf_counter() >= self._until

    def _batch(self, batch: Sequence[Example]) -> str:
        """Send examples, and take note of new kinds of failures; return why the search is over, or nothing."""
        pairs = [(one, planned) for one in batch if (planned := self.planned(one.call)) is not None]
        plan = [replace(planned, case=replace(planned.case, id=f"fuzz/{at}")) for at, (_, planned) in enumerate(pairs)]
        if not plan:
            return ""
        came, stopped = self._judged(plan)
        new = [self.tally.add(example, came[one.case.id]) for (example, _), one in zip(pairs, plan, strict=True)]
        self._going(self.tally)
        self._new.extend(filter(None, new))
        return stopped

    def _look_into(self, make: Callable[[Chance], Call], time_left: Callable[[], bool]) -> None:
        """Make new failures small, as long as there is time."""
        while self._new and not self._interrupted and time_left():
            begun = time.perf_counter()
            finding = self._new.popleft()
            if finding.example.taken and repeatable(finding.kind):
                self._make_small(finding, make)
            if self.tally.settle(finding):
                self._found(finding)
            self._shrinking += time.perf_counter() - begun

    def _judged(self, plan: Sequence[Planned]) -> tuple[dict[str, Judged], str]:
        """Have the engine judge cases; return what came of each, by its id, and why the engine stopped."""
        came: dict[str, Judged] = {}

        def emit(judged: Judged) -> None:
            came[judged.planned.case.id] = judged

        self._engine = Engine(plan, self._caller, Settings(self._options.run.workers), emit)
        if self._interrupted:
            self._engine.interrupt()
        ended = self._runner.run(self._engine.run())
        self._brackets += ended.brackets
        return came, ended.stopped

    def planned(self, call: Call) -> Planned | None:
        """Return the case of a request; None where nothing is known of what must come back, or it can't be sent."""
        clauses = clauses_of(call, self._caller.contract)
        case = Case("fuzz", "", (Step(call, clauses),), capabilities=() if call.wire else NEEDS[call.operation])
        target, tier = self._caller.target, tier_of(case, self._caller.requirements)
        known = any(self._caller.tier.includes(self._caller.requirements[one].tier) for one in case.requirements)
        there = target.site.names.keys() >= case.fixtures and target.capabilities >= {*case.capabilities}
        return Planned(case, tier) if known and there else None

    def _make_small(self, finding: Finding, make: Callable[[Chance], Call]) -> None:
        """Put the smallest request that fails in the same way in the place of the one that was drawn."""
        seen: dict[Call, Judged | None] = {}
        until = time.perf_counter() + SHRINKING

        def fails(call: Call) -> bool:
            if call not in seen:
                if self._interrupted or time.perf_counter() > until:
                    return False
                seen[call] = self._alone(call)
            judged = seen[call]
            return judged is not None and alike(judged, finding.judged)

        with scratch():
            smallest = shrunk(finding.example.taken, make, fails)
        judged = seen[smallest] if smallest is not None else None
        finding.small = judged is not None
        finding.alone = finding.small or self._interrupted
        if judged is not None:
            finding.judged = self._confirmed(judged)

    def _alone(self, call: Call) -> Judged | None:
        planned = self.planned(call)
        return self._runner.run(self._caller.run(planned)) if planned is not None else None

    def _confirmed(self, judged: Judged) -> Judged:
        """Send the smallest request once more, between two known-good Invokes; what comes of it stands."""
        came, _ = self._judged([judged.planned])
        again = came[judged.planned.case.id]
        return again if again.outcome is Outcome.VOID or kind_of(again) == kind_of(judged) else judged
