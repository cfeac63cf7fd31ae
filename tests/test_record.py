"""Data classes and attributes that are quick to make."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from conformance.record import once, record


@record(frozen=True, slots=True)
class Pair:
    """Two values."""

    one: int
    other: tuple[int, ...] = ()


def test_a_record_is_its_values() -> None:
    """It is compared, hashed, copied with a change and shown by its values, as a frozen data class is."""
    pair = Pair(1, (2,))

    assert pair == Pair(1, (2,)) != Pair(1)
    assert len({pair, Pair(1, (2,)), Pair(1)}) == 2
    assert replace(pair, one=3) == Pair(3, (2,))
    assert repr(pair).endswith("Pair(one=1, other=(2,))")
    assert [one.name for one in fields(pair)] == ["one", "other"]


def test_a_record_has_no_other_attributes() -> None:
    """It has slots, so that a misspelt name is an error at run time."""
    with pytest.raises(AttributeError):
        setattr(Pair(1), "another", 2)  # noqa: B010  what a type checker would not let through


class Counting:
    """Counts how often its value is made."""

    def __init__(self) -> None:
        self.made = 0

    @once
    def value(self) -> int:
        """The number of times."""
        self.made += 1
        return self.made


def test_a_value_is_made_once() -> None:
    """It is made when it is first asked for, for each object by itself; the class tells what it is."""
    first, second = Counting(), Counting()

    assert first.made == 0
    assert (first.value, first.value, second.value) == (1, 1, 1)
    assert (first.made, second.made) == (1, 1)
    assert Counting.value.__doc__ == "The number of times."
