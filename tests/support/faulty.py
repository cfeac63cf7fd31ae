"""The reference in a thread of this process, with a fault or without."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from conformance.reference.faults.table import find_fault
from conformance.reference.server import Front, served
from conformance.targets.identity import PACE
from support.background import threaded

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def faulty(fault: str = "") -> Generator[str]:
    """Serve the reference, with one deviation where one is named, and yield its URL."""
    front = Front(PACE, find_fault(fault) if fault else None)
    with threaded(lambda: served("127.0.0.1", 0, front), bound=10) as url:
        yield url
