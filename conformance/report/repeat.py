"""The lines that repeat a case: curl, and ourselves."""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.exchange.message import Request

LEFT_OUT = frozenset({b"host", b"content-length", b"authorization", b"x-amz-date", b"x-amz-security-token"})
"""Headers that curl makes itself."""
UNASKED = ("User-Agent", "Accept", "Content-Type", "Expect")
"""Headers that curl would add of its own."""
RUN = 64
"""A run of so many equal bytes is written as a product."""


def again_line(command: str, case: str) -> str:
    """Return the command that judges one case alone."""
    return f"{command} --only {shlex.quote(case)}"


def curl_line(request: Request, origin: str, signing_region: str) -> str:
    """Return a shell line that sends the same request; the credentials come from the environment.

    Args:
        request: what was sent.
        origin: where to, such as ``http://127.0.0.1:4566``.
        signing_region: that it was signed for as an SDK does; empty when it wasn't.
    """
    words = ["curl", "-sS", "-i", "--path-as-is", "--globoff", "-X", request.method.decode("latin-1")]
    for name, value in request.headers:
        if name.lower() not in LEFT_OUT:
            words += ["-H", _header(name.decode("latin-1"), value.decode("latin-1"))]
    given = {name.lower() for name, _ in request.headers}
    words += [word for name in UNASKED if name.lower().encode() not in given for word in ("-H", f"{name}:")]
    quoted = shlex.join(words)
    if signing_region:
        quoted += f' --aws-sigv4 aws:amz:{signing_region}:lambda --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"'
    if any(name.lower() == b"x-amz-security-token" for name, _ in request.headers):
        quoted += ' -H "X-Amz-Security-Token: $AWS_SESSION_TOKEN"'
    url = origin + request.target.decode("latin-1")
    body = any(name.lower() == b"content-length" for name, _ in request.headers)
    data = " --data-binary @-" if body else ""
    return f"{_body(request.body)}{quoted}{data} {shlex.quote(url)}" if body else f"{quoted} {shlex.quote(url)}"


def _header(name: str, value: str) -> str:
    return f"{name}: {value}" if value else f"{name};"


def _body(body: bytes) -> str:
    """Return a command that prints a body, with its pipe."""
    if body.isascii() and body.decode("ascii").isprintable() and len(body) <= RUN * RUN:
        return f"printf %s {shlex.quote(body.decode('ascii'))} | "
    program = f"import sys; sys.stdout.buffer.write({_expression(body)})"
    return f"python3 -c {shlex.quote(program)} | "


def _expression(body: bytes) -> str:
    """Return a Python expression of bytes, with long runs of one byte as products."""
    parts: list[str] = []
    plain = b""
    for byte, group in groupby(body):
        length = sum(1 for _ in group)
        if length < RUN:
            plain += bytes([byte]) * length
            continue
        parts += [repr(plain)] * bool(plain) + [f"{bytes([byte])!r} * {length}"]
        plain = b""
    return " + ".join([*parts, *([repr(plain)] if plain or not parts else [])])
