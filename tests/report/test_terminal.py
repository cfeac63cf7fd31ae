"""What a run shows while it goes on and when it is over."""

from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING

import pytest
from support.reports import ALL, EVIL, TARGET, judged, report_of, requirement

from conformance.oracle.outcome import Outcome
from conformance.report.terminal import MOST, Terminal
from conformance.report.words import last_line, sentence
from conformance.run.events import Ended
from conformance.run.exit_codes import ExitCode
from conformance.run.session import RunOptions, Started, Summary
from conformance.targets.options import TargetOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.run.events import Judged

ESCAPE = "\x1b"
COLOUR = re.compile(r"\x1b\[[0-9;]*[1-9][0-9;]*m")


class Screen(io.StringIO):
    """A standard output that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what would decide about colours instead of the test."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def shown(
    monkeypatch: pytest.MonkeyPatch,
    events: Sequence[Judged] = ALL,
    *,
    screen: io.StringIO | None = None,
    quiet: bool = False,
    color: bool = True,
    code: ExitCode = ExitCode.BROKEN,
) -> str:
    """Return what is printed for a run with these events."""
    output = screen or io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    terminal = Terminal(quiet=quiet, color=color)
    requirements = {one.planned.case.id: requirement(one.planned.case.id) for one in events}
    plan = tuple(one.planned for one in events)
    terminal.started(Started(RunOptions(TargetOptions("emulator")), requirements, TARGET, plan))
    for one in events:
        terminal.judged(one)
    terminal.ended(Summary({}, Ended(()), code, 1.0))
    terminal.close(report_of(*events, code=code), "reports/report.html")
    return output.getvalue()


def test_plain_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Into a file or a pipe go plain lines: no escape, no carriage return, no bar."""
    text = shown(monkeypatch)

    assert ESCAPE not in text
    assert "\r" not in text
    assert text.startswith("judging emulator 1.0 at http://127.0.0.1:4566: 6 cases, tier full\n")


def test_the_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last line is always the one line that tells all, after the sentence that says why."""
    lines = shown(monkeypatch).splitlines()

    report = report_of(*ALL)
    assert lines[-2:] == [sentence(report), last_line(report, "reports/report.html")]


def test_quiet_is_the_last_line_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """With --quiet nothing but the last line is printed, whether on a terminal or not."""
    expected = last_line(report_of(*ALL), "reports/report.html")

    assert shown(monkeypatch, quiet=True) == f"{expected}\n"
    assert shown(monkeypatch, quiet=True, color=False, screen=Screen()) == f"{expected}\n"


def test_colours_and_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal there are colours, and progress that is taken away in the end."""
    text = shown(monkeypatch, screen=Screen())

    assert COLOUR.search(text)
    assert "6/6" in text
    assert "\x1b[2K" in text


@pytest.mark.parametrize(("variable", "color"), [("1", True), ("", False), ("1", False)])
def test_no_colours_where_they_are_not_wanted(monkeypatch: pytest.MonkeyPatch, variable: str, color: bool) -> None:  # noqa: FBT001  a parameter
    """NO_COLOR and --no-color leave out the colours, on a terminal too."""
    if variable:
        monkeypatch.setenv("NO_COLOR", variable)

    text = shown(monkeypatch, screen=Screen(), color=color)

    assert re.findall(r"\x1b\[[0-9;]*m", text) == []


@pytest.mark.parametrize("screen", [None, Screen])
def test_a_target_cannot_steer_the_terminal(monkeypatch: pytest.MonkeyPatch, screen: type[Screen] | None) -> None:
    """Control characters that a target sent are written as escapes, and its markup is no markup of ours."""
    evil = f"{EVIL}[bold]x[/bold][link=http://e.example]y\x9b2J\u202e"
    events = (
        judged(Outcome.FAIL, "names/a", observed=evil),
        judged(Outcome.VOID, "names/b", reason=evil),
        judged(Outcome.NOTE, "names/c", observed=evil),
    )

    text = shown(monkeypatch, events, screen=screen() if screen else None, color=False)

    assert "\\x1b[31m\\x07" in text
    assert "[bold]x[/bold][link=http://e.example]y\\x9b2J\\u202e" in text
    assert "\x1b[31m" not in text
    assert {"\x07", "\x9b", "\u202e"} & set(text) == set()


def test_failures_by_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cause is told once: the requirement, what was expected and observed, the evidence, its cases, how to repeat."""
    text = shown(monkeypatch, [judged(Outcome.FAIL, "names/a", observed="404")])

    assert text.splitlines()[2:9] == [
        "fail  names/a, 1 case: The text of names/a.",
        "      status: expected 200",
        "      observed 404",
        "      evidence: recorded 2025-11-25 404 — a capture",
        "      cases: names/a",
        "      again: invoke-conformance run --target emulator --only names/a",
        "",
    ]


def test_what_was_not_judged_by_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """One reason is one line, however many cases it holds for; a skip is never silent."""
    skipped = [judged(Outcome.SKIP, f"names/a{index}", reason="the target has no fixture log") for index in range(3)]
    void = [judged(Outcome.VOID, "names/b", reason="no answer: timeout")]

    lines = shown(monkeypatch, [*skipped, *void]).splitlines()

    assert lines[1:3] == ["void  1 case: no answer: timeout", "skip  3 cases: the target has no fixture log"]


def test_notes_are_told_before_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures stand nearest to the last line, where they are looked for."""
    text = shown(monkeypatch, [judged(Outcome.FAIL, "names/a"), judged(Outcome.NOTE, "names/b")])

    assert text.index("note  names/b") < text.index("fail  names/a") < text.index("FAIL · ")


def test_a_long_list_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many causes are listed up to a number; then comes how many more there are."""
    text = shown(monkeypatch, [judged(Outcome.FAIL, f"names/a{index}") for index in range(MOST + 2)])

    assert text.count("fail  names/") == MOST
    assert "… and 2 causes more, in the report" in text


def test_long_lines_are_not_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long observation stays on its line, so that tools can search the output."""
    text = shown(monkeypatch, [judged(Outcome.FAIL, "names/a", observed="x" * 300)])

    assert "      observed " + "x" * 300 in text.splitlines()


def test_a_target_that_could_not_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a target nothing claims to judge; the reason and the last line are there."""
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    terminal = Terminal(quiet=False, color=True)
    report = report_of(target=None, code=ExitCode.UNREACHABLE, error="unreachable: nobody there", ended=Ended(()))

    terminal.started(Started(RunOptions(TargetOptions()), {}, None, ()))
    terminal.ended(Summary({}, Ended(()), ExitCode.UNREACHABLE, 1.0))
    terminal.close(report, "r.html")

    assert "judging" not in output.getvalue()
    assert output.getvalue().splitlines()[-2].startswith("unreachable: nobody there; exit code 3: ")
