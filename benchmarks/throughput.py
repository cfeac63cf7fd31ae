"""Judged cases a second of the engine on the reference, beside the same requests in a bare requests.Session loop.

Both send the same cases to the same server in the same process, one after the other, a few rounds each; what counts is
the ratio. Cases that wait on purpose (timeouts) or carry megabytes are left out of both.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import requests

from conformance.cases.authored import authored_cases
from conformance.contract.reader import load_contract
from conformance.contract.requirements import Tier, load_requirements
from conformance.exchange.client import Client
from conformance.oracle.outcome import Outcome
from conformance.run.caller import Caller
from conformance.run.engine import Engine, Settings
from conformance.run.plan import Planned, large, make_plan, waits
from conformance.targets.table import TargetOptions, open_target

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.exchange.message import Request

LEAST = 5.0
"""The engine judges at least so many times as many cases as the bare loop sends requests."""
ROUNDS = 3


def quick(case: Case) -> bool:
    """Tell whether a case is about the speed of the engine, not that of a function or of a copy of megabytes."""
    return not large(case) and not waits(case) and len(case.steps) == 1


def repeated(plan: list[Planned], number: int) -> list[Planned]:
    """Return about ``number`` cases: the plan again and again, whole, since twins need each other."""
    return [
        replace(
            one, case=replace(one.case, id=f"{one.case.id}#{copy}", twin=one.case.twin and f"{one.case.twin}#{copy}")
        )
        for copy in range(max(number // len(plan), 1))
        for one in plan
    ]


def judged_a_second(plan: list[Planned], caller: Caller) -> float:
    """Return the rate of one run of the engine; every case must pass."""
    outcomes: list[Outcome] = []

    async def once() -> None:
        await Engine(plan, caller, Settings(workers=16), lambda event: outcomes.append(event.outcome)).run()
        await caller.client.aclose()

    started = time.perf_counter()
    asyncio.run(once())
    took = time.perf_counter() - started
    if outcomes.count(Outcome.PASS) != len(plan):
        sys.exit(f"only {outcomes.count(Outcome.PASS)} of {len(plan)} cases passed")
    return len(plan) / took


def requests_a_second(prepared: list[Request], origin: str) -> float:
    """Return the rate of a plain loop over one session, with the same methods, targets, headers and bodies."""
    session = requests.Session()
    calls = [
        (one.method.decode(), origin + one.target.decode(), {k.decode(): v.decode() for k, v in one.headers}, one.body)
        for one in prepared
    ]
    started = time.perf_counter()
    for method, url, headers, body in calls:
        session.request(method, url, headers=headers, data=body)
    return len(calls) / (time.perf_counter() - started)


def main() -> None:
    """Measure and print; exit 1 when the ratio is below what is promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    number: int = parser.parse_args().cases
    contract, requirements = load_contract(), load_requirements()
    with open_target(TargetOptions("reference")) as target:
        plan = make_plan(authored_cases(contract), requirements, target, Tier.FULL)
        plan = [one for one in plan if quick(one.case)]
        caller = Caller(target, contract, requirements, Tier.FULL, Client())
        prepared = [caller.request(one.case.steps[0].call) for one in repeated(plan, number // 5)]
        pairs = [
            (judged_a_second(repeated(plan, number), caller), requests_a_second(prepared, target.endpoint.origin))
            for _ in range(ROUNDS)
        ]
    for engine, bare in pairs:
        beside = f"requests.Session {bare:8,.0f} requests/s   ratio {engine / bare:.1f}"
        print(f"engine {engine:8,.0f} judged cases/s   {beside}")
    ratio = sorted(engine / bare for engine, bare in pairs)[ROUNDS // 2]
    print(f"median ratio {ratio:.1f}, promised {LEAST:.1f}")
    sys.exit(ratio < LEAST)


if __name__ == "__main__":
    main()
