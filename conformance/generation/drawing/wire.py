"""Bytes drawn at random that are no request, or hardly one: broken lines, headers, framing, and requests cut short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.generation.drawing.chance import one_of, rarely, some

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.generation.drawing.chance import Chance

LINE = (b"POST", b" ", b"/2015-03-31/functions/{echo}/invocations", b" ", b"HTTP/1.1")
"""The parts of a request line that is right."""
HEADERS = (b"Host: localhost", b"Content-Type: application/json", b"Content-Length: 2")
BODY = b"{}"
ODD = (
    *(b"", b" ", b"\t", b"\0", b"\r", b"\n", b"\r\n", b"\x7f", b"\xff", b"\xc3\xa9", b"%", b"%zz", b"#", b"?", b":"),
    *(
        b"HTTP/1.0",
        b"HTTP/9.9",
        b"http/1.1",
        b"HTTP/2.0",
        b"POST POST",
        b"GET",
        b"PRI * HTTP/2.0",
        b"*",
        b"/../..",
        b"//",
    ),
)
"""What takes the place of a part."""
FIELDS = (
    *(b"Content-Length: 3", b"Content-Length: -1", b"Content-Length: 2, 2", b"Content-Length: 0x2", b"Content-Length:"),
    *(b"Content-Length: 99999999999999999999", b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked"),
    *(b"Transfer-Encoding: identity", b"Host: localhost", b"Host:", b"Expect: 100-continue", b"Expect: nonsense"),
    *(
        b"Connection: Upgrade",
        b"Upgrade: h2c",
        b" folded",
        b"No colon",
        b"Spaced : x",
        b": nameless",
        b"X: \0",
        b"X: \xff",
    ),
    *(b"X: " + b"a" * 9_000, b"Connection: close", b"Authorization: AWS4-HMAC-SHA256", b"Content-Encoding: gzip"),
)
"""Headers that contradict others, or are none."""
BODIES = (
    b"{}",
    b"",
    b"2\r\n{}\r\n0\r\n\r\n",
    b"2\r\n{}\r\n",
    b"zz\r\n{}",
    b"-1\r\n",
    b"ffffffffffffffff\r\n{}",
    b"2;x=y\r\n{}\r\n0\r\nA: b\r\n\r\n",
)
OPENINGS = (
    b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\r\n\r\n",
    b"\0\0\0\0",
    b"SSH-2.0-x\r\n",
)
"""How other protocols begin."""
ENDS = (b"\r\n", b"\n", b"\r", b"\r\r\n")
MOST = 3


def wire(chance: Chance) -> bytes:
    """Return bytes to be sent as they are; ``{echo}`` in them is the word of that fixture."""
    if rarely(chance, 16):
        return one_of(chance, OPENINGS) + b"".join(some(chance, lambda one: one_of(one, ODD), MOST))
    line: list[bytes] = [*LINE]
    fields: list[bytes] = [*HEADERS]
    body = BODY
    for spoil in some(chance, lambda one: one_of(one, _SPOILERS), MOST, 1):
        body = spoil(chance, line, fields, body)
    end = one_of(chance, ENDS) if rarely(chance, 10) else b"\r\n"
    data = end.join([b"".join(line), *fields, b"", body])
    return data[: chance.below(len(data))] if rarely(chance, 5) else data


def _line(chance: Chance, line: list[bytes], _: list[bytes], body: bytes) -> bytes:
    line[chance.below(len(line))] = one_of(chance, ODD)
    return body


def _field(chance: Chance, _: list[bytes], fields: list[bytes], body: bytes) -> bytes:
    fields.insert(chance.below(len(fields) + 1), one_of(chance, FIELDS))
    return body


def _missing(chance: Chance, _: list[bytes], fields: list[bytes], body: bytes) -> bytes:
    if fields:
        fields.pop(chance.below(len(fields)))
    return body


def _instead(chance: Chance, _: list[bytes], fields: list[bytes], body: bytes) -> bytes:
    if fields:
        fields[chance.below(len(fields))] = one_of(chance, FIELDS)
    return body


def _body(chance: Chance, _: list[bytes], __: list[bytes], ___: bytes) -> bytes:
    return one_of(chance, BODIES)


_SPOILERS: Sequence[Callable[[Chance, list[bytes], list[bytes], bytes], bytes]] = (
    _line,
    _field,
    _missing,
    _instead,
    _body,
)
