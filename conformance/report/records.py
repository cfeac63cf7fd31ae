"""The typed report: what a run leaves behind, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.oracle.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_VERSION = 1
"""Of ``spec/schemas/report.schema.json``; goes up with each change that breaks a reader."""


@dataclass(frozen=True, slots=True)
class Message:
    """One side of an exchange, as shown.

    Attributes:
        head: start line and headers, one a line, secrets taken out.
        body: as text, or base64 where it isn't UTF-8; cut after SHOWN_BODY bytes.
        encoding: ``text`` or ``base64``.
        size: of the whole body, in bytes.
        sha256: of the whole body, where it is cut; empty otherwise.
    """

    head: str
    body: str
    encoding: str
    size: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """A request and its answer, or why none came."""

    sent: Message
    received: Message | None
    failure: str
    seconds: float


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """One expectation and what was observed."""

    requirement: str
    outcome: Outcome
    subject: str
    expected: str
    observed: str
    step: int


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """What came of a case, with everything that is needed to understand and repeat it.

    Attributes:
        curl: a shell line for each step that was sent.
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
    """What is known when a run begins."""

    schema: int
    suite: str
    requirement_set: str
    target: Mapping[str, Any]
    tier: str
    command: str
    started: str
    planned: int
    requirements: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Footer:
    """What is known when a run is over."""

    exit_code: int
    meaning: str
    totals: Mapping[str, int]
    judged: int
    brackets: tuple[Mapping[str, Any], ...]
    interrupted: bool
    stopped: str
    error: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run."""

    header: Header
    cases: tuple[CaseRecord, ...]
    footer: Footer
