"""The head of a response: status line, headers, and those that every HTTP/1.1 server adds."""

from __future__ import annotations

import time
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from conformance.reference.answer import Answer


class Head(Protocol):
    """Makes the bytes before a body."""

    def __call__(self, answer: Answer, *, keep: bool) -> bytes:
        """Return them; see :func:`head`."""
        ...


def head(answer: Answer, *, keep: bool) -> bytes:
    """Return the bytes before the body of an answer, the empty line included; ``keep`` is for Connection."""
    lines = [f"HTTP/1.1 {answer.status} {_reason(answer.status)}", f"Date: {_date(int(time.time()))}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines.append(f"Connection: {'keep-alive' if keep else 'close'}")
    if answer.status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {len(answer.body)}")
    # A fault may say in a header what was meant for a body.
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


@lru_cache
def _reason(status: int) -> str:
    return HTTPStatus(status).phrase


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
