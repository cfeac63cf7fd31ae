"""What a run is going to do: which cases apply to a target, and why the others don't. Sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from conformance.cases.model import Sized
from conformance.contract.requirements import Tier
from conformance.errors import UsageError
from conformance.fixtures.table import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.cases.model import Case
    from conformance.contract.requirements import Requirement
    from conformance.targets.model import Target


BLOCKING = frozenset(name for name, fixture in FIXTURES.items() if fixture.blocking)
"""The functions that take their time."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A case of a run.

    Attributes:
        case: what is sent and what must hold.
        tier: from which on it has something to say.
        skip: why it is not sent; empty when it is.
        again: the command that judges it alone; empty where the run's own does, told its id.
    """

    case: Case
    tier: Tier
    skip: str = ""
    again: str = ""


def tier_of(case: Case, requirements: Mapping[str, Requirement]) -> Tier:
    """Return the tier from which on a case has something of its own to say.

    That is the mildest tier of the requirements of the case's own area; the others that it cites
    (that the call succeeds at all, say) are only its ground. A generated case has no area: its first clause says what
    it is about; one without any has nothing to say in whatever tier.

    Raises:
        KeyError: the case cites an unknown requirement.
    """
    own = [one for one in case.requirements if one.startswith(f"{case.area}/")] or case.requirements[:1]
    return min((requirements[one].tier for one in own), key=lambda tier: tier.rank, default=Tier.CORE)


def make_plan(
    cases: Mapping[str, Case],
    requirements: Mapping[str, Requirement],
    target: Target,
    tier: Tier,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    include: Sequence[str] = (),
) -> list[Planned]:
    """Choose the cases of a run, in the order in which they are sent, and say which can't be.

    Args:
        cases: all there are, by id.
        requirements: by id.
        target: says which fixtures and capabilities are there.
        tier: as for :func:`choose`.
        only: the same.
        skip: the same.
        include: the same.

    Raises:
        UsageError: a glob of ``only`` matches no case, or a case cites a requirement that is not there.
    """
    return [
        Planned(case, tier_of(case, requirements), _reason(case, target))
        for case in choose(cases, requirements, tier, only, skip, include)
    ]


def choose(
    cases: Mapping[str, Case],
    requirements: Mapping[str, Requirement],
    tier: Tier,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    include: Sequence[str] = (),
) -> list[Case]:
    """Choose the cases of a run, whatever the target.

    Twins of chosen cases are chosen with them, since a refusal proves nothing without its twin; also those of a
    stricter tier, as long as something about them can be judged in this one. What ``skip`` names is left out all the
    same.

    Args:
        cases: all there are, by id.
        requirements: by id.
        tier: leaves out cases that only a stricter one has.
        only: globs of ids; none means all.
        skip: globs of ids that are left out.
        include: groups whose cases are chosen, too.

    Raises:
        UsageError: a glob of ``only`` matches no case, or a case cites a requirement that is not there.
    """
    _all_known(cases, requirements)
    for glob in only:
        if not any(fnmatchcase(id_, glob) for id_ in cases):
            raise UsageError("case-unknown", f"--only {glob}: no case matches", "list cases shows all")
    chosen = {
        id_
        for id_, case in cases.items()
        if matches(id_, only or ("*",))
        and not matches(id_, skip)
        and case.group in {"", *include}
        and tier.includes(tier_of(case, requirements))
    }
    twins = {cases[id_].twin for id_ in chosen if cases[id_].twin}
    chosen |= {id_ for id_ in twins if not matches(id_, skip) and _judged_in(tier, cases[id_], requirements)}
    return [case for id_, case in cases.items() if id_ in chosen]


def _all_known(cases: Mapping[str, Case], requirements: Mapping[str, Requirement]) -> None:
    for case in cases.values():
        for id_ in case.requirements:
            if id_ not in requirements:
                message = f"{id_}: cited by the case {case.id}, but no requirement file has it"
                raise UsageError("requirement-unknown", message, f"add it to requirements/{id_.partition('/')[0]}.yaml")


def _judged_in(tier: Tier, case: Case, requirements: Mapping[str, Requirement]) -> bool:
    return any(tier.includes(requirements[id_].tier) for id_ in case.requirements)


def waits(case: Case) -> bool:
    """Tell whether a case takes its time, on a target as quick as can be."""
    return any(step.within or step.pause or step.call.fixture in BLOCKING for step in case.steps)


def large(case: Case) -> bool:
    """Tell whether a case may move megabytes."""
    return any(isinstance(step.call.body, Sized) or "{big}" in step.call.FunctionName for step in case.steps)


def matches(id_: str, globs: Iterable[str]) -> bool:
    """Tell whether an id is of one of the globs."""
    return any(fnmatchcase(id_, glob) for glob in globs)


def _reason(case: Case, target: Target) -> str:
    """Return why a case can't be sent to a target; empty when it can."""
    if not any(step.expect for step in case.steps):
        return "nothing is known of what must come back"
    unclaimed = [name for name in case.capabilities if name not in target.capabilities]
    if unclaimed:
        return f"the target does not claim the capability {unclaimed[0]}"
    absent = sorted(case.fixtures - target.site.names.keys())
    if absent:
        why = target.missing.get(absent[0], "")
        return f"the target has no fixture {absent[0]}" + (f": {why}" if why else "")
    if target.credentials is None and any(step.call.signing != "valid" for step in case.steps):
        return "the target takes unsigned requests"
    return ""
