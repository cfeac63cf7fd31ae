"""Constraints: on which side of each a value is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.coverage.constraints import CONSTRAINTS, neighbours

if TYPE_CHECKING:
    from conformance.contract.model import Contract

BY_KEYWORD = {one.keyword: one for one in CONSTRAINTS}
NAME, CONTEXT = "FunctionName", "X-Amz-Client-Context"
SIDES = {
    ("minLength", NAME, "a"): (True, True),
    ("minLength", NAME, "ab"): (True, False),
    ("minLength", NAME, ""): (False, False),
    ("maxLength", NAME, "a" * 256): (True, True),
    ("maxLength", NAME, "a" * 255): (True, False),
    ("maxLength", NAME, "a" * 257): (False, False),
    ("x-max-bytes", CONTEXT, "a" * 3584): (False, False),
    ("x-max-bytes", CONTEXT, "a" * 3580): (True, True),
    ("x-max-bytes", CONTEXT, "a" * 3576): (True, False),
}
"""Keyword, parameter and value -> whether it keeps to the constraint, and is the last that does."""


@pytest.mark.parametrize(("keyword", "name", "value"), SIDES)
def test_a_length_has_an_edge(contract: Contract, keyword: str, name: str, value: str) -> None:
    """The last value within a limit is told from those before and behind; base64 grows by four characters."""
    parameter, constraint = contract.operations["Invoke"].parameter(name), BY_KEYWORD[keyword]
    assert constraint.at_edge is not None

    kept = constraint.holds(parameter, value)

    assert (kept, kept and constraint.at_edge(parameter, value)) == SIDES[keyword, name, value]


def test_an_encoding_is_kept_or_not(contract: Contract) -> None:
    """Base64 of JSON keeps to both keywords, base64 of words to the encoding alone, and words to none."""
    parameter = contract.operations["Invoke"].parameter(CONTEXT)
    encoding, media_type = BY_KEYWORD["contentEncoding"], BY_KEYWORD["contentMediaType"]

    kept = [(encoding.holds(parameter, one), media_type.holds(parameter, one)) for one in ("e30=", "d29yZA==", "w!")]

    assert kept == [(True, True), (True, False), (False, False)]


def test_only_what_a_parameter_has_is_a_constraint(contract: Contract) -> None:
    """A parameter has the limits that the contract writes down, and no others."""
    parameters = {one.name: one for one in contract.operations["Invoke"].parameters}

    found = {
        name: {one.keyword for one in CONSTRAINTS if one.limit(parameters[name]) is not None} for name in parameters
    }

    assert found[NAME] == found["Qualifier"] == {"minLength", "maxLength", "pattern"}
    assert found[CONTEXT] == {"contentEncoding", "contentMediaType", "x-max-bytes"}
    assert found["X-Amz-Log-Type"] == set()


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("live", "lie", True),
        ("live", "li!ve", True),
        ("live", "li!e", True),
        ("live", "!live", True),
        ("live", "live!", True),
        ("live", "live", False),
        ("live", "lvie", False),
        ("live", "l!v!", False),
        ("live", "le", False),
        ("aab", "ab", True),
        ("", "a", True),
    ],
)
def test_one_edit_is_near(one: str, other: str, near: bool) -> None:  # noqa: FBT001  a column of the table
    """A text is near another that lacks a character, has one more, or another one in its place."""
    if one == other:
        assert neighbours({one}, set()) == set()
    else:
        assert (neighbours({one}, {other}) == {one}) is near
        assert (neighbours({other}, {one}) == {other}) is near
