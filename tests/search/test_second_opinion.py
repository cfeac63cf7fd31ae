"""Schemathesis as a second opinion: its valid cases are accepted, it raises no false alarm, and leaves no trace."""

from __future__ import annotations

import os
import socket
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.background import closes, in_background
from support.programs import started

from conformance.contract.reader import load_contract
from conformance.contract.requirements import Tier, load_requirements
from conformance.contract.source import read_yaml, spec_folder
from conformance.exchange.endpoint import Endpoint
from conformance.generation.views import FORMAT
from conformance.oracle.outcome import Outcome
from conformance.search.opinions import ABOUT_STATUS, PHASES, Oracle, Scenario, Where
from conformance.search.second_opinion import CASE, CHECK, SecondOpinion
from conformance.targets.reference import target_at

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from conformance.search.opinions import Opinion, Phase
    from conformance.targets.model import Target

DOCUMENT = read_yaml(spec_folder() / "openapi.yaml").data
OPERATIONS = frozenset(load_contract().operations)
FLOOR = 0.7
"""Of the valid cases of the coverage phase, at least so many are accepted; the others are of unknown functions."""


def opinion_on(
    target: Target,
    *functions: str,
    seed: int = 1,
    examples: int = 5,
    phases: tuple[Phase, ...] = PHASES,
    operations: frozenset[str] = OPERATIONS,
) -> SecondOpinion:
    """A second opinion on a target of which only some functions are known; all where none is named."""
    names = {name: text for name, text in target.site.names.items() if not functions or name in functions}
    where = Where(target.endpoint, replace(target.site, names=names), target.credentials, operations)
    oracle = Oracle(where, load_contract(), load_requirements(), Tier.STRICT)
    return SecondOpinion(oracle, DOCUMENT, seed=seed, max_examples=examples, phases=phases)


def all_of(scenarios: Iterator[Scenario] | list[Scenario]) -> list[Opinion]:
    """The opinions of scenarios, in order."""
    return [opinion for scenario in scenarios for opinion in scenario.opinions]


def broken(opinions: list[Opinion]) -> Counter[tuple[str, str]]:
    """What fails: requirement and subject."""
    return Counter(
        (check.clause.requirement, check.clause.subject)
        for opinion in opinions
        for check in opinion.checks
        if check.outcome is not Outcome.PASS
    )


@contextmanager
def registries() -> Generator[None]:
    """Fail where something of ours stays in Schemathesis's registries."""
    checks: Any = import_module("schemathesis.checks")
    checks.load_all_checks()  # else its own come in between, when they are first needed
    before = _registered()
    yield
    formats: Any = import_module("schemathesis.specs.openapi.formats")
    assert _registered() == before
    assert CHECK not in before["checks"]
    assert [name for name in formats.STRING_FORMATS if name.startswith(FORMAT)] == []


def _registered() -> dict[str, Any]:
    """Checks and hooks of Schemathesis, and how it makes sessions."""
    checks, hooks, context = (import_module(f"schemathesis.{name}") for name in ("checks", "hooks", "engine.context"))
    return {
        "checks": checks.CHECKS.get_all_names(),
        "hooks": {name: list(some) for name, some in hooks.GLOBAL_HOOK_DISPATCHER.get_all().items() if some},
        "session": context.make_session,
    }


@pytest.fixture(scope="module")
def scenarios(reference: Target) -> list[Scenario]:
    """All that Schemathesis tries on the reference, with a few random cases."""
    return list(opinion_on(reference))


def test_valid_cases_of_the_coverage_phase_are_accepted(scenarios: list[Scenario]) -> None:
    """Most of the cases that are valid by the contract get a 2xx, in each view: no refusal hides what they try."""
    accepted: Counter[str] = Counter()
    positive: Counter[str] = Counter()
    for scenario in scenarios:
        valid = [one for one in scenario.opinions if one.positive and scenario.phase == "coverage"]
        positive[scenario.view] += len(valid)
        accepted[scenario.view] += sum(one.accepted for one in valid)

    assert positive.keys() == {"functions", "versions", "tenants"}
    assert positive.total() > 150
    assert {view: accepted[view] / count >= FLOOR for view, count in positive.items()} == dict.fromkeys(positive, True)


def test_nothing_fails_on_the_reference(scenarios: list[Scenario]) -> None:
    """Whatever Schemathesis sends, the reference answers as our oracle expects, and Schemathesis has no fault."""
    opinions = all_of(scenarios)

    assert len(opinions) > 500
    assert broken(opinions) == Counter()
    assert {scenario.fault for scenario in scenarios} == {""}
    assert all(one.exchange.response is not None for one in opinions)


def test_every_phase_is_gone_through(scenarios: list[Scenario]) -> None:
    """In each view there are cases of coverage, fuzzing and sequences; the latter follow the links of the contract."""
    sent = {(scenario.view, scenario.phase) for scenario in scenarios if scenario.opinions}
    longest = max(len(scenario.opinions) for scenario in scenarios if scenario.phase == "stateful")

    assert sent == {(view, phase) for view in ("functions", "versions", "tenants") for phase in PHASES}
    assert longest > 1
    assert {scenario.skipped for scenario in scenarios if scenario.phase == "coverage"} == {""}


def test_most_cases_are_judged(scenarios: list[Scenario]) -> None:
    """Only methods of which nothing is known go without an expectation."""
    opinions = all_of(scenarios)
    methods = {one.exchange.request.method for one in opinions if not one.checks}

    assert methods == {b"OPTIONS", b"TRACE", b"QUERY"}


def test_requests_are_signed_and_carry_nothing_random(scenarios: list[Scenario]) -> None:
    """The bytes that were sent are signed, and Schemathesis's own header of another value each time is not there."""
    requests = [one.exchange.request for one in all_of(scenarios)]

    assert all(one.header("Authorization") and not one.header(CASE) for one in requests)
    assert all(one.exchange.sent == one.exchange.request.encode() for one in all_of(scenarios))


def test_complaints_that_evidence_refutes_are_left_out(scenarios: list[Scenario]) -> None:
    """Guesses about a status remain only where no requirement with evidence asks for the one that came."""
    opinions = all_of(scenarios)
    requirements = load_requirements()
    backed = [
        (one.complaints, check.clause.requirement)
        for one in opinions
        for check in one.checks
        if one.complaints and check.clause.subject == "status" and requirements[check.clause.requirement].can_fail
    ]

    assert {complaint.check for one in opinions for complaint in one.complaints} <= ABOUT_STATUS
    assert backed == []


@pytest.mark.parametrize("seed", [2, 3])
def test_other_seeds_raise_no_false_alarm_either(reference: Target, seed: int) -> None:
    """Random cases and sequences of other seeds are answered as expected, too."""
    found = list(opinion_on(reference, seed=seed, examples=8, phases=("fuzzing", "stateful")))

    assert len(all_of(found)) > 100
    assert broken(all_of(found)) == Counter()
    assert {scenario.fault for scenario in found} == {""}


def test_a_seed_makes_the_same_requests(reference: Target) -> None:
    """The same seed sends the same bytes in the same order, signature and date apart; another seed sends others."""

    def sent(seed: int) -> list[tuple[bytes, bytes, bytes, object]]:
        few = opinion_on(reference, "echo", seed=seed, phases=("fuzzing", "stateful"))
        return [_without_date(one) for one in all_of(iter(few))]

    first = sent(7)
    assert len(first) > 20
    assert sent(7) == first
    assert sent(8) != first


def _without_date(opinion: Opinion) -> tuple[bytes, bytes, bytes, object]:
    request = opinion.exchange.request
    kept = tuple(one for one in request.headers if one[0] not in {b"X-Amz-Date", b"Authorization"})
    return request.method, request.target, request.body, kept


@pytest.mark.parametrize(
    ("fault", "function", "phase", "requirement"),
    [
        ("status-codes/event-200", "echo", "coverage", "status-codes/event-202"),
        ("routing/unknown-route-500", "echo", "coverage", "routing/only-post"),
        ("qualifiers/ignored", "versioned", "coverage", "qualifiers/version"),
        ("response-headers/content-type-text", "echo", "fuzzing", "response-headers/content-type"),
        ("response-headers/content-type-text", "echo", "stateful", "response-headers/content-type"),
    ],
)
def test_a_fault_is_caught(tmp_path: Path, fault: str, function: str, phase: Phase, requirement: str) -> None:
    """The oracle among Schemathesis's checks fails a faulty reference, with the requirement that is broken."""
    with _serving(tmp_path, fault) as target:
        found = list(opinion_on(target, function, examples=20, phases=(phase,), operations=frozenset({"Invoke"})))

    assert requirement in {one for one, _ in broken(all_of(found))}


@contextmanager
def _serving(folder: Path, fault: str) -> Generator[Target]:
    process = started("serve", "--fault", fault, cwd=folder)
    assert process.stdout is not None
    try:
        yield target_at(process.stdout.readline().split()[-1], "run")
    finally:
        process.terminate()
        process.communicate(timeout=10)


def test_registries_are_left_as_they_were(reference: Target) -> None:
    """Checks, formats, hooks and sessions of Schemathesis are afterwards what they were before."""
    with registries():
        list(opinion_on(reference, "echo", examples=1, phases=("fuzzing",)))


def test_registries_are_left_as_they_were_when_nobody_waits_for_the_end(reference: Target) -> None:
    """The same holds where the iteration is given up in the middle."""
    with registries():
        running = iter(opinion_on(reference, "echo", examples=3, phases=("fuzzing",)))
        assert next(running).opinions
        running.close()


def test_it_can_be_stopped(reference: Target) -> None:
    """Stopped after the first scenario, it sends no more, and says that it was stopped."""
    opinion = opinion_on(reference, examples=50, phases=("fuzzing",))
    found: list[Scenario] = []

    with registries():
        for scenario in opinion:
            found.append(scenario)
            opinion.interrupt()

    assert opinion.interrupted
    assert len({scenario.view for scenario in found}) == 1


def test_only_the_target_is_spoken_to(reference: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection goes anywhere else, not even to the proxy that the environment names."""
    asked: set[tuple[str, int]] = set()
    connect: Any = socket.socket.connect

    def connecting(self: socket.socket, address: Any) -> None:
        asked.add(address[:2])
        connect(self, address)

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setattr(socket.socket, "connect", connecting)
    resolved: list[object] = []
    lookup = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", partial(_noting, resolved, lookup))

    found = all_of(iter(opinion_on(reference, "echo", examples=3, phases=("fuzzing",))))

    assert len(found) > 3
    assert asked <= {(reference.endpoint.host, reference.endpoint.port)}
    assert {str(host) for host in resolved} <= {reference.endpoint.host}


def _noting(resolved: list[object], lookup: Any, host: Any, *rest: Any, **options: Any) -> Any:
    resolved.append(host.decode() if isinstance(host, bytes) else host)
    return lookup(host, *rest, **options)


def test_nothing_is_left_in_the_current_folder(
    reference: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither Schemathesis nor Hypothesis keeps anything there."""
    monkeypatch.chdir(tmp_path)

    list(opinion_on(reference, "echo", examples=2, phases=("fuzzing", "stateful")))

    assert os.listdir(tmp_path) == []  # noqa: PTH208  hidden ones as well


def test_a_target_that_does_not_answer_is_no_fault_of_ours(reference: Target) -> None:
    """Where connections are closed without an answer, that is what the exchanges say, and nothing is judged."""
    with in_background(closes) as server:
        gone = replace(reference, endpoint=Endpoint.parse(server.endpoint.url))
        found = list(opinion_on(gone, "echo", examples=1, phases=("fuzzing",), operations=frozenset({"Invoke"})))

    unanswered = [one for one in all_of(found) if one.exchange.response is None]
    assert unanswered
    assert all(one.checks == () and one.exchange.failure is not None for one in unanswered)
    assert {scenario.fault for scenario in found} == {""}
