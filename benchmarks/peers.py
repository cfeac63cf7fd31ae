"""Other tools on the faults of the reference, beside our own suite: which they catch, at what price.

Every trial is kept as soon as it is made, so that a measurement that was interrupted goes on where it was. With --write
the page docs/peers.md and the figures that it is made of are written anew.
"""

from __future__ import annotations

import argparse
import signal
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from peering.contestants import CONTESTANTS, ROOT
from peering.counting import measured, sampled, unbroken_orders
from peering.page import write
from peering.trials import NotMeasured, Order, Store, make_all, missing

from conformance.reference.faults.table import FAULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peering.trials import Trial

TRIALS = ROOT / "reports" / "peers.jsonl"


def main() -> None:
    """Make the trials that are missing and print what all of them say."""
    # Being told to stop is being interrupted: the trials under way are finished, so that no program is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = _options()
    contestants: list[str] = options.only or [one.name for one in CONTESTANTS.values() if one.chosen]
    faults = sampled((one for one in FAULTS if fnmatchcase(one, options.faults)), options.sample)
    try:
        store = Store(options.json)
        # One at a time and by turns: their times are compared, and other work on the machine comes and goes.
        by_turns = sorted((one for name in contestants for one in unbroken_orders(name)), key=lambda one: one.seed)
        _make(store, missing(store, by_turns), 1)
        # All contestants on a fault one after the other, so that a part of the measurement compares them, too.
        _make(store, missing(store, (Order(name, fault) for fault in faults for name in contestants)), options.jobs)
    except NotMeasured as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("interrupted; what was measured is kept")
    asked = {"", *faults}
    figures = measured(trial for trial in store.trials.values() if trial.fault in asked)
    for line in figures.lines():
        print(line)
    if options.write:
        write(figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", default="*", metavar="GLOB", help="the faults to measure; default: all")
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="of them, every N-th; default: all")
    parser.add_argument(
        "--only", action="append", choices=CONTESTANTS, metavar="NAME", help=f"of {', '.join(CONTESTANTS)}; repeatable"
    )
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="trials at a time; default: 2")
    parser.add_argument("--json", type=Path, default=TRIALS, metavar="FILE", help=f"the trials; default: {TRIALS.name}")
    parser.add_argument("--write", action="store_true", help="write docs/peers.md and docs/peers.json")
    return parser.parse_args()


def _make(store: Store, orders: Sequence[Order], jobs: int) -> None:
    for number, trial in enumerate(make_all(store, orders, jobs), start=1):
        print(f"{number}/{len(orders)} {_line(trial)}", flush=True)


def _line(trial: Trial) -> str:
    on = trial.fault or f"unbroken, seed {trial.seed}"
    return f"{trial.contestant} on {on}: {len(trial.kinds)} kinds of failures, {trial.seconds:.1f} s"


if __name__ == "__main__":
    main()
