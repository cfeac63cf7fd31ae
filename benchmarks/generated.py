"""Judged cases a second of the engine over the generated cases, beside Schemathesis's rate on the same reference.

Both are judged by the oracle, on the same server, one after the other, a few rounds each; what counts are the medians.
The engine sends all generated cases of one small request, again and again; the time to make them is told apart, since
they are made once. Schemathesis goes through the contract and draws requests while it sends them, so that its rate has
its generation in it: that is what a second of each brings. Exit 1 where a promise is not kept.
"""

from __future__ import annotations

import argparse
import sys
import time
from statistics import median
from typing import TYPE_CHECKING

from throughput import judged_a_second, quick, repeated

from conformance.contract.reader import load_contract
from conformance.contract.requirements import Tier, load_requirements
from conformance.contract.source import read_yaml, spec_folder
from conformance.exchange.client import Client
from conformance.generation.cases import generated_cases
from conformance.oracle.outcome import Outcome
from conformance.run.caller import Caller
from conformance.run.plan import make_plan
from conformance.search.opinions import Oracle, Phase, Where
from conformance.search.second_opinion import SecondOpinion
from conformance.targets.table import TargetOptions, open_target

if TYPE_CHECKING:
    from conformance.targets.model import Target

LEAST = 8_000.0
"""Cases that the engine judges a second, at least."""
TIMES = 50.0
"""Its rate is at least so many times Schemathesis's."""
ROUNDS = 3
PHASES: tuple[Phase, ...] = ("coverage", "fuzzing")


def engine_rate(target: Target, number: int) -> float:
    """Return the rate of the engine over about so many cases; every one must pass."""
    contract, requirements = load_contract(), load_requirements()
    plan = make_plan(generated_cases(contract), requirements, target, Tier.STRICT)
    plan = repeated([one for one in plan if quick(one.case)], number)
    return judged_a_second(plan, Caller(target, contract, requirements, Tier.STRICT, Client()))


def schemathesis_rate(target: Target, examples: int, seed: int) -> float:
    """Return the rate of Schemathesis; nothing may fail."""
    contract = load_contract()
    where = Where(target.endpoint, target.site, target.credentials, frozenset(contract.operations))
    oracle = Oracle(where, contract, load_requirements(), Tier.STRICT)
    document = read_yaml(spec_folder() / "openapi.yaml").data
    opinion = SecondOpinion(oracle, document, seed=seed, max_examples=examples, phases=PHASES)
    started = time.perf_counter()
    opinions = [one for scenario in opinion for one in scenario.opinions]
    took = time.perf_counter() - started
    failing = sum(any(check.outcome is Outcome.FAIL for check in one.checks) for one in opinions)
    if failing or not opinions:
        sys.exit(f"{failing} of {len(opinions)} cases of Schemathesis fail")
    return len(opinions) / took


def main() -> None:
    """Measure and print; exit 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="of the engine, each round")
    parser.add_argument("--examples", type=int, default=30, help="of Schemathesis, for each operation and view")
    arguments = parser.parse_args()
    started = time.perf_counter()
    made = len(generated_cases(load_contract()))
    print(f"{made:,} generated cases made in {time.perf_counter() - started:.2f} s")
    with open_target(TargetOptions("reference")) as target:
        pairs = [
            (engine_rate(target, arguments.cases), schemathesis_rate(target, arguments.examples, seed))
            for seed in range(1, ROUNDS + 1)
        ]
    for engine, other in pairs:
        beside = f"Schemathesis {other:6.1f} judged cases/s ({' and '.join(PHASES)})   ratio {engine / other:.0f}"
        print(f"engine {engine:8,.0f} judged cases/s   {beside}")
    rate, ratio = median(engine for engine, _ in pairs), median(engine / other for engine, other in pairs)
    print(f"median {rate:,.0f} a second, promised {LEAST:,.0f}; {ratio:.0f} times, promised {TIMES:.0f}")
    sys.exit(rate < LEAST or ratio < TIMES)


if __name__ == "__main__":
    main()
