"""SIGINT and SIGTERM end a run in order, whenever they come: what was made is undone, what was judged is kept."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """What the signals do as long as a run lasts: raise KeyboardInterrupt, or what :meth:`instead` was given.

    A process that was told to ignore a signal goes on ignoring it. Outside the main thread, where Python has no say
    in signals, this does nothing.
    """

    def __init__(self) -> None:
        self._before: dict[signal.Signals, Any] = {}
        self._action: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._received) or signal.SIG_DFL
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def instead(self, action: Callable[[], None]) -> Generator[None]:
        """Call a function for each signal in place of raising; the call may come between any two bytecodes."""
        self._action = action
        try:
            yield
        finally:
            self._action = None

    def _received(self, *_: object) -> None:
        if self._action is None:
            raise KeyboardInterrupt
        self._action()
