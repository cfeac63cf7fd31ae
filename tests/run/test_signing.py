"""How requests are signed, rightly and wrongly."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from conformance.cases.authored import authored_cases
from conformance.exchange.message import Request
from conformance.exchange.sigv4 import Credentials
from conformance.reference.answer import Refusal
from conformance.reference.signature import check_signature
from conformance.run.signing import SIGNERS, Scope

if TYPE_CHECKING:
    from conformance.contract.model import Contract

CREDENTIALS = Credentials("AKIDOWN", "the-secret", "the-token")
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
REQUEST = Request(b"POST", b"/2015-03-31/functions/f/invocations", ((b"Host", b"h"),), b"{}")


def check(signer: str) -> None:
    """Let the reference check what a signer made."""
    request = SIGNERS[signer](REQUEST, Scope(CREDENTIALS, "eu-west-1", "lambda", NOW))
    check_signature(request, CREDENTIALS, "eu-west-1", NOW.timestamp())


def test_a_valid_signature_is_accepted() -> None:
    """``valid`` signs as an SDK does, so that a service with the same secret accepts it."""
    check("valid")


@pytest.mark.parametrize(
    ("signer", "refusal"),
    [
        ("unsigned", "MissingAuthenticationTokenException"),
        ("wrong-secret", "InvalidSignatureException"),
        ("unknown-key", "UnrecognizedClientException"),
    ],
)
def test_a_wrong_signature_has_the_one_fault_of_its_name(signer: str, refusal: str) -> None:
    """Each of the others is refused by a service that checks, for the reason that its name says."""
    with pytest.raises(Refusal) as caught:
        check(signer)

    assert caught.value.name == refusal


@pytest.mark.parametrize("signer", ["unsigned", "unknown-key"])
def test_credentials_stay_with_those_who_need_them(signer: str) -> None:
    """What is not signed with the target's credentials carries none of them, not even the session token."""
    request = SIGNERS[signer](REQUEST, Scope(CREDENTIALS, "eu-west-1", "lambda", NOW))

    assert b"AKIDOWN" not in request.encode()
    assert b"the-token" not in request.encode()


def test_nothing_but_headers_is_added() -> None:
    """Signing leaves method, target, body and the given headers as they are, in front and in order."""
    for signer in SIGNERS.values():
        signed = signer(REQUEST, Scope(CREDENTIALS, "eu-west-1", "lambda", NOW))

        assert (signed.method, signed.target, signed.body) == (REQUEST.method, REQUEST.target, REQUEST.body)
        assert signed.headers[: len(REQUEST.headers)] == REQUEST.headers


def test_cases_use_signers_of_the_table(contract: Contract) -> None:
    """Each authored call names a signer that there is."""
    named = {step.call.signing for case in authored_cases(contract).values() for step in case.steps}

    assert named <= SIGNERS.keys()
