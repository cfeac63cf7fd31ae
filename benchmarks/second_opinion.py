"""Which faults of the reference the second opinion catches: by our oracle, and by Schemathesis's own checks alone.

The faults are fifteen of the kinds that emulators have. A fault is caught by the oracle where a check with evidence
fails; by Schemathesis's own checks where one of them complains of an operation in a way in which it does not complain
of the unbroken reference. The requests are the same for both. Exit 1 where the oracle catches fewer than promised.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.contract.reader import load_contract
from conformance.contract.requirements import Tier, load_requirements
from conformance.contract.source import read_yaml, spec_folder
from conformance.oracle.outcome import Outcome
from conformance.search.opinions import PHASES, Oracle, Where
from conformance.search.second_opinion import SecondOpinion
from conformance.targets.reference import target_at

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from conformance.targets.model import Target

FAULTS: Mapping[str, str] = {
    "an Event is answered with 200": "status-codes/event-200",
    "no X-Amz-Executed-Version": "response-headers/no-executed-version",
    "no x-amzn-ErrorType": "request-errors/named-in-the-body",
    "a name of a character too many is taken": "names/one-character-more",
    "any invocation type is taken": "invocation-types/unknown-accepted",
    "breaks at a partial ARN": "names/partial-arn-breaks",
    "404 for a malformed ARN": "names/illegal-is-unknown",
    "Qualifier is ignored": "qualifiers/ignored",
    "the log is not base64": "logs/plain",
    "the log has more than 4 KiB": "logs/whole",
    "a dry run runs the function": "invocation-types/dry-run-runs",
    "wrong Content-Type": "response-headers/content-type-text",
    "JSON is written anew": "payload/whole-fractions",
    "more than 6 MiB are taken": "limits/synchronous-unlimited",
    "another method breaks": "routing/unknown-route-500",
}
"""What is wrong -> the fault of the catalogue."""
LEAST = 12
"""Faults that the oracle catches, at least. A dry run that runs shows in a second call alone, JSON that is written anew
in its bytes, and bodies of megabytes are none of Schemathesis's cases."""


@dataclass(slots=True)
class Heard:
    """What came of the cases: failing requirements, complaints, and by which phase the oracle caught something."""

    cases: int = 0
    broken: Counter[str] = field(default_factory=Counter[str])
    complaints: Counter[tuple[str, str, str]] = field(default_factory=Counter[tuple[str, str, str]])
    phases: set[str] = field(default_factory=set[str])


@contextmanager
def serving(fault: str) -> Generator[Target]:
    """Serve the reference in a process of its own, with a fault where one is named."""
    words = [sys.executable, "-m", "conformance.cli", "serve", *(["--fault", fault] if fault else [])]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own command line
    try:
        line = process.stdout.readline() if process.stdout else ""
        yield target_at(line.split()[-1], "run")
    finally:
        process.terminate()
        process.communicate()


def heard(fault: str, seed: int, examples: int) -> Heard:
    """Return what the second opinion has to say of a fault."""
    contract, found = load_contract(), Heard()
    with serving(fault) as target:
        where = Where(target.endpoint, target.site, target.credentials, frozenset(contract.operations))
        oracle = Oracle(where, contract, load_requirements(), Tier.STRICT)
        document = read_yaml(spec_folder() / "openapi.yaml").data
        for scenario in SecondOpinion(oracle, document, seed=seed, max_examples=examples, phases=PHASES):
            for opinion in scenario.opinions:
                failing = [one.clause.requirement for one in opinion.checks if one.outcome is Outcome.FAIL]
                found.cases += 1
                found.broken.update(failing)
                found.phases.update([scenario.phase] if failing else [])
                kinds = ((one.check, opinion.operation, one.text.partition(":")[0]) for one in opinion.complaints)
                found.complaints.update(kinds)
    return found


def main() -> None:
    """Measure and print; exit 1 when the oracle catches too few, or something on the unbroken reference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=20, help="of each operation and view")
    arguments = parser.parse_args()
    sound = heard("", arguments.seed, arguments.examples)
    print(f"unbroken: {sound.cases} cases, {sound.broken.total()} failures, complaints {dict(sound.complaints)}")
    caught, own = 0, 0
    for what, fault in FAULTS.items():
        started = time.perf_counter()
        found = heard(fault, arguments.seed, arguments.examples)
        new = found.complaints.keys() - sound.complaints.keys()
        caught, own = caught + bool(found.broken), own + bool(new)
        told = f"{'oracle' if found.broken else '-':7} {'own checks' if new else '-':11}"
        seconds = f"{found.cases:5} cases {time.perf_counter() - started:5.1f} s"
        by = f"{', '.join(sorted(found.phases))}: {', '.join(one for one, _ in found.broken.most_common(2))}"
        print(f"{what:40} {fault:38} {told} {seconds}  {by if found.broken else ''}", flush=True)
    print(f"oracle {caught} of {len(FAULTS)}, promised {LEAST}; Schemathesis's own checks {own} of {len(FAULTS)}")
    sys.exit(caught < LEAST or bool(sound.broken))


if __name__ == "__main__":
    main()
