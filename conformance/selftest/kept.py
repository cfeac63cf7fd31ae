"""Cases that may kill no fault, each with the reason why it is kept; generated ones by family."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.model import Case
    from conformance.contract.requirements import Requirement

NOTES_ONLY = "what it checks is inferred alone, so that it can note and never fail"
KEPT: Mapping[str, str] = {}
"""Id of a case -> reason, for others."""
KEPT_FAMILIES: Mapping[str, str] = {}
"""Family of generated cases -> reason why it is kept though none of it kills a fault."""


def family(id_: str) -> str:
    """Return the family of a generated case: its id without the last part, which tells it from its like."""
    return id_.rpartition("/")[0]


def families(cases: Mapping[str, Case]) -> Mapping[str, Mapping[str, Case]]:
    """Return generated cases by family."""
    found: dict[str, dict[str, Case]] = {}
    for id_, case in cases.items():
        found.setdefault(family(id_), {})[id_] = case
    return found


def kept_families(cases: Mapping[str, Case], requirements: Mapping[str, Requirement]) -> Mapping[str, str]:
    """Return the families of generated cases that may kill nothing: by rule, and those of the table."""
    noting = {
        name: NOTES_ONLY
        for name, members in families(cases).items()
        if not any(requirements[one].can_fail for case in members.values() for one in case.requirements)
    }
    return {**noting, **KEPT_FAMILIES}


def kept(cases: Mapping[str, Case], requirements: Mapping[str, Requirement]) -> Mapping[str, str]:
    """Return the cases that may kill nothing: those that can't fail, by rule, and those of the table."""
    noting = {
        id_: NOTES_ONLY
        for id_, case in cases.items()
        if not any(requirements[one].can_fail for one in case.requirements)
    }
    return {**noting, **KEPT}
