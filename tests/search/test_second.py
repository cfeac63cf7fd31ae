"""The second opinion within a search: in the same report, repeatable, and no verdict where nobody answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from support.background import in_background, read_request, response
from support.faulty import faulty
from support.programs import program, records

from conformance.contract.reader import load_contract
from conformance.generation.capsules import case_of, read_capsule
from conformance.generation.views import View
from conformance.oracle.outcome import Outcome
from conformance.run.exit_codes import ExitCode
from conformance.search import second
from conformance.search.second import Sums
from conformance.targets.identity import ACCOUNT, CREDENTIALS, REGION
from conformance.targets.options import TargetOptions

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from search.conftest import Searched, Searcher

    from conformance.search.options import SearchOptions

REFERENCE = partial(TargetOptions, "reference")
FEW = 2


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """One view of echo alone, so that a second opinion is there soon."""
    monkeypatch.setattr(
        "conformance.generation.views.VIEWS", (View("functions", ("echo",), absent=frozenset({"X-Amz-Tenant-Id"})),)
    )


def of_schemathesis(found: Searched) -> dict[str, dict[str, Any]]:
    """The cases of the report that are Schemathesis's."""
    return {id_: case for id_, case in found.cases.items() if id_.startswith("schemathesis/")}


def by_hand(folder: Path, url: str) -> TargetOptions:
    """A target with echo alone, made by hand."""
    text = f'url: {url}\naccount: "123456789012"\nsigned: false\nfixtures:\n  echo: my-echo\n'
    (folder / "mine.yaml").write_text(text)
    return TargetOptions("mine.yaml")


@pytest.mark.usefixtures("plain")
def test_its_cases_are_in_the_same_report(searched: Searcher) -> None:
    """Beside what was drawn, the report sums up Schemathesis's cases by phase and operation; nothing fails."""
    found = searched(REFERENCE(), 50, opinions=FEW)

    cases = of_schemathesis(found)
    phases = ("coverage", "fuzzing", "stateful")
    assert found.summary.exit_code is ExitCode.HOLDS
    assert {case["outcome"] for case in cases.values()} <= {"pass", "note"}
    assert {f"schemathesis/{phase}/Invoke" for phase in phases} <= cases.keys()
    assert any(id_.startswith("fuzz/") for id_ in found.cases)
    assert found.seen.tried > 100
    assert found.lines[-1]["stopped"] == f"after 50 examples, and {found.seen.tried:,} cases of Schemathesis"
    assert [line.partition(":")[0] for line in found.seen.opinions] == [f"Schemathesis, {phase}" for phase in phases]
    assert len(found.lines[-1]["brackets"]) == 2


@pytest.mark.usefixtures("plain")
def test_a_failure_says_what_is_broken_and_how_to_see_it_again(searched: Searcher, tmp_path: Path) -> None:
    """A failing case has requirement, expectation, observation, a line of curl and a capsule; the same each time."""
    with faulty("status-codes/event-200") as url:
        found = searched(REFERENCE(url), 5, opinions=FEW, save=tmp_path / "capsules")
        again = searched(REFERENCE(url), 5, opinions=FEW)

    failing = {id_: case for id_, case in of_schemathesis(found).items() if case["outcome"] == "fail"}
    assert found.summary.exit_code is ExitCode.BROKEN
    assert of_schemathesis(again).keys() == of_schemathesis(found).keys()
    case = next(case for id_, case in failing.items() if id_.startswith("schemathesis/coverage/"))
    (check,) = (one for one in case["checks"] if one["outcome"] == "fail" and one["subject"] == "status")
    assert (check["requirement"], check["expected"], check["observed"]) == ("status-codes/event-202", "202", "200")
    assert case["curl"][0].count("curl -sS -i --globoff -X POST") == 1
    capsule = tmp_path / "capsules" / f"{case['id'].rpartition('/')[2]}.json"
    assert str(capsule) in case["again"]
    replayed = case_of(read_capsule(capsule), load_contract())
    assert {"status-codes/event-202"} <= {*replayed.requirements}


@pytest.mark.usefixtures("plain")
def test_a_complaint_is_noted_and_no_more(searched: Searcher) -> None:
    """What Schemathesis's own checks guess, and no evidence backs, is a note; the run holds all the same."""
    found = searched(REFERENCE(), 5, opinions=FEW)

    (case,) = (case for case in of_schemathesis(found).values() if case["outcome"] == "note")
    (check,) = (check for check in case["checks"] if check["outcome"] == "note")
    assert check["requirement"] == "second-opinion/no-complaint"
    assert check["subject"] == "complaint of negative_data_rejection"
    assert "Missing request body" in check["observed"]
    assert check["requirement"] in found.lines[0]["requirements"]
    assert found.summary.exit_code is ExitCode.HOLDS


@pytest.mark.usefixtures("plain")
def test_a_target_that_dies_is_no_verdict(searched: Searcher, tmp_path: Path) -> None:
    """Where the known-good Invoke fails from some request of Schemathesis on, what was judged since is void."""
    left = [20]

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head, body = await read_request(reader)
            left[0] -= b"User-Agent: schemathesis" in head
            if left[0] <= 0:  # also on connections that were open before
                break
            writer.write(response(200, body, "Content-Type: application/json"))
        writer.close()

    with in_background(behave) as server:
        found = searched(by_hand(tmp_path, server.endpoint.url), 5, opinions=FEW)

    cases = of_schemathesis(found)
    assert found.summary.exit_code in {ExitCode.UNREACHABLE, ExitCode.HARNESS}
    assert "void" in {case["outcome"] for case in cases.values()}
    assert found.lines[-1]["stopped"].startswith("the known-good Invoke")


def test_what_could_not_be_tried_is_told(searched: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """A phase that does not apply is a skip with its reason, and a fault of Schemathesis is void, never a pass."""
    sums = Sums(
        skipped={("functions", "stateful"): "not applicable"},
        faults={("functions", "coverage"): "Schemathesis 4: KeyError: 'x'"},
    )

    class Done(second.Second):
        """Has tried nothing, and knows why."""

        def __init__(self, options: SearchOptions, *others: Any) -> None:
            super().__init__(options, *others)
            self.sums = sums
            self.interrupt()

    monkeypatch.setattr(second, "Second", Done)

    cases = of_schemathesis(searched(REFERENCE(), 5, opinions=FEW))

    told = {id_: (case["outcome"], case["reason"]) for id_, case in cases.items()}
    assert told == {
        "schemathesis/stateful/functions": (Outcome.SKIP, "Schemathesis says: not applicable"),
        "schemathesis/coverage/functions/fault": (Outcome.VOID, "Schemathesis 4: KeyError: 'x'"),
    }
    assert list(sums.lines) == ["Schemathesis, stateful of functions: not applicable"]


def test_the_command_line_has_it(tmp_path: Path) -> None:
    """``fuzz --with schemathesis`` says what came of each phase, and leaves nothing behind but the reports."""
    with faulty() as url:
        home = f'url: {url}\naccount: "{ACCOUNT}"\nregion: {REGION}\n'
        (tmp_path / "mine.yaml").write_text(f"{home}fixtures:\n  echo: invoke-conformance-echo\n")
        ended = program(
            *(
                "fuzz",
                "--target",
                "mine.yaml",
                "--max-examples",
                "20",
                "--with",
                "schemathesis",
                "--with-examples",
                "1",
            ),
            cwd=tmp_path,
            bound=60,
            environment={
                "AWS_ACCESS_KEY_ID": CREDENTIALS.access_key,
                "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret_key,
            },
        )

    assert (ended.code, ended.err) == (0, "")
    assert "valid ones accepted" in ended.out
    assert any(line.get("id") == "schemathesis/coverage/Invoke" for line in records(tmp_path / "reports"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml", "reports"]
