"""Runs that never happened, as events, and the reports that come of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.cases.model import Call, Case, Step
from conformance.contract.requirements import Evidence, EvidenceKind, Requirement, Tier
from conformance.exchange.endpoint import Endpoint
from conformance.exchange.message import Exchange, Failure, FailureKind, Request, Response
from conformance.exchange.sigv4 import Credentials
from conformance.oracle.clause import Clause
from conformance.oracle.judge import Check
from conformance.oracle.outcome import Outcome
from conformance.oracle.site import Site
from conformance.report.collect import Collector
from conformance.report.recording import Recorder, header_record
from conformance.report.records import Report
from conformance.run.events import Bracket, Ended, Judged
from conformance.run.exit_codes import EXIT_CODES, ExitCode
from conformance.run.plan import Planned
from conformance.run.session import RunOptions, Started, Summary
from conformance.targets.model import Target
from conformance.targets.options import TargetOptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conformance.exchange.message import Headers

SECRET = "a/Secret+Key/of/40/characters/0123456789"  # noqa: S105  nobody's
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE//////////" + "token" * 150
TARGET = Target(
    name="emulator",
    version="1.0",
    endpoint=Endpoint("127.0.0.1", 4566),
    site=Site("eu-west-1", "210987654321", {"echo": "my-echo"}),
    credentials=Credentials("AKIDEXAMPLE", SECRET, TOKEN),
    capabilities=frozenset(),
)
STARTED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
GOOD = Bracket(answered=True, holds=True, detail="gave the right answer")
EVIL = (
    "<script>alert(1)</script> \"><b onclick='x()'>|`code`|\x1b[31m\x07\r\n[a](http://e.example) ![p](http://e.example)"
)
"""What a hostile target may send: markup, attribute breakouts, table cells, terminal escapes, links."""


def requirement(
    id_: str = "names/plain", tier: Tier = Tier.CORE, kind: EvidenceKind = EvidenceKind.RECORDED
) -> Requirement:
    """Return a requirement with one piece of evidence."""
    evidence = Evidence(kind, "a capture", "2025-11-25", "404" if kind is EvidenceKind.RECORDED else "")
    return Requirement(id_, id_.partition("/")[0], tier, f"The text of {id_}.", (evidence,))


def request(
    body: bytes = b"{}", target: bytes = b"/2015-03-31/functions/my-echo/invocations", headers: Headers = ()
) -> Request:
    """Return a POST with Host and Content-Length."""
    length = (b"Content-Length", b"%d" % len(body))
    return Request(b"POST", target, ((b"Host", b"127.0.0.1:4566"), *headers, length), body)


def answered(body: bytes = b"{}", headers: Headers = (), status: int = 404, sent: Request | None = None) -> Exchange:
    """Return an exchange with an answer."""
    response = Response(status, b"Not Found", b"HTTP/1.1", headers, body)
    return Exchange(sent or request(), b"", b"", response, None, 0.0, 0.0125)


def unanswered() -> Exchange:
    """Return an exchange without an answer."""
    failure = Failure(FailureKind.CLOSED, f"it said {EVIL}")
    return Exchange(request(), b"", b"", None, failure, 0.0, 0.5)


def judged(
    outcome: Outcome,
    id_: str = "names/plain",
    *,
    observed: str = "404",
    reason: str = "",
    exchange: Exchange | None = None,
    signing: str = "valid",
    tier: Tier = Tier.CORE,
) -> Judged:
    """Return what came of a case with one step and one check, which cites the requirement of the same id."""
    clause = Clause(id_, "status", "equals", 200)
    case = Case(id_, f"What {id_} is for", (Step(Call(signing=signing), (clause,)),))
    sent = (exchange or answered(),) if outcome.judged or exchange else ()
    result = Outcome.FAIL if outcome is Outcome.KNOWN else outcome
    checks = (Check(clause, result, observed, None, 1),) if outcome.judged else ()
    return Judged(Planned(case, tier), outcome, reason, checks, sent, 0.5)


ALL = (
    judged(Outcome.PASS, "names/passing"),
    judged(
        Outcome.FAIL, "names/failing", observed=EVIL, exchange=answered(EVIL.encode(), ((b"X-Evil", EVIL.encode()),))
    ),
    judged(Outcome.KNOWN, "names/known"),
    judged(Outcome.SKIP, "payload/skipped", reason="the target has no fixture <echo>"),
    judged(Outcome.VOID, "payload/void", reason=f"no answer: closed, it said {EVIL}", exchange=unanswered()),
    judged(Outcome.NOTE, "payload/noted", tier=Tier.STRICT),
)
"""A case of each outcome, some of a hostile target."""


def report_of(
    *events: Judged,
    code: ExitCode = ExitCode.BROKEN,
    folder: Path | None = None,
    target: Target | None = TARGET,
    ended: Ended | None = None,
    error: str = "",
) -> Report:
    """Return the report of these events; where a folder is given, a collector has written its files there."""
    options = RunOptions(TargetOptions("emulator"), command="invoke-conformance run --target emulator")
    cited = {id_: one.planned.tier for one in events for id_ in one.planned.case.requirements}
    requirements = {id_: requirement(id_, tier) for id_, tier in cited.items()}
    totals = {outcome: sum(one.outcome is outcome for one in events) for outcome in Outcome}
    started = Started(options, requirements, target, tuple(one.planned for one in events), STARTED)
    summary = Summary(totals, ended or Ended((GOOD, GOOD)), code, 1.25, error)
    if folder is None:
        recorder = Recorder(options.command, target)
        header = header_record(started, "lambda-invoke-conformance 0.1.0", "2026.11")
        return Report(header, tuple(map(recorder.case, events)), recorder.footer(summary, EXIT_CODES[code]))
    return _collected(folder, started, events, summary)


def _collected(folder: Path, started: Started, events: Sequence[Judged], summary: Summary) -> Report:
    with Collector(folder) as collector:
        collector.started(started)
        for one in events:
            collector.judged(one)
        collector.ended(summary)
    assert collector.report is not None
    return collector.report


def named(target: Target, name: str) -> Target:
    """Return a target of another name."""
    return replace(target, name=name)
