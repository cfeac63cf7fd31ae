"""What was made on a target, and how it is removed again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from conformance.targets.control_plane import GONE, CallFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.targets.control_plane import ControlPlane

Kind: TypeAlias = Literal["function", "queue", "role policy", "role"]
ORDER: tuple[Kind, ...] = ("function", "queue", "role policy", "role")
"""Kinds of things in the order in which they are removed: nothing before what uses it."""
PARALLEL = 8
"""Calls under way at a time."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that was made, or may have been.

    Attributes:
        kind: of thing.
        name: of it.
        call: the method that removes it.
        arguments: of the method.
    """

    kind: Kind
    name: str
    call: Callable[..., Any]
    arguments: Mapping[str, Any]


class Removal:
    """Remembers what is to be removed, and removes it; may be used by several threads.

    Attributes:
        removed: what was there and is gone.
        left: what could not be removed, and why.
    """

    def __init__(self, plane: ControlPlane) -> None:
        self._plane = plane
        self._lock = threading.Lock()
        self._things: dict[tuple[Kind, str], Thing] = {}
        self._unsure: set[tuple[Kind, str]] = set()
        self.removed: list[Thing] = []
        self.left: list[str] = []

    def note(self, kind: Kind, name: str, call: Callable[..., Any], **arguments: Any) -> None:  # noqa: ANN401  boto3's
        """Remember how something is removed, before it is made: a call may have done its work though it failed."""
        with self._lock:
            self._things[kind, name] = Thing(kind, name, call, arguments)

    def doubt(self, kind: Kind, name: str) -> None:
        """Take note that the target refused to make something, so that it is most likely not there."""
        with self._lock:
            self._unsure.add((kind, name))

    def remove(self, kind: Kind, name: str) -> None:
        """Remove one thing now; that it can't be removed changes no verdict."""
        with self._lock:
            thing = self._things.pop((kind, name), None)
        if thing is not None:
            self._remove(thing)

    def everything(self) -> None:
        """Remove all that there is, whatever fails or interrupts meanwhile."""
        uninterrupted(self._everything)

    def _everything(self) -> None:
        for kind in ORDER:
            names = [name for of, name in self._things if of == kind]
            with ThreadPoolExecutor(PARALLEL) as pool:
                list(pool.map(partial(self.remove, kind), names))

    def _remove(self, thing: Thing) -> None:
        try:
            self._plane.call(thing.call, **thing.arguments)
            self.removed.append(thing)
        except CallFailed as error:
            if error.kind not in GONE and (thing.kind, thing.name) not in self._unsure:
                self.left.append(f"{thing.name} ({error.message})")


def uninterrupted(action: Callable[[], None]) -> None:
    """Do something to its end in a thread, where no signal is raised; an interruption is raised afterwards."""
    interruption: KeyboardInterrupt | None = None
    with ThreadPoolExecutor(1) as pool:
        task = pool.submit(action)
        while not task.done():
            try:
                wait([task])
            except KeyboardInterrupt as reason:
                interruption = reason
    task.result()
    if interruption is not None:
        raise interruption
