"""Other tools beside our suite: what their reports say, and what is counted of it."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from peering import page
from peering.contestants import CONTESTANTS, ROOT
from peering.counting import area, caught, measured, sampled, unbroken_orders
from peering.findings import read_ours, read_schemathesis
from peering.trials import TIMED_OUT, NotMeasured, Order, Store, Trial, make, missing, reference, run

from conformance.contract.names import parse_name
from conformance.contract.reader import load_contract
from conformance.fixtures.table import FIXTURES, PREFIX
from conformance.reference.faults.table import FAULTS

if TYPE_CHECKING:
    from pathlib import Path

INVOKE = "POST /2015-03-31/functions/{FunctionName}/invocations"
REJECTED = "positive_data_acceptance", "Schema-valid request rejected"
FAULT = "response-headers/no-date-on-refusal"


def trial(contestant: str, fault: str, *kinds: str, code: int | None = 1, seed: int = 1, **other: Any) -> Trial:
    """A trial of which these kinds of failures came."""
    made = Trial(contestant, fault, seed, code, kinds, (), requests=10, accepted=5, seconds=2.0, processor=1.0)
    return replace(made, **other)


def scenario(*cases: tuple[int, str, tuple[tuple[str, str, str], ...]]) -> str:
    """The line of a scenario with cases: status, type of the error, failures (check, title, message)."""
    checks: dict[str, Any] = {}
    interactions: dict[str, Any] = {}
    for number, (status, error, failures) in enumerate(cases):
        headers = {"x-amzn-errortype": [error]} if error else {}
        interactions[str(number)] = {"response": {"status_code": status, "headers": headers}}
        checks[str(number)] = [{"name": "not_a_server_error", "status": "success"}] + [
            {"name": name, "status": "failure", "failure_info": {"failure": {"title": title, "message": message}}}
            for name, title, message in failures
        ]
    recorder = {"label": INVOKE, "cases": {}, "checks": checks, "interactions": interactions}
    return json.dumps({"ScenarioFinished": {"recorder": recorder}})


END = json.dumps({"EngineFinished": {}})


def schemathesis_report(folder: Path, *lines: str) -> Path:
    """A report of Schemathesis with these lines."""
    path = folder / "report.ndjson"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_kind_is_more_than_its_title(tmp_path: Path) -> None:
    """Failures of one title that differ in status, error or message are of several kinds; repetitions are not."""
    refusals = [
        (400, "ValidationException", ((*REJECTED, "Expected: 2xx"),)),
        (400, "ValidationException", ((*REJECTED, "Expected: 2xx"),)),
        (404, "ResourceNotFoundException", ((*REJECTED, "Expected: 2xx"),)),
        (400, "InvalidParameterValueException", ((*REJECTED, "Expected: 2xx"),)),
        (400, "ValidationException", ((*REJECTED, "Expected: 204"),)),
    ]
    found = read_schemathesis(schemathesis_report(tmp_path, scenario(*refusals), END))

    assert found.kinds == tuple(
        f"{INVOKE} · {REJECTED[0]} · {REJECTED[1]} · {rest}"
        for rest in (
            "400 · InvalidParameterValueException · Expected: 2xx",
            "400 · ValidationException · Expected: 204",
            "400 · ValidationException · Expected: 2xx",
            "404 · ResourceNotFoundException · Expected: 2xx",
        )
    )
    assert (found.requests, found.accepted, found.whole) == (5, 0, True)


@pytest.mark.parametrize(
    "more", ["\n\nSchema:\n\n    {}", "\n\nSchema at /x:\n\n 1", "\n\nValue:\n\n 7", "\nHint: look"]
)
def test_what_belongs_to_one_request_makes_no_kind(tmp_path: Path, more: str) -> None:
    """Two failures whose messages differ in the value that was seen, or in a hint, are of one kind."""
    check = ("response_schema_conformance", "Response violates schema")
    cases = [(200, "", ((*check, f"'a' is required{tail}"),)) for tail in ("", more, more + "8")]
    found = read_schemathesis(schemathesis_report(tmp_path, scenario(*cases), END))

    assert found.kinds == (f"{INVOKE} · {check[0]} · {check[1]} · 200 · - · 'a' is required",)
    assert found.accepted == 3


def test_an_error_of_the_run_is_a_kind(tmp_path: Path) -> None:
    """A connection that the server closed is found, though no check failed."""
    error = {"NonFatalError": {"label": INVOKE, "value": {"type": "ConnectionError", "message": "at 0x7f"}}}
    found = read_schemathesis(schemathesis_report(tmp_path, json.dumps(error), END))

    assert found.kinds == (f"{INVOKE} · error · ConnectionError",)


def test_a_report_without_its_end_is_not_whole(tmp_path: Path) -> None:
    """What stands before the cut counts; a missing report is no report without failures."""
    failing = scenario((500, "", (("not_a_server_error", "Server error", ""),)))
    cut = read_schemathesis(schemathesis_report(tmp_path, failing, scenario()[:20]))

    assert (len(cut.kinds), cut.whole) == (1, False)
    assert not read_schemathesis(tmp_path / "none").whole
    assert not read_ours(tmp_path / "none").whole


def test_a_run_of_schemathesis_is_read(tmp_path: Path) -> None:
    """The report of the installed version is read: the tuned set-up finds nothing, and on a broken reference a kind."""
    kinds: list[tuple[str, ...]] = []
    contestant = replace(CONTESTANTS["tuned"], wanted=f"{CONTESTANTS['tuned'].wanted} --phases examples")
    for fault in ("", "response-headers/no-request-id"):
        with reference(fault) as url:
            ended = run(contestant.arguments(url, 1), contestant.variables(), tmp_path)
        found = read_schemathesis(tmp_path / contestant.report)
        assert (found.whole, found.accepted > 5) == (True, True), ended.printed
        kinds.append(found.kinds)

    clean, broken = kinds
    assert clean == ()
    assert any("response_headers_conformance" in kind and "x-amzn-RequestId" in kind for kind in broken)


def test_a_run_of_ours_is_read() -> None:
    """Our suite on a fault: exit code 1, failing cases, and the requirement that the fault declares."""
    made = make(Order("ours", FAULT))

    assert made.code == 1
    assert set(FAULTS[FAULT].requirements) <= set(made.requirements)
    assert any(kind.endswith(f" · {FAULTS[FAULT].requirements[0]}") for kind in made.kinds)
    assert made.requests > made.accepted > 100
    assert made.seconds > 0 < made.processor


def test_a_program_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    """It has no exit code, and what it printed before is kept."""
    waiting = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]
    ended = run(waiting, {}, tmp_path, bound=1.0)

    assert (ended.code, ended.printed, ended.seconds < 30) == (None, "here\n", True)


def test_only_a_new_kind_catches() -> None:
    """A kind that the unbroken reference shows, too, catches no fault; another one does."""
    assert not caught(trial("plain", FAULT, "old"), {"old"})
    assert not caught(trial("plain", FAULT, code=0), {"old"})
    assert caught(trial("plain", FAULT, "old", "new"), {"old"})
    assert caught(trial("plain", FAULT, TIMED_OUT, code=None), {"old"})


@pytest.mark.parametrize("code", [0, 3, 4, 6, None])
def test_ours_catches_with_its_exit_code_alone(code: int | None) -> None:
    """A run of ours that does not end with the code for a broken contract caught nothing, whatever it saw."""
    assert not caught(trial("ours", FAULT, "a case", code=code), ())
    assert caught(trial("ours", FAULT, "a case"), ())


def test_figures() -> None:
    """Caught faults, alarms, surprises and medians of a few trials, counted by hand."""
    other, third = "status-codes/event-200", "status-codes/null-204"
    trials = [
        *(trial("plain", "", *kinds, seed=seed, seconds=float(seed)) for seed, kinds in enumerate(
            [("a",), (), ("a", "b"), ("a",), ("c",)], start=1)),
        trial("plain", FAULT, "a", "c"),
        trial("plain", other, "a", "d"),
        trial("plain", third, TIMED_OUT, code=None),
        trial("ours", "", code=0),
        trial("ours", FAULT, "x", requirements=FAULTS[FAULT].requirements),
        trial("ours", other, "x", requirements=("payload/other",)),
        trial("ours", third, "x", code=4),
    ]  # fmt: skip
    figures = measured(trials).figures

    assert list(figures) == ["ours", "plain"]
    assert figures["plain"].results == {FAULT: False, other: True, third: True}
    assert figures["plain"].unended == (third,)
    assert (figures["plain"].alarms, figures["plain"].alarmed, figures["plain"].runs) == (("a", "b", "c"), 4, 5)
    assert figures["plain"].surprised == 2  # the runs with b and c, of the last three
    assert (figures["plain"].fastest, figures["plain"].seconds, figures["plain"].processor) == (1.0, 3.0, 1.0)
    assert (figures["ours"].caught, figures["ours"].declared, figures["ours"].alarms) == (2, (FAULT,), ())


def test_a_sample_has_its_share_of_each_area() -> None:
    """Every n-th fault, always the same; an area of k faults gives k/n of them, one more or less."""
    whole, some = sampled(FAULTS, 1), sampled(FAULTS, 3)

    assert sorted(whole) == sorted(FAULTS)
    assert {*map(area, some)} == {*map(area, whole)}
    for name in {*map(area, whole)}:
        share = sum(area(one) == name for one in whole) / 3
        assert abs(sum(area(one) == name for one in some) - share) < 1


def test_a_measurement_goes_on_where_it_was(tmp_path: Path) -> None:
    """What is in the file is not made again; the file of other code is refused."""
    path = tmp_path / "new" / "trials.jsonl"
    orders = unbroken_orders("plain")
    made = trial("plain", "", "a kind", seed=2)
    Store(path).add(made)

    assert Store(path).trials == {Order("plain", "", 2): made}
    assert missing(Store(path), orders) == [one for one in orders if one.seed != 2]
    header, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(json.dumps({**json.loads(header), "digest": "0"}) + "\n" + rest, encoding="utf-8")
    with pytest.raises(NotMeasured, match="other code"):
        Store(path)


def test_the_tuned_functions_exist() -> None:
    """Each function that the tuned set-up names is a fixture, under a qualifier that it has."""
    parameter = load_contract().operations["Invoke"].parameter("FunctionName")
    settings = tomllib.loads((ROOT / "benchmarks" / "peering" / "tuned.toml").read_text(encoding="utf-8"))
    for text in settings["dictionaries"]["functions"]["values"]:
        found = parse_name(text, parameter)
        assert found is not None
        fixture = FIXTURES[found.name.removeprefix(PREFIX)]
        versions = map(str, range(1, fixture.versions + 1))
        assert found.qualifier in {None, "$LATEST", *versions, *fixture.aliases}, text


def test_the_page_says_what_was_measured() -> None:
    """docs/peers.md is what docs/peers.json gives; `tox -e peers -- --write` renews both."""
    assert page.PAGE.read_text(encoding="utf-8") == page.render(page.load())


def test_the_page_has_the_figures() -> None:
    """The first table says for each contestant what the figures say."""
    data = page.load()
    text = page.render(data)
    for one in data["contestants"]:
        hits = one["results"].values()
        title = re.escape(CONTESTANTS[one["name"]].title)
        row = re.search(rf"^\| {title} \| (\d+) of (\d+) ", text, re.MULTILINE)
        assert row is not None
        assert (int(row[1]), int(row[2])) == (sum(hits), len(hits))
