"""How requests are signed: rightly, and in the ways that a target has to refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.exchange.sigv4 import Credentials, sign

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from conformance.exchange.message import Request


def _valid(request: Request, credentials: Credentials, region: str, now: datetime) -> Request:
    return sign(request, credentials, region, now=now)


def _unsigned(request: Request, credentials: Credentials, region: str, now: datetime) -> Request:  # noqa: ARG001  the table's signature
    return request


def _wrong_secret(request: Request, credentials: Credentials, region: str, now: datetime) -> Request:
    return sign(request, replace(credentials, secret_key="not-the-secret"), region, now=now)  # noqa: S106  no secret


def _unknown_key(request: Request, credentials: Credentials, region: str, now: datetime) -> Request:  # noqa: ARG001
    return sign(request, Credentials("AKIAUNKNOWNUNKNOWN00", "not-the-secret"), region, now=now)


SIGNERS: Mapping[str, Callable[[Request, Credentials, str, datetime], Request]] = {
    "valid": _valid,
    "unsigned": _unsigned,
    "wrong-secret": _wrong_secret,
    "unknown-key": _unknown_key,
}
"""Name -> function of an unsigned request, the target's credentials, its region and the time."""
