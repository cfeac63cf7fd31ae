"""Faults of routing and of HTTP."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from inspect import isawaitable
from typing import TYPE_CHECKING

from conformance.reference.answer import Answer, Refusal, no_route
from conformance.reference.faults.building import around, header, stage
from conformance.reference.faults.model import Fault
from conformance.reference.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conformance.exchange.message import Request
    from conformance.reference.asynchronous import Run
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.building import Change, Read
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.head import Head
    from conformance.reference.service import Stages

    Find = Callable[[Request], Route | None]

FLAWED_HEADERS = (b"x-amz-content-sha256", b"x-amz-date", b"x-amz-security-token")
"""Headers of signatures, which even a strict front end has to know."""
_SLASHES = re.compile(rb"^/{2,}")
_VERSION = re.compile(rb"^/[^/]+(?=/functions/[^/]+/invocations$)")
_BEHIND = re.compile(rb"(?<=/invocations)/[^?]*")
_SLASH = re.compile(rb"%2f", re.IGNORECASE)


def _routed_as(alter: Callable[[Request], Request]) -> Change:
    """Look for the operation of another request; nothing else is taken from that one."""

    def wrap(unbroken: Find) -> Find:
        return lambda request: unbroken(alter(request))

    return around("route", wrap)


def _target(pattern: re.Pattern[bytes], instead: bytes) -> Callable[[Request], Request]:
    return lambda request: replace(request, target=pattern.sub(instead, request.target))


def _any_method(request: Request) -> Request:
    """Take every method for POST but that of preflights."""
    return request if request.method == b"OPTIONS" else replace(request, method=b"POST")


def _unrouted(status: int, body: bytes = b"", content_type: str = "application/json") -> Change:
    """Answer all unknown routes but preflights in another way."""

    def refuse(request: Request, request_id: str) -> Answer:
        right = no_route(request, request_id)
        given = (("Content-Type", content_type), ("x-amzn-RequestId", request_id))
        return Answer(status, given, body) if request.method != b"OPTIONS" else right

    return stage(unrouted=refuse)


def _not_allowed(unbroken: Stages, _: Setting) -> Stages:
    """Answer 405 where a path is known and the method is wrong."""

    def refuse(request: Request, request_id: str) -> Answer:
        known = unbroken.route(replace(request, method=b"POST"))
        right = unbroken.unrouted(request, request_id)
        return right if known is None or request.method == b"OPTIONS" else replace(right, status=405)

    return replace(unbroken, unrouted=refuse)


def _redirecting(unbroken: Stages, _: Setting) -> Stages:
    def refuse(request: Request, request_id: str) -> Answer:
        clean = _SLASHES.sub(b"/", request.target)
        right = unbroken.unrouted(request, request_id)
        return right if clean == request.target else Answer(307, (("Location", clean.decode("latin-1")),))

    return replace(unbroken, unrouted=refuse)


def _no_preflight(request: Request, request_id: str) -> Answer:
    return no_route(replace(request, method=b"GET"), request_id)


def _preflight(request: Request, _: Answer) -> bool:
    return request.method == b"OPTIONS"


def _as_modelled(unbroken: Read) -> Read:
    """Read the headers of parameters in the spelling of the model alone."""

    def read(request: Request, route: Route, request_id: str) -> Call:
        spelled = {parameter.name.encode() for parameter in route.operation.parameters}
        lower = {name.lower() for name in spelled}
        kept = tuple(pair for pair in request.headers if pair[0] in spelled or pair[0].lower() not in lower)
        return unbroken(replace(request, headers=kept), route, request_id)

    return read


def _strict(unbroken: Read) -> Read:
    """Refuse headers that begin with x-amz- and that no parameter has."""

    def read(request: Request, route: Route, request_id: str) -> Call:
        known = {parameter.name.lower().encode() for parameter in route.operation.parameters}.union(FLAWED_HEADERS)
        for name, _ in request.headers:
            if name.lower().startswith(b"x-amz-") and name.lower() not in known:
                raise Refusal("InvalidRequestContentException", f"Unknown header {name.decode()}")
        return unbroken(request, route, request_id)

    return read


def _closing(unbroken: Head, refusals_only: bool = False) -> Head:  # noqa: FBT001, FBT002  named where it is set
    """Say of connections that they are closed."""

    def head(answer: Answer, *, keep: bool) -> bytes:
        return unbroken(answer, keep=keep and refusals_only and answer.status < 400)  # noqa: PLR2004  HTTP's classes

    return head


def _at_once(unbroken: Run) -> Run:
    """Don't wait for a function that takes its time."""

    def run(invocation: Invocation) -> Outcome | Awaitable[Outcome]:
        outcome = unbroken(invocation)
        if isinstance(outcome, Outcome):
            return outcome
        if isawaitable(outcome):
            outcome.close() if hasattr(outcome, "close") else None
        return Outcome(b"{}", failed=False)

    return run


FAULTS: tuple[Fault, ...] = ()
