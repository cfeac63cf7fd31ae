"""The command line's searches and capsules, end to end."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import signal
import threading
from typing import TYPE_CHECKING

import pytest
from support.background import in_background, read_request, response
from support.faulty import faulty
from support.programs import program, records, started
from support.running import PROBED

from conformance.cli import main
from conformance.run.exit_codes import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"report.jsonl", "report.html", "junit.xml", "summary.md"}
NOT_OURS = 20.0
"""Seconds that a program may take on a busy machine beside what it is told to."""


def test_a_search_of_the_reference_finds_nothing(tmp_path: Path) -> None:
    """``fuzz`` alone searches the reference: exit 0, the four files of a run, nothing else left behind."""
    ended = program("fuzz", "--max-examples", "200", "--tier", "strict", cwd=tmp_path, bound=60)

    lines = ended.out.splitlines()
    assert (ended.code, ended.err) == (0, ""), ended.out
    assert lines[0].startswith("searching reference ")
    assert lines[0].endswith(": 200 examples, seed 20150331, tier strict")
    assert re.search(r"\(after 200 examples, and \d+ sequences\); exit code 0", ended.out)
    assert ended.last_line.startswith("PASS · ")
    assert {path.name for path in (tmp_path / "reports").iterdir()} == FILES
    assert {path.name for path in tmp_path.iterdir()} == {"reports"}
    assert records(tmp_path / "reports")[0]["command"] == "invoke-conformance fuzz --max-examples 200 --tier strict"


def test_a_failure_is_found_kept_and_sent_again(tmp_path: Path) -> None:
    """``fuzz --save`` writes what it finds, ``replay`` and ``run --capsules`` send it again, as long as it fails."""
    limits = ("--max-examples", "100", "--sequences", "20", "--seed", "3", "--save", "found here", "--quiet")
    with faulty("logs/always") as url:
        target = ("--target", "reference", "--endpoint-url", url)
        found = program("fuzz", *target, *limits, cwd=tmp_path, bound=60)
        failing = [one for one in records(tmp_path / "reports") if one.get("outcome") == "fail"]
        (capsule,) = (tmp_path / "found here").iterdir()
        again = program(*shlex.split(failing[0]["again"])[1:], cwd=tmp_path)
        (case,) = [one for one in records(tmp_path / "reports") if one["kind"] == "case"]
    mended = program("replay", "found here", "--quiet", cwd=tmp_path)
    run = program("run", "--capsules", "found here", "--only", "c*/*", "--skip", "client*", "--quiet", cwd=tmp_path)

    assert found.code == 1
    assert [one["id"] for one in failing] == [f"fuzz/{capsule.stem}"]
    assert shlex.split(failing[0]["again"])[1:3] == ["replay", "--target"]
    assert again.code == 1
    assert (case["id"], case["outcome"]) == (f"capsule/{capsule.stem}", "fail")
    assert case["purpose"].startswith("A request drawn at random, kept on 20")
    assert (mended.code, mended.last_line.split(" · ")[:2]) == (0, ["PASS", "1 pass"])
    assert run.code == 0
    assert f"capsule/{capsule.stem}" in {one.get("id") for one in records(tmp_path / "reports")}


def test_a_refusal_is_replayed_with_its_twin(tmp_path: Path) -> None:
    """A capsule of a refusal brings its twin along, without which a refusal proves nothing."""
    with faulty("qualifiers/suffix-wins") as url:
        target = ("--target", "reference", "--endpoint-url", url, "--quiet")
        program("fuzz", *target, "--max-examples", "400", "--save", "kept", cwd=tmp_path, bound=90)
    mended = program("replay", "kept", cwd=tmp_path)

    ids = {one["id"] for one in records(tmp_path / "reports") if one["kind"] == "case"}
    assert mended.code == 0, mended.out
    assert any(id_.startswith("capsule/") for id_ in ids)
    assert "generated/FunctionName/seed/name" in ids


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("fuzz", "--shard", "3/2"), "'3/2' is not of the form I/N"),
        (("fuzz", "--shard", "0/2"), "'0/2' is not of the form I/N"),
        (("fuzz", "--shard", "x"), "'x' is not of the form I/N"),
        (("fuzz", "--max-time", "nan"), "not a number of seconds"),
        (("fuzz", "--max-examples", "0"), "not in the range"),
        (("fuzz", "--database", "taken/x"), "database-unwritable: --database taken/x"),
        (("fuzz", "--read-only-database", "nowhere"), "database-unreadable: --read-only-database nowhere"),
        (("fuzz", "--target", "minstack"), "target-unknown"),
        (("replay",), "Missing argument"),
        (("replay", "nowhere.json"), "file-unreadable: nowhere.json"),
        (("replay", "taken"), "capsule-invalid: taken: not JSON"),
        (("replay", "empty"), "capsule-missing: empty: no capsule in this folder"),
        (("run", "--capsules", "empty"), "capsule-missing: empty"),
    ],
)
def test_mistakes_are_one_line(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """A mistake of the user is exit 2, a line that says what is wrong, no traceback, and nothing is sent."""
    (tmp_path / "taken").touch()
    (tmp_path / "empty").mkdir()

    ended = program(*arguments, cwd=tmp_path, bound=NOT_OURS)

    assert ended.code == ExitCode.USAGE
    assert words in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "reports" / "report.jsonl").exists()


def test_an_interrupted_search_reports_what_it_found(tmp_path: Path) -> None:
    """SIGINT ends a search in order: exit 130, a partial report that says so, the failure that was found in it."""
    reached = threading.Event()
    seen = 0

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        while True:
            _, body = await read_request(reader)
            seen += body != PROBED
            if seen > 150:
                reached.set()
            if seen > 160:
                await asyncio.get_running_loop().create_future()
            writer.write(response(200, body))

    with in_background(behave) as server:
        text = f'url: {server.endpoint.url}\naccount: "123456789012"\nsigned: false\nfixtures:\n  echo: my-echo\n'
        (tmp_path / "mine.yaml").write_text(text)
        options = ("--target", "mine.yaml", "--max-time", "600", "--save", "found")
        with started("fuzz", *options, cwd=tmp_path) as run:
            assert reached.wait(30)
            run.send_signal(signal.SIGINT)
            out, err = run.communicate(timeout=NOT_OURS)

    footer = records(tmp_path / "reports")[-1]
    assert (run.returncode, err) == (130, "")
    assert out.rstrip().rpartition("\n")[2].startswith("INTERRUPTED · ")
    assert footer["interrupted"] is True
    assert footer["stopped"].startswith("interrupted after ")
    assert footer["totals"]["fail"] > 0
    assert {path.name for path in (tmp_path / "reports").iterdir()} == FILES
    assert all(json.loads(path.read_text())["schema"] == 1 for path in (tmp_path / "found").iterdir())


@pytest.mark.parametrize("name", ["fuzz", "replay"])
def test_options_are_those_of_run(name: str) -> None:
    """What ``fuzz`` and ``replay`` have in common with ``run`` is spelled and said alike, with the same defaults."""
    own, theirs = (options(one) for one in (name, "run"))

    shared = {"--target", "--endpoint-url", "--region", "--profile", "--timeout", "--report-dir", "--seed", "--spec"}
    assert own.keys() & theirs.keys() >= shared
    common = own.keys() & theirs.keys() - {"--tier"}
    assert {option: own[option] for option in common} == {option: theirs[option] for option in common}


def options(name: str) -> dict[str, tuple[object, object]]:
    """Return default and help of the options of a command."""
    found = main.commands[name].params
    return {one.opts[0]: (one.default, getattr(one, "help", "")) for one in found if one.opts[0].startswith("--")}
