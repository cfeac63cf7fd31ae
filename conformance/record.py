"""For classes of which thousands are made: data classes frozen for the type checker alone, and values made once.

To make one that is frozen at run time, too, takes five times as long: each value goes through ``object.__setattr__``.
Before Python 3.12, ``functools.cached_property`` takes a lock for each value, which nobody needs here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from functools import cached_property

    once = cached_property
    record = dataclass
else:

    class once:  # noqa: N801  stands for a function
        """Makes of a method an attribute that is computed when it is first read, and kept."""

        def __init__(self, method: Any) -> None:  # noqa: ANN401  what stands in a class
            self._method = method
            self._name = method.__name__
            self.__doc__ = method.__doc__

        def __get__(self, instance: Any, owner: type) -> Any:  # noqa: ANN401  any value
            if instance is None:
                return self
            value = instance.__dict__[self._name] = self._method(instance)
            return value

    def record(*, frozen: bool, slots: bool) -> Any:  # noqa: ANN401  what makes a class of a class
        """Return what makes a data class, compared and hashed by value as ``dataclass(frozen=True)`` does it."""
        return dataclass(slots=slots, unsafe_hash=frozen)
