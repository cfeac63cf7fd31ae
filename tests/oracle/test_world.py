"""What the oracle knows of a function: the versions that a qualifier may run."""

from __future__ import annotations

import pytest

from conformance.oracle.world import Deployed, Ran

FUNCTION = Deployed(
    versions=frozenset({"1", "2"}),
    aliases={"live": frozenset({"1", "2"}), "old": frozenset({"1"}), "2": frozenset({"1"})},
)


@pytest.mark.parametrize(
    ("qualifier", "versions"),
    [
        (None, {"$LATEST"}),
        ("$LATEST", {"$LATEST"}),
        ("1", {"1"}),
        ("3", set[str]()),
        ("live", {"1", "2"}),
        ("old", {"1"}),
        ("dead", set[str]()),
        ("2", {"2"}),
    ],
)
def test_a_qualifier_names_versions(qualifier: str | None, versions: set[str]) -> None:
    """A version runs itself, an alias what it may, nothing the unpublished one; what is not there runs nothing."""
    assert FUNCTION.resolve(qualifier) == versions


def test_a_function_may_have_neither_versions_nor_aliases() -> None:
    """Where nothing is said of a function, it has the unpublished version alone, and room to run it."""
    plain = Deployed()

    assert [plain.resolve(one) for one in (None, "1", "live")] == [{"$LATEST"}, frozenset(), frozenset()]
    assert (plain.run, plain.exhausted) == (None, False)


def test_what_a_function_returns_is_no_error_unless_it_is_said() -> None:
    """A result is one, not the description of an error."""
    assert not Ran({"errorMessage": "only a member"}).failed
