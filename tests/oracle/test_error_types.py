"""An error's type is found in every spelling that the protocol allows, and nowhere else."""

from __future__ import annotations

import pytest

from conformance.exchange.message import Response
from conformance.oracle.reading import ABSENT, Reading

NAME = "ResourceNotFoundException"
URI = "http://internal.amazon.com/coral/com.amazonaws.lambda/"
SPELLINGS = [
    NAME,
    f"{NAME}:{URI}",
    f"com.amazonaws.lambda#{NAME}",
    f"com.amazonaws.lambda#{NAME}:{URI}",
    f"a#b#{NAME}",
]


def _reading(body: str, *headers: str) -> Reading:
    pairs = tuple((b"X-Amzn-Errortype", value.encode()) for value in headers)
    return Reading(Response(404, b"Not Found", b"HTTP/1.1", pairs, body.encode()))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_header_may_have_a_namespace_before_the_name_and_a_uri_behind_it(spelling: str) -> None:
    """Only the bare name counts, in whatever case the header itself is written."""
    assert _reading("{}", spelling).error_type == NAME


@pytest.mark.parametrize("key", ["code", "__type"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_without_the_header_the_body_may_tell_the_type(key: str, spelling: str) -> None:
    """A member code or __type stands in for the header, in the same spellings."""
    assert _reading(f'{{"{key}": "{spelling}"}}').error_type == NAME


def test_the_header_comes_before_the_body() -> None:
    """Where both tell a type, the header counts."""
    assert _reading('{"__type": "Other"}', NAME).error_type == NAME


def test_a_nested_member_tells_nothing() -> None:
    """Only a member of the body itself counts."""
    assert _reading(f'{{"error": {{"__type": "{NAME}"}}}}').error_type is ABSENT


@pytest.mark.parametrize(("key", "other"), [("message", "Message"), ("Message", "message")])
def test_the_message_is_found_under_either_key(key: str, other: str) -> None:
    """Both keys are in use, by the error's shape."""
    assert _reading(f'{{"Type": "User", "{key}": "not {other}"}}').error_message == f"not {other}"
