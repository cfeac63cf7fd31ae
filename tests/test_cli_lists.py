"""The commands about lists of known failures, and about two reports: end to end."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from support.programs import program, started

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@contextmanager
def faulty(fault: str, folder: Path) -> Generator[str]:
    """Serve the reference with a fault; yield its URL."""
    with started("serve", "--fault", fault, "--time-scale", "0.01", cwd=folder) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[-1]
        server.terminate()


def test_a_baseline_goes_round(tmp_path: Path) -> None:
    """What fails is listed, then known, then missed when it is mended; the differing reports say which case it was."""
    here = partial(program, cwd=tmp_path)
    only = ("--only", "payload/bare-word", "--only", "names/unknown-function")
    with faulty("payload/malformed-500", tmp_path) as url:
        run = partial(here, "run", "--target", "reference", "--endpoint-url", url, *only)
        first = run("--report-dir", "broken")
        update = here("baseline", "update", "broken/report.jsonl", "--baseline", "known.yaml")
        again = run("--baseline", "known.yaml")
    after = here("run", *only, "--baseline", "known.yaml", "--report-dir", "mended")
    told = here("diff", "broken/report.jsonl", "mended/report.jsonl")
    stands = here("baseline", "check", "mended/report.jsonl", "--baseline", "known.yaml")

    assert [one.code for one in (first, update, again, after, told, stands)] == [1, 0, 0, 5, 0, 5]
    assert "payload/bare-word  fail -> pass" in told.out
    assert "stale payload/bare-word is listed as a failure, and does not fail" in after.out
    assert again.last_line.startswith("PASS · 3 pass · 0 fail · 1 known")


def test_a_worse_report_ends_with_1(tmp_path: Path) -> None:
    """The reports the other way round: what passed fails now."""
    here = partial(program, cwd=tmp_path)
    here("run", "--only", "payload/bare-word", "--report-dir", "good")
    with faulty("payload/malformed-500", tmp_path) as url:
        bad = ("--target", "reference", "--endpoint-url", url, "--report-dir", "bad")
        here("run", "--only", "payload/bare-word", *bad)
    worse = here("diff", "good/report.jsonl", "bad/report.jsonl")

    assert worse.code == 1
    assert worse.last_line == "1 broken"


def test_a_list_that_is_not_there_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    """Without the file that is named nothing is run: exit 2 and one line."""
    ended = program("run", "--baseline", "nowhere.yaml", cwd=tmp_path)

    assert ended.code == 2
    assert "nowhere.yaml" in ended.err
    assert len(ended.err.splitlines()) == 1
