"""The patterns and tables of cases about the bodies of refusals fit what is recorded, and that alone."""

from __future__ import annotations

import re

import pytest

from conformance.cases.authored import authored_cases
from conformance.cases.request_errors import USER
from conformance.contract.reader import load_contract

CASES = authored_cases(load_contract())


@pytest.mark.parametrize(
    "body",
    [
        '{"Type":"User","Message":"Function not found"}',
        '{"Type": "User", "message": "of the \\"Type\\" User"}',
        '{\n  "message": "no type",\n  "Type" :\n "User"\n}',
        '{"message":"no type at all"}',
    ],
)
def test_the_type_user_fits_however_it_is_spaced(body: str) -> None:
    """A body without Type fits, and one with User, compact or not."""
    assert re.search(USER, body)


@pytest.mark.parametrize(
    "body",
    ['{"Type":"Service","message":"x"}', '{"message": "x",\n "Type": "user"}', '{"Type":  null, "message": "x"}'],
)
def test_another_type_does_not_fit(body: str) -> None:
    """A body whose Type is anything else does not fit."""
    assert not re.search(USER, body)


def test_members_are_those_of_the_shape_with_the_message_at_least() -> None:
    """The message must be there, Type may be, and nothing else is allowed."""
    clauses = CASES["request-errors/invalid-parameter-body"].clauses
    allowed = next(one.value for one in clauses if one.subject == "members")

    assert allowed == [["message"], ["Type", "message"]]
