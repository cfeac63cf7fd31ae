"""One edit of a text or of bytes, drawn at random."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.generation.drawing.chance import one_of
from conformance.generation.edits import ATOM, REPLACEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.generation.drawing.chance import Chance

BYTES = b'"\\,:[]{}0e.-+ \n\ttrunlfas\xff\xc3\xa9\xc0\xed\x00\x1f/'
"""What bytes are replaced by, or put between others: such as matter in JSON, and such as are no UTF-8."""


def edited(chance: Chance, text: str) -> str:
    """Return a text with one edit: a character, or a word in braces, or a part between colons, changes."""
    atoms: list[str] = ATOM.findall(text)
    if not atoms:
        return REPLACEMENTS[0]
    at = chance.below(len(atoms))
    before, atom, after = "".join(atoms[:at]), atoms[at], "".join(atoms[at + 1 :])
    change = one_of(chance, _CHANGES)
    return _PARTS[change](chance, text) if change in _PARTS else before + _ATOMS[change](chance, atom) + after


_ATOMS: dict[str, Callable[[Chance, str], str]] = {
    # A word becomes no other name: one letter may be a function of somebody else.
    "replace": lambda chance, atom: one_of(chance, REPLACEMENTS) + (atom if len(atom) > 1 else ""),
    "delete": lambda _, __: "",
    "double": lambda _, atom: atom * 2,
    "insert": lambda chance, atom: one_of(chance, REPLACEMENTS) + atom,
    "swap case": lambda _, atom: atom.swapcase() if len(atom) == 1 else atom.upper(),
}


def _dropped(chance: Chance, text: str) -> str:
    parts = text.split(":")
    at = chance.below(len(parts))
    return ":".join((*parts[:at], *parts[at + 1 :]))


def _repeated(chance: Chance, text: str) -> str:
    parts = text.split(":")
    at = chance.below(len(parts))
    return ":".join((*parts[: at + 1], *parts[at:]))


_PARTS: dict[str, Callable[[Chance, str], str]] = {"drop a part": _dropped, "repeat a part": _repeated}
_CHANGES: Sequence[str] = (*_ATOMS, *_PARTS)


def spoiled(chance: Chance, data: bytes) -> bytes:
    """Return bytes with one edit: a byte is replaced, deleted, put in, or the end is cut off."""
    at = chance.below(len(data) + 1)
    one = bytes((one_of(chance, BYTES),))
    changes = (data[:at] + one + data[at + 1 :], data[:at] + data[at + 1 :], data[:at] + one + data[at:], data[:at])
    return one_of(chance, changes)


def capitals(text: str) -> str:
    """Return a header's name as it is hardly ever written."""
    return re.sub(r"[a-z]", lambda found: found[0].upper(), text)
