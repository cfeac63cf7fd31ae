"""The summary for a job's page, rendered by a library as such a page would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt
from support.reports import ALL, EVIL, TARGET, judged, named, report_of

from conformance.oracle.outcome import Outcome
from conformance.report.markdown import MOST
from conformance.report.text import markdown, markdown_code
from conformance.run.exit_codes import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from markdown_it.token import Token

PAGE = MarkdownIt("commonmark", {"html": True}).enable("table")
HOSTILE = [
    EVIL,
    "`",
    "``` ` ``",
    " ",
    "a\\|b|c",
    "\\",
    "<img src=x>",
    "https://e.example/",
    "<https://e.example/>",
    "&lt;b&gt;",
    "**bold** _it_ ~~no~~",
    "line\nbreak\r\n| x |",
    "@someone #1",
]


def tokens(text: str) -> list[Token]:
    """Return all tokens of a page, those within lines too."""
    return [one for token in PAGE.parse(text) for one in (token, *(token.children or ()))]


def rows(text: str) -> list[list[str]]:
    """Return the tables of a page: the text of each cell, row by row."""
    found: list[list[str]] = []
    cell = False
    for token in PAGE.parse(text):
        if token.type == "tr_open":
            found.append([])
        cell = token.type in {"td_open", "th_open"} or (cell and token.type == "inline")
        if token.type == "inline" and cell:
            found[-1].append("".join(one.content for one in token.children or ()))
    return found


def summary(folder: Path) -> str:
    """Return the summary of a run."""
    return (folder / "summary.md").read_text(encoding="utf-8")


def test_verdict_reason_and_numbers(tmp_path: Path) -> None:
    """The summary begins with verdict and target, says why, and counts every outcome and all."""
    report_of(*ALL, folder=tmp_path)

    lines = summary(tmp_path).splitlines()

    assert lines[0] == "## FAIL: emulator 1.0"
    why = "1 of 4 judged cases fails unexpectedly, 1 as is known"
    assert lines[2] == f"{why}; exit code 1: the contract is broken: an unexpected failure."
    counted = [[outcome.value, "1"] for outcome in Outcome]
    assert rows(summary(tmp_path))[:8] == [["outcome", "cases"], *counted, ["all", "6"]]


def test_causes_and_reasons(tmp_path: Path) -> None:
    """What to fix first stands in a table with its evidence, what was not judged in another with the reason."""
    report_of(
        judged(Outcome.FAIL, observed="404"),
        judged(Outcome.SKIP, "names/skipped", reason="no fixture"),
        folder=tmp_path,
    )

    found = rows(summary(tmp_path))

    assert ["names/plain", "status", "200", "404", "recorded 2025-11-25", "1"] in found
    assert ["skip", "no fixture", "1"] in found


@pytest.mark.parametrize("text", HOSTILE)
def test_a_target_cannot_break_the_table_or_inject_markup(tmp_path: Path, text: str) -> None:
    """Whatever a target, or its file, says: the tables keep their cells, and no link, picture or HTML appears."""
    report_of(
        judged(Outcome.FAIL, observed=text),
        judged(Outcome.VOID, "names/void", reason=text),
        folder=tmp_path,
        target=named(TARGET, text),
        code=ExitCode.UNREACHABLE,
        error=text,
    )

    page = summary(tmp_path)

    kinds = {token.type for token in tokens(page)}
    assert kinds & {"html_block", "html_inline", "link_open", "image", "em_open", "strong_open", "fence"} == set()
    assert [token.tag for token in tokens(page) if token.type == "heading_open"] == ["h2"]
    assert [len(row) for row in rows(page)] == [2] * 8 + [6] * 2 + [3] * 2


@pytest.mark.parametrize("text", HOSTILE)
def test_a_code_span_shows_the_text_as_it_is(text: str) -> None:
    """In a cell a text is read back as it was, control characters as escapes."""
    shown = text.replace("\x1b", "\\x1b").replace("\x07", "\\x07").replace("\r", "\\x0d").replace("\n", "\\x0a")

    ((cell,), _) = rows(f"| {markdown_code(text)} |\n| --- |\n| x |")

    assert cell.strip() == shown.strip()


@pytest.mark.parametrize("text", [one for one in HOSTILE if "\n" not in one])
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    """Outside tables a text is read back as it was."""
    page = PAGE.parseInline(f"x {markdown(text)} x")[0]

    assert "".join(one.content for one in page.children or ()) == f"x {text} x"


def test_long_texts_and_many_rows_are_cut(tmp_path: Path) -> None:
    """The summary stays short: long observations and rows beyond a number are cut, and it says how many."""
    many = [judged(Outcome.FAIL, f"names/a{index}", observed="x" * 5000) for index in range(MOST + 3)]

    report_of(*many, folder=tmp_path)

    assert len(summary(tmp_path)) < 10_000
    assert "… and 3 causes more." in summary(tmp_path)


def test_a_run_that_passes_has_nothing_to_fix(tmp_path: Path) -> None:
    """Without failures and skips there is but the table of outcomes."""
    report_of(judged(Outcome.PASS), folder=tmp_path, code=ExitCode.HOLDS)

    assert len(rows(summary(tmp_path))) == 8
    assert summary(tmp_path).startswith("## PASS: emulator 1.0\n")
