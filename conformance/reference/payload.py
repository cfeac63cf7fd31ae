"""Reads request bodies as JSON, strictly, and words what is wrong as AWS's parser does."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

SOURCE = "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: {}, column: {}]"
LITERALS = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'"
_WORD = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
MOST_DIGITS = 4300
"""Of an integer; a longer one is taken as a float, as converting it would take time that grows with its square."""


class PayloadError(ValueError):
    """A body is not JSON; the text is what AWS's parser would say."""


def parse_payload(body: bytes) -> Any:  # noqa: ANN401  any JSON value
    """Return the JSON value of a body.

    Raises:
        PayloadError: the body is no UTF-8 or no JSON.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PayloadError(_undecodable(body, error)) from error
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise PayloadError(_malformed(error)) from error
    except RecursionError as error:
        raise PayloadError("Document nesting depth exceeds the maximum allowed" + SOURCE.format(1, 1)) from error


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= MOST_DIGITS else float(digits)


def _refused(name: str) -> NoReturn:
    raise PayloadError(f"Non-standard token '{name}'" + SOURCE.format(1, 1))


def _undecodable(body: bytes, error: UnicodeDecodeError) -> str:
    """Word a byte that begins no character; at the very start of a value it counts as a control character."""
    byte, position = body[error.start], error.start + 1
    line = body.count(b"\n", 0, error.start) + 1
    if error.start == 0:
        what = f"Unexpected character ((CTRL-CHAR, code {byte})): expected a valid value ({LITERALS})"
        return what + SOURCE.format(line, position)
    # The recorded column is that of the byte behind: "n\x87" gives column 3.
    return f"Invalid UTF-8 start byte 0x{byte:02x}" + SOURCE.format(line, position + 1)


def _malformed(error: json.JSONDecodeError) -> str:
    rest = error.doc[error.pos :]
    word = _WORD.match(rest)
    if not rest.strip():
        what = "Unexpected end-of-input"
    elif error.msg == "Extra data":
        what = f"Unexpected character ('{rest[0]}' (code {ord(rest[0])})): Expected space separating root-level values"
    elif word:
        what = f"Unrecognized token '{word[0]}': was expecting ({LITERALS})"
    else:
        what = f"Unexpected character ('{rest[0]}' (code {ord(rest[0])})): expected a valid value ({LITERALS})"
    return what + SOURCE.format(error.lineno, error.colno)


_DECODER = json.JSONDecoder(parse_constant=_refused, parse_int=_integer)
