"""Requirement files: read whole, blamed where they are wrong, and what follows from tier and evidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from conformance.contract.requirements import (
    EVIDENCE_KINDS,
    OBSERVATIONS,
    REQUIREMENT_SET,
    TIERS,
    Evidence,
    EvidenceKind,
    Observation,
    Requirement,
    Tier,
    load_aside,
    load_requirements,
)
from conformance.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = """\
area: fruit
about: What grows.
requirements:
  - id: fruit/apple
    tier: core
    text: An apple
      is  red.
    observe: answer
    evidence: [{kind: inferred, source: seen}]
"""
RICH = """\
area: bread
about: What is baked.
requirements:
  - id: bread/rye
    tier: strict
    text: Rye is dark.
    observe: effect
    untested: nobody
      bakes
    since: "2999.01"
    supersedes: [old-rye, older-rye]
    conflict: Some say
      it is black.
    evidence:
      - {kind: documented, source: book, date: 2020-01-01, answer: dark, facts: [rye-dark, rye-old]}
      - {kind: inferred, source: taste}
aside:
  - fact: wheat
    reason: is no
      rye
"""


def written(folder: Path, **files: str) -> Path:
    """A spec folder with these requirement files."""
    (folder / "requirements").mkdir()
    for name, text in files.items():
        (folder / "requirements" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    """Each member of a requirement is read; folded text becomes one line; files are read in order of their names."""
    found = load_requirements(written(tmp_path, a=RICH, b=PLAIN))

    assert list(found) == ["bread/rye", "fruit/apple"]
    assert found["bread/rye"] == Requirement(
        id="bread/rye",
        area="bread",
        tier=Tier.STRICT,
        text="Rye is dark.",
        evidence=(
            Evidence(EvidenceKind.DOCUMENTED, "book", "2020-01-01", "dark", ("rye-dark", "rye-old")),
            Evidence(EvidenceKind.INFERRED, "taste"),
        ),
        observe=Observation.EFFECT,
        untested="nobody bakes",
        since="2999.01",
        supersedes=("old-rye", "older-rye"),
        conflict="Some say it is black.",
        line=4,
    )
    assert load_aside(tmp_path) == {"wheat": "is no rye"}


def test_what_a_file_leaves_out_is_nothing(tmp_path: Path) -> None:
    """Without a word of it, a requirement is of the set that is scored, tested, and undisputed."""
    (found,) = load_requirements(written(tmp_path, a=PLAIN)).values()

    assert found.text == "An apple is red."
    assert (found.since, found.untested, found.supersedes, found.conflict) == (REQUIREMENT_SET, "", (), "")
    assert (found.evidence[0].date, found.evidence[0].answer, found.evidence[0].facts) == ("", "", ())
    assert load_aside(tmp_path) == {}


def test_what_is_made_by_hand_says_no_more_than_it_is_told() -> None:
    """A requirement that is no file's has no line, and is observed in one answer."""
    made = Requirement("a/b", "a", Tier.CORE, "text", (Evidence(EvidenceKind.RECORDED, "seen"),))

    assert (made.observe, made.since, made.line) == (Observation.ANSWER, REQUIREMENT_SET, 0)
    assert (made.untested, made.supersedes, made.conflict) == ("", (), "")


WRONG: dict[str, tuple[dict[str, str], str, str]] = {
    "an id that stands twice": ({"a": PLAIN, "b": PLAIN}, "file-invalid", "b.yaml:4: id: fruit/apple stands twice"),
    "an id of another area": (
        {"a": PLAIN.replace("    tier: core\n", "").replace("  - id: fruit/apple", "  - tier: core\n    id: bread/x")},
        "file-invalid",
        "a.yaml:5: id: bread/x is not of the area fruit",
    ),
    "an unknown tier": (
        {"a": PLAIN.replace("core", "cork")},
        "file-invalid",
        "a.yaml:5: requirements[0].tier: 'cork' is not one of ['core', 'full', 'strict']",
    ),
    "no YAML": ({"a": "area: ["}, "file-unreadable", "a.yaml:2: did not find expected node content"),
    "no files": ({}, "file-unreadable", "requirements: no requirement files"),
}


@pytest.mark.parametrize(("files", "code", "problem"), WRONG.values(), ids=WRONG)
def test_a_bad_file_is_blamed(files: dict[str, str], code: str, problem: str, tmp_path: Path) -> None:
    """What can't be used is refused by file, line and key."""
    with pytest.raises(UsageError) as raised:
        load_requirements(written(tmp_path, **files))

    assert raised.value.code == code
    assert raised.value.message.removeprefix(f"{tmp_path / 'requirements'}/").endswith(problem)
    assert raised.value.message.startswith(str(tmp_path))


def test_without_files_the_hint_says_what_is_looked_for(tmp_path: Path) -> None:
    """Somebody who gave a wrong folder is told which files a right one has."""
    with pytest.raises(UsageError) as raised:
        load_requirements(tmp_path)

    assert (raised.value.message, raised.value.hint) == (
        f"{tmp_path / 'requirements'}: no requirement files",
        "expected *.yaml",
    )


def test_a_fact_that_stands_aside_twice_is_blamed(tmp_path: Path) -> None:
    """One fact has one reason, in whichever file."""
    again = RICH.replace("bread", "rolls").replace("aside:\n", "aside:\n  - {fact: oats, reason: none}\n")
    folder = written(tmp_path, a=RICH, b=again)

    with pytest.raises(
        UsageError, match=rf"{re.escape(str(tmp_path))}.*b\.yaml:19: aside: wheat stands twice"
    ) as raised:
        load_aside(folder)
    assert raised.value.code == "file-invalid"


@pytest.mark.parametrize(
    ("kinds", "since", "can_fail"),
    [
        (["recorded"], REQUIREMENT_SET, True),
        (["modelled"], REQUIREMENT_SET, True),
        (["documented"], "2020.01", True),
        (["inferred"], REQUIREMENT_SET, False),
        (["inferred", "documented"], REQUIREMENT_SET, True),
        (["recorded", "inferred"], REQUIREMENT_SET, True),
        (["recorded"], "2999.01", False),
        ([], REQUIREMENT_SET, False),
    ],
)
def test_what_can_fail(kinds: list[str], since: str, can_fail: bool) -> None:  # noqa: FBT001  a table
    """A target fails only by what is more than inferred, and stands in the set that is scored."""
    evidence = tuple(Evidence(EvidenceKind(kind), "source") for kind in kinds)
    assert Requirement("a/b", "a", Tier.CORE, "text", evidence, since=since).can_fail is can_fail


def test_the_set_is_a_year_and_a_month() -> None:
    """Sets are compared as text, so they all have to be written as the schema has it."""
    assert re.fullmatch(r"[0-9]{4}\.[0-9]{2}", REQUIREMENT_SET)


def test_facts_are_told_once_in_order() -> None:
    """The facts behind a requirement: of its evidence first, then those that it supersedes."""
    evidence = (
        Evidence(EvidenceKind.RECORDED, "one", facts=("b", "a")),
        Evidence(EvidenceKind.INFERRED, "two", facts=("a", "c")),
    )
    made = Requirement("a/b", "a", Tier.CORE, "text", evidence, supersedes=("d", "b"))
    assert made.facts == ("b", "a", "c", "d")


def test_a_tier_includes_those_before_it() -> None:
    """Core is all that everybody is held to, strict is everything."""
    included = {tier: [str(other) for other in Tier if tier.includes(other)] for tier in Tier}

    assert included == {
        Tier.CORE: ["core"],
        Tier.FULL: ["core", "full"],
        Tier.STRICT: ["core", "full", "strict"],
    }
    assert [tier.rank for tier in Tier] == [0, 1, 2]


def test_each_word_is_explained() -> None:
    """Every tier, kind of evidence and way to observe has its meaning in words."""
    assert TIERS.keys() == set(Tier)
    assert EVIDENCE_KINDS.keys() == set(EvidenceKind)
    assert OBSERVATIONS.keys() == set(Observation)
