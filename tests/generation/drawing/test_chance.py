"""Where choices come from: the same seed and number give the same, and choices can be made again."""

from __future__ import annotations

from conformance.generation.drawing.chance import Replayed, Seeded, one_of, rarely, some, weighted


def taken(seed: int, number: int) -> list[int]:
    """Return some choices of a seed and a number."""
    chance = Seeded(seed, number)
    return [chance.below(1000) for _ in range(20)]


def test_the_same_seed_and_number_choose_the_same() -> None:
    """Choices follow from seed and number; another seed or number chooses otherwise. The numbers are fixed for good."""
    assert taken(1, 7) == taken(1, 7)
    assert taken(1, 7) != taken(2, 7)
    assert taken(1, 7) != taken(1, 8)
    assert taken(1, 0)[:5] == [906, 381, 439, 445, 510]


def test_choices_are_within_bounds_and_kept() -> None:
    """Every number below the bound comes up; what was chosen is kept, but for the choice of one."""
    chance = Seeded(3, 4)

    found = [chance.below(5) for _ in range(200)]

    assert set(found) == {0, 1, 2, 3, 4}
    assert chance.below(1) == 0
    assert chance.taken == found


def test_choices_are_made_again_as_far_as_they_go() -> None:
    """What was taken is taken again; beyond the end the plainest, and what is out of bounds is the greatest."""
    chance = Replayed([3, 9, 1])

    assert [chance.below(5), chance.below(1), chance.below(5), chance.below(5), chance.below(5)] == [3, 0, 4, 1, 0]
    assert chance.taken == [3, 4, 1, 0]


def test_zeros_choose_what_is_plainest() -> None:
    """Without any choices: the first of a table, nothing rare, the shortest list."""
    chance = Replayed([])

    assert one_of(chance, "abc") == "a"
    assert not rarely(chance, 2)
    assert some(chance, lambda _: 1, most=5, least=2) == [1, 1]
    assert weighted({"a": 2, "b": 1}) == ("a", "a", "b")


def test_rare_things_happen_as_often_as_is_said() -> None:
    """Once in ten times is about a hundred times in a thousand; always is always."""
    chance = Seeded(1, 1)

    assert 70 < sum(rarely(chance, 10) for _ in range(1000)) < 130
    assert rarely(chance, 1)
