"""The log of a run, as the platform frames it."""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome

MEMORY = 256
"""Megabytes of each function."""
USED = (30, 60)
"""Megabytes that a run is said to use: least and most."""
STARTED = datetime.now(UTC).strftime("%Y/%m/%d")
"""When the environments that functions run in were made, as log streams say it."""


def log_of(invocation: Invocation, outcome: Outcome) -> bytes:
    """Return the whole log of a run: START, what was printed, END and REPORT (recorded 2025-11-24)."""
    id_, milliseconds = invocation.request_id, outcome.seconds * 1000
    printed = outcome.printed if not outcome.printed or outcome.printed.endswith("\n") else outcome.printed + "\n"
    used = random.randint(*USED)  # noqa: S311  a plausible number
    return (
        f"START RequestId: {id_} Version: {invocation.version}\n{printed}END RequestId: {id_}\n"
        f"REPORT RequestId: {id_}\tDuration: {milliseconds:.2f} ms\tBilled Duration: {int(milliseconds) + 1} ms\t"
        f"Memory Size: {MEMORY} MB\tMax Memory Used: {used} MB\t\n"
    ).encode(errors="replace")


def log_stream(invocation: Invocation) -> str:
    """Return the name of the log stream of an environment: one for each function, version and tenant."""
    key = "\n".join((invocation.function_name, invocation.version, invocation.tenant or ""))
    return f"{STARTED}/[{invocation.version}]{hashlib.sha256(key.encode()).hexdigest()[:32]}"
