"""The lines that repeat a case: curl, and ourselves.

curl is asked for exactly what was sent: no path normalised, none of its own headers added. Where it can't send the
same request, there is no line rather than a wrong one. No line holds a secret: credentials come from the environment.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote_from_bytes, unquote_to_bytes

from conformance.exchange.sigv4 import parse_authorization

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.exchange.message import Request

LEFT_OUT = frozenset({b"host", b"content-length", b"authorization", b"x-amz-date", b"x-amz-security-token"})
"""Headers that curl makes itself."""
UNASKED = (b"User-Agent", b"Accept", b"Content-Type", b"Expect")
"""Headers that curl would add of its own."""
ENVIRONMENT = '"${AWS_ACCESS_KEY_ID:-test}:${AWS_SECRET_ACCESS_KEY:-test}"'
"""Whose credentials curl signs with; emulators that check nothing take ``test``."""
USERS: Mapping[str, str] = {
    "valid": ENVIRONMENT,
    "other-region": ENVIRONMENT,
    "other-service": ENVIRONMENT,
    "invented-token": ENVIRONMENT,
    "wrong-secret": '"${AWS_ACCESS_KEY_ID:-test}:not-the-secret"',
    "unknown-key": "AKIAUNKNOWNUNKNOWN00:not-the-secret",
}
"""With whose credentials curl signs, by the name of the signer; in the ways of the other signers curl can't sign."""
TOKENS: Mapping[str, str] = {"invented-token": "nobody-issued-this"}
"""Session tokens that are no secret, by the name of the signer."""
RUN = 64
"""From so many equal bytes on, a body is written as a product."""
LONGEST = 100_000
"""Characters of a shell line; Linux takes no argument of more than 128 KiB."""
PLAIN = 4096
"""Bytes of a body of text that is written out."""
_RUN = re.compile(rb"(.)\1{%d}" % (RUN - 1), re.DOTALL)
_BENT = re.compile(rb"/(\.?\.?)/|/\.?\.$")
_CHUNK = re.compile(rb"([0-9A-Fa-f]+)\r\n")


def again_line(command: str, case: str) -> str:
    """Return the command that judges one case alone."""
    return f"{command} --only {shlex.quote(case)}"


def curl_line(request: Request, origin: str, signer: str = "valid") -> str:
    """Return a shell line that sends the same request; empty where curl can't.

    A request that was signed is signed by curl, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where a session
    token was sent, AWS_SESSION_TOKEN.

    Args:
        request: what was sent.
        origin: where to, such as ``http://127.0.0.1:4566``.
        signer: a key of the signers' table.
    """
    values = _by_name(request)
    body, signed, sized = _body(request, values), b"authorization" in values, _has_body(values)
    one_host = values.get(b"host") == [origin.partition("://")[2].encode()]
    if body is None or not one_host or (signed and signer not in USERS):
        return ""
    words = ["curl", "-sS", "-i", "--globoff", *_version(request), *_method(request, sized=sized)]
    words += _headers(request, values)
    words += _signature(values, signer) if signed else ["--path-as-is"]
    words += ["--data-binary", "@-"] * sized
    words += [*_request_target(request, signed=signed), _word(origin.encode() + request.target)]
    printing = _printing(body) if sized else ""
    line = " ".join([*([printing, "|"] if sized else []), *words])
    return line if len(line) <= LONGEST and (printing or not sized) else ""


def signed_alike(target: bytes) -> bool:
    """Tell whether every curl signs a request-target rightly; before 8.14 it left reserved characters as they are."""
    path, _, query = target.partition(b"?")
    pairs = [part.partition(b"=")[::2] for part in query.split(b"&") if part]
    canonical = sorted(tuple(quote_from_bytes(unquote_to_bytes(one), safe="") for one in pair) for pair in pairs)
    same = "&".join(f"{name}={value}" for name, value in canonical).encode() == query
    return same and quote_from_bytes(path, safe="/").encode() == path and not _BENT.search(path)


Values: TypeAlias = "Mapping[bytes, list[bytes]]"


def _by_name(request: Request) -> Values:
    """Return the values of the headers of a request, in order, by their name in lower case."""
    found: dict[bytes, list[bytes]] = {}
    for name, value in request.headers:
        found.setdefault(name.lower(), []).append(value)
    return found


def _has_body(values: Values) -> bool:
    return b"content-length" in values or b"transfer-encoding" in values


def _body(request: Request, values: Values) -> bytes | None:
    """Return the body that curl must be given; None where it can't frame it in the same way."""
    lengths, codings = values.get(b"content-length"), values.get(b"transfer-encoding")
    if codings:
        return _unchunked(request.body) if codings == [b"chunked"] and not lengths else None
    if not lengths:
        return None if request.body else b""
    return request.body if lengths == [b"%d" % len(request.body)] else None


def _unchunked(data: bytes) -> bytes | None:
    """Return what chunks hold, which curl cuts in its own way; None where they are not as they must be."""
    found: list[bytes] = []
    at = 0
    while match := _CHUNK.match(data, at):
        size = int(match[1], 16)
        end = match.end() + size
        if data[end : end + 2] != b"\r\n":
            return None
        if not size:
            return b"".join(found)
        found.append(data[match.end() : end])
        at = end + 2
    return None


def _method(request: Request, *, sized: bool) -> list[str]:
    """Return the words for the method; curl told to call its request HEAD waits for a body that never comes."""
    if request.method != b"HEAD":
        return ["-X", _word(request.method)]
    return ["--max-time", "5", "-X", "HEAD"] if sized else ["--head"]


def _version(request: Request) -> list[str]:
    return ["--http1.0"] if request.version == b"HTTP/1.0" else []


def _headers(request: Request, values: Values) -> Iterator[str]:
    for name, value in request.headers:
        if name.lower() not in LEFT_OUT:
            yield from ("-H", _word(name + b": " + value if value else name + b";"))
    for name in UNASKED:
        if name.lower() not in values:
            yield from ("-H", _word(name + b":"))


def _signature(values: Values, signer: str) -> Iterator[str]:
    """Yield the words that make curl sign, for the same region and service."""
    given = parse_authorization(values[b"authorization"][0].decode("latin-1"))
    if given is not None:
        yield from ("--aws-sigv4", _word(f"aws:amz:{given.region}:{given.service}".encode()), "--user", USERS[signer])
    if b"x-amz-security-token" in values:
        yield from ("-H", f'"X-Amz-Security-Token: {TOKENS.get(signer, "$AWS_SESSION_TOKEN")}"')


def _request_target(request: Request, *, signed: bool) -> list[str]:
    """Return the words that keep a signed path as it is; curl does not sign with ``--path-as-is``."""
    path = request.target.partition(b"?")[0]
    dots = any(segment in {b".", b".."} for segment in unquote_to_bytes(path).split(b"/"))
    return ["--request-target", _word(request.target)] if dots and signed else []


def _word(data: bytes) -> str:
    """Return a shell word of any bytes but NUL and a newline at the end."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text.isprintable() and (text or not data):
        return shlex.quote(text)
    return f"\"$(printf '{''.join(map(_octal, data))}')\""


def _octal(byte: int) -> str:
    plain = chr(byte).isascii() and chr(byte).isprintable() and chr(byte) not in "%'\\\"$`"
    return chr(byte) if plain else f"\\{byte:03o}"


def _printing(body: bytes) -> str:
    """Return a command that prints a body; empty where none can that is short enough."""
    if len(body) <= PLAIN and body.isascii() and body.decode("ascii").isprintable():
        return f"printf %s {shlex.quote(body.decode('ascii'))}"
    written = _expression(body)
    return f"python3 -c {shlex.quote(f'import sys; sys.stdout.buffer.write({written})')}" if written else ""


def _expression(body: bytes) -> str:
    """Return a Python expression of bytes, with long runs of one byte as products; empty where it is too long."""
    parts: list[str] = []
    at = 0
    while (run := _RUN.search(body, at, at + LONGEST)) is not None:
        begin = run.start()
        end = _run_end(body, begin, run.end())
        parts += [repr(body[at:begin])] * (begin > at) + [f"{run[1]!r} * {end - begin}"]
        at = end
    if len(body) - at > LONGEST:
        return ""
    return " + ".join([*parts, *([repr(body[at:])] if at < len(body) or not parts else [])])


def _run_end(body: bytes, begin: int, end: int) -> int:
    """Return where a run of equal bytes ends, of which the part to ``end`` is known.

    Ever larger pieces are compared as a whole, which is quicker over megabytes than to look at each byte.
    """
    size = end - begin
    while size:
        if body[end : end + size] == body[begin : begin + 1] * size:
            end += size
            size *= 2
        else:
            size //= 2
    return end
