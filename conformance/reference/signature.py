"""Checks signatures: Signature Version 4, as the front end of AWS does before anything else."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from conformance.exchange.sigv4 import parse_authorization, signature_of
from conformance.reference.answer import Refusal

if TYPE_CHECKING:
    from conformance.exchange.message import Request
    from conformance.exchange.sigv4 import Credentials

MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
SKEW = 15 * 60
"""Seconds that a signature's time may be off."""


def check_signature(request: Request, credentials: Credentials, region: str, now: float) -> None:
    """Refuse a request that is not signed by the one who has the credentials.

    Args:
        request: as received.
        credentials: the only ones that are known.
        region: of this endpoint.
        now: seconds since the epoch.
    """
    values = request.header("Authorization")
    if not values:
        raise Refusal("MissingAuthenticationTokenException", "Missing Authentication Token")
    given = parse_authorization(values[0])
    stamps = request.header("X-Amz-Date")
    if given is None or not stamps:
        raise Refusal(
            "IncompleteSignatureException", f"Authorization header is not complete. Authorization={values[0]}"
        )
    if given.access_key != credentials.access_key:
        raise Refusal("UnrecognizedClientException", "The security token included in the request is invalid.")
    for part, wanted in ((given.service, "lambda"), (given.region, region)):
        if part != wanted:
            text = f"Credential should be scoped to correct service: '{wanted}'." if wanted == "lambda" else None
            raise Refusal(
                "InvalidSignatureException", text or f"Credential should be scoped to a valid region, not '{part}'."
            )
    signature = signature_of(request, given, credentials.secret_key, stamps[0])
    if not hmac.compare_digest(signature, given.signature):
        raise Refusal("InvalidSignatureException", MISMATCH)
    if abs(_seconds(stamps[0]) - now) > SKEW:
        raise Refusal("InvalidSignatureException", f"Signature expired: {stamps[0]} is not within 15 min. of now")


@lru_cache(maxsize=64)
def _seconds(stamp: str) -> float:
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0
