"""The judge: clauses and answers in, checks and an outcome out. Works on recorded answers as on live ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.oracle.clause import RULES, observe, operand
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Nothing, is_array
from conformance.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.contract.requirements import Requirement, Tier
    from conformance.oracle.clause import Clause
    from conformance.oracle.reading import Reading

_ENCODER = json.JSONEncoder(ensure_ascii=False)
SHOWN = 400
"""Characters of an expectation or an observation that a check shows."""


@record(frozen=True, slots=True)
class Check:
    """One expectation applied to an exchange.

    Attributes:
        clause: what was expected, bound to the target's site.
        outcome: pass, fail, or note where only inferred evidence is contradicted.
        seen: what was observed.
        operand: what it was compared with, where the clause names another observation.
        step: 1-based number of the step within its case.
    """

    clause: Clause
    outcome: Outcome
    seen: Any
    operand: Any = None
    step: int = 1

    @property
    def expected(self) -> str:
        """The expectation in words."""
        rule = RULES[self.clause.rule]
        value = self.clause.value
        if not rule.operand:
            return rule.phrase.replace("{}", show(value))
        named = ", ".join(value) if is_array(value) else value
        return rule.phrase.replace("{}", f"{named} ({show(self.operand)})")

    @property
    def observed(self) -> str:
        """The observation in words."""
        return show(self.seen)


def judge(
    clauses: Iterable[Clause],
    readings: Sequence[Reading | None],
    requirements: Mapping[str, Requirement],
    tier: Tier,
) -> list[Check]:
    """Apply clauses to the last of the readings; those of stricter tiers are left out.

    Args:
        clauses: bound to the target's site.
        readings: of the case's answers so far, the one under judgement last.
        requirements: by id.
        tier: of the run.

    Raises:
        KeyError: a clause cites an unknown requirement, rule or subject.
    """
    found: list[Check] = []
    for clause in clauses:
        requirement = requirements[clause.requirement]
        if tier.includes(requirement.tier):
            rule = RULES[clause.rule]
            seen = observe(clause.subject, readings)
            other = operand(clause.value, readings) if rule.operand else None
            outcome = Outcome.PASS
            if not rule.holds(seen, other if rule.operand else clause.value):
                outcome = Outcome.FAIL if requirement.can_fail else Outcome.NOTE
            found.append(Check(clause, outcome, seen, other, len(readings)))
    return found


def show(value: Any) -> str:  # noqa: ANN401  any observation
    """Return an observation or a value in words, cut where it is long."""
    if isinstance(value, Nothing):
        return value.why
    if isinstance(value, bytes):
        text = repr(value[:SHOWN])[1:] if value else "empty"
    else:
        text = value if isinstance(value, str) else _ENCODER.encode(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def outcome_of(checks: Sequence[Check]) -> Outcome:
    """Return the outcome that checks add up to; no checks at all are a failure, never a pass."""
    outcomes = {check.outcome for check in checks}
    if not outcomes or Outcome.FAIL in outcomes:
        return Outcome.FAIL
    return Outcome.NOTE if Outcome.NOTE in outcomes else Outcome.PASS
