"""Which bodies are JSON for certain, and which are not; parsers differ about the rest, and AWS is not on record."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal

from conformance.oracle.reading import Nothing, is_array, is_object, no_constant, parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEP = 100
"""Arrays and objects within each other beyond which a parser may refuse."""
EXACT = 2**53
"""Integers beyond it may lose digits."""
DIGITS = 300
"""Characters of a number beyond which a parser may refuse."""
LONE = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair."""
PLAIN = re.compile(rb'"[ !#-\[\]-~]*"')
"""A text of ASCII without escapes."""
LOOSE = re.compile(rb"[\xc0\xc1]|\xe0[\x80-\x9f]|\xed[\xa0-\xbf]|\xf0[\x80-\x8f]|\xf4[\x90-\xbf]|[\xf5-\xf7]")
"""Overlong forms, surrogates and characters beyond the last, which some decoders of UTF-8 let pass."""

Kind = Literal["empty", "json", "not JSON", "not UTF-8", "unclear"]


def kind_of(body: bytes) -> Kind:
    """Return what a body is for certain; ``unclear`` where that depends on the parser."""
    if not body:
        return "empty"
    if PLAIN.fullmatch(body):
        return "json"
    if body.isspace() or body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or b"\0" in body:
        return "unclear"
    found = parse_json(body)
    if not isinstance(found, Nothing):
        return "json" if _plain(body, found) else "unclear"
    if found.why == "not UTF-8":
        return "unclear" if LOOSE.search(body) else "not UTF-8"
    return "unclear" if _begins_with_json(body.decode()) or _nested(body) > DEEP else "not JSON"


def _plain(body: bytes, value: Any) -> bool:  # noqa: ANN401  any JSON value
    """Tell whether every parser reads a text as the same value."""
    if _nested(body) > DEEP or re.search(rb"[0-9.]{%d}" % DIGITS, body):
        return False
    return all(map(_exact, _leaves(value))) and not _repeats(body)


def _exact(leaf: Any) -> bool:  # noqa: ANN401  any JSON value
    if isinstance(leaf, str):
        return LONE.search(leaf) is None
    if isinstance(leaf, float):
        return abs(leaf) < float("inf")
    return not isinstance(leaf, int) or abs(leaf) <= EXACT


def _leaves(value: Any) -> Iterator[Any]:  # noqa: ANN401  any JSON value
    """Yield the scalars of a value, and the names of members."""
    if is_object(value):
        yield from value
        for one in value.values():
            yield from _leaves(one)
    elif is_array(value):
        for one in value:
            yield from _leaves(one)
    else:
        yield value


def _repeats(body: bytes) -> bool:
    """Tell whether an object has two members of one name."""
    found = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal found
        found = found or len(dict(pairs)) < len(pairs)
        return dict(pairs)

    json.loads(body, object_pairs_hook=members)
    return found


_DECODER = json.JSONDecoder(parse_constant=no_constant)


def _begins_with_json(text: str) -> bool:
    """Tell whether a whole value stands before what is wrong: some parsers stop there, and are content.

    A number that goes on with a letter or a digit is no whole value (recorded).
    """
    stripped = text.lstrip(" \t\r\n")
    try:
        _, end = _DECODER.raw_decode(stripped)
    except (ValueError, RecursionError):
        return False
    return not (stripped[end - 1].isdigit() and stripped[end : end + 1].isalnum())


def _nested(body: bytes) -> int:
    """Return how many brackets are open at most, those within strings counted, too."""
    depth = deepest = 0
    for one in re.findall(rb"[\[\]{}]", body):
        depth += 1 if one in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
