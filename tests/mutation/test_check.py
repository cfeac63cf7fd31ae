"""The list of survivors against a run, and against the code as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mutation.check import KEPT, Kept, disagreements, read_kept, summary

if TYPE_CHECKING:
    from pathlib import Path

    from mutation.check import Key

ROOT = KEPT.parent.parent.parent
ONE: Key = ("a.py", "f", "x = 1", "x = 2")
OTHER: Key = ("a.py", "f", "x = 1", "x = None")
LISTED = (Kept(ONE, "equivalent", "why"),)


@pytest.mark.parametrize(
    ("outcomes", "whole", "complaints"),
    [
        ({ONE: "survived"}, True, []),
        ({ONE: "survived", OTHER: "killed"}, True, []),
        ({ONE: "survived", OTHER: "endless"}, True, []),
        ({ONE: "survived", OTHER: "survived"}, True, ["survived, and no test noticed"]),
        ({ONE: "killed"}, True, ["is killed now"]),
        ({ONE: "endless"}, False, ["is killed now"]),
        ({OTHER: "killed"}, True, ["is no mutant any more"]),
        ({OTHER: "killed"}, False, []),
        ({OTHER: "survived"}, True, ["survived, and no test noticed", "is no mutant any more"]),
    ],
)
def test_list_and_run_have_to_agree(outcomes: dict[Key, str], whole: bool, complaints: list[str]) -> None:  # noqa: FBT001  a table
    """A survivor that is not listed, and a listed one that survives no more, are both told, with what to do."""
    found = disagreements(outcomes, LISTED, whole=whole)

    assert [text.partition(": ")[2].partition(":")[0] for text in found[::2]] == complaints
    assert all("path: a.py" in text for text in found[1::2])


def test_a_run_is_summed_up() -> None:
    """The line says how many there were and how many of them may survive; an endless one is noticed."""
    outcomes = {ONE: "survived", OTHER: "endless", ("b.py", "g", "", "pass"): "killed"}
    assert summary(outcomes, LISTED) == "3 mutants: 2 killed, 1 survived; of these kept with a reason: 1 equivalent"


@pytest.mark.parametrize(
    "text",
    [
        "- {path: a, where: f, was: x, now: [y], kind: lazy, reason: r}",
        "- {path: a, where: f, was: x, now: [y], kind: equivalent, reason: ''}",
        "- {path: a, where: f, was: x, now: [y, y], kind: equivalent, reason: r}",
    ],
)
def test_a_bad_entry_is_refused(text: str, tmp_path: Path) -> None:
    """A mutant is kept once, for a known kind of reason, and with the reason."""
    (tmp_path / "survivors.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="unknown kind, no reason, or there twice"):
        read_kept(tmp_path / "survivors.yaml")


def test_what_is_kept_is_code_that_there_is() -> None:
    """Each kept mutant changes lines that stand in its module, so that an edit of them is noticed at once."""
    stale = [
        one.key
        for one in read_kept(KEPT)
        if not set(one.key[2].splitlines()) <= {line.strip() for line in (ROOT / one.key[0]).read_text().splitlines()}
    ]
    assert stale == []
