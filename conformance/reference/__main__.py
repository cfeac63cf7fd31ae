"""``python -m conformance.reference``: the reference as a process of its own."""

from __future__ import annotations

import argparse
import sys

from conformance.errors import ConformanceError
from conformance.reference.server import run_forever
from conformance.targets.identity import PACE, Pace


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m conformance.reference", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--time-scale", type=float, default=PACE.waits)
    parser.add_argument("--function-scale", type=float, default=PACE.functions)
    options = parser.parse_args()
    try:
        run_forever(options.host, options.port, Pace(options.time_scale, options.function_scale))
    except ConformanceError as error:
        print(error.render(), file=sys.stderr)  # noqa: T201  a program's message
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
