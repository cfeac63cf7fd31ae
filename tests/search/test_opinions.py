"""What is to be said of an answer to a request that somebody else made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.contract.reader import load_contract
from conformance.contract.requirements import Tier, load_requirements
from conformance.exchange.endpoint import Endpoint
from conformance.exchange.message import Exchange, Failure, FailureKind, Request, Response
from conformance.exchange.sigv4 import Credentials
from conformance.oracle.clause import Clause
from conformance.oracle.judge import Check
from conformance.oracle.outcome import Outcome
from conformance.oracle.site import Site
from conformance.search.opinions import Complaint, Oracle, Where, broken

if TYPE_CHECKING:
    from collections.abc import Sequence

SITE = Site("us-east-1", "123456789012", {"echo": "echo"})
ENDPOINT = Endpoint("127.0.0.1", 80, base_path="/base")
WHERE = Where(ENDPOINT, SITE, Credentials("key", "secret"), frozenset({"Invoke"}))
ORACLE = Oracle(WHERE, load_contract(), load_requirements(), Tier.STRICT)
TARGET = b"/base/2015-03-31/functions/echo/invocations"
REQUEST = Request(b"POST", TARGET, ((b"Host", b"127.0.0.1"), (b"Content-Length", b"2")), b"{}")
RECORDED, INFERRED = "status-codes/synchronous-200", "second-opinion/no-complaint"


def exchange(response: Response | None) -> Exchange:
    """An exchange of REQUEST."""
    failure = None if response else Failure(FailureKind.CLOSED, "closed")
    return Exchange(REQUEST, REQUEST.encode(), b"", response, failure, 0.0, 0.0)


def test_a_request_below_a_base_path_is_judged() -> None:
    """The oracle reads the path without the base path of the endpoint, and says what is broken in words."""
    clauses, checks = ORACLE.verdict(exchange(Response(500, b"", b"HTTP/1.1", (), b"")))

    assert clauses[0] == Clause(RECORDED, "status", "equals", 200)
    assert checks[0].outcome is Outcome.FAIL
    assert broken(checks).splitlines()[0] == f"{RECORDED}: status: expected 200, observed 500"


def test_without_an_answer_there_is_nothing_to_judge() -> None:
    """What is expected is told, but no check is made."""
    clauses, checks = ORACLE.verdict(exchange(None))

    assert clauses
    assert checks == ()


def test_a_request_is_signed_unless_there_are_no_credentials() -> None:
    """The signature stands behind the headers, and everything else stays."""
    signed = WHERE.signed(REQUEST)
    unsigned = Where(ENDPOINT, SITE, None, frozenset({"Invoke"})).signed(REQUEST)

    assert (signed.target, signed.body, signed.headers[:2]) == (REQUEST.target, REQUEST.body, REQUEST.headers)
    assert signed.header("Authorization")
    assert unsigned == REQUEST


@pytest.mark.parametrize(
    ("check", "requirement", "outcome", "stands"),
    [
        ("positive_data_acceptance", RECORDED, Outcome.PASS, False),
        ("negative_data_rejection", RECORDED, Outcome.PASS, False),
        ("positive_data_acceptance", RECORDED, Outcome.FAIL, True),
        ("positive_data_acceptance", INFERRED, Outcome.PASS, True),
        ("response_schema_conformance", RECORDED, Outcome.PASS, True),
        ("not_a_server_error", RECORDED, Outcome.PASS, True),
    ],
)
def test_evidence_refutes_a_guess_about_the_status(
    check: str, requirement: str, outcome: Outcome, *, stands: bool
) -> None:
    """A complaint is left out where it guesses a status and a requirement with evidence asks for the one that came."""
    complaints = (Complaint(check, "text"),)
    checks: Sequence[Check] = (Check(Clause(requirement, "status", "equals", 200), outcome, 200),)

    assert ORACLE.standing(complaints, checks) == (complaints if stands else ())
    assert ORACLE.standing(complaints, ()) == complaints
