"""Bodies drawn at random: JSON of every kind, written in every way; texts that are nearly JSON; any bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.model import Sized
from conformance.generation.drawing.chance import one_of, rarely, some, weighted
from conformance.generation.drawing.edits import BYTES, spoiled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.generation.drawing.chance import Chance

NUMBERS = (
    *("0", "1", "-1", "42", "1.5", "-0.25", "0.1", "1e3", "1E+15", "-2.5e-7", "4294967296", "9007199254740992"),
    *("-9007199254740992", "0.3333333333333333", "1e-300", "1.0", "-0", "-0.0", "1e23", "123456789.125"),
)
BEYOND = ("9007199254740993", "123456789012345678901234567890", "1e400", "1" * 400)
"""Numbers that not every parser takes for the same."""
PIECES = (
    *("a", "b", "0", " ", "hello", "é", "漢", "🥳", "\u2028", "e\u0301", "<&>", "/", "'", "\x7f", "a" * 40),
    *('\\"', "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0041", "\\u00e9", "\\u0000", "\\ud83e\\udd73"),
)
"""What strings are made of, as it is written."""
LONE = "\\ud83e"
"""Half of a pair, which not every parser takes."""
KEYS = ("a", "b", "key", "", "é", "a b", "$", "__proto__", "\\u0061", "0")
NO_VALUES = (
    *("NaN", "Infinity", "-Infinity", "undefined", "None", "True", "nul", "01", "-01", "+1", ".5", "1.", "1e", "0x1F"),
    *(
        '"a',
        "'a'",
        '"\n"',
        '"\t"',
        '"\x1f"',
        '"\\x41"',
        '"\\u12"',
        '"\\a"',
        "[1,]",
        "[,1]",
        "[1 2]",
        '{"a":1,}',
        "{,}",
        "{a:1}",
    ),
    *(
        '{"a" 1}',
        '{"a":}',
        "{1:2}",
        "{'a':1}",
        "/* c */ 1",
        "// c\n1",
        "# c\n1",
        "1 2",
        "1,",
        ";",
        "-",
        "`a`",
        "\u00a01",
    ),
)
"""What some parsers take for a value of JSON, and none of it is."""
AROUND_VALUES = ("[*]", '{"a": *}', "[[0, *]]", '{"a": [{"b": *}]}', "*")
SPACES = weighted({"": 12, " ": 4, "\n": 1, "\t": 1, "\r\n": 1, "  ": 1})
DEEPEST = 3
"""Values within each other."""
MOST = 5
"""Elements of an array, members of an object, pieces of a string."""
LONG = (3_000, 70_000, 200_000)
"""Bytes of a long string."""
AROUND = (-1, 0, 1)
"""Bytes more than a limit."""


def payload(chance: Chance, limit: int) -> bytes | Sized:
    """Return a body, one in ten of them flawed; few are long, very few as long as can be.

    Args:
        chance: chooses.
        limit: bytes that the body may have.
    """
    body = short(chance)
    if rarely(chance, 80):
        sizes = LONG if not rarely(chance, 8) else [limit + more for more in AROUND]
        return Sized(one_of(chance, sizes))
    return body


def short(chance: Chance, flaws: int = 10) -> bytes:
    """Return a body: JSON or nothing; one in so many is none, or nearly."""
    text = json_text(chance)  # drawn in any case: fewer choices are plainer, and nothing is plainer than JSON
    if rarely(chance, flaws):
        return one_of(chance, _WRONG)(chance)
    return b"" if rarely(chance, 16) else text.encode()


def json_text(chance: Chance) -> str:
    """Return a JSON text."""
    space = one_of(chance, SPACES)
    return f"{space}{_value(chance, 0, space)}{space}"


def _value(chance: Chance, depth: int, space: str) -> str:
    return one_of(chance, _VALUES if depth < DEEPEST else _SCALARS)(chance, depth, space)


def _object(chance: Chance, depth: int, space: str) -> str:
    """Return an object whose members begin with numbers, so that no two have one name."""
    members = some(chance, lambda one: (one_of(one, KEYS), _value(one, depth + 1, space)), MOST)
    keyed = [f'"{number or ""}{key}":{space}{value}' for number, (key, value) in enumerate(members)]
    return _joined("{", keyed, "}", space)


def _array(chance: Chance, depth: int, space: str) -> str:
    return _joined("[", some(chance, lambda one: _value(one, depth + 1, space), MOST), "]", space)


def _joined(opening: str, elements: Sequence[str], closing: str, space: str) -> str:
    return f"{opening}{space}{f'{space},{space}'.join(elements)}{closing}"


def _string(chance: Chance, _: int, __: str) -> str:
    pieces = some(chance, lambda one: LONE if rarely(one, 400) else one_of(one, PIECES), MOST)
    return f'"{"".join(pieces)}"'


def _number(chance: Chance, _: int, __: str) -> str:
    return one_of(chance, BEYOND) if rarely(chance, 100) else one_of(chance, NUMBERS)


def _word(chance: Chance, _: int, __: str) -> str:
    return one_of(chance, ("null", "true", "false"))


_SCALARS: tuple[Callable[[Chance, int, str], str], ...] = (_string, _number, _word)
_VALUES = (_object, *_SCALARS, *_SCALARS, _array, _object)


def _worded(chance: Chance) -> bytes:
    return one_of(chance, AROUND_VALUES).replace("*", one_of(chance, NO_VALUES)).encode()


def _nearly(chance: Chance) -> bytes:
    return spoiled(chance, json_text(chance).encode())


def _twice(chance: Chance) -> bytes:
    return spoiled(chance, _nearly(chance))


def _bytes(chance: Chance) -> bytes:
    return bytes(some(chance, lambda one: one_of(one, BYTES), 2 * MOST, 1))


_WRONG: tuple[Callable[[Chance], bytes], ...] = (_nearly, _worded, _nearly, _worded, _twice, _bytes)
