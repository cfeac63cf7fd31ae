"""Faults of routing and of HTTP."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.answer import Answer, Refusal, no_route
from conformance.reference.faults.building import around, header, stage
from conformance.reference.faults.model import Fault
from conformance.reference.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.exchange.message import Request
    from conformance.reference.asynchronous import Run
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.editing import Read
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.head import Head
    from conformance.reference.service import Stages

    Find = Callable[[Request], Route | None]

SIGNING = (b"x-amz-content-sha256", b"x-amz-date", b"x-amz-security-token")
"""Headers of signatures, which even a strict front end has to know."""
FIRST_REFUSAL = 400
_SLASHES = re.compile(rb"^/{2,}")
_VERSION = re.compile(rb"^/[^/]+(?=/functions/[^/]+/invocations$)")
_BEHIND = re.compile(rb"(?<=/invocations)/[^?]*")


def routed_as(alter: Callable[[Request], Request]) -> Change:
    """Look for the operation of another request; nothing else is taken from that one."""

    def wrap(unbroken: Find) -> Find:
        return lambda request: unbroken(alter(request))

    return around("route", wrap)


def target(pattern: re.Pattern[bytes], instead: bytes) -> Callable[[Request], Request]:
    """Return what puts something else in the place of a part of a request's target."""
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
        known = {parameter.name.lower().encode() for parameter in route.operation.parameters}.union(SIGNING)
        for name, _ in request.headers:
            if name.lower().startswith(b"x-amz-") and name.lower() not in known:
                raise Refusal("InvalidRequestContentException", f"Unknown header {name.decode()}")
        return unbroken(request, route, request_id)

    return read


def _closing(unbroken: Head) -> Head:
    """Say after refusals that the connection is closed."""

    def head(answer: Answer, *, keep: bool) -> bytes:
        return unbroken(answer, keep=keep and answer.status < FIRST_REFUSAL)

    return head


def _at_once(unbroken: Run) -> Run:
    """Don't wait for a function that takes its time."""
    under_way: set[asyncio.Future[Outcome]] = set()

    def run(invocation: Invocation) -> Outcome:
        outcome = unbroken(invocation)
        if isinstance(outcome, Outcome):
            return outcome
        future = asyncio.ensure_future(outcome)
        under_way.add(future)
        future.add_done_callback(under_way.discard)
        return Outcome(b"{}", failed=False)

    return run


def _json(message: str) -> bytes:
    return json.dumps({"Message": message}).encode()


UNKNOWN = ("routing/unknown-route", "routing/only-post")
FAULTS = (
    Fault(
        "routing/unknown-route-404",
        "answers 404 where method and path belong to no operation",
        UNKNOWN,
        _unrouted(404, _json("not found")),
        seen="ministack 1.5.33, moto 5.2.5, serverless-offline 14.8.2",
    ),
    Fault(
        "routing/unknown-route-500",
        "breaks where method and path belong to no operation",
        UNKNOWN,
        _unrouted(500, _json("internal error")),
        seen="localstack 2.3.2 and 2026.3, for GET",
    ),
    Fault(
        "routing/unknown-route-json",
        "says in JSON that method and path belong to no operation",
        ("routing/unknown-route-body",),
        _unrouted(403, _json("Unable to determine service/operation name to be authorized")),
    ),
    Fault(
        "routing/method-not-allowed",
        "answers another method than POST with 405",
        ("routing/only-post",),
        _not_allowed,
        seen="SAM local 1.170.0",
    ),
    Fault(
        "routing/any-method",
        "runs functions whatever the method is",
        ("routing/only-post",),
        routed_as(_any_method),
        seen="RIE of aws-sam-cli 1.170.0",
    ),
    Fault(
        "routing/any-version",
        "overlooks the version in the path of Invoke",
        ("routing/unknown-route",),
        routed_as(target(_VERSION, b"/2015-03-31")),
        seen="ministack 1.5.33",
    ),
    Fault(
        "routing/segments-behind",
        "overlooks what stands behind the path of Invoke",
        ("routing/unknown-route",),
        routed_as(target(_BEHIND, b"")),
        seen="ministack 1.5.33",
    ),
    Fault(
        "routing/double-slash-merged",
        "takes several slashes at the begin of a path for one",
        ("routing/double-slash",),
        routed_as(target(_SLASHES, b"/")),
        seen="moto 5.2.5",
    ),
    Fault(
        "routing/double-slash-redirected",
        "redirects paths that begin with several slashes to those with one",
        ("routing/double-slash",),
        _redirecting,
        seen="RIE of aws-sam-cli 1.170.0",
    ),
    Fault(
        "routing/no-preflight",
        "takes a browser's OPTIONS for an unknown route",
        ("routing/preflight",),
        stage(unrouted=_no_preflight),
        seen="moto 5.2.5; AWS until 2014",
    ),
    Fault(
        "routing/preflight-any-header",
        "allows headers of calls across origins by a star, which does not stand for Authorization",
        ("routing/preflight",),
        header("Access-Control-Allow-Headers", "*", _preflight),
        seen="ministack 1.5.33",
    ),
    Fault(
        "routing/preflight-exposes-nothing",
        "exposes no header to calls across origins",
        ("routing/preflight-exposes",),
        header("Access-Control-Expose-Headers", None, _preflight),
    ),
    Fault(
        "routing/preflight-for-a-day",
        "lets a preflight hold for a day only",
        ("routing/preflight-exposes",),
        header("Access-Control-Max-Age", "86400", _preflight),
        seen="ministack 1.5.33",
    ),
    Fault(
        "routing/headers-as-spelled",
        "reads the headers of parameters in the spelling of the model alone",
        ("routing/lower-case-headers",),
        around("read", _as_modelled),
    ),
    Fault(
        "routing/unknown-headers-refused",
        "refuses headers of other AWS services",
        ("routing/unknown-headers",),
        around("read", _strict),
    ),
    Fault(
        "routing/closes-after-refusal",
        "says after every refusal that it closes the connection",
        ("routing/keep-alive",),
        around("head", _closing),
    ),
    Fault(
        "routing/answers-at-once",
        "does not wait for functions that take their time",
        ("routing/waits-for-the-result",),
        around("run", _at_once),
    ),
)
