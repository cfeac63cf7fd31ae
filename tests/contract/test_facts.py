"""The account of facts: each known fact backs a requirement, or stands aside with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conformance.contract.requirements import load_aside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.requirements import Requirement

KNOWN = Path(__file__).parent.parent / "data" / "facts.txt"
"""The ids of all facts that were collected about the real service, a line each."""


def test_every_fact_is_accounted_for(requirements: Mapping[str, Requirement]) -> None:
    """No known fact is lost: it backs a requirement, is superseded by one, or stands aside."""
    accounted = {fact for one in requirements.values() for fact in one.facts} | load_aside().keys()
    assert [fact for fact in KNOWN.read_text().split() if fact not in accounted] == []


def test_only_known_facts_are_cited(requirements: Mapping[str, Requirement]) -> None:
    """A requirement cites no fact that nobody collected, and none stands aside that is not known."""
    known = set(KNOWN.read_text().split())
    cited = {fact for one in requirements.values() for fact in one.facts} | load_aside().keys()
    assert sorted(cited - known) == []


def test_a_fact_stands_aside_only_if_it_backs_nothing(requirements: Mapping[str, Requirement]) -> None:
    """A fact is either used or put aside, not both."""
    used = {fact for one in requirements.values() for fact in one.facts}
    assert sorted(used & load_aside().keys()) == []
