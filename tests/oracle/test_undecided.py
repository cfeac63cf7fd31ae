"""What the oracle expects where it can't be sure: nothing that the service might contradict."""

from __future__ import annotations

import pytest

from conformance.cases.model import Call
from conformance.contract.reader import load_contract
from conformance.contract.requirements import load_requirements
from conformance.generation.cases import generated_cases
from conformance.generation.drafts import clauses_of
from conformance.oracle.clause import Clause
from conformance.oracle.resting import GUESSED

CONTRACT = load_contract()
ANYWHERE = "arn:aws-cn:lambda:{region}:{account}:function:"
READ = {
    *("names/read-as-the-pattern-does", "names/other-partition", "routing/upper-case-headers"),
    *("invoke-async/no-other-members", "payload/any-content-type", "streaming/empty-body"),
}
"""Requirements that are only reasoned, and say how something is read rather than that it is refused."""
UNROUTED = {"streaming/only-post", "invoke-async/only-post"}
"""Those about methods of no operation, of whose answer nothing else is expected but its text."""
SIGNED = {"signing/invented-token", "signing/not-yet-current", "signing/scope", "signing/unsigned-payload"}
"""Those about signatures, of whose refusal nothing is expected that holds of refusals in general."""
NO_VIOLATION = Clause("names/well-formed", "error type", "is not", "ValidationException")


def expected(call: Call, subject: str) -> list[Clause]:
    """Return what is expected of one subject of the answer to a call."""
    return [one for one in clauses_of(call, CONTRACT) if one.subject == subject]


@pytest.mark.parametrize("name", ["function:{echo}", "{region}:{echo}", ANYWHERE + "{echo}"])
@pytest.mark.parametrize("header", ["X-Amz-Log-Type", "X-Amz-Invocation-Type"])
def test_a_well_formed_name_does_not_rule_out_another_violation(name: str, header: str) -> None:
    """Whether an empty header violates its enumeration is not known, so that the name can't forbid a violation."""
    assert NO_VIOLATION in expected(Call(name), "error type")
    assert NO_VIOLATION not in expected(Call(name, headers=((header, ""),)), "error type")


def test_a_function_elsewhere_may_be_throttled() -> None:
    """An ARN of another partition may reach the function or not; if it does, what holds of the function may come."""
    (status,) = expected(Call(ANYWHERE + "{closed}"), "status")
    (ordinary,) = expected(Call(ANYWHERE + "{echo}"), "status")

    assert set(status.value) == {*ordinary.value, 429}


@pytest.mark.parametrize(
    ("call", "payload"),
    [
        (Call("{log}"), {"last": "last line of the log"}),
        (Call("{log}", body=b"[]"), None),
        (Call("{log}", body=b'{"lines": 2}'), {"last": "last line of the log"}),
        (Call("{log}", body=b'{"lines": "2"}'), None),
        (Call("{log}", body=b'{"lines": true}'), None),
        (Call("{log}", body=b'{"lines": 2001}'), None),
    ],
)
def test_results_are_expected_where_the_event_decides(call: Call, payload: object) -> None:
    """The result of a function is expected as far as it follows from the event; nothing is where it depends on code."""
    assert [one.value for one in expected(call, "json")] == [payload] * (payload is not None)


def test_an_error_is_expected_where_the_event_asks_for_none() -> None:
    """The error of raise is known, unless the event asks for one of its own."""
    own, asked = Call("{raise}", body=b"[1]"), Call("{raise}", body=b'{"message": 1}')

    assert [one.value for one in expected(own, "json /errorMessage")] == ["raised on purpose"]
    assert expected(asked, "json /errorMessage") == []


def test_bytes_that_are_no_request_are_answered_or_closed_on() -> None:
    """Of them no more is expected than that: an answer, or the end of the connection."""
    (clause,) = clauses_of(Call(wire=b"nonsense"), CONTRACT)

    assert (clause.subject, clause.value) == ("reaction", ["answered", "closed"])


def test_what_is_only_reasoned_to_be_refused_may_be_taken() -> None:
    """A target that takes a request of which a refusal is only reasoned gets notes, and fails nothing."""
    requirements = load_requirements()
    reasoned = {
        case.id: [one for one in case.steps[0].expect if requirements[one.requirement].can_fail]
        for case in generated_cases(CONTRACT).values()
        if case.steps[0].expect[0].requirement in GUESSED
    }

    certain = {one.subject for clauses in reasoned.values() for one in clauses}

    assert len(reasoned) > 10
    assert certain <= {"header x-amzn-RequestId"}


def test_what_is_only_reasoned_is_named_as_such() -> None:
    """Of the requirements about a refusal's status and type, those are listed that can't fail, and no others."""
    requirements = load_requirements()
    cited = {
        clause.requirement
        for case in generated_cases(CONTRACT).values()
        for clause in case.steps[0].expect
        if clause.subject in {"status", "error type"} and clause.rule != "is not"
    }

    inferred = {one for one in cited if not requirements[one].can_fail}

    assert inferred - GUESSED == READ | UNROUTED | SIGNED
    assert [one for one in GUESSED if requirements[one].can_fail] == []
    assert len(cited & GUESSED) > 5
