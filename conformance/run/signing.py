"""How requests are signed: rightly, and in the ways that a target has to refuse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.exchange.sigv4 import Credentials, sign

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from conformance.exchange.message import Request


@dataclass(frozen=True, slots=True)
class Scope:
    """With what a request is signed: the target's credentials, its region, the service and the time."""

    credentials: Credentials
    region: str
    service: str
    now: datetime


def _signed(request: Request, scope: Scope) -> Request:
    return sign(request, scope.credentials, scope.region, scope.service, now=scope.now)


def _wrong_secret(scope: Scope) -> Scope:
    return replace(scope, credentials=replace(scope.credentials, secret_key="not-the-secret"))  # noqa: S106  no secret


def _unknown_key(scope: Scope) -> Scope:
    return replace(scope, credentials=Credentials("AKIAUNKNOWNUNKNOWN00", "not-the-secret"))


SIGNERS: Mapping[str, Callable[[Request, Scope], Request]] = {
    "valid": _signed,
    "unsigned": lambda request, _: request,
    "wrong-secret": lambda request, scope: _signed(request, _wrong_secret(scope)),
    "unknown-key": lambda request, scope: _signed(request, _unknown_key(scope)),
}
"""Name -> function of an unsigned request and the scope of its signature."""
