"""Text from a target, made harmless for terminals and XML."""

from __future__ import annotations


def printable(text: str, *, keep: str = "\n\t") -> str:
    """Write control characters as escapes; what a target sends must not steer a terminal or break XML."""
    return "".join(one if one.isprintable() or one in keep else _escape(one) for one in text)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004  widths of escapes
