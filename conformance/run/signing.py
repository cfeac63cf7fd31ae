"""How requests are signed: rightly, and in the ways that a target has to refuse."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote_to_bytes

from conformance.exchange.sigv4 import (
    Credentials,
    canonical_request,
    parse_authorization,
    sign,
    signing_key,
    string_to_sign,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from conformance.exchange.message import Request


@dataclass(frozen=True, slots=True)
class Scope:
    """With what a request is signed: the target's credentials, its region, the service and the time."""

    credentials: Credentials
    region: str
    service: str
    now: datetime


if TYPE_CHECKING:
    Signer: TypeAlias = Callable[[Request, Scope], Request]

UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
"""What stands for the hash of a body that the signature leaves out; S3's invention."""
BASIC = b"Basic bm9ib2R5OmtleQ"
"""Credentials of another scheme, of a user that nobody knows."""


def _signed(request: Request, scope: Scope) -> Request:
    return sign(request, scope.credentials, scope.region, scope.service, now=scope.now)


def _unsigned(request: Request, _: Scope) -> Request:
    return request


def _in(change: Callable[[Scope], Scope]) -> Signer:
    """Sign rightly, but with other credentials, for another region or service, or at another time."""
    return lambda request, scope: _signed(request, change(scope))


def _having_signed(change: Callable[[Request], Request]) -> Signer:
    """Sign a request that is changed in one part, so that the one that goes out was tampered with.

    The change leaves the number of headers as it is.
    """

    def signer(request: Request, scope: Scope) -> Request:
        added = _signed(change(request), scope).headers[len(request.headers) :]
        return replace(request, headers=(*request.headers, *added))

    return signer


def _authorized(edit: Callable[[bytes], bytes]) -> Signer:
    """Sign rightly, then spoil the header Authorization."""

    def signer(request: Request, scope: Scope) -> Request:
        headers = _signed(request, scope).headers
        edited = ((name, edit(value) if name == b"Authorization" else value) for name, value in headers)
        return replace(request, headers=tuple(edited))

    return signer


def _without_part(name: bytes) -> Signer:
    """Leave one of the three parts of Authorization out."""
    return _authorized(lambda value: re.sub(rb"%b=[^,]+(, )?" % name, b"", value).rstrip(b", "))


def _without_date(request: Request, scope: Scope) -> Request:
    headers = _signed(request, scope).headers
    return replace(request, headers=tuple(pair for pair in headers if pair[0] != b"X-Amz-Date"))


def _other_scheme(request: Request, _: Scope) -> Request:
    return replace(request, headers=(*request.headers, (b"Authorization", BASIC)))


def _unsigned_payload(request: Request, scope: Scope) -> Request:
    """Sign all but the body, and say so in X-Amz-Content-Sha256."""
    told = (b"X-Amz-Content-Sha256", UNSIGNED_PAYLOAD.encode())
    signed = _signed(replace(request, headers=(*request.headers, told)), scope)
    given = parse_authorization(signed.header("Authorization")[-1])
    if given is None:
        raise ValueError("the signature that was just made is none")
    canonical = canonical_request(signed.method, signed.target, signed.headers, given.signed, UNSIGNED_PAYLOAD)
    text = string_to_sign(
        signed.header("X-Amz-Date")[-1], f"{given.date}/{given.region}/{given.service}/aws4_request", canonical
    )
    key = signing_key(scope.credentials.secret_key, given.date, given.region, given.service)
    right = hmac.digest(key, text.encode(), "sha256").hex()
    name, value = signed.headers[-1]
    spelled = value.replace(given.signature.encode(), right.encode())
    return replace(signed, headers=(*signed.headers[:-1], (name, spelled)))


def _wrong_secret(scope: Scope) -> Scope:
    return replace(scope, credentials=replace(scope.credentials, secret_key="not-the-secret"))  # noqa: S106  no secret


def _unknown_key(scope: Scope) -> Scope:
    return replace(scope, credentials=Credentials("AKIAUNKNOWNUNKNOWN00", "not-the-secret"))


def _invented_token(scope: Scope) -> Scope:
    return replace(scope, credentials=replace(scope.credentials, session_token="nobody-issued-this"))  # noqa: S106  no secret


def _other_region(scope: Scope) -> Scope:
    return replace(scope, region="us-west-2" if scope.region != "us-west-2" else "us-east-1")


def _other_service(scope: Scope) -> Scope:
    return replace(scope, service="execute-api")


def _later(minutes: int) -> Callable[[Scope], Scope]:
    return lambda scope: replace(scope, now=scope.now + timedelta(minutes=minutes))


def _other_host(request: Request) -> Request:
    headers = tuple((name, b"elsewhere.invalid" if name == b"Host" else value) for name, value in request.headers)
    return replace(request, headers=headers)


def _once_encoded(request: Request) -> Request:
    """Take one layer of percent-encoding off the path; the canonical path then has one too few."""
    path, mark, query = request.target.partition(b"?")
    return replace(request, target=unquote_to_bytes(path) + mark + query)


SIGNERS: Mapping[str, Signer] = {
    "valid": _signed,
    "unsigned": _unsigned,
    "wrong-secret": _in(_wrong_secret),
    "unknown-key": _in(_unknown_key),
    "invented-token": _in(_invented_token),
    "other-region": _in(_other_region),
    "other-service": _in(_other_service),
    "3-minutes-ago": _in(_later(-3)),
    "10-minutes-ago": _in(_later(-10)),
    "10-minutes-ahead": _in(_later(10)),
    "other-body": _having_signed(lambda request: replace(request, body=request.body + b" ")),
    "other-query": _having_signed(lambda request: replace(request, target=request.target.partition(b"?")[0])),
    "other-host": _having_signed(_other_host),
    "path-encoded-once": _having_signed(_once_encoded),
    "unsigned-payload": _unsigned_payload,
    "no-credential": _without_part(b"Credential"),
    "no-signed-headers": _without_part(b"SignedHeaders"),
    "no-signature": _without_part(b"Signature"),
    "no-date": _without_date,
    "no-parts": _authorized(lambda value: value.partition(b" ")[0] + b" nothing"),
    "other-scheme": _other_scheme,
}
"""Name -> function of an unsigned request and the scope of its signature."""
