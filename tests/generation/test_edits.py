"""Near misses: one edit, each once, words in braces whole."""

from __future__ import annotations

import pytest

from conformance.generation.edits import edits


def test_each_character_is_deleted_doubled_replaced_and_changes_its_case() -> None:
    """A text of two letters has four neighbours for each of them, in the order of the letters."""
    assert list(edits("ab")) == ["b", "aab", "!b", "Ab", "a", "abb", "a*", "aB"]


def test_words_in_braces_stay_whole() -> None:
    """What stands for a word of the target is deleted or doubled as one, and never changed inside."""
    found = list(edits("x{echo}"))

    assert "x" in found
    assert "x{echo}{echo}" in found
    assert all("{echo}" in one or not ("{" in one and "}" in one) for one in found)


def test_parts_between_colons_are_dropped_and_repeated() -> None:
    """A colon-separated text loses each of its parts, and has each twice."""
    found = set(edits("one:two:three"))

    assert {"two:three", "one:three", "one:two"} <= found
    assert {"one:one:two:three", "one:two:two:three", "one:two:three:three"} <= found


@pytest.mark.parametrize("text", ["a", "live", "arn:{partition}:lambda:{region}", "aaaa"])
def test_none_stands_twice_or_is_the_text_itself(text: str) -> None:
    """Every neighbour is another text, and comes once."""
    found = list(edits(text))

    assert len(found) == len(set(found)) > 1
    assert text not in found
