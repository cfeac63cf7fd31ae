"""Text from a target, made harmless for terminals, XML and Markdown."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~&!#@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
PIPE = "\\|"
"""How a pipe is written in a cell of a table, in a code span as well."""
_TICKS = re.compile(r"`+")


def printable(text: str, *, keep: str = "\n\t") -> str:
    """Write control characters as escapes; what a target sends must not steer a terminal or break XML."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in keep else _escape(one) for one in text)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004  widths of escapes


def markdown(text: str) -> str:
    """Return Markdown that shows a text as it is, on one line: no markup, link, picture or HTML comes of it."""
    return _MARKUP.sub(r"\\\1", printable(text, keep=""))


def markdown_code(text: str, longest: int = 200) -> str:
    """Return a Markdown code span that shows a text as it is, fit for a cell of a table; a long text is cut."""
    flat = printable(text, keep="")
    cut = flat if len(flat) <= longest else flat[:longest] + "…"
    fence = "`" * (max(map(len, _TICKS.findall(cut)), default=0) + 1)
    space = " " if cut.startswith("`") or cut.endswith("`") or not cut.strip() else ""
    return f"{fence}{space}{cut.replace('|', PIPE)}{space}{fence}"
