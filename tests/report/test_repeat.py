"""The curl line of a case really sends what was sent."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from support.background import in_background, response
from support.reports import SECRET, TOKEN, answered, judged, report_of, request

from conformance.cases.rendering import chunked
from conformance.exchange.message import Request
from conformance.exchange.sigv4 import Credentials, parse_authorization, sign, signature_of
from conformance.oracle.outcome import Outcome
from conformance.report.repeat import LONGEST, USERS, again_line, curl_line, signed_alike
from conformance.run.signing import SIGNERS, Scope

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from conformance.exchange.message import Headers

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

PATH = b"/2015-03-31/functions/my-echo/invocations"
ORIGIN = "http://127.0.0.1:4566"
OWN = {b"host", b"authorization", b"x-amz-date", b"x-amz-security-token"}
CREDENTIALS = Credentials("AKIDEXAMPLE", SECRET, TOKEN)


@dataclass
class Server:
    """A server that keeps the requests that it gets, and where it is."""

    origin: str
    seen: list[Request]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that answers everything and reads bodies of either framing."""
    seen: list[Request] = []

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await _read(reader))
        writer.write(response(200, b"" if seen[-1].method == b"HEAD" else b"{}", "Connection: close"))
        await writer.drain()

    with in_background(behave) as recorder:
        yield Server(recorder.endpoint.origin, seen)


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
    method, target, version = head[0].split(b" ", 2)
    headers = tuple((name, value.strip(b" ")) for name, _, value in (line.partition(b":") for line in head[1:]))
    found = Request(method, target, headers, b"", version)
    if found.header("Transfer-Encoding"):
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
    else:
        body = await reader.readexactly(int("".join(found.header("Content-Length")) or 0))
    return replace(found, body=body)


def repeated(server: Server, sent: Request, signer: str = "valid") -> Request:
    """Run the curl line of a request in a shell; return what arrived."""
    line = curl_line(sent, ORIGIN, signer)
    assert line.count(ORIGIN) == 1
    return run(server, line.replace(ORIGIN, server.origin))


def run(server: Server, line: str, token: str = TOKEN) -> Request:
    """Run a shell line; return the one request that arrived."""
    server.seen.clear()
    environment = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": token}
    ended = subprocess.run(
        ["/bin/sh", "-c", line],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        timeout=10,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.startswith(b"HTTP/1.1 200 ")
    (found,) = server.seen
    return found


def told(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Return the headers that say something of the request: not where it goes, when, and who signed it."""
    return [pair for pair in headers if pair[0].lower() not in OWN]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"""{"quotes": "'\\"`$HOME $(id) \\\\n %s %% !"}""",
        b"-n",
        "é€".encode(),
        bytes(range(256)),
        b"line\nline\r\n",
        b"\x00",
        b'"' + b"a" * 100_000 + b'"',
        b"\xff" * 64 + b"\xfe" * 63 + b"\n" * 65,
    ],
)
def test_the_body_byte_for_byte(server: Server, body: bytes) -> None:
    """Quotes, control characters, binary data and long runs arrive as they were sent."""
    found = repeated(server, request(body))

    assert found.body == body
    assert found.header("Content-Length") == (str(len(body)),)


@pytest.mark.parametrize(
    "target",
    [
        PATH,
        b"/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST/invocations",
        b"/2015-03-31/functions/arn%3aaws%3Alambda/invocations",
        b"/2015-03-31/functions/%zz/invocations",
        b"/2015-03-31/functions/a/../b/./c/invocations",
        b"//2015-03-31/functions//f/invocations/",
        b"/2015-03-31/functions/f'\"{a,b}[1-3]\\/invocations?Qualifier=$LATEST&x=%zz&y=''",
        b"/2015-03-31/functions/f/invocations?",
        b"/2015-03-31/functions/%C3%A9/invocations?Qualifier=a+b%20c",
    ],
)
@pytest.mark.parametrize("signed", [False, True])
def test_the_request_target_byte_for_byte(server: Server, target: bytes, signed: bool) -> None:  # noqa: FBT001  a parameter
    """ARNs raw and encoded, broken escapes, dots, slashes, braces and quotes are neither normalised nor expanded."""
    sent = request(target=target)

    found = repeated(server, _signed(sent) if signed else sent)

    assert (found.method, found.target) == (b"POST", target)


@pytest.mark.parametrize(
    "headers",
    [
        (),
        ((b"X-Amz-Invocation-Type", b"Event"),),
        ((b"x-amz-LOG-type", b"Tail"), (b"X-Amz-Log-Type", b"None")),
        ((b"X-Quotes", b"""it's "x" $HOME `id` \\ @file %s"""),),
        ((b"X-Empty", b""),),
        ((b"Content-Type", b"text/plain"), (b"User-Agent", b"mine"), (b"Accept", b"x/y")),
        ((b"X-Latin", b"\xe9t\xe9"), (b"X-Utf-8", "€".encode())),
    ],
)
def test_the_headers_as_they_were(server: Server, headers: Headers) -> None:
    """Repeated, empty, oddly spelt and quoted headers arrive as they were sent, and none is added."""
    sent = request(headers=headers)

    found = repeated(server, sent)

    assert sorted(told(found.headers)) == sorted(told(sent.headers))


@pytest.mark.parametrize("method", [b"GET", b"PUT", b"DELETE", b"OPTIONS", b"HEAD", b"BREW"])
@pytest.mark.parametrize("body", [False, True])
def test_any_method(server: Server, method: bytes, body: bool) -> None:  # noqa: FBT001  a parameter
    """Another method than POST arrives, with a body or without; HEAD does not wait for one."""
    sent = replace(request(), method=method)
    if not body:
        sent = replace(sent, headers=sent.headers[:1], body=b"")

    found = repeated(server, sent)

    assert (found.method, found.body) == (method, sent.body)
    assert sorted(told(found.headers)) == sorted(told(sent.headers))


def test_other_framing_and_version(server: Server) -> None:
    """A chunked body arrives chunked, and HTTP/1.0 is spoken where it was."""
    plain = request(b"[1, 2, 3]")
    pieces = chunked(replace(plain, headers=(*plain.headers[:1], (b"Transfer-Encoding", b"chunked"))))

    found = repeated(server, pieces)

    assert (found.header("Transfer-Encoding"), found.body) == (("chunked",), b"[1, 2, 3]")
    assert repeated(server, replace(plain, version=b"HTTP/1.0")).version == b"HTTP/1.0"


@pytest.mark.parametrize(
    "sent",
    [
        replace(request(), headers=((b"Host", b"elsewhere"), (b"Content-Length", b"2"))),
        replace(request(), headers=((b"Host", b"127.0.0.1:4566"), (b"Content-Length", b"9"))),
        replace(request(), headers=((b"Host", b"127.0.0.1:4566"), *((b"Content-Length", b"2"),) * 2)),
        replace(request(), headers=((b"Host", b"127.0.0.1:4566"),)),
        replace(request(), headers=((b"Host", b"127.0.0.1:4566"), (b"Transfer-Encoding", b"chunked"))),
        replace(request(), headers=()),
        request(os.urandom(LONGEST)),
    ],
)
def test_no_line_is_better_than_a_wrong_one(sent: Request) -> None:
    """What curl can't frame in the same way, or no shell takes, has no line."""
    assert curl_line(sent, ORIGIN) == ""


def _signed(sent: Request, credentials: Credentials = CREDENTIALS) -> Request:
    return sign(sent, credentials, "eu-west-1", now=datetime.now(UTC))


@pytest.mark.parametrize("headers", [(), ((b"X-Amz-Invocation-Type", b"DryRun"), (b"Content-Type", b"text/x"))])
@pytest.mark.parametrize("token", [None, TOKEN])
@pytest.mark.parametrize("query", [b"", b"?Qualifier=live", b"?Qualifier=%24LATEST"])
def test_curl_signs_with_the_users_credentials(
    server: Server, query: bytes, token: str | None, headers: Headers
) -> None:
    """A signed request is signed by curl, for the same region and service, in a way that verifies."""
    sent = _signed(request(b'{"a": 1}', PATH + query, headers), Credentials("AKIDEXAMPLE", SECRET, token))
    line = curl_line(sent, ORIGIN)

    found = run(server, line.replace(ORIGIN, server.origin))

    given = parse_authorization(found.header("Authorization")[0])
    assert given is not None
    assert (given.access_key, given.region, given.service) == ("AKIDEXAMPLE", "eu-west-1", "lambda")
    assert given.signature == signature_of(found, given, SECRET, found.header("X-Amz-Date")[0])
    assert found.header("X-Amz-Security-Token") == ((TOKEN,) if token else ())
    assert sorted(told(found.headers)) == sorted(told(sent.headers))


@pytest.mark.parametrize("name", [*USERS, "unsigned"])
def test_wrong_signatures_are_wrong_in_the_same_way(server: Server, name: str) -> None:
    """A request that was signed with a wrong key, secret, token, region or service, or not at all, is repeated so."""
    sent = SIGNERS[name](request(), Scope(CREDENTIALS, "eu-west-1", "lambda", datetime.now(UTC)))

    found = repeated(server, sent, name)

    assert _signed_with(found) == _signed_with(sent)


def _signed_with(sent: Request) -> list[object]:
    """Return the key, region, service, token and secret that a request was signed with; nothing where it wasn't."""
    given = parse_authorization("".join(sent.header("Authorization")))
    if given is None:
        return []
    stamp = sent.header("X-Amz-Date")[0]
    secrets = [one for one in (SECRET, "not-the-secret") if signature_of(sent, given, one, stamp) == given.signature]
    return [given.access_key, given.region, given.service, sent.header("X-Amz-Security-Token"), *secrets]


@pytest.mark.parametrize("name", sorted(SIGNERS.keys() - USERS.keys() - {"unsigned"}))
def test_a_signature_that_curl_does_not_make_has_no_line(name: str) -> None:
    """Where curl would sign otherwise than we did, no line claims to repeat the request."""
    sent = SIGNERS[name](request(), Scope(CREDENTIALS, "eu-west-1", "lambda", datetime.now(UTC)))

    assert curl_line(sent, ORIGIN, name) == ""


def test_no_line_holds_a_secret() -> None:
    """Neither secret nor token nor the signature made with them stand in a line."""
    line = curl_line(_signed(request()), ORIGIN)

    assert "$AWS_SESSION_TOKEN" in line
    assert not any(word in line for word in (SECRET, TOKEN, "Signature=", "AKIDEXAMPLE"))


def test_a_target_that_checks_nothing_needs_no_credentials(server: Server) -> None:
    """Without credentials in the environment curl signs as we do then: with the word ``test``."""
    line = curl_line(_signed(request()), ORIGIN).replace(ORIGIN, server.origin)

    found = run(server, f"unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; {line}")

    assert "Credential=test/" in found.header("Authorization")[0]


@pytest.mark.parametrize(
    ("target", "alike"),
    [
        (PATH, True),
        (PATH + b"?Qualifier=%24LATEST", True),
        (PATH + b"?a=1&b=2", True),
        (PATH + b"?b=2&a=1", False),
        (PATH + b"?Qualifier=$LATEST", False),
        (PATH + b"?Qualifier", False),
        (b"/2015-03-31/functions/a:b/invocations", False),
        (b"/2015-03-31/functions/a%3Ab/invocations", False),
        (b"/2015-03-31/functions/a/../invocations", False),
        (b"/2015-03-31/functions/.", False),
        (b"/2015-03-31/functions/a..b/.c", True),
        (b"//2015-03-31/functions", False),
    ],
)
def test_what_every_curl_signs_rightly(target: bytes, alike: bool) -> None:  # noqa: FBT001  a parameter
    """Only a path and query that are canonical already are signed by old versions of curl as AWS does."""
    assert signed_alike(target) is alike


def test_the_command_that_judges_one_case() -> None:
    """The run's own command, narrowed to the case."""
    assert again_line("invoke-conformance run", "names/it's") == "invoke-conformance run --only 'names/it'\"'\"'s'"


def test_lines_of_a_report_are_those_of_its_exchanges(server: Server) -> None:
    """The line in a report sends to the target that was judged what was sent to it."""
    sent = _signed(request(b'{"it\'s": 1}', PATH + b"?Qualifier=live"))

    (case,) = report_of(judged(Outcome.FAIL, exchange=answered(sent=sent))).cases
    found = run(server, case.curl[0].replace(ORIGIN, server.origin))

    assert (found.target, found.body) == (sent.target, sent.body)
    assert re.search(r"--user \"\$\{AWS_ACCESS_KEY_ID:-test\}", case.curl[0])
