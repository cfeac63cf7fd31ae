"""A run from options to exit code: what listeners are told, and how interruptions end it."""

from __future__ import annotations

import os
import shutil
import signal
from typing import TYPE_CHECKING

import pytest
from support import aws
from support.background import in_background, response
from support.control_plane import ControlPlane
from support.running import PROBED, answering_bodies, echo

from conformance.contract.source import spec_folder
from conformance.errors import UsageError
from conformance.run import session
from conformance.run.exit_codes import ExitCode
from conformance.run.interruption import SIGNALS, Interruption
from conformance.targets.options import TargetOptions
from conformance.targets.removal import PARALLEL

if TYPE_CHECKING:
    from pathlib import Path

    from support.servers import Behaviour

    from conformance.run.events import Judged
    from conformance.run.session import Started, Summary
    from conformance.targets.model import Target


class Witness:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.start: Started | None = None
        self.cases: list[Judged] = []

    def started(self, event: Started) -> None:
        """Told at the beginning."""
        self.told.append("started")
        self.start = event

    def judged(self, event: Judged) -> None:
        """Told for each case."""
        self.told.append("judged")
        self.cases.append(event)

    def ended(self, event: Summary) -> None:  # noqa: ARG002  a listener
        """Told in the end."""
        self.told.append("ended")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    aws.forget(monkeypatch)


def target_file(folder: Path, url: str) -> str:
    """Write a target file with an echo function; return its path."""
    path = folder / "target.yaml"
    path.write_text(f'url: {url}\naccount: "123456789012"\nsigned: false\nfixtures:\n  echo: my-echo\n')
    return str(path)


def run(name: str, url: str = "", **options: object) -> tuple[Summary, Witness]:
    """Judge a target."""
    witness = Witness()
    chosen = session.RunOptions(TargetOptions(name, url, timeout=5), **options)  # pyright: ignore[reportArgumentType]  # a test's own words
    return session.run(chosen, (witness,)), witness


def test_listeners_are_told_everything_once(reference: Target) -> None:
    """A listener hears of the start, of each planned case once and of the end, and the totals add up to the plan."""
    summary, witness = run("reference", reference.endpoint.url, only=("names/*",))

    assert witness.start is not None
    ids = [one.case.id for one in witness.start.plan]
    assert witness.told == ["started", *["judged"] * len(ids), "ended"]
    assert sorted(one.planned.case.id for one in witness.cases) == sorted(ids)
    assert sum(summary.totals.values()) == len(ids)
    assert (summary.exit_code, summary.error) == (ExitCode.HOLDS, "")


def test_a_target_that_can_not_be_opened_is_told_as_such(tmp_path: Path) -> None:
    """Without a target there is a start without a plan and an end that says why; nothing was judged."""
    del tmp_path

    summary, witness = run("endpoint", "http://127.0.0.1:9")

    assert witness.told == ["started", "ended"]
    assert witness.start is not None
    assert witness.start.target is None
    assert summary.exit_code is ExitCode.UNREACHABLE
    assert summary.error.startswith("unreachable: ListFunctions at http://127.0.0.1:9 got no answer: refused")


def test_only_the_fixtures_of_the_chosen_cases_are_made() -> None:
    """A run of few cases makes what they and their twins call, and what the known-good Invoke calls."""
    plane = ControlPlane()
    with in_background(plane.behave) as server:
        _, witness = run("endpoint", server.endpoint.url, only=("concurrency/none",))

    assert witness.start is not None
    assert witness.start.target is not None
    assert set(witness.start.target.site.names) == {"echo", "closed", "record"}


def test_a_mistake_in_the_choice_costs_the_target_nothing() -> None:
    """Where no case is chosen, no fixture is made."""
    plane = ControlPlane()
    with in_background(plane.behave) as server, pytest.raises(UsageError, match="no case matches"):
        run("endpoint", server.endpoint.url, only=("nonsense/*",))

    assert plane.calls == []


def test_fewer_cases_than_asked_for(reference: Target) -> None:
    """A run that judges fewer cases than it had to is none, though all pass."""
    summary, _ = run("reference", reference.endpoint.url, only=("names/plain",), min_cases=2)

    assert summary.exit_code is ExitCode.NOTHING_JUDGED


def test_a_spec_without_a_cited_requirement(tmp_path: Path, reference: Target) -> None:
    """A spec folder that lacks a requirement that cases cite is refused before anything is sent."""
    shutil.copytree(spec_folder(), tmp_path / "spec")
    (tmp_path / "spec" / "requirements" / "names.yaml").unlink()

    with pytest.raises(UsageError, match=r"names/.* no requirement file has it"):
        run("reference", reference.endpoint.url, spec=tmp_path / "spec")


def test_a_spec_without_an_operation(tmp_path: Path, reference: Target) -> None:
    """A contract that lacks an operation that cases call is refused, and the file and the operation are named."""
    shutil.copytree(spec_folder(), tmp_path / "spec")
    contract = tmp_path / "spec" / "openapi.yaml"
    contract.write_text(contract.read_text().replace("operationId: Invoke\n", "operationId: Other\n"))

    with pytest.raises(UsageError, match=r"openapi\.yaml:1: Invoke: is missing"):
        run("reference", reference.endpoint.url, spec=tmp_path / "spec")


def interrupting(number: int) -> Behaviour:
    """A server whose fourth answer to a case never comes, as this process gets a signal instead."""
    cases = 0

    def answer(body: bytes) -> bytes:
        nonlocal cases
        if body == PROBED:
            return echo(body)
        cases += 1
        if cases == 4:
            os.kill(os.getpid(), number)
            return b""
        return response(500, b"{}")

    return answering_bodies(answer)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_a_run_in_order(tmp_path: Path, number: int) -> None:
    """SIGINT and SIGTERM in the middle keep what was judged, skip the rest, and lead to the exit code 130."""
    with in_background(interrupting(number)) as server:
        summary, witness = run(target_file(tmp_path, server.endpoint.url), only=("payload/*",), workers=1)

    assert summary.exit_code is ExitCode.INTERRUPTED
    assert witness.told[-1] == "ended"
    assert [one.outcome.value for one in witness.cases].count("fail") == 3
    assert "interrupted before it was judged" in {one.reason for one in witness.cases}
    assert summary.ended.stopped.startswith("interrupted when 3 of ")


class Interrupted(ControlPlane):
    """A control plane during whose N-th call of an operation this process gets a signal."""

    def __init__(self, number: int, operation: str, call: int) -> None:
        super().__init__()
        self.number = number
        self.at = (operation, call)

    def _called(self, operation: str) -> tuple[int, str, str] | None:
        found = super()._called(operation)
        if (operation, self.calls.count(operation)) == self.at:
            os.kill(os.getpid(), self.number)
        return found


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_while_fixtures_are_made_leaves_nothing_behind(number: int) -> None:
    """Interrupted while fixtures are being made, a run begins no other, removes those that are there and says so."""
    plane = Interrupted(number, "CreateFunction", 3)
    with in_background(plane.behave) as server:
        summary, witness = run("endpoint", server.endpoint.url)

    assert (summary.exit_code, witness.told) == (ExitCode.INTERRUPTED, ["started", "ended"])
    assert summary.ended.interrupted
    assert 3 <= plane.calls.count("CreateFunction") <= 3 + PARALLEL
    assert "PublishVersion" not in plane.calls
    assert plane.functions == {}


def test_a_signal_while_fixtures_are_removed_loses_nothing() -> None:
    """Interrupted while cleaning up, a run still tells what it judged, and goes on to remove the other fixtures."""
    plane = Interrupted(signal.SIGINT, "DeleteFunction", 2)
    with in_background(plane.behave) as server:
        summary, witness = run("endpoint", server.endpoint.url, only=("routing/*", "qualifiers/*"))

    assert summary.exit_code is ExitCode.INTERRUPTED
    assert witness.told[-1] == "ended"
    assert sum(summary.totals.values()) == len(witness.cases) > 0
    assert plane.functions == {}
    assert plane.calls.count("DeleteFunction") == plane.calls.count("CreateFunction") > 1


def test_signals_are_given_back(reference: Target) -> None:
    """After a run, signals do what they did before it."""
    before = [signal.getsignal(number) for number in SIGNALS]

    run("reference", reference.endpoint.url, only=("names/plain",))

    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_an_ignored_signal_stays_ignored() -> None:
    """A process that was started to ignore SIGINT, as with nohup, goes on to ignore it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interruption():
            os.kill(os.getpid(), signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
