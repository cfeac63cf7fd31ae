"""Makes the records of a report out of a run's events. Nothing secret gets through here."""

from __future__ import annotations

import base64
import codecs
import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from conformance.contract.proof import kept_proof
from conformance.oracle.outcome import Outcome
from conformance.report.records import (
    SCHEMA_VERSION,
    CaseRecord,
    CheckRecord,
    ExchangeRecord,
    Footer,
    Header,
    Message,
)
from conformance.report.repeat import again_line, curl_line
from conformance.report.secrets import Secrets

if TYPE_CHECKING:
    from conformance.cases.model import Call
    from conformance.contract.requirements import Requirement
    from conformance.exchange.message import Exchange, Headers
    from conformance.oracle.judge import Check
    from conformance.run.events import Judged
    from conformance.run.session import Started, Summary
    from conformance.targets.model import Target

SHOWN_BODY = 2048
"""Bytes of a body that a report shows; of longer ones it gives the size and the digest as well."""


def header_record(event: Started, suite: str, requirement_set: str) -> Header:
    """Return the beginning of a report."""
    target = event.target
    cited = dict.fromkeys(id_ for planned in event.plan for id_ in planned.case.requirements)
    return Header(
        schema=SCHEMA_VERSION,
        suite=suite,
        requirement_set=requirement_set,
        target={
            "name": target.name if target else event.options.target.name or "endpoint",
            "version": target.version if target else "",
            "url": target.endpoint.url if target else event.options.target.endpoint_url,
            "region": target.site.region if target else event.options.target.region,
            "capabilities": sorted(target.capabilities) if target else [],
        },
        tier=event.options.tier.value,
        command=event.options.command,
        started=event.at.isoformat(timespec="seconds"),
        planned=len(event.plan),
        requirements={id_: _requirement(event.requirements[id_]) for id_ in cited},
        proof=_proof(),
    )


def _proof() -> dict[str, int]:
    proof = kept_proof()
    return {"faults": len(proof.matrix), "killed": proof.killed, "alarms": proof.alarms, "runs": proof.runs}


def _requirement(requirement: Requirement) -> dict[str, Any]:
    return {
        "area": requirement.area,
        "tier": requirement.tier,
        "text": requirement.text,
        "conflict": requirement.conflict,
        "evidence": [{**asdict(one), "facts": list(one.facts)} for one in requirement.evidence],
    }


class Recorder:
    """Makes the records of the cases of one run.

    Args:
        command: repeats the whole run.
        target: that is judged; None where it could not be opened.
    """

    def __init__(self, command: str, target: Target | None) -> None:
        self._command = command
        self._target = target
        self._secrets = Secrets(target.credentials if target else None)

    def case(self, event: Judged) -> CaseRecord:
        """Return what came of a case."""
        case = event.planned.case
        sent = zip(case.steps, event.exchanges, strict=False)
        return CaseRecord(
            id=case.id,
            area=case.area,
            purpose=case.purpose,
            tier=event.planned.tier.value,
            outcome=event.outcome,
            reason=self._secrets.hide_in(event.reason),
            seconds=round(event.seconds, 6),
            requirements=case.requirements,
            twin=case.twin,
            classes=case.classes,
            checks=tuple(map(self._check, event.checks)),
            exchanges=tuple(map(self._exchange, event.exchanges)),
            curl=tuple(self._curl(step.call, exchange) for step, exchange in sent),
            again=event.planned.again or again_line(self._command, case.id),
        )

    def footer(self, event: Summary, meaning: str) -> Footer:
        """Return the end of a report; ``meaning`` is that of the exit code."""
        brackets = [asdict(bracket) for bracket in event.ended.brackets]
        return Footer(
            exit_code=int(event.exit_code),
            meaning=meaning,
            totals={outcome.value: event.totals.get(outcome, 0) for outcome in Outcome},
            judged=sum(count for outcome, count in event.totals.items() if outcome.judged),
            brackets=tuple({**one, "detail": self._secrets.hide_in(one["detail"])} for one in brackets),
            interrupted=event.ended.interrupted,
            stopped=self._secrets.hide_in(event.ended.stopped),
            error=self._secrets.hide_in(event.error),
            stale=event.stale,
            seconds=round(event.seconds, 3),
        )

    def _curl(self, call: Call, exchange: Exchange) -> str:
        if self._target is None:
            return ""
        line = curl_line(exchange.request, self._target.endpoint_of(call.fixture).origin, call.signing)
        return self._secrets.hide_in(line)

    def _check(self, check: Check) -> CheckRecord:
        hide, clause = self._secrets.hide_in, check.clause
        return CheckRecord(
            clause.requirement, check.outcome, clause.subject, hide(check.expected), hide(check.observed), check.step
        )

    def _exchange(self, exchange: Exchange) -> ExchangeRecord:
        request, response, failure = exchange.request, exchange.response, exchange.failure
        line = b" ".join((request.method, request.target, request.version))
        received = None
        if response:
            status = b" ".join((response.version, b"%d" % response.status, response.reason))
            received = self._message(status, response.headers, response.body)
        return ExchangeRecord(
            sent=self._message(line, request.headers, request.body),
            received=received,
            failure=self._secrets.hide_in(f"{failure.kind.value}: {failure.detail}") if failure else "",
            seconds=round(exchange.seconds, 6),
        )

    def _message(self, line: bytes, headers: Headers, body: bytes) -> Message:
        head = self._secrets.head(line, headers)
        text, encoding = _shown(*self._secrets.beginning(body, SHOWN_BODY))
        digest = hashlib.sha256(body).hexdigest() if len(body) > SHOWN_BODY else ""
        return Message(head.decode("latin-1"), text, encoding, len(body), digest)


def _shown(start: bytes, whole: bool) -> tuple[str, str]:  # noqa: FBT001  a pair
    """Return the beginning of a body and how it is written; a character that is cut through is left out."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(start, final=whole), "text"
    except UnicodeDecodeError:
        return base64.b64encode(start).decode(), "base64"
