"""Faults of the check of signatures: what it overlooks, what it understands otherwise, and when it comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes, unquote_to_bytes

from conformance.exchange.sigv4 import parse_authorization, signature_of
from conformance.reference.answer import Refusal
from conformance.reference.faults.building import around, stage
from conformance.reference.faults.model import Fault
from conformance.reference.signature import MISMATCH, STAMP
from conformance.targets.identity import CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.exchange.message import Request
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting
    from conformance.reference.service import Stages

    Verify = Callable[[Request], None]

WRONG, UNKNOWN = "InvalidSignatureException", "UnrecognizedClientException"
EXPIRED = "Signature expired"


def _unchecked(_: Request) -> None:
    """Check no signature."""


def _before(alter: Callable[[Request], Request]) -> Change:
    """Check the signature of a request that is altered before."""

    def wrap(unbroken: Verify) -> Verify:
        return lambda request: unbroken(alter(request))

    return around("verify", wrap)


def _unless(when: Callable[[Request, Refusal], bool]) -> Change:
    """Overlook refusals of signatures."""

    def wrap(unbroken: Verify) -> Verify:
        def verify(request: Request) -> None:
            try:
                unbroken(request)
            except Refusal as found:
                if not when(request, found):
                    raise

        return verify

    return around("verify", wrap)


def _age(request: Request) -> timedelta:
    signed = datetime.strptime(request.header("X-Amz-Date")[0], STAMP).replace(tzinfo=UTC)
    return datetime.now(UTC) - signed


def _within(minutes: int) -> Callable[[Request, Refusal], bool]:
    """Tell signatures that are too old, but by less than some minutes in all."""
    return lambda request, found: found.message.startswith(EXPIRED) and _age(request) < timedelta(minutes=minutes)


def _strictly(unbroken: Verify) -> Verify:
    """Refuse signatures that are older than a minute."""

    def verify(request: Request) -> None:
        unbroken(request)
        if _age(request) > timedelta(minutes=1):
            raise Refusal(WRONG, f"{EXPIRED}: it is older than a minute.")

    return verify


def _only_invoke(unbroken: Verify) -> Verify:
    def verify(request: Request) -> None:
        if request.target.partition(b"?")[0].endswith(b"/invocations"):
            unbroken(request)

    return verify


def _afterwards(unbroken: Stages, _: Setting) -> Stages:
    """Make all other checks before that of the signature."""

    def read(request: Request, route: Route, request_id: str) -> Call:
        call = unbroken.read(request, route, request_id)
        unbroken.admit(call)
        unbroken.verify(request)
        return call

    return replace(unbroken, verify=_unchecked, read=read)


def _of_bytes(request: Request, found: Refusal) -> bool:
    """Tell signatures that are right where the headers are taken for bytes, not for text."""
    given = parse_authorization(next(iter(request.header("Authorization")), ""))
    if found.message != MISMATCH or given is None or all(value.isascii() for _, value in request.headers):
        return False
    return signature_of(request, given, CREDENTIALS.secret_key, request.header("X-Amz-Date")[0]) == given.signature


def _path(alter: Callable[[bytes], bytes]) -> Callable[[Request], Request]:
    """Change the path of a request."""

    def altered(request: Request) -> Request:
        path, mark, query = request.target.partition(b"?")
        return replace(request, target=alter(path) + mark + query)

    return altered


def _quoted(path: bytes) -> bytes:
    return quote_from_bytes(path, safe="/-_.~").encode()


def _without_query(request: Request) -> Request:
    return replace(request, target=request.target.partition(b"?")[0])


OVERLOOKING = (
    Fault(
        "signing/unchecked",
        "checks no signature",
        ("signing/missing", "signing/wrong-secret", "signing/unknown-key"),
        stage(verify=_unchecked),
        seen="ministack 1.5.33, localstack 2.3.2, serverless-offline 14.8.2, runtime interface emulator of aws-sam-cli "
        "1.170.0",
    ),
    Fault(
        "signing/not-compared",
        "looks at all of a signature but whether it is the right one",
        ("signing/wrong-secret", "signing/covers-query-and-host", "signing/invoke-async"),
        _unless(lambda _, found: found.message == MISMATCH),
    ),
    Fault(
        "signing/body-not-covered",
        "does not compare the signatures of requests that have a body",
        ("signing/covers-body",),
        _unless(lambda request, found: found.message == MISMATCH and bool(request.body)),
    ),
    Fault(
        "signing/any-key",
        "takes any access key",
        ("signing/unknown-key",),
        _unless(lambda _, found: found.name == UNKNOWN),
    ),
    Fault(
        "signing/invoke-alone",
        "wants a signature for Invoke alone",
        ("signing/all-operations", "signing/invoke-async"),
        around("verify", _only_invoke),
    ),
    Fault(
        "signing/fifteen-minutes",
        "takes a signature that is not older than fifteen minutes, as other services do",
        ("signing/expired",),
        _unless(_within(15)),
    ),
    Fault(
        "signing/headers-as-bytes",
        "takes headers beyond ASCII into a signature as the bytes that came",
        ("client-context/beyond-ascii-unencoded",),
        _unless(_of_bytes),
    ),
)

MISUNDERSTANDING = (
    Fault(
        "signing/one-minute",
        "refuses a signature that is older than a minute",
        ("signing/recent",),
        around("verify", _strictly),
    ),
    Fault(
        "signing/query-not-covered",
        "leaves the query out of the signature that it calculates",
        ("signing/covers-query-and-host",),
        _before(_without_query),
    ),
    Fault(
        "signing/path-decoded",
        "decodes the path before it calculates the signature",
        ("signing/path-encoding", "signing/path-encoded-once"),
        _before(_path(unquote_to_bytes)),
    ),
    Fault(
        "signing/path-encoded-twice",
        "encodes the path once too often for the signature that it calculates",
        ("signing/path-encoding",),
        _before(_path(_quoted)),
    ),
    Fault(
        "signing/slash-dropped",
        "leaves a slash at the end of the path out of the signature that it calculates",
        ("invoke-async/trailing-slash",),
        _before(_path(lambda path: path.rstrip(b"/"))),
    ),
    Fault(
        "signing/checked-last",
        "checks the signature after everything else",
        ("signing/before-validation",),
        _afterwards,
    ),
)

FAULTS = (*OVERLOOKING, *MISUNDERSTANDING)
