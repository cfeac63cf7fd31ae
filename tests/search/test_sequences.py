"""The part of a search that is about calls in a row."""

from __future__ import annotations

import os
import signal
from functools import partial
from typing import TYPE_CHECKING

import pytest
from support.background import in_background, read_request, response
from support.faulty import faulty
from support.programs import records

from conformance.contract.requirements import Tier
from conformance.generation.capsules import SequenceCapsule, read_capsule
from conformance.report.collect import Collector
from conformance.run.exit_codes import ExitCode
from conformance.run.session import RunOptions, run
from conformance.search.options import SearchOptions
from conformance.targets.options import TargetOptions

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from search.conftest import Searcher

REFERENCE = partial(TargetOptions, "reference")


def test_nothing_is_found_where_nothing_is_wrong(searched: Searcher) -> None:
    """On the reference all sequences hold; the report's last line says how many there were."""
    found = searched(REFERENCE(), 20, sequences=30)

    assert found.summary.exit_code is ExitCode.HOLDS
    assert found.seen.rows is not None
    assert found.seen.rows.sequences > 30
    assert found.seen.rows.findings == ()
    assert found.lines[-1]["stopped"] == f"after 20 examples, and {found.seen.rows.sequences:,} sequences"
    assert len(found.lines[-1]["brackets"]) == 2


def test_what_takes_two_calls_is_found_kept_and_sent_again(searched: Searcher, tmp_path: Path) -> None:
    """A leak is found by the two calls that it takes; its capsule is a case that fails until it is mended."""
    with faulty("client-context/kept") as url:
        found = searched(REFERENCE(url), 1, sequences=40, save=tmp_path / "kept")
        (failing,) = [one for one in found.outcomes("fail") if one["id"].startswith("sequence/")]
        digest = failing["id"].removeprefix("sequence/")
        path = tmp_path / "kept" / f"{digest}.json"
        capsule = read_capsule(path)
        options = RunOptions(REFERENCE(url), Tier.STRICT, only=("capsule/*",), capsules=(path,))
        with Collector(tmp_path / "again") as collector:
            again = run(options, (collector,))
    with Collector(tmp_path / "mended") as collector:
        mended = run(RunOptions(REFERENCE(), Tier.STRICT, only=("capsule/*",), capsules=(path,)), (collector,))

    assert failing["purpose"].endswith("; context; seen once, it could not be tried again on a target that is as new")
    assert failing["again"] == f"invoke-conformance replay {path}"
    assert len(failing["curl"]) == 2
    assert isinstance(capsule, SequenceCapsule)
    assert len(capsule.plays) == len(capsule.steps) == 2
    assert {one.move.partition("/")[0] for one in capsule.plays} == {"context"}
    assert capsule.observed["broken"][0]["requirement"] == "client-context/absent-is-null"
    assert (again.exit_code, mended.exit_code) == (ExitCode.BROKEN, ExitCode.HOLDS)
    (case,) = [one for one in records(tmp_path / "again") if one["kind"] == "case"]
    assert (case["id"], case["outcome"]) == (f"capsule/{digest}", "fail")
    assert case["purpose"].startswith("Calls in a row, drawn at random, kept on 20")


def test_without_a_folder_the_search_is_what_repeats_it(searched: Searcher) -> None:
    """A sequence that is not kept is found again by the same search."""
    with faulty("client-context/kept") as url:
        found = searched(REFERENCE(url), 1, sequences=40)

    assert {one["again"] for one in found.outcomes("fail")} == {"invoke-conformance fuzz"}


def test_what_a_single_call_shows_is_told_once(searched: Searcher) -> None:
    """What single requests find, too, is not told of sequences of one call again."""
    with faulty("status-codes/event-200") as url:
        found = searched(REFERENCE(url), 300, sequences=20)

    ids = {one["id"] for one in found.outcomes("fail")}
    assert found.seen.rows is not None
    singles = {one.case.id for one in found.seen.rows.findings if len(one.plays) == 1}
    assert singles
    assert ids.isdisjoint(singles)
    assert any(one.startswith("fuzz/") for one in ids)


def test_sequences_get_their_share_of_the_time() -> None:
    """A limit of time is for both; without sequences it is for single requests alone."""
    options = SearchOptions(RunOptions(REFERENCE(), Tier.FULL), 1, seconds=20.0)

    assert options.times == (20.0, 0.0)
    assert SearchOptions(options.run, 1, seconds=20.0, sequences=1).times == (15.0, 5.0)
    assert SearchOptions(options.run, 1, sequences=1).times == (None, None)


def test_time_ends_them(searched: Searcher) -> None:
    """When their time is over, single requests go on."""
    found = searched(REFERENCE(), 1_000_000, sequences=1_000_000, seconds=0.4)

    assert found.summary.exit_code is ExitCode.HOLDS
    assert found.seen.rows is not None
    assert found.seen.rows.sequences > 0
    assert found.seen.sent > 0


@pytest.mark.parametrize("after", [0, 25])
def test_a_target_that_dies_is_no_verdict(searched: Searcher, tmp_path: Path, after: int) -> None:
    """Where the known-good Invoke fails behind sequences, what they found is void, and nothing more is sent."""
    left = iter(range(after))

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            _, body = await read_request(reader)
            if next(left, None) is None:
                return
            writer.write(response(200, body))

    text = 'account: "123456789012"\nsigned: false\nfixtures:\n  echo: my-echo\n'
    with in_background(behave) as server:
        (tmp_path / "mine.yaml").write_text(f"url: {server.endpoint.url}\n{text}")
        found = searched(TargetOptions("mine.yaml"), 50, sequences=20)

    assert found.summary.exit_code is ExitCode.UNREACHABLE
    assert {case["outcome"] for case in found.cases.values()} <= {"void"}
    assert bool(found.cases) is (after > 0)
    assert found.seen.sent == 0
    assert "got no answer" in found.lines[-1]["stopped"]


def test_an_interrupt_ends_them(searched: Searcher, tmp_path: Path) -> None:
    """SIGINT in the middle: what was found is told, no single request is sent, exit 130."""
    left = iter(range(1000))

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            _, body = await read_request(reader)
            if next(left) == 20:
                os.kill(os.getpid(), signal.SIGINT)
            writer.write(response(200, body))

    text = 'account: "123456789012"\nsigned: false\nfixtures:\n  echo: my-echo\n'
    with in_background(behave) as server:
        (tmp_path / "mine.yaml").write_text(f"url: {server.endpoint.url}\n{text}")
        found = searched(TargetOptions("mine.yaml"), 50, sequences=1000)

    assert found.summary.exit_code is ExitCode.INTERRUPTED
    assert found.seen.sent == 0
    assert found.lines[-1]["stopped"].startswith("interrupted after ")
