"""What the README says is true."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from conformance.cli import main
from conformance.explain import explain
from conformance.oracle.outcome import OUTCOMES
from conformance.report.collect import FILES
from conformance.run.exit_codes import EXIT_CODES
from conformance.targets.options import TargetOptions
from conformance.targets.table import TARGETS, open_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SET_UP = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/invoke-conformance run"
TESTS = "python3 -m venv .venv && .venv/bin/pip install tox && .venv/bin/tox run"


def blocks(kind: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def table(head: str) -> Mapping[str, str]:
    """Return the rows of the table of two columns whose first head is this."""
    found = re.search(rf"^\| {head} \| .*\n\| --- .*\n((?:\|.*\n)+)", README, re.MULTILINE)
    assert found is not None
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in found[1].splitlines()]
    assert {len(row) for row in cells} == {2}
    return {row[0]: row[1] for row in cells}


def commands() -> Iterator[list[str]]:
    """Yield the words behind ``invoke-conformance`` wherever the README says what to type."""
    inline = re.findall(r"`(invoke-conformance [^`]+)`", README)
    typed = [line for block in (*blocks("sh"), *blocks("yaml"), *blocks("text")) for line in block.splitlines()]
    for line in (*inline, *typed):
        _, found, rest = line.partition("invoke-conformance ")
        if found:
            yield shlex.split(rest.partition("&&")[0])


def test_the_exit_codes_are_those_of_the_code() -> None:
    """The table of exit codes has each code with its meaning, word for word."""
    assert table("exit") == {str(code.value): text for code, text in EXIT_CODES.items()}


def test_the_outcomes_are_those_of_the_code() -> None:
    """The table of outcomes has each outcome with its meaning, word for word."""
    assert table("outcome") == {str(outcome): text for outcome, text in OUTCOMES.items()}


def test_the_commands_exist() -> None:
    """Every command that the README names exists, with every option that it gives."""
    named = list(commands())

    assert {words[0] for words in named} >= {"run", "serve", "list", "explain"}
    assert {words[0] for words in named} <= main.commands.keys()
    for command, *words in named:
        found = main.commands[command]
        if isinstance(found, click.Group):
            assert words[0] in found.commands
            found = found.commands[words[0]]
        known = {option for one in found.params for option in one.opts}
        assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known, command


def test_options_in_the_text_exist() -> None:
    """Every option that the text mentions by itself is one of ``run``, ``fuzz`` or ``serve``."""
    known = {option for name in ("run", "fuzz", "serve") for one in main.commands[name].params for option in one.opts}

    assert set(re.findall(r"`(--[a-z-]+)", README)) <= known


def test_what_is_explained_and_chosen_exists() -> None:
    """The id that the README has explained and the case that it repeats are there."""
    for command, *words in commands():
        if command == "explain":
            assert words[0] in explain(words[0])
        for option, value in pairwise(words):
            assert option != "--only" or value in explain(value)


def test_the_example_of_a_target_loads(tmp_path: Path) -> None:
    """The YAML example is a target file as it stands: names, a URL for one fixture, unsigned, nothing claimed."""
    (text,) = [block for block in blocks("yaml") if "fixtures:" in block]
    file = tmp_path / "my-emulator.yaml"
    file.write_text(text, encoding="utf-8")

    with open_target(TargetOptions(str(file))) as target:
        assert (target.name, target.site.account, target.credentials) == ("my-emulator", "123456789012", None)
        assert dict(target.site.names) == {"echo": "my-echo", "context": "my-context", "raise": "function"}
        assert target.endpoint_of("echo").url == "http://127.0.0.1:9001"
        assert target.endpoint_of("raise").url == "http://127.0.0.1:9002"


@pytest.mark.parametrize("line", [SET_UP, TESTS])
def test_the_two_lines_that_set_up(line: str) -> None:
    """One line judges the reference, one line runs the tests, each in a block of its own."""
    assert f"{line}\n" in blocks("sh")


def test_ci_calls_the_readmes_line() -> None:
    """CI runs what the README tells contributors to run, only quieter; CONTRIBUTING says the same."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").replace(" --quiet", "")

    assert TESTS in script.splitlines()
    assert TESTS in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_files_and_targets_are_named_rightly() -> None:
    """The README names the files that a run writes, and a target that is in the table."""
    reports = (ROOT / "reports" / "README.md").read_text(encoding="utf-8")

    assert all(f"`{name}`" in text for name in FILES for text in (README, reports))
    assert "ministack" in TARGETS


def test_links_lead_somewhere() -> None:
    """Each relative link leads to a file of the repository."""
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]

    assert links
    assert [link for link in links if not (ROOT / link).is_file()] == []
