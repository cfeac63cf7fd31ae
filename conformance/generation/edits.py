"""Near misses: every text that is one edit away from another. Words in braces stay whole."""

from __future__ import annotations

import re
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REPLACEMENTS = "!*+ %#?&;@=,~'\"<|^`()[]_0Zk-.$:\\é漢"
"""What a character is replaced by, one after the other; no slash, of which it is not known where it is split."""
ATOM = re.compile(r"\{[a-z_]+\}|.", re.DOTALL)


def edits(text: str) -> Iterator[str]:
    """Yield the texts that are one edit away, each once, in an order that never changes.

    A character or word in braces is deleted, doubled, replaced, or changes its case; a part between colons is dropped
    or repeated.
    """
    seen = {text}
    for one in (*_of_characters(ATOM.findall(text)), *_of_parts(text.split(":"))):
        if one not in seen:
            seen.add(one)
            yield one


def _of_characters(atoms: Sequence[str]) -> Iterator[str]:
    replacements = cycle(REPLACEMENTS)
    for at, atom in enumerate(atoms):
        changes = ["", atom * 2, next(replacements), *([atom.swapcase()] if len(atom) == 1 else [])]
        yield from ("".join((*atoms[:at], change, *atoms[at + 1 :])) for change in changes)


def _of_parts(parts: Sequence[str]) -> Iterator[str]:
    if len(parts) > 1:
        for at, part in enumerate(parts):
            yield ":".join((*parts[:at], *parts[at + 1 :]))
            yield ":".join((*parts[:at], part, *parts[at:]))
