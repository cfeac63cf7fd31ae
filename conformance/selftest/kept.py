"""Cases that may kill no fault, each with the reason why it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.model import Case
    from conformance.contract.requirements import Requirement

NOTES_ONLY = "what it checks is inferred alone, so that it can note and never fail"
KEPT: Mapping[str, str] = {}
"""Id of a case -> reason, for others."""


def kept(cases: Mapping[str, Case], requirements: Mapping[str, Requirement]) -> Mapping[str, str]:
    """Return the cases that may kill nothing: those that can't fail, by rule, and those of the table."""
    noting = {
        id_: NOTES_ONLY
        for id_, case in cases.items()
        if not any(requirements[one].can_fail for one in case.requirements)
    }
    return {**noting, **KEPT}
