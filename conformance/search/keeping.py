"""What is kept of a finding: its capsule, and its case in the report with the lines that repeat it."""

from __future__ import annotations

import base64
import platform
import shlex
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from conformance import DISTRIBUTION
from conformance.cases.model import call_as_data, clause_as_data
from conformance.cases.rendering import render
from conformance.contract.requirements import REQUIREMENT_SET
from conformance.generation.capsules import Capsule, SequenceCapsule, digest_of, write_capsule
from conformance.oracle.outcome import Outcome
from conformance.report.secrets import Secrets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.contract.model import Contract
    from conformance.exchange.message import Exchange
    from conformance.generation.searching import Finding as SequenceFinding
    from conformance.run.events import Judged
    from conformance.search.options import SearchOptions
    from conformance.search.tally import Finding
    from conformance.targets.model import Target

LONGEST = 100_000
"""Bytes of a request or an answer that a capsule holds whole."""


class Keeper:
    """Makes capsules and cases of findings.

    Args:
        options: of the user.
        target: that is searched.
        contract: all constraints.
    """

    def __init__(self, options: SearchOptions, target: Target, contract: Contract) -> None:
        self._options = options
        self._target = target
        self._contract = contract
        self._secrets = Secrets(target.credentials)
        self._files: dict[str, Path] = {}

    def keep(self, finding: Finding) -> None:
        """Write the capsule of a finding, where the user wants capsules.

        Raises:
            UsageError: the folder can't be written to.
        """
        if self._options.save is not None:
            capsule = self.capsule(finding)
            self._files[capsule.digest] = write_capsule(capsule, self._options.save)

    def capsule(self, finding: Finding) -> Capsule:
        """Return the capsule of a finding."""
        (step,) = finding.judged.planned.case.steps
        found = self._found(finding.example.number, small=finding.small)
        return Capsule(step.call, step.expect, found, self._sent(finding), self._observed(finding.judged))

    def sequence(self, finding: SequenceFinding[Judged]) -> Judged:
        """Keep a sequence, where the user wants capsules; return what the report is to show of it.

        Raises:
            UsageError: the folder can't be written to.
        """
        judged, again = finding.tried, self._options.run.command
        if self._options.save is not None:
            steps = [
                {"call": call_as_data(step.call), "expect": list(map(clause_as_data, step.expect))}
                for step in finding.case.steps
            ]
            found = self._found(0, small=finding.again)
            capsule = SequenceCapsule(finding.plays, steps, found, self._observed(judged))
            file = write_capsule(capsule, self._options.save)
            again = f"{self._options.again} {shlex.quote(str(file))}"
        told = "" if finding.again else "; seen once, it could not be tried again on a target that is as new"
        case = replace(finding.case, purpose=f"{finding.case.purpose}{told}")
        return replace(judged, planned=replace(judged.planned, case=case, again=again))

    def told(self, finding: Finding) -> Judged:
        """Return what the report is to show of a finding."""
        judged = finding.judged
        digest = digest_of(judged.planned.case.steps[0].call)
        if digest not in self._files and finding.kind.outcome is Outcome.VOID:
            self.keep(finding)
        file = self._files.get(digest)
        again = f"{self._options.again} {shlex.quote(str(file))}" if file is not None else self._options.run.command
        case = replace(judged.planned.case, id=f"fuzz/{digest}", purpose=_purpose(finding, self._options.seed))
        return replace(judged, planned=replace(judged.planned, case=case, again=again))

    def _found(self, number: int, *, small: bool) -> Mapping[str, Any]:
        index, of = self._options.shard
        return {
            "date": datetime.now(UTC).date().isoformat(),
            "suite": f"{DISTRIBUTION} {version(DISTRIBUTION)}",
            "requirement_set": REQUIREMENT_SET,
            "contract": self._contract.version,
            "python": platform.python_version(),
            "target": {"name": self._target.name, "version": self._target.version},
            "tier": self._options.run.tier.value,
            "search": {"seed": self._options.seed, "example": number, "shard": f"{index}/{of}"},
            "small": small,
        }

    def _sent(self, finding: Finding) -> Mapping[str, Any]:
        """Return the bytes of the request without its signature, which is made anew when it is sent again."""
        call = finding.judged.planned.case.steps[0].call
        request = render(call, self._target.site, self._contract, self._target.endpoint_of(call.fixture))
        return self._bytes(request.encode())

    def _observed(self, judged: Judged) -> Mapping[str, Any]:
        broken = [
            {
                "requirement": check.clause.requirement,
                "subject": check.clause.subject,
                "expected": self._secrets.hide_in(check.expected),
                "observed": self._secrets.hide_in(check.observed),
            }
            for check in judged.checks
            if check.outcome is not Outcome.PASS
        ]
        last: Exchange | None = judged.exchanges[-1] if judged.exchanges else None
        return {
            "outcome": judged.outcome.value,
            "reason": self._secrets.hide_in(judged.reason),
            "broken": broken,
            "answer": self._bytes(last.received) if last is not None else None,
        }

    def _bytes(self, data: bytes) -> Mapping[str, Any]:
        shown = self._secrets.hide(data)[:LONGEST]
        return {"size": len(data), "base64": base64.b64encode(shown).decode(), "whole": len(data) <= LONGEST}


def _purpose(finding: Finding, seed: int) -> str:
    number = finding.example.number
    drawn = f"example {number:,} of seed {seed}" if finding.example.taken else "a failure of an earlier search"
    what = f"The smallest request that fails like {drawn}" if finding.small else f"Drawn at random: {drawn}"
    more = f", and {finding.count - 1:,} more like it" if finding.count > 1 else ""
    return f"{what}{more}{'' if finding.alone else '; it did not fail again when it was sent alone'}"
