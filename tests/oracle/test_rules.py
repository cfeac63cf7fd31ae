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
