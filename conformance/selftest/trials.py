"""Many trials at a time: in processes of their own, several in each, so that waiting costs nothing."""

from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

from conformance.reference.server import DEPTH
from conformance.selftest.proving import Among, Trial, attempt, cases_about, catalogue, other_cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TOGETHER, TOGETHER_UNBROKEN = 4, 2
"""Trials under way at a time in one process: enough to use the time in which one waits, and not so many that answers
are late. Those of the unbroken reference send all cases each."""
BATCH, BATCH_UNBROKEN = 12, 5
"""Trials that a process is given at a time."""


@dataclass(frozen=True, slots=True)
class Order:
    """A trial to be made.

    Attributes:
        fault: id; empty for the unbroken reference.
        seed: of the run.
        workers: cases under way at a time.
        among: which cases are tried.
    """

    fault: str = ""
    seed: int = 1
    workers: int = 16
    among: Among = Among.EVERY


@dataclass(frozen=True, slots=True)
class Made:
    """A trial that was made.

    Attributes:
        order: what was asked for.
        trial: what came of it, without the answers.
        differing: cases whose answers differ from those of the unbroken reference, for a fault.
    """

    order: Order
    trial: Trial
    differing: tuple[str, ...]


def make(orders: Sequence[Order]) -> Iterator[Made]:
    """Make trials, yielding each batch as it is done."""
    unbroken, broken = [one for one in orders if not one.fault], [one for one in orders if one.fault]
    batches = [
        some[at : at + size]
        for some, size in ((unbroken, BATCH_UNBROKEN), (broken, BATCH))
        for at in range(0, len(some), size)
    ]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(_batch, batch) for batch in batches]):
            yield from future.result()


_unbroken: dict[str, tuple[object, ...]] = {}
"""What the unbroken reference answers to each case, as far as that is always the same; once a process."""


def _batch(orders: Sequence[Order]) -> list[Made]:
    sys.setrecursionlimit(DEPTH)
    return asyncio.run(_all(orders))


async def _all(orders: Sequence[Order]) -> list[Made]:
    for among in {order.among for order in orders if order.fault}:
        await _learn(among)
    room = asyncio.Semaphore(TOGETHER if all(order.fault for order in orders) else TOGETHER_UNBROKEN)

    async def one(order: Order) -> Made:
        async with room:
            return await _made(order)

    return list(await asyncio.gather(*map(one, orders)))


async def _learn(among: Among) -> None:
    """Learn what the unbroken reference answers to cases, where that is not known yet."""
    unknown = {id_: case for id_, case in catalogue(among).items() if id_ not in _known}
    if unknown:
        first, second = await asyncio.gather(attempt(unknown), attempt(unknown))
        _unbroken.update(_stable(first.answers, second.answers))
        _known.update(unknown)


_known: set[str] = set()
"""The cases whose answers were looked at, those that change among them."""


async def _made(order: Order) -> Made:
    """Make one trial; a fault meets the cases that can kill it first, and the others where none of those does."""
    if not order.fault:
        trial = await attempt(catalogue(order.among), seed=order.seed, workers=order.workers)
        return Made(order, replace(trial, answers={}), ())
    trial = await attempt(cases_about(order.fault, order.among), order.fault, workers=order.workers)
    about = [id_ for id_ in trial.answers if id_ in _unbroken]
    seen = any(trial.answers[id_] != _unbroken[id_] for id_ in about)
    # Cases about other things can't kill it. Of the many generated ones nobody asks what else they see, unless the
    # answers to those that fail differ from time to time, so that they can't show whether the fault was there at all.
    if (trial.broken and not seen) or (not trial.broken and order.among is not Among.GENERATED):
        more = await attempt(other_cases(order.fault, order.among), order.fault, workers=order.workers)
        trial = replace(
            more,
            outcomes={**more.outcomes, **trial.outcomes},
            broken={**more.broken, **trial.broken},
            answers={**more.answers, **trial.answers},
        )
    differing = [id_ for id_, answer in trial.answers.items() if id_ in _unbroken and answer != _unbroken[id_]]
    return Made(order, replace(trial, answers={}), tuple(differing))


def _stable(
    one: Mapping[str, tuple[object, ...]], other: Mapping[str, tuple[object, ...]]
) -> Mapping[str, tuple[object, ...]]:
    return {id_: answer for id_, answer in one.items() if other.get(id_) == answer}
