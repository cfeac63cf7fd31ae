"""AWS Signature Version 4 over the bytes that are really sent, and its counterpart for a server.

botocore signs URLs that it takes apart and puts together itself, so it can't sign a path as ``%zz`` or ``%3a``,
and it verifies nothing. The algorithm is small; it is checked against the published test vectors and against botocore.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes, unquote_to_bytes

from conformance.errors import UsageError
from conformance.exchange.message import Request
from conformance.record import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from conformance.exchange.message import Headers

ALGORITHM = "AWS4-HMAC-SHA256"
EMPTY_HASH = hashlib.sha256(b"").hexdigest()
SIGNED = frozenset({b"host", b"content-type"})
"""Headers that are signed, in lower case, beside those that begin with ``x-amz-``."""
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request,"
    r"\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key and its secret; the secrets never show in a repr."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


@record(frozen=True, slots=True)
class Authorization:
    """What an Authorization header says."""

    access_key: str
    date: str
    region: str
    service: str
    signed: tuple[str, ...]
    signature: str


def canonical_request(
    method: bytes, target: bytes, headers: Headers, signed: Sequence[str], payload_hash: str
) -> bytes:
    """Return the canonical request of the bytes of a request.

    Args:
        method: of the request line.
        target: path and query of the request line; the path is normalised, then percent-encoded (once more).
        headers: all of them.
        signed: names of those that are signed, in lower case and in order.
        payload_hash: SHA-256 of the body, in hexadecimal.
    """
    path, _, query = target.partition(b"?")
    values: dict[bytes, bytes] = {}
    for name, value in headers:
        key, given = name.lower(), b" ".join(value.split())
        values[key] = b"%b,%b" % (values[key], given) if key in values else given
    names = [name.encode("latin-1") for name in signed]
    lines = [b"%b:%b" % (name, values.get(name, b"")) for name in names]
    end = (b"", b";".join(names), payload_hash.encode())
    return b"\n".join((method, _canonical_path(path), _canonical_query(query), *lines, *end))


@lru_cache(maxsize=4096)
def _canonical_path(path: bytes) -> bytes:
    """Take out empty and dot segments, as RFC 3986 says, and percent-encode what is not unreserved."""
    kept: list[bytes] = []
    for segment in path.split(b"/"):
        if segment == b"..":
            del kept[-1:]
        elif segment not in {b"", b"."}:
            kept.append(segment)
    slash = b"/" if kept and path.endswith((b"/", b"/.", b"/..")) else b""
    return quote_from_bytes(b"/" + b"/".join(kept) + slash, safe="/-_.~").encode()


@lru_cache(maxsize=4096)
def _canonical_query(query: bytes) -> bytes:
    """Decode and encode each name and value, and sort them."""
    pairs = [part.partition(b"=")[::2] for part in query.split(b"&") if part]
    coded = [tuple(quote_from_bytes(unquote_to_bytes(one), safe="-_.~") for one in pair) for pair in pairs]
    return "&".join(f"{name}={value}" for name, value in sorted(coded)).encode()


def string_to_sign(timestamp: str, scope: str, canonical: bytes) -> str:
    """Return what is signed; ``timestamp`` is such as ``20261124T080000Z``, ``scope`` ends in ``aws4_request``."""
    return f"{ALGORITHM}\n{timestamp}\n{scope}\n{hashlib.sha256(canonical).hexdigest()}"


@lru_cache(maxsize=256)
def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """Return the key of a day, region and service."""
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


@lru_cache(maxsize=256)
def _keyed(secret: str, date: str, region: str, service: str) -> hmac.HMAC:
    """Return what makes signatures with the key of a day, region and service; for each a copy is taken."""
    return hmac.new(signing_key(secret, date, region, service), digestmod="sha256")


@lru_cache(maxsize=64)
def _timestamp(now: datetime) -> str:
    return now.strftime("%Y%m%dT%H%M%SZ")


@lru_cache(maxsize=1024)
def _to_be_signed(names: tuple[bytes, ...]) -> tuple[str, ...]:
    """Return which of the headers with these names are signed, in lower case and in order."""
    lowered = {name.lower() for name in names}
    return tuple(sorted(one.decode("latin-1") for one in lowered if one in SIGNED or one.startswith(b"x-amz-")))


def sign(request: Request, credentials: Credentials, region: str, service: str = "lambda", *, now: datetime) -> Request:
    """Return the request with X-Amz-Date, X-Amz-Security-Token (with a token) and Authorization behind its headers.

    Host, Content-Type and all ``x-amz-`` headers are signed.

    Args:
        request: unsigned.
        credentials: to sign with.
        region: of the scope.
        service: of the scope.
        now: in UTC.
    """
    timestamp = _timestamp(now)
    added = [(b"X-Amz-Date", timestamp.encode())]
    if credentials.session_token:
        added.append((b"X-Amz-Security-Token", credentials.session_token.encode()))
    headers = (*request.headers, *added)
    signed = _to_be_signed(tuple([name for name, _ in headers]))
    canonical = canonical_request(request.method, request.target, headers, signed, _payload_hash(request.body))
    signature = _signature(canonical, (timestamp[:8], region, service), credentials.secret_key, timestamp)
    value = (
        f"{ALGORITHM} Credential={credentials.access_key}/{timestamp[:8]}/{region}/{service}/aws4_request, "
        f"SignedHeaders={';'.join(signed)}, Signature={signature}"
    )
    signed_headers = (*headers, (b"Authorization", value.encode()))
    return Request(request.method, request.target, signed_headers, request.body, request.version)


def parse_authorization(value: str) -> Authorization | None:
    """Read an Authorization header; None when it isn't one of Signature Version 4."""
    found = _AUTHORIZATION.fullmatch(value.strip())
    if found is None:
        return None
    key, date, region, service, signed, signature = found.groups()
    return Authorization(key, date, region, service, tuple(signed.split(";")), signature)


def signature_of(request: Request, given: Authorization, secret: str, timestamp: str) -> str:
    """Return the signature that a request with this scope and these signed headers must have."""
    payload_hash = _payload_hash(request.body)
    canonical = canonical_request(request.method, request.target, request.headers, given.signed, payload_hash)
    return _signature(canonical, (given.date, given.region, given.service), secret, timestamp)


def _payload_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest() if body else EMPTY_HASH


def _signature(canonical: bytes, scope: tuple[str, str, str], secret: str, timestamp: str) -> str:
    """Return the signature of a canonical request; a scope is date, region and service."""
    made = _keyed(secret, *scope).copy()
    made.update(string_to_sign(timestamp, f"{'/'.join(scope)}/aws4_request", canonical).encode())
    return made.hexdigest()


def load_credentials(profile: str | None = None) -> Credentials | None:
    """Return the credentials of botocore's chain (environment, shared files, SSO and so on); None without any.

    Raises:
        UsageError: there is no such profile, or it does not lead to credentials (code ``credentials-unusable``).
    """
    import botocore.exceptions  # noqa: PLC0415  heavy, and only needed for targets that are not ours
    import botocore.session  # noqa: PLC0415  slow to import

    try:
        found = botocore.session.Session(profile=profile).get_credentials()
        frozen = None if found is None else found.get_frozen_credentials()
    except botocore.exceptions.BotoCoreError as error:
        raise UsageError("credentials-unusable", str(error), "look at AWS_PROFILE, --profile and ~/.aws") from error
    if frozen is None:
        return None
    return Credentials(frozen.access_key or "", frozen.secret_key or "", frozen.token)
