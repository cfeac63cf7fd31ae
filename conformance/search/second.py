"""The second opinion within a search: Schemathesis's cases, their verdicts, and what the report shows of them."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from conformance.cases.model import Case, Step
from conformance.contract.requirements import Tier
from conformance.contract.source import read_yaml, spec_folder
from conformance.generation.capsules import digest_of
from conformance.generation.drawing.examples import Example
from conformance.generation.placing import NEEDS
from conformance.generation.recalled import call_of
from conformance.oracle.clause import Clause
from conformance.oracle.judge import Check, outcome_of
from conformance.oracle.outcome import Outcome
from conformance.run.events import Ended, Judged, VoidCause
from conformance.run.plan import Planned, tier_of
from conformance.search.brackets import bracket
from conformance.search.kinds import Kind, kind_of
from conformance.search.opinions import Oracle, Where
from conformance.search.second_opinion import SecondOpinion
from conformance.search.tally import Finding

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator

    from conformance.run.caller import Caller
    from conformance.run.events import Bracket
    from conformance.search.keeping import Keeper
    from conformance.search.opinions import Complaint, Opinion, Scenario
    from conformance.search.options import SearchOptions

GROUP = "schemathesis/"
"""What the ids of its cases begin with."""
COMPLAINT = "second-opinion/no-complaint"
"""What a complaint of Schemathesis's own checks is about; nothing of AWS backs it, so that it is noted only."""
BRACKET_EVERY = 25
"""Cases between two known-good Invokes, at least."""


@dataclass(slots=True)
class Sums:
    """What came of Schemathesis's cases so far.

    Attributes:
        sent: cases, by phase.
        positive: those of them that are valid by the contract.
        accepted: those of them that were answered with success.
        unknown: cases of which nothing is known.
        refuted: complaints that evidence refutes.
        skipped: by view and phase, why nothing was sent.
        faults: by view and phase, what went wrong in Schemathesis.
        findings: by phase and kind of failure.
        held: by phase and operation, how many cases held and what came of the first.
    """

    sent: Counter[str] = field(default_factory=Counter[str])
    positive: Counter[str] = field(default_factory=Counter[str])
    accepted: Counter[str] = field(default_factory=Counter[str])
    unknown: int = 0
    refuted: int = 0
    skipped: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    faults: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    findings: dict[tuple[str, Kind], Finding] = field(default_factory=dict[tuple[str, Kind], Finding])
    held: dict[str, tuple[int, Judged]] = field(default_factory=dict[str, "tuple[int, Judged]"])

    @property
    def total(self) -> int:
        """All cases."""
        return sum(self.sent.values())

    def __str__(self) -> str:
        """Say how far it is."""
        return f"Schemathesis: {self.total:,} sent, {len(self.findings):,} kinds of failures"

    @property
    def lines(self) -> Iterator[str]:
        """What came of each phase, in words."""
        for phase, sent in self.sent.items():
            accepted = f"{self.accepted[phase]:,} of {self.positive[phase]:,} valid ones accepted"
            yield f"Schemathesis, {phase}: {sent:,} cases, {accepted}"
        for (view, phase), reason in self.skipped.items():
            yield f"Schemathesis, {phase} of {view}: {reason}"


class Second:
    """Schemathesis's cases against a target, judged between known-good Invokes.

    Args:
        options: of the user.
        caller: knows the target.
        runner: of the event loop in which requests are sent.
        going: is told how far it is.

    Attributes:
        sums: what came of it so far.
    """

    def __init__(
        self, options: SearchOptions, caller: Caller, runner: asyncio.Runner, going: Callable[[Sums], None]
    ) -> None:
        self.sums = Sums()
        self._caller = caller
        self._runner = runner
        self._going = going
        self._where = _where(caller)
        document: Any = read_yaml((options.run.spec or spec_folder()) / "openapi.yaml").data
        oracle = Oracle(self._where, caller.contract, caller.requirements, caller.tier)
        self._opinion = SecondOpinion(oracle, document, seed=options.seed, max_examples=options.opinions)

    def interrupt(self) -> None:
        """Stop as soon as may be. A signal handler may call it at any time."""
        self._opinion.interrupt()

    def run(self) -> Ended:
        """Send all cases, until the target is gone or the user has enough."""
        brackets = [*bracket(self._caller, self._runner).brackets]
        waiting: list[Scenario] = []
        stopped = ""
        with closing(iter(self._opinion)) as scenarios:
            for scenario in scenarios:
                waiting.append(scenario)
                if sum(len(one.opinions) for one in waiting) >= BRACKET_EVERY:
                    stopped = self._settle(waiting, brackets)
                if stopped:
                    break
        stopped = stopped or self._settle(waiting, brackets)
        return Ended((*brackets[:1], *brackets[1:][-1:]), self._opinion.interrupted, stopped)

    def _settle(self, waiting: list[Scenario], brackets: list[Bracket]) -> str:
        """Let scenarios stand if a known-good Invoke holds now, else void them; return why no more is sent."""
        ended = bracket(self._caller, self._runner)
        brackets += ended.brackets
        last, first = brackets[-1], brackets[0]
        broken = "" if last.holds or (last.answered and not first.holds) else f"the known-good Invoke {last.detail}"
        for scenario in waiting:
            self._add(scenario, broken)
        waiting.clear()
        self._going(self.sums)
        return broken

    def _add(self, scenario: Scenario, broken: str) -> None:
        sums, phase = self.sums, scenario.phase
        if scenario.skipped:
            sums.skipped[scenario.view, phase] = scenario.skipped
        if scenario.fault:
            sums.faults.setdefault((scenario.view, phase), scenario.fault)
        for opinion in scenario.opinions:
            sums.sent[phase] += 1
            sums.positive[phase] += opinion.positive
            sums.accepted[phase] += opinion.positive and opinion.accepted
            sums.refuted += opinion.refuted
            judged = self._judged(opinion, phase)
            if judged is None:
                sums.unknown += 1
            else:
                self._count(judged, phase, broken)

    def _count(self, judged: Judged, phase: str, broken: str) -> None:
        if broken and judged.outcome is not Outcome.VOID:
            judged = replace(judged, outcome=Outcome.VOID, reason=broken, void=VoidCause.BRACKET)
        kind, sums = kind_of(judged), self.sums
        if kind is None:
            cell = f"{GROUP}{phase}/{judged.planned.case.steps[0].call.operation}"
            count, first = sums.held.get(cell, (0, judged))
            sums.held[cell] = (count + 1, first)
        elif (phase, kind) in sums.findings:
            sums.findings[phase, kind].count += 1
        else:
            call = judged.planned.case.steps[0].call
            sums.findings[phase, kind] = Finding(kind, Example(0, (), call), judged)

    def _judged(self, opinion: Opinion, phase: str) -> Judged | None:
        """Return what came of a case; None where nothing is known of such a request and nobody complains."""
        exchange, answered = opinion.exchange, opinion.exchange.response is not None
        checks = (*opinion.checks, *map(_complaint, opinion.complaints))
        clauses = opinion.clauses or tuple(one.clause for one in checks)
        if answered and not checks:
            return None
        call = call_of(self._where.below(exchange.request), self._caller.contract, self._where.site)
        case = Case(
            id=f"{GROUP}{phase}/{digest_of(call)}",
            purpose=f"{phase}, {opinion.purpose}",
            steps=(Step(call, clauses),),
            capabilities=NEEDS[call.operation],
        )
        tier = tier_of(case, self._caller.requirements) if clauses else Tier.FULL
        outcome = outcome_of(checks) if answered else Outcome.VOID
        judged = Judged(Planned(case, tier), outcome, "", checks, (exchange,), exchange.seconds)
        if answered:
            return judged
        why = f"{exchange.failure.kind.value}, {exchange.failure.detail}" if exchange.failure else "nothing came"
        return replace(judged, reason=f"no answer: {why}", void=VoidCause.NO_ANSWER)


def _where(caller: Caller) -> Where:
    """Return the target without the functions that are elsewhere and the operations that it does not claim."""
    target = caller.target
    names = {name: text for name, text in target.site.names.items() if target.endpoint_of(name) == target.endpoint}
    claimed = frozenset(id_ for id_ in caller.contract.operations if target.capabilities >= {*NEEDS[id_]})
    site = replace(target.site, names=names)
    return Where(target.endpoint, site, target.credentials, claimed, caller.client.timeout)


def _complaint(complaint: Complaint) -> Check:
    clause = Clause(COMPLAINT, f"complaint of {complaint.check}", "is absent")
    return Check(clause, Outcome.NOTE, complaint.text)


def told(sums: Sums, keeper: Keeper, command: str) -> Iterator[Judged]:
    """Yield what the report is to show: each kind of failure, sums of what held, and phases that did not apply.

    Args:
        sums: what came of Schemathesis's cases.
        keeper: makes capsules of failures.
        command: says the search again.
    """
    ids: set[str] = set()
    for (_, kind), finding in sums.findings.items():
        case = finding.judged.planned.case
        if case.id in ids:
            continue
        ids.add(case.id)
        if kind.requirement != COMPLAINT:
            keeper.keep(finding)
        more = f", and {finding.count - 1:,} more like it" if finding.count > 1 else ""
        yield _renamed(keeper.told(finding), case.id, f"Schemathesis's {case.purpose}{more}")
    for cell, (count, first) in sums.held.items():
        purpose = f"{count:,} cases of Schemathesis that hold, of which this was the first"
        yield _renamed(replace(first, planned=replace(first.planned, again=command)), cell, purpose)
    for (view, phase), reason in sums.skipped.items():
        case = Case(f"{GROUP}{phase}/{view}", f"What Schemathesis's phase {phase} makes of {view}", ())
        yield Judged(Planned(case, Tier.FULL, again=command), Outcome.SKIP, f"Schemathesis says: {reason}")
    for (view, phase), fault in sums.faults.items():
        case = Case(f"{GROUP}{phase}/{view}/fault", f"What Schemathesis's phase {phase} makes of {view}", ())
        yield Judged(Planned(case, Tier.FULL, again=command), Outcome.VOID, fault, void=VoidCause.HARNESS)


def _renamed(judged: Judged, id: str, purpose: str) -> Judged:
    """Return a verdict as the report has it; its case expects all that was checked, complaints as well."""
    case = judged.planned.case
    (step,) = case.steps
    complained = (one.clause for one in judged.checks if one.clause.requirement == COMPLAINT)
    expect = (*step.expect, *(clause for clause in complained if clause not in step.expect))
    case = replace(case, id=id, purpose=purpose, steps=(replace(step, expect=expect),))
    return replace(judged, planned=replace(judged.planned, case=case))
