"""The table of contradictions: readable, and about requirements that exist."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.contract.contradictions import Contradiction, Side, load_contradictions
from conformance.contract.requirements import EvidenceKind
from conformance.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.requirements import Requirement

KNOWN = Path(__file__).parent.parent / "data" / "facts.txt"


def test_each_touches_requirements_that_exist(requirements: Mapping[str, Requirement]) -> None:
    """A contradiction names the requirements that it decides, by ids that exist."""
    cited = {id_ for one in load_contradictions() for id_ in one.requirements}
    assert sorted(cited - requirements.keys()) == []


def test_the_sides_rest_on_known_facts() -> None:
    """Each side cites facts that were collected."""
    cited = {fact for one in load_contradictions() for side in one.sides for fact in side.facts}
    assert sorted(cited - set(KNOWN.read_text().split())) == []


def test_the_sides_differ() -> None:
    """No two sides of a question say the same."""
    for one in load_contradictions():
        assert len({side.says for side in one.sides}) == len(one.sides)


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    """Each member of a contradiction is read; a side may have neither date nor facts."""
    first = "{kind: recorded, says: yes it is, source: here, date: 2020-01, facts: [one, two]}"
    second = "{kind: documented, says: it is not, source: there}"
    text = (
        f"contradictions:\n  - {{id: x, question: Is it?, sides: [{first}, {second}], enforced: it is,"
        " why: seen, requirements: [a/b, c/d]}\n"
    )
    (tmp_path / "contradictions.yaml").write_text(text)

    assert load_contradictions(tmp_path) == (
        Contradiction(
            id="x",
            question="Is it?",
            sides=(
                Side(EvidenceKind.RECORDED, "yes it is", "here", "2020-01", ("one", "two")),
                Side(EvidenceKind.DOCUMENTED, "it is not", "there", "", ()),
            ),
            enforced="it is",
            why="seen",
            requirements=("a/b", "c/d"),
        ),
    )
    assert Side(EvidenceKind.DOCUMENTED, "it is not", "there") == load_contradictions(tmp_path)[0].sides[1]


def test_a_bad_file_is_blamed(tmp_path: Path) -> None:
    """A question with a single side is refused by file, line and key."""
    side = "{kind: recorded, says: a, source: b}"
    text = f"contradictions:\n  - {{id: x, question: q, sides: [{side}], enforced: a, why: w, requirements: [a/b]}}\n"
    (tmp_path / "contradictions.yaml").write_text(text)
    with pytest.raises(UsageError, match=r"contradictions\.yaml:2: contradictions\[0\]\.sides"):
        load_contradictions(tmp_path)
