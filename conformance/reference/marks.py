"""The marks that functions leave, in memory: gone with the process, and never more than a bounded number."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque

MOST_KEYS = 10_000
"""Keys whose marks are kept; the one that was used least recently is forgotten first."""
MOST_MARKS = 1_000
"""Marks that are kept under a key; the oldest is forgotten first."""


class Mark:
    """The marks under one key, as the handlers know them."""

    def __init__(self) -> None:
        self._ids: deque[str] = deque(maxlen=MOST_MARKS)

    def add(self, request_id: str) -> None:
        """Leave a mark."""
        self._ids.append(request_id)

    def read(self) -> list[str]:
        """Return the requests that left marks, in their order."""
        return list(self._ids)


class Marks:
    """All marks of a service; called with a key, from any thread, it returns those under it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Mark] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, key: str) -> Mark:
        """Return the marks under a key; none yet is an empty one."""
        with self._lock:
            mark = self._kept.setdefault(key, Mark())
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEYS:
                self._kept.popitem(last=False)
        return mark
