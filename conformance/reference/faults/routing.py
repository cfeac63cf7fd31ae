"""Faults of routing and of HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.answer import Answer
from conformance.reference.faults.building import stage
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from conformance.exchange.message import Request


def _not_found(_: Request, request_id: str) -> Answer:
    return Answer(404, (("x-amzn-RequestId", request_id),))


FAULTS = (
    Fault(
        "routing/unknown-route-404",
        "answers 404 where method and path belong to no operation",
        ("routing/unknown-route", "routing/only-post"),
        stage(unrouted=_not_found),
        seen="ministack 1.5.33, moto 5.2.5, serverless-offline 14.8.2",
    ),
)
