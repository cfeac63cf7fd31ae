"""What the reference answers, as data; refusals in the shapes of the contract."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.model import ErrorShape
    from conformance.exchange.message import Request

_ENCODER = json.JSONEncoder(ensure_ascii=False)
NO_ROUTE = (
    b"<AccessDeniedException>\n"
    b"  <Message>Unable to determine service/operation name to be authorized</Message>\n"
    b"</AccessDeniedException>\n"
)
"""The one refusal that is XML (captured 2018-05-11): no operation was found, so there is no protocol yet."""


PREFLIGHT = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "POST"),
    ("Access-Control-Allow-Headers", "content-type, accept, authorization, x-amz-invocation-type, x-amz-date"),
    (
        "Access-Control-Expose-Headers",
        "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,x-amz-log-result,x-amz-function-error",
    ),
    ("Access-Control-Max-Age", "172800"),
)
"""What a browser is told before a call across origins (recorded 2016-07-22), without a signature."""


@record(frozen=True, slots=True)
class Answer:
    """A response but for what every HTTP/1.1 server adds: Date, Connection, Content-Length."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


class Refusal(Exception):  # noqa: N818  it is an answer, not an error of ours
    """A check of the service refuses the request.

    Attributes:
        name: of the error in the contract.
        message: in words.
        details: further members of the body.
    """

    def __init__(self, name: str, message: str, details: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.details = details or {}


def refuse(refusal: Refusal, shape: ErrorShape, request_id: str) -> Answer:
    """Return the answer for a refusal.

    Modelled errors carry Type, as recorded; those that the model lacks carry the message alone.
    """
    kind = {"Type": "User" if shape.fault == "client" else "Service"} if shape.modelled else {}
    body = {**refusal.details, **kind, shape.message_key or "Message": refusal.message}
    headers = (
        ("Content-Type", "application/json"),
        ("x-amzn-RequestId", request_id),
        ("x-amzn-ErrorType", shape.name),
    )
    return Answer(shape.status[0], headers, _ENCODER.encode(body).encode())


def no_route(request: Request, request_id: str) -> Answer:
    """Return the answer where method and path belong to no operation."""
    if request.method == b"OPTIONS" and request.header("Access-Control-Request-Method"):
        return Answer(200, (("x-amzn-RequestId", request_id), *PREFLIGHT))
    return Answer(403, (("Content-Type", "application/xml"), ("x-amzn-RequestId", request_id)), NO_ROUTE)
