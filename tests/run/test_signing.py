"""How requests are signed, rightly and wrongly."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from conformance.cases.authored import authored_cases
from conformance.exchange.message import Request
from conformance.exchange.sigv4 import (
    Credentials,
    canonical_request,
    parse_authorization,
    sign,
    signature_of,
    signing_key,
    string_to_sign,
)
from conformance.reference.answer import Refusal
from conformance.reference.signature import check_signature
from conformance.run.signing import SIGNERS, Scope

if TYPE_CHECKING:
    from conformance.contract.model import Contract

CREDENTIALS = Credentials("AKIDOWN", "the-secret", "the-token")
REGION = "eu-west-1"
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
PATH = b"/2015-03-31/functions/arn%3Aaws%3Alambda/invocations"
REQUEST = Request(b"POST", PATH + b"?Qualifier=1", ((b"Host", b"h"), (b"X-Amz-Log-Type", b"Tail")), b"{}")
SCOPE = Scope(CREDENTIALS, REGION, "lambda", NOW)
NOT_ALL_SIGNED = {"unsigned", "other-scheme", "no-credential", "no-signed-headers", "no-signature", "no-parts"}
"""Signers whose requests have no Authorization of three parts."""


def check(signer: str, now: datetime = NOW) -> None:
    """Let the reference check what a signer made."""
    check_signature(SIGNERS[signer](REQUEST, SCOPE), CREDENTIALS, "lambda", REGION, now.timestamp())


def test_a_valid_signature_is_accepted() -> None:
    """``valid`` signs as an SDK does, so that a service with the same secret accepts it."""
    check("valid")


@pytest.mark.parametrize(
    ("signer", "refusal"),
    [
        ("unsigned", "MissingAuthenticationTokenException"),
        ("wrong-secret", "InvalidSignatureException"),
        ("unknown-key", "UnrecognizedClientException"),
        ("other-region", "InvalidSignatureException"),
        ("other-service", "InvalidSignatureException"),
        ("other-body", "InvalidSignatureException"),
        ("other-query", "InvalidSignatureException"),
        ("other-host", "InvalidSignatureException"),
        ("path-encoded-once", "InvalidSignatureException"),
        ("unsigned-payload", "InvalidSignatureException"),
        ("no-credential", "IncompleteSignatureException"),
        ("no-signed-headers", "IncompleteSignatureException"),
        ("no-signature", "IncompleteSignatureException"),
        ("no-date", "IncompleteSignatureException"),
        ("no-parts", "IncompleteSignatureException"),
        ("other-scheme", "IncompleteSignatureException"),
    ],
)
def test_a_wrong_signature_has_the_one_fault_of_its_name(signer: str, refusal: str) -> None:
    """Each of the others is refused by a service that checks, for the reason that its name says."""
    with pytest.raises(Refusal) as caught:
        check(signer)

    assert caught.value.name == refusal


@pytest.mark.parametrize(
    ("signer", "minutes"), [("3-minutes-ago", -3), ("10-minutes-ago", -10), ("10-minutes-ahead", 10)]
)
def test_a_signature_of_another_time_is_right_for_that_time(signer: str, minutes: int) -> None:
    """The time is the only thing that is wrong with it: where it is that late, the signature is accepted."""
    then = NOW + timedelta(minutes=minutes)

    check(signer, then)
    assert SIGNERS[signer](REQUEST, SCOPE).header("X-Amz-Date") == (then.strftime("%Y%m%dT%H%M%SZ"),)


@pytest.mark.parametrize(
    ("signer", "signed_as"),
    [
        ("other-body", replace(REQUEST, body=b"{} ")),
        ("other-query", replace(REQUEST, target=PATH)),
        ("other-host", replace(REQUEST, headers=((b"Host", b"elsewhere.invalid"), REQUEST.headers[1]))),
        ("path-encoded-once", replace(REQUEST, target=b"/2015-03-31/functions/arn:aws:lambda/invocations?Qualifier=1")),
    ],
)
def test_what_was_tampered_with_is_one_part(signer: str, signed_as: Request) -> None:
    """The signature is that of a request that differs in one part, and in that part alone."""
    right = sign(signed_as, CREDENTIALS, REGION, now=NOW)

    assert SIGNERS[signer](REQUEST, SCOPE).header("Authorization") == right.header("Authorization")
    assert signed_as != REQUEST


def test_an_unsigned_payload_is_right_for_whoever_allows_it() -> None:
    """The signature is the one that S3 would expect: all but the body is covered, the header that says so included."""
    request = SIGNERS["unsigned-payload"](REQUEST, SCOPE)
    given = parse_authorization(request.header("Authorization")[-1])
    assert given is not None
    canonical = canonical_request(b"POST", request.target, request.headers, given.signed, "UNSIGNED-PAYLOAD")
    text = string_to_sign("20261124T080000Z", f"20261124/{REGION}/lambda/aws4_request", canonical)
    key = signing_key(CREDENTIALS.secret_key, "20261124", REGION, "lambda")

    assert b"x-amz-content-sha256:UNSIGNED-PAYLOAD" in canonical
    assert hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == given.signature


def test_an_invented_token_is_signed_with_the_right_secret() -> None:
    """The token is the only thing that is wrong: the signature covers it and was made with the target's secret."""
    request = SIGNERS["invented-token"](REQUEST, SCOPE)
    given = parse_authorization(request.header("Authorization")[-1])
    assert given is not None

    assert request.header("X-Amz-Security-Token") == ("nobody-issued-this",)
    assert "x-amz-security-token" in given.signed
    assert signature_of(request, given, CREDENTIALS.secret_key, "20261124T080000Z") == given.signature


def test_another_region_is_another_one_everywhere() -> None:
    """There is no region whose endpoint would take the signature of ``other-region``."""
    for region in ("us-west-2", "us-east-1", REGION):
        request = SIGNERS["other-region"](REQUEST, replace(SCOPE, region=region))
        given = parse_authorization(request.header("Authorization")[-1])
        assert given is not None

        assert given.region != region


@pytest.mark.parametrize(
    ("signer", "there", "missing"),
    [
        ("no-credential", ("SignedHeaders=", "Signature="), "Credential="),
        ("no-signed-headers", ("Credential=", "Signature="), "SignedHeaders="),
        ("no-signature", ("Credential=", "SignedHeaders="), "Signature="),
        ("no-parts", ("AWS4-HMAC-SHA256 ",), "="),
    ],
)
def test_of_a_malformed_header_only_one_thing_is_missing(signer: str, there: tuple[str, ...], missing: str) -> None:
    """Authorization lacks the part that the name says, has the others, and no comma is left over."""
    (value,) = SIGNERS[signer](REQUEST, SCOPE).header("Authorization")

    assert [part for part in there if part not in value] == []
    assert missing not in value
    assert not value.endswith((",", " "))
    assert value.startswith("AWS4-HMAC-SHA256 ")


@pytest.mark.parametrize("signer", ["unsigned", "unknown-key", "other-scheme"])
def test_credentials_stay_with_those_who_need_them(signer: str) -> None:
    """What is not signed with the target's credentials carries none of them, not even the session token."""
    request = SIGNERS[signer](REQUEST, SCOPE)

    assert b"AKIDOWN" not in request.encode()
    assert b"the-token" not in request.encode()


def test_nothing_but_headers_is_added() -> None:
    """Signing leaves method, target, body and the given headers as they are, in front and in order."""
    for signer in SIGNERS.values():
        signed = signer(REQUEST, SCOPE)

        assert (signed.method, signed.target, signed.body) == (REQUEST.method, REQUEST.target, REQUEST.body)
        assert signed.headers[: len(REQUEST.headers)] == REQUEST.headers


def test_all_but_the_malformed_have_a_whole_header() -> None:
    """A signer either makes an Authorization header of three parts or is one of those that are meant not to."""
    whole = {
        name
        for name, signer in SIGNERS.items()
        if any(parse_authorization(value) for value in signer(REQUEST, SCOPE).header("Authorization"))
    }

    assert whole == SIGNERS.keys() - NOT_ALL_SIGNED


def test_the_secret_never_goes_out() -> None:
    """No request carries the secret, however it is signed."""
    for signer in SIGNERS.values():
        assert b"the-secret" not in signer(REQUEST, SCOPE).encode()


def test_cases_use_signers_of_the_table(contract: Contract) -> None:
    """Each authored call names a signer that there is, and no signer is there for nothing."""
    named = {step.call.signing for case in authored_cases(contract).values() for step in case.steps}

    assert named == SIGNERS.keys()
