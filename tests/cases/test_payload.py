"""The bodies that cases send are what the cases say: JSON or none, UTF-8 or none, as large as a limit."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from conformance.cases.authored import authored_cases
from conformance.cases.model import Sized
from conformance.cases.payload import ANY_JSON, UNSETTLED, WHITESPACE
from conformance.cases.payload_malformed import GRAMMAR, NO_UTF8
from conformance.contract.reader import load_contract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.model import Case
    from conformance.contract.requirements import Requirement

CONTRACT = load_contract()
CASES = authored_cases(CONTRACT)
LARGE = 5_000_000
"""Bytes from which on a body or a result takes its time."""
MOST_LARGE = 10


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _strictly(text: bytes) -> Any:
    return json.loads(text.decode("utf-8"), parse_constant=_refuse)


def _header(case: Case) -> str:
    return dict(case.steps[0].call.headers)["X-Amz-Client-Context"]


@pytest.mark.parametrize(("body", "value"), [row[1:] for row in ANY_JSON.values() if row[2] is not None])
def test_a_body_of_any_json_has_the_value_that_is_expected(body: bytes, value: object) -> None:
    """What a case expects back is the value of the body that it sends."""
    assert _strictly(body) == value


@pytest.mark.parametrize("body", [row[1] for row in WHITESPACE.values()])
def test_whitespace_makes_no_difference(body: bytes) -> None:
    """The bodies that differ in whitespace have one value."""
    assert _strictly(body) == {"a": [1, 2]}


@pytest.mark.parametrize("body", [row[1] for row in GRAMMAR.values()], ids=list(GRAMMAR))
def test_a_body_that_resembles_json_is_none(body: bytes) -> None:
    """No body that a case wants refused for its grammar is JSON, and each is UTF-8."""
    assert body.decode("utf-8")
    with pytest.raises(ValueError, match=r".+"):
        _strictly(body)


@pytest.mark.parametrize("body", [row[1] for row in NO_UTF8.values()], ids=list(NO_UTF8))
def test_a_string_that_is_no_utf8_is_at_fault_for_nothing_else(body: bytes) -> None:
    """A body that a case wants refused for its encoding would be JSON in another one."""
    with pytest.raises(UnicodeDecodeError):
        _strictly(body)
    assert json.loads(body.decode("latin-1"))


def test_what_is_not_on_record_can_only_note(requirements: Mapping[str, Requirement]) -> None:
    """Bodies about which nothing is known never make a target fail."""
    assert {row[0] for row in UNSETTLED.values() if requirements[row[0]].can_fail} == set()


def test_client_contexts_keep_within_the_limit_or_exceed_it() -> None:
    """The longest client context is within the documented limit and the next longer one is not."""
    limit = CONTRACT.limits["client-context"]
    longest, too_long = (len(_header(CASES[f"client-context/{name}"])) for name in ("longest", "too-long"))

    assert longest <= limit < too_long
    assert too_long - longest == 4


def test_what_is_no_client_context_is_base64_of_something_else() -> None:
    """The client contexts that are refused for what they encode are base64 and no JSON object."""
    refused = [
        case
        for case in CASES.values()
        if case.area == "client-context"
        and {"client-context/not-json", "client-context/not-an-object"} & set(case.requirements)
    ]
    decoded = [base64.b64decode(_header(case), validate=True) for case in refused]

    assert len(decoded) == 6
    for one in decoded:
        try:
            value = _strictly(one)
        except ValueError:
            continue
        assert not isinstance(value, dict)


def _megabytes(case: Case) -> bool:
    bodies = [step.call.body for step in case.steps]
    sizes = [one.size if isinstance(one, Sized) else _asked_for(one) for one in bodies]
    return max(sizes) >= LARGE


def _asked_for(body: bytes) -> int:
    """The size of the result that a body asks for; 0 where it asks for none."""
    found = re.search(rb'^{"size": (\d+)}$', body)
    return int(found[1]) if found else 0


def test_few_cases_of_the_area_limits_are_large() -> None:
    """Bodies and results of megabytes stay few, since a run sends all of them."""
    large = [case.id for case in CASES.values() if case.area == "limits" and _megabytes(case)]

    assert "limits/synchronous-request" in large
    assert len(large) < MOST_LARGE
