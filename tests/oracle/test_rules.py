"""The rules by which observations are compared."""

from __future__ import annotations

import pytest

from conformance.oracle.clause import RULES
from conformance.oracle.reading import ABSENT

CONTAINS = RULES["contains"].holds


def test_text_contains_the_text_that_another_subject_is() -> None:
    """A message holds a request id wherever it stands in it."""
    assert CONTAINS("RequestId: 4711 Error: …", "4711")
    assert CONTAINS("4711", "4711")
    assert not CONTAINS("RequestId: 4712 Error: …", "4711")


@pytest.mark.parametrize(("seen", "part"), [(ABSENT, "4711"), ("4711", ABSENT), (4711, "4711"), ("4711", "")])
def test_nothing_is_contained_in_nothing(seen: object, part: object) -> None:
    """What is absent, no text or empty is contained nowhere, and contains nothing."""
    assert not CONTAINS(seen, part)


@pytest.mark.parametrize(
    ("seen", "known", "among", "differs"),
    [
        (["a"], ["a", "b"], True, True),
        (["a", "a"], ["a"], True, True),
        ([], [], True, True),
        (["c"], ["a", "b"], False, True),
        (["a", "c"], ["a", "b"], False, True),
        ("a", ["a", "b"], False, False),
        ("c", ["a", "b"], False, True),
        ("c", [], False, True),
        (ABSENT, ["a"], False, True),
    ],
)
def test_comparison_with_several(seen: object, known: list[str], among: bool, differs: bool) -> None:  # noqa: FBT001  a table
    """A list is of nothing but known things; a thing that is there differs from each of them."""
    assert RULES["are among"].holds(seen, known) is among
    assert RULES["differs from all"].holds(seen, known) is differs
