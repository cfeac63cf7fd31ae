"""Checks signatures: Signature Version 4, as the front end of AWS does before anything else."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from conformance.exchange.sigv4 import parse_authorization, signature_of
from conformance.reference.answer import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.exchange.message import Request
    from conformance.exchange.sigv4 import Authorization, Credentials

MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
UNKNOWN_KEY = "The security token included in the request is invalid."
REQUIRED: Mapping[str, str] = {
    "Credential=": "Authorization header requires 'Credential' parameter.",
    "Signature=": "Authorization header requires 'Signature' parameter.",
    "SignedHeaders=": "Authorization header requires 'SignedHeaders' parameter.",
}
"""What an Authorization header has to have, and what is said where it has not (recorded on AWS front ends)."""
DATE_REQUIRED = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
STAMP = "%Y%m%dT%H%M%SZ"
SKEW = timedelta(minutes=5)
"""How far off a signature's time may be (recorded 2016-09-28 and 2019-03-27)."""


def check_signature(request: Request, credentials: Credentials, service: str, region: str, now: float) -> None:
    """Refuse a request that is not signed by the one who has the credentials.

    Args:
        request: as received.
        credentials: the only ones that are known.
        service: whose endpoint this is.
        region: of this endpoint.
        now: seconds since the epoch.
    """
    values = request.header("Authorization")
    if not values:
        raise Refusal("MissingAuthenticationTokenException", "Missing Authentication Token")
    given = parse_authorization(values[0])
    stamps = request.header("X-Amz-Date")
    if given is None or not stamps:
        raise Refusal("IncompleteSignatureException", _incomplete(values[0], dated=bool(stamps)))
    token = request.header("X-Amz-Security-Token")
    if given.access_key != credentials.access_key or token[:1] != _token(credentials):
        raise Refusal("UnrecognizedClientException", UNKNOWN_KEY)
    _check_scope(given, service, region)
    signature = signature_of(_as_text(request), given, credentials.secret_key, stamps[0])
    if not hmac.compare_digest(signature, given.signature):
        raise Refusal("InvalidSignatureException", MISMATCH)
    _check_age(stamps[0], datetime.fromtimestamp(now, UTC))


def _check_age(stamp: str, now: datetime) -> None:
    """Refuse a signature that is too old, or of a time to come."""
    signed = _time(stamp)
    if signed < now - SKEW:
        text = f"Signature expired: {stamp} is now earlier than {_stamp(now - SKEW)} ({_stamp(now)} - 5 min.)"
        raise Refusal("InvalidSignatureException", text)
    if signed > now + SKEW:
        text = f"Signature not yet current: {stamp} is still later than {_stamp(now + SKEW)} ({_stamp(now)} + 5 min.)"
        raise Refusal("InvalidSignatureException", text)


def _stamp(time: datetime) -> str:
    return time.strftime(STAMP)


def _incomplete(value: str, *, dated: bool) -> str:
    """Say what is missing of an Authorization header, and what there is instead."""
    missing = [text for part, text in REQUIRED.items() if part not in value]
    missing += [] if dated else [DATE_REQUIRED]
    return " ".join([*missing, f"Authorization={value}"])


def _token(credentials: Credentials) -> tuple[str, ...]:
    return () if credentials.session_token is None else (credentials.session_token,)


def _check_scope(given: Authorization, service: str, region: str) -> None:
    """Refuse a signature for another service or region (inferred)."""
    if given.service != service:
        text = f"Credential should be scoped to correct service: '{service}'."
        raise Refusal("InvalidSignatureException", text)
    if given.region != region:
        text = f"Credential should be scoped to a valid region, not '{given.region}'."
        raise Refusal("InvalidSignatureException", text)


def _as_text(request: Request) -> Request:
    """Return the request whose signature is computed: headers are text for AWS, of one byte a character.

    Encoded again, what is not ASCII is something else than what the caller signed; recorded as a bad signature.
    """
    if b"".join([value for _, value in request.headers]).isascii():
        return request
    headers = tuple((name, value.decode("latin-1").encode()) for name, value in request.headers)
    return replace(request, headers=headers)


@lru_cache(maxsize=64)
def _time(stamp: str) -> datetime:
    """Return the time of a signature; one that can't be read is as old as can be."""
    try:
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
