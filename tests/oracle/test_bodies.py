"""Bodies: what is JSON for every parser, what for none, and what depends on the parser."""

from __future__ import annotations

import pytest

from conformance.oracle.bodies import kind_of

KINDS = {
    "empty": [b""],
    "json": [
        *(b"{}", b"[]", b'"text"', b"0", b"-0.0", b"1e5", b"null", b" true ", b'\t{"a": [1, {"b": null}]}\r\n'),
        *('"\u00e9\u6f22\U0001f973"'.encode(), b'"\\ud83e\\udd73"', b"9007199254740992", b'{"a": {"a": 1}}'),
    ],
    "not JSON": [
        *(b"{", b"{a: 1}", b"{'a': 1}", b"[1,]", b"nul", b"NaN", b"-", b"+1", b".5", b"01", b"1a", b"/* */ 1"),
        *(b'"a\nb"', b'"\\x"', b"test", b'{"a" 1}', b"\x01", b"]"),
    ],
    "not UTF-8": [b'"\xff"', b"\xff", b'{"a": "\xe9"}', b"\x80"],
    "unclear": [
        *(b" ", b"\n", b"\xef\xbb\xbf{}", '"a"'.encode("utf-16"), b"{}{}", b'"a" b', b"[] ]", b"1 2"),
        *(b'"\xc0\xaf"', b'"\xed\xa0\x80"', b'"\\ud800"', b"9007199254740993", b"1e999", b'{"a": 1, "a": 2}'),
        *(b"[" * 200 + b"]" * 200, b"[" * 200, b"1" * 400),
    ],
}
"""Kind -> bodies of it."""


@pytest.mark.parametrize(("kind", "body"), [(kind, body) for kind, some in KINDS.items() for body in some])
def test_the_kind_of_a_body(kind: str, body: bytes) -> None:
    """A body is JSON, or not, only where every parser agrees; a whole value before what is wrong may satisfy some."""
    assert kind_of(body) == kind
