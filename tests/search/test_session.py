"""Searches end to end: nothing is found where nothing is wrong, and what is wrong becomes small."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest
from support.background import MISBEHAVIOURS, fails, in_background, read_request, response
from support.faulty import faulty
from support.running import PROBED

from conformance.cases.model import Call
from conformance.contract.reader import load_contract
from conformance.generation.capsules import Capsule, case_of, read_capsule
from conformance.oracle.bodies import kind_of
from conformance.report.jsonl import read_report
from conformance.run.exit_codes import ExitCode
from conformance.search.database import open_database
from conformance.targets.options import TargetOptions

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path

    from search.conftest import Searcher
    from support.servers import Behaviour

REFERENCE = partial(TargetOptions, "reference")


def by_hand(folder: Path, url: str) -> TargetOptions:
    """Return a target with echo alone, made by hand."""
    text = f'url: {url}\naccount: "123456789012"\nsigned: false\nfixtures:\n  echo: my-echo\n'
    (folder / "mine.yaml").write_text(text)
    return TargetOptions("mine.yaml")


def test_nothing_is_found_where_nothing_is_wrong(searched: Searcher, tmp_path: Path) -> None:
    """No failure, note or void in requests to the reference; the report sums them up by what was expected of them."""
    found = searched(REFERENCE(), 800, save=tmp_path / "capsules")

    assert found.summary.exit_code is ExitCode.HOLDS
    assert {case["outcome"] for case in found.cases.values()} == {"pass"}
    assert {"fuzz/Invoke/200", "fuzz/Invoke/404-ResourceNotFoundException", "fuzz/no-request"} <= found.cases.keys()
    drawn = [int(case["purpose"].split()[0].replace(",", "").replace("One", "1")) for case in found.cases.values()]
    assert sum(drawn) == found.seen.sent == 800
    assert found.lines[-1]["stopped"] == "after 800 examples"
    assert len(found.lines[-1]["brackets"]) == 2
    assert not (tmp_path / "capsules").exists()
    assert not (tmp_path / ".hypothesis").exists()
    assert read_report(tmp_path / "reports" / "report.jsonl").header.planned == len(found.cases)


@pytest.mark.parametrize(
    ("fault", "requirement", "smallest"),
    [
        ("logs/always", "logs/none", [Call()]),
        ("routing/method-not-allowed", "routing/only-post", [Call(method="GET")]),
        ("status-codes/event-200", "status-codes/event-202", [Call(headers=(("X-Amz-Invocation-Type", "Event"),))]),
        ("logs/folded", "logs/base64", [Call(headers=(("X-Amz-Log-Type", "Tail"),))]),
        ("payload/null-is-empty", "payload/scalars", [Call(body=b"null")]),
        ("names/partial-arn-unknown", "names/partial-arn", [Call("{account}:function:{echo}")]),
        ("qualifiers/suffix-wins", "qualifiers/disagreeing", []),
        ("streaming/log-unasked", "streaming/no-log", [Call(operation="InvokeWithResponseStream")]),
    ],
)
def test_what_is_wrong_is_found_and_becomes_small(
    searched: Searcher, fault: str, requirement: str, smallest: list[Call]
) -> None:
    """A fault is found by the requirement that it breaks, in a smallest request that shows it."""
    with faulty(fault) as url:
        found = searched(REFERENCE(url), 400)

    kinds = {one.kind.requirement: one for one in found.seen.findings}
    assert found.summary.exit_code is ExitCode.BROKEN
    finding = kinds[requirement]
    assert finding.small
    (step,) = finding.judged.planned.case.steps
    assert step.call in smallest or not smallest
    assert len(step.call.headers) <= 1
    assert len(found.seen.findings) == len({one.kind for one in found.seen.findings})


def test_the_same_search_finds_the_same(searched: Searcher) -> None:
    """Two searches with one seed report the same findings under the same ids, with the same counts."""
    with faulty("names/partial-arn-unknown") as url:
        first, second = (searched(REFERENCE(url), 100) for _ in range(2))

    assert first.outcomes("fail")
    assert {id_: case["purpose"] for id_, case in first.cases.items()} == {
        id_: case["purpose"] for id_, case in second.cases.items()
    }


def test_a_finding_can_be_repeated(searched: Searcher, tmp_path: Path) -> None:
    """Each finding has a capsule with all that is known of it, and the report the lines that repeat it."""
    with faulty("logs/always") as url:
        found = searched(REFERENCE(url), 200, save=tmp_path / "kept here")

    (failing,) = found.outcomes("fail")
    digest = failing["id"].removeprefix("fuzz/")
    path = tmp_path / "kept here" / f"{digest}.json"
    capsule = read_capsule(path)
    assert failing["again"] == f"invoke-conformance replay '{path}'"
    assert failing["curl"][0].startswith("printf %s '{}' | curl ")
    assert "more like it" in failing["purpose"]
    assert isinstance(capsule, Capsule)
    assert capsule.call == Call()
    assert capsule.expect == case_of(capsule, load_contract()).steps[0].expect
    assert capsule.found["search"] == {"seed": 1, "example": found.seen.findings[0].example.number, "shard": "1/1"}
    assert capsule.observed["broken"][0]["requirement"] == "logs/none"
    assert "Authorization" not in path.read_text()


def test_without_capsules_the_search_itself_is_repeated(searched: Searcher) -> None:
    """Where no capsule is written, the line that repeats a finding is that of the search."""
    with faulty("logs/always") as url:
        found = searched(REFERENCE(url), 100)

    assert {case["again"] for case in found.outcomes("fail")} == {"invoke-conformance fuzz"}


def test_what_was_found_once_is_sent_first(searched: Searcher, tmp_path: Path) -> None:
    """A search begins with the failures of earlier ones, and finds them again without drawing anything like them."""
    database = open_database(str(tmp_path / "failures"), None)
    with faulty("routing/method-not-allowed") as url:
        before = searched(REFERENCE(url), 250, database=database)
        again = searched(REFERENCE(url), 1, database=database)
        elsewhere = searched(REFERENCE(), 100, database=open_database("", tmp_path / "failures"))

    assert {one["id"] for one in again.outcomes("fail")} == {one["id"] for one in before.outcomes("fail")}
    assert again.outcomes("fail")[0]["purpose"] == "Drawn at random: a failure of an earlier search"
    assert elsewhere.summary.exit_code is ExitCode.HOLDS


def test_shards_find_what_is_theirs(searched: Searcher) -> None:
    """Two shards send other examples, by their numbers."""
    with faulty("logs/always") as url:
        odd, even = (searched(REFERENCE(url), 60, shard=(index, 2)) for index in (1, 2))

    numbers = [one.seen.findings[0].example.number for one in (odd, even)]
    assert [number % 2 for number in numbers] == [1, 0]


def test_time_is_a_limit(searched: Searcher) -> None:
    """A search ends when its time is over, whatever it has not drawn yet."""
    found = searched(REFERENCE(), 1_000_000, seconds=0.2)

    assert found.summary.exit_code is ExitCode.HOLDS
    assert 0 < found.seen.sent < 100_000


def dies(after: int) -> Callable[[], Behaviour]:
    """A server that echoes so many requests and then is gone: it closes every connection at once."""

    def make() -> Behaviour:
        left = iter(range(after))

        async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while next(left, None) is not None:
                _, body = await read_request(reader)
                writer.write(response(200, body))

        return behave

    return make


@pytest.mark.parametrize("after", [0, 1, 40])
def test_a_target_that_dies_is_no_verdict(searched: Searcher, tmp_path: Path, after: int) -> None:
    """Exit 3: what was sent since the last known-good Invoke is void, and what may have killed it is kept."""
    with in_background(dies(after)()) as server:
        found = searched(by_hand(tmp_path, server.endpoint.url), 200, save=tmp_path / "suspects")

    assert found.summary.exit_code is ExitCode.UNREACHABLE
    assert {case["outcome"] for case in found.cases.values()} <= {"void", "fail", "pass", "note"}
    assert "got no answer" in found.lines[-1]["stopped"]
    if after == 40:
        assert found.outcomes("void")
        assert {read_capsule(path).observed["outcome"] for path in (tmp_path / "suspects").iterdir()} >= {"void"}


@pytest.mark.parametrize("behave", MISBEHAVIOURS)
def test_a_target_that_never_answers(searched: Searcher, tmp_path: Path, behave: Behaviour) -> None:
    """One that hangs, closes, babbles or trickles from the beginning was not there: exit 3, and nothing judged."""
    with in_background(behave) as server:
        found = searched(by_hand(tmp_path, server.endpoint.url), 100, timeout=0.3)

    assert found.summary.exit_code is ExitCode.UNREACHABLE
    assert found.lines[-1]["judged"] == 0


def test_a_target_that_closes_on_some_requests(searched: Searcher, tmp_path: Path) -> None:
    """Requests that get no answer, while the known-good Invoke does, are void; exit 4, and the smallest is found."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head, body = await read_request(reader)
            if b"x-amz-invocation-type" in head.lower():
                return
            writer.write(response(200, body))

    with in_background(behave) as server:
        found = searched(by_hand(tmp_path, server.endpoint.url), 40)

    (closed,) = [one for one in found.seen.findings if one.kind.outcome == "void" and one.small]
    assert found.summary.exit_code is ExitCode.HARNESS
    assert [name.lower() for name, _ in closed.judged.planned.case.steps[0].call.headers] == ["x-amz-invocation-type"]
    assert any(case["reason"].startswith("no answer: closed") for case in found.outcomes("void"))


def test_a_target_that_answers_everything_wrongly(searched: Searcher, tmp_path: Path) -> None:
    """One that never gave a right answer, but answers, is judged: exit 1, a few kinds of failures, no verdict void."""
    with in_background(fails) as server:
        found = searched(by_hand(tmp_path, server.endpoint.url), 40)

    assert found.summary.exit_code is ExitCode.BROKEN
    assert not found.outcomes("void")
    assert len(found.outcomes("fail")) < 20


def test_what_fails_only_in_company_says_so(searched: Searcher, tmp_path: Path) -> None:
    """A failure that does not come again when its request is sent alone is reported as it was, and says so."""
    failed: list[bytes] = []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head, body = await read_request(reader)
            plain = head.startswith(b"POST /2015-03-31/functions/my-echo/invocations ") and b"x-amz" not in head.lower()
            wanted = plain and kind_of(body) == "json" and body != PROBED and not failed
            failed.extend([body] * wanted)
            writer.write(response(500, b"") if wanted else response(200, body))

    with in_background(once) as server:
        found = searched(by_hand(tmp_path, server.endpoint.url), 30)

    (lonely,) = [one for one in found.seen.findings if not one.alone]
    assert len(failed) == 1
    assert (lonely.kind.outcome, lonely.kind.subject) == ("fail", "status")
    assert "did not fail again when it was sent alone" in json.dumps(found.outcomes("fail"))


def test_nobody_there(searched: Searcher, tmp_path: Path) -> None:
    """A target that can't be reached is exit 3, with a report that says why; what was never sent is no suspect."""
    found = searched(by_hand(tmp_path, "http://127.0.0.1:1"), 10, save=tmp_path / "suspects")

    assert found.summary.exit_code is ExitCode.UNREACHABLE
    assert found.lines[-1]["judged"] == 0
    assert "got no answer: refused" in found.lines[-1]["stopped"]
    assert found.cases == {}
    assert not (tmp_path / "suspects").exists()
