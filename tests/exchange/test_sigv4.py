"""Signature Version 4: against the published vectors, against botocore, and back again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import UsageError
from conformance.exchange.message import Request
from conformance.exchange.sigv4 import (
    Credentials,
    canonical_request,
    load_credentials,
    parse_authorization,
    sign,
    signature_of,
    string_to_sign,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VECTORS = Path(__file__).parent.parent / "data" / "sigv4"
KEY = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
NOW = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
TOKEN_IS_ADDED = "get-vanilla-with-session-token"  # noqa: S105  a vector's name
"""The one vector whose request lacks a header that its canonical request has: the token, which signing adds."""


def vectors() -> list[Path]:
    """The request file of each vector."""
    return sorted(VECTORS.rglob("*.req"))


def read(path: Path) -> Request:
    """The request of a vector; continuation lines belong to the header above."""
    head, _, body = path.read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")
    first, *lines = filter(None, head.split(b"\n"))
    method, _, rest = first.partition(b" ")
    headers: list[tuple[bytes, bytes]] = []
    for line in lines:
        name, _, value = line.partition(b":")
        if line[:1].isspace():
            name, above = headers.pop()
            value = above + b"\n" + line
        headers.append((name, value))
    return Request(method, rest.rpartition(b" ")[0], tuple(headers), body)


def test_there_are_vectors() -> None:
    """The vectors are there; without them the tests below would pass on nothing."""
    assert len(vectors()) == 34


@pytest.mark.parametrize("path", vectors(), ids=lambda path: path.stem)
def test_published_vectors(path: Path) -> None:
    """Canonical request, string to sign and signature of each published vector are ours, byte for byte."""
    request = read(path)
    expected = path.with_suffix(".creq").read_bytes()
    signed = expected.split(b"\n")[-2].decode().split(";")
    headers = request.headers
    if path.stem == TOKEN_IS_ADDED:
        headers += ((b"X-Amz-Security-Token", expected.partition(b"security-token:")[2].split(b"\n")[0]),)

    canonical = canonical_request(
        request.method, request.target, headers, signed, hashlib.sha256(request.body).hexdigest()
    )
    given_ = parse_authorization(path.with_suffix(".authz").read_text())

    assert canonical == expected
    assert given_ is not None
    scope = f"{given_.date}/{given_.region}/{given_.service}/aws4_request"
    assert string_to_sign("20150830T123600Z", scope, canonical) == path.with_suffix(".sts").read_text()
    complete = Request(request.method, request.target, headers, request.body)
    assert signature_of(complete, given_, KEY.secret_key, "20150830T123600Z") == given_.signature


def by_botocore(request: Request, token: str | None) -> str:
    """The Authorization header that botocore makes for the same request."""
    url = f"https://{request.header('Host')[0]}{request.target.decode()}"
    headers = {name.decode(): value.decode() for name, value in request.headers if name != b"Host"}
    aws = AWSRequest(request.method.decode(), url, headers=headers, data=request.body)
    aws.context["timestamp"] = NOW.strftime("%Y%m%dT%H%M%SZ")
    auth = SigV4Auth(BotocoreCredentials(KEY.access_key, KEY.secret_key, token), "lambda", "us-east-1")
    aws.headers["X-Amz-Date"] = aws.context["timestamp"]
    if token:
        aws.headers["X-Amz-Security-Token"] = token
    canonical = auth.canonical_request(aws)
    signature = auth.signature(auth.string_to_sign(aws, canonical), aws)
    signed = auth.signed_headers(auth.headers_to_sign(aws))
    return f"AWS4-HMAC-SHA256 Credential={auth.scope(aws)}, SignedHeaders={signed}, Signature={signature}"


@pytest.mark.parametrize("token", [None, "a-token"])
@pytest.mark.parametrize("body", [b"", b"{}", b"\x00" * 10_000])
@pytest.mark.parametrize(
    "target",
    [
        b"/2015-03-31/functions/plain/invocations",
        b"/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af/invocations",
        b"/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations",
        b"/2015-03-31/functions/f/invocations?Qualifier=%24LATEST",
        b"/2015-03-31/functions/f/invocations?x-id=Invoke&Qualifier=live",
    ],
)
def test_as_botocore_signs(target: bytes, body: bytes, token: str | None) -> None:
    """On the requests that SDKs send, the Authorization header is botocore's."""
    headers = ((b"Host", b"lambda.us-east-1.amazonaws.com"), (b"X-Amz-Log-Type", b"Tail"))
    request = Request(b"POST", target, headers, body)

    signed = sign(request, Credentials(KEY.access_key, KEY.secret_key, token), "us-east-1", now=NOW)

    assert signed.header("Authorization")[0] == by_botocore(request, token)


@given(
    target=st.binary(max_size=40).map(lambda noise: b"/" + noise.replace(b" ", b"").replace(b"\n", b"")),
    value=st.binary(max_size=40),
    body=st.binary(max_size=40),
)
def test_whatever_is_signed_can_be_verified(target: bytes, value: bytes, body: bytes) -> None:
    """Any bytes can be signed, ``%zz`` and control characters included, and verify to the same signature."""
    request = Request(b"POST", target, ((b"Host", b"h"), (b"X-Amz-Odd", value)), body)

    signed = sign(request, KEY, "us-east-1", now=NOW)
    given_ = parse_authorization(signed.header("Authorization")[0])

    assert given_ is not None
    assert signature_of(signed, given_, KEY.secret_key, "20150830T123600Z") == given_.signature


@pytest.mark.parametrize("value", ["", "Bearer x", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a/b, Signature=c"])
def test_other_headers_are_no_authorization(value: str) -> None:
    """What is no complete Signature Version 4 header is not read as one."""
    assert parse_authorization(value) is None


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"/a%3Ab", b"/a%253Ab", b""),
        (b"/a%3ab", b"/a%253ab", b""),
        (b"/a:b", b"/a%3Ab", b""),
        (b"/%zz/%", b"/%25zz/%25", b""),
        (b"//a/./b/../c/", b"/a/c/", b""),
        (b"/../..", b"/", b""),
        (b"", b"/", b""),
        (b"/f?Qualifier=%24LATEST", b"/f", b"Qualifier=%24LATEST"),
        (b"/f?Qualifier=$LATEST", b"/f", b"Qualifier=%24LATEST"),
        (b"/f?Qualifier=%24latest", b"/f", b"Qualifier=%24latest"),
        (b"/f?b=%zz&a=b=c&a", b"/f", b"a=&a=b%3Dc&b=%25zz"),
        (b"/f?&&a=1&", b"/f", b"a=1"),
        (b"/f?a=?&a=%2f", b"/f", b"a=%2F&a=%3F"),
    ],
)
def test_paths_are_encoded_again_and_queries_anew(target: bytes, path: bytes, query: bytes) -> None:
    """The path on the wire is normalised and encoded once more; names and values of the query are decoded first."""
    lines = canonical_request(b"GET", target, (), (), "").split(b"\n")

    assert (lines[1], lines[2]) == (path, query)


CHANGES: Mapping[str, Callable[[Request], Request]] = {
    "method": lambda one: replace(one, method=b"PUT"),
    "query": lambda one: replace(one, target=one.target + b"?a"),
    "path": lambda one: replace(one, target=one.target.replace(b"%3A", b"%3a")),
    "body": lambda one: replace(one, body=one.body + b" "),
    "header-twice": lambda one: replace(one, headers=(*one.headers, (b"x-amz-log-type", b"None"))),
    "header-gone": lambda one: replace(one, headers=one.headers[1:]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_after_signing_is_noticed(change: Callable[[Request], Request]) -> None:
    """A signature holds for the bytes that were signed, and for no others."""
    headers = ((b"Host", b"h"), (b"X-Amz-Log-Type", b"Tail"))
    signed = sign(Request(b"POST", b"/a%3Ab", headers, b"{}"), KEY, "us-east-1", now=NOW)
    given_ = parse_authorization(signed.header("Authorization")[0])
    assert given_ is not None

    assert signature_of(change(signed), given_, KEY.secret_key, "20150830T123600Z") != given_.signature


def test_credentials_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Key, secret and token come from where every AWS tool takes them."""
    for name, value in (("ACCESS_KEY_ID", "id"), ("SECRET_ACCESS_KEY", "secret"), ("SESSION_TOKEN", "token")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)

    assert load_credentials() == Credentials("id", "secret", "token")


def test_a_profile_that_is_not_there_is_the_users_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A profile that no file has is named in the error."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))

    with pytest.raises(UsageError, match="no-such-profile"):
        load_credentials("no-such-profile")


def test_secrets_do_not_show() -> None:
    """Neither the secret key nor the session token is in the repr of credentials."""
    shown = repr(Credentials("id", "the-secret", "the-token"))

    assert "the-secret" not in shown
    assert "the-token" not in shown
