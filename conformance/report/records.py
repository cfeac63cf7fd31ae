"""The typed report: what a run leaves behind, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.oracle.outcome import Outcome
from conformance.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_VERSION = 1
"""Of ``spec/schemas/report.schema.json``; goes up with each change that breaks a reader."""


@record(frozen=True, slots=True)
class Message:
    """One side of an exchange, as shown.

    Attributes:
        head: start line and headers, one a line, latin-1.
        body: as text, or base64 where it isn't UTF-8; its beginning where it is long.
        encoding: ``text`` or ``base64``.
        size: of the whole body, in bytes.
        sha256: of the whole body, where it is cut; empty otherwise.
    """

    head: str
    body: str
    encoding: str
    size: int
    sha256: str = ""


@record(frozen=True, slots=True)
class ExchangeRecord:
    """A request and its answer.

    Attributes:
        failure: why no answer came; empty when one did.
        seconds: from the begin of sending to the last byte read.
    """

    sent: Message
    received: Message | None
    failure: str
    seconds: float


@record(frozen=True, slots=True)
class CheckRecord:
    """One expectation and what was observed.

    Attributes:
        subject: what was looked at, such as ``header X-Amz-Log-Result``.
        expected: in words.
        observed: in words.
        step: 1-based number of the step within its case.
    """

    requirement: str
    outcome: Outcome
    subject: str
    expected: str
    observed: str
    step: int


@record(frozen=True, slots=True)
class CaseRecord:
    """What came of a case, with everything that is needed to understand and repeat it.

    Attributes:
        tier: from which on the case has something to say.
        reason: why it was skipped or is void; empty otherwise.
        requirements: ids, in order.
        twin: id of the same request without its fault; empty for a case that expects success.
        classes: parameter -> the class of its value, for a case that combines some.
        checks: of all its steps.
        exchanges: of each step that was sent, in order.
        curl: a shell line for each exchange; empty where curl can't send the same request.
        again: the command that judges this case alone.
    """

    id: str
    area: str
    purpose: str
    tier: str
    outcome: Outcome
    reason: str
    seconds: float
    requirements: tuple[str, ...]
    twin: str
    classes: Mapping[str, str]
    checks: tuple[CheckRecord, ...]
    exchanges: tuple[ExchangeRecord, ...]
    curl: tuple[str, ...]
    again: str

    @property
    def broken(self) -> tuple[CheckRecord, ...]:
        """The checks that don't hold."""
        return tuple(check for check in self.checks if check.outcome is not Outcome.PASS)


@dataclass(frozen=True, slots=True)
class Header:
    """What is known when a run begins.

    Attributes:
        schema: SCHEMA_VERSION.
        suite: name and version of the program.
        requirement_set: id of the set.
        target: its name, version, url, region and capabilities.
        tier: how much of the contract was insisted on.
        command: the shell line that says the run again.
        started: ISO time, UTC.
        planned: number of cases, skipped ones included.
        requirements: area, tier, text, evidence and conflict of each that a planned case cites, by id.
        proof: what the selftest of this build proved: faults, killed ones, false alarms, and runs without a fault.
    """

    schema: int
    suite: str
    requirement_set: str
    target: Mapping[str, Any]
    tier: str
    command: str
    started: str
    planned: int
    requirements: Mapping[str, Mapping[str, Any]]
    proof: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Footer:
    """What is known when a run is over.

    Attributes:
        exit_code: of the process.
        meaning: of that code, in words.
        totals: number of cases by outcome.
        judged: number of cases that got a verdict: neither skipped nor void.
        brackets: the known-good Invokes, in order: answered, holds, detail.
        interrupted: whether the user stopped the run.
        stopped: why it ended before its last case; empty when it didn't.
        error: why the target could not be opened; empty when it could.
        stale: what the baseline says of cases and is not true any more: id -> why.
        seconds: that the run took.
    """

    exit_code: int
    meaning: str
    totals: Mapping[str, int]
    judged: int
    brackets: tuple[Mapping[str, Any], ...]
    interrupted: bool
    stopped: str
    error: str
    stale: Mapping[str, str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run."""

    header: Header
    cases: tuple[CaseRecord, ...]
    footer: Footer
