"""Faults of limits: of requests, of results, and of what is said when they are exceeded."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.reference.answer import Answer
from conformance.reference.checks import check_size
from conformance.reference.faults.building import answer, contract, gate, header, limits, status
from conformance.reference.faults.editing import error, otherwise, refused_as, refusing, set_header
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from conformance.contract.model import Contract
    from conformance.exchange.message import Request
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change

SYNCHRONOUS = 6 << 20
EVENT = 1 << 20
FORMER_EVENT = 256 << 10
RESULT = SYNCHRONOUS + 100
TOO_LARGE = "RequestEntityTooLargeException"
BOUNDLESS = 1 << 40


def _body(InvocationType: str, most: int) -> Change:
    """Let the service obey another limit of the bodies of Invoke."""

    def alter(unbroken: Contract) -> Contract:
        invoke = unbroken.operations["Invoke"]
        other = replace(invoke, body_limits=MappingProxyType({**invoke.body_limits, InvocationType: most}))
        return replace(unbroken, operations=MappingProxyType({**unbroken.operations, "Invoke": other}))

    return contract(alter)


def _untyped(given: Answer) -> Answer:
    """Answer as a web framework does that refuses a body before the service sees it."""
    text = "Payload content length greater than maximum allowed"
    found = {"statusCode": 413, "error": "Request Entity Too Large", "message": text}
    kept = tuple(pair for pair in given.headers if pair[0] != "x-amzn-ErrorType")
    return Answer(413, kept, json.dumps(found).encode())


def _without_message(given: Answer) -> Answer:
    return replace(given, body=b"{}")


def _result_refused(_: Request, given: Answer) -> bool:
    return b"Function.ResponseSizeTooLarge" in given.body


def _cut(given: Answer) -> Answer:
    kept = tuple(pair for pair in given.headers if pair[0] != "X-Amz-Function-Error")
    return replace(given, headers=kept, body=b'"' + b"b" * (RESULT - 2) + b'"')


def _refused(given: Answer) -> Answer:
    return replace(set_header(given, "x-amzn-ErrorType", TOO_LARGE), status=413)


def _without_bytes(call: Call) -> None:
    otherwise(check_size, refusing(TOO_LARGE, "The payload is too large."))(call)


FAULTS = (
    Fault(
        "limits/synchronous-a-byte-more",
        "accepts a synchronous request of a byte more than the limit",
        ("limits/synchronous-request-too-large",),
        _body("RequestResponse", SYNCHRONOUS + 1),
    ),
    Fault(
        "limits/synchronous-a-byte-less",
        "refuses a synchronous request of a byte less than the limit",
        ("limits/synchronous-request",),
        _body("RequestResponse", SYNCHRONOUS - 2),
    ),
    Fault(
        "limits/synchronous-decimal",
        "takes 6 MB for 6,000,000 bytes",
        ("limits/synchronous-request",),
        _body("RequestResponse", 6_000_000),
    ),
    Fault(
        "limits/synchronous-unlimited",
        "accepts synchronous requests of any size",
        ("limits/synchronous-request-too-large",),
        _body("RequestResponse", BOUNDLESS),
        seen="ministack 1.5.33, moto 5.2.5, localstack 2.3.2, the emulator of aws-sam-cli 1.170.0",
    ),
    Fault(
        "limits/event-a-byte-more",
        "accepts an Event of a byte more than the limit",
        ("limits/event-request-too-large",),
        _body("Event", EVENT + 1),
    ),
    Fault(
        "limits/event-a-byte-less",
        "refuses an Event of as many bytes as the limit",
        ("limits/event-request",),
        _body("Event", EVENT - 1),
    ),
    Fault(
        "limits/event-decimal",
        "takes 1 MB for 1,000,000 bytes",
        ("limits/event-request",),
        _body("Event", 1_000_000),
    ),
    Fault(
        "limits/event-256-kib",
        "refuses an Event of more than 262,144 bytes",
        ("limits/event-limit-raised",),
        _body("Event", FORMER_EVENT),
        seen="AWS until October 2025",
    ),
    Fault(
        "limits/event-as-synchronous",
        "has one limit for all requests, that of the synchronous ones",
        ("limits/event-request-too-large",),
        _body("Event", SYNCHRONOUS),
        seen="serverless-offline 14.8.2",
    ),
    Fault(
        "limits/event-unlimited",
        "accepts an Event of any size",
        ("limits/event-request-too-large",),
        _body("Event", BOUNDLESS),
        seen="ministack 1.5.33, moto 5.2.5, localstack 2.3.2",
    ),
    Fault(
        "limits/too-large-400",
        "refuses a request that is too large with 400",
        ("limits/synchronous-request-too-large", "limits/event-request-too-large"),
        status(400, refused_as(TOO_LARGE)),
    ),
    Fault(
        "limits/too-large-as-modelled",
        "calls the refusal of a request that is too large RequestTooLargeException, as the model does",
        ("limits/synchronous-request-too-large", "limits/event-request-too-large"),
        header("x-amzn-ErrorType", "RequestTooLargeException", refused_as(TOO_LARGE)),
    ),
    Fault(
        "limits/too-large-untyped",
        "refuses a request that is too large as its web framework does, without a type",
        ("limits/synchronous-request-too-large", "limits/event-request-too-large"),
        answer(_untyped, refused_as(TOO_LARGE)),
        seen="serverless-offline 14.8.2",
    ),
    Fault(
        "limits/too-large-without-bytes",
        "does not say how large a request may be that is too large",
        ("limits/too-large-message",),
        gate(size=_without_bytes),
    ),
    Fault(
        "limits/too-large-without-message",
        "says nothing where a request is too large",
        ("limits/too-large-message", "request-errors/too-large-has-a-message"),
        answer(_without_message, refused_as(TOO_LARGE)),
    ),
    Fault(
        "limits/result-a-byte-more",
        "lets a result through that is a byte larger than the limit",
        ("limits/synchronous-response-too-large",),
        limits(sync_response=RESULT + 1),
    ),
    Fault(
        "limits/result-a-byte-less",
        "holds back a result of as many bytes as the limit",
        ("limits/synchronous-response-of-the-limit",),
        limits(sync_response=RESULT - 1),
    ),
    Fault(
        "limits/result-6-mib",
        "holds back results of more than 6 MiB, as the documentation says",
        ("limits/synchronous-response",),
        limits(sync_response=SYNCHRONOUS),
    ),
    Fault(
        "limits/result-6-mb",
        "holds back results of more than 6,000,000 bytes",
        ("limits/synchronous-response",),
        limits(sync_response=6_000_000),
        seen="moto 5.2.5",
    ),
    Fault(
        "limits/result-unlimited",
        "lets results of any size through",
        ("limits/synchronous-response-too-large", "function-errors/response-too-large"),
        limits(sync_response=BOUNDLESS),
        seen="ministack 1.5.33",
    ),
    Fault(
        "limits/result-cut",
        "cuts a result that is too large",
        ("limits/synchronous-response-too-large", "function-errors/response-too-large"),
        answer(_cut, _result_refused),
    ),
    Fault(
        "limits/result-413",
        "answers 413 where a result is too large",
        ("status-codes/function-error-200",),
        answer(_refused, _result_refused),
    ),
    Fault(
        "limits/result-too-large-by-another-name",
        "calls a result that is too large a ResponseSizeTooLarge, without Function before it",
        ("limits/synchronous-response-too-large", "function-errors/response-too-large"),
        error(lambda found: {**found, "errorType": "ResponseSizeTooLarge"}, kind="ResponseSizeTooLarge"),
    ),
    Fault(
        "limits/result-too-large-in-other-words",
        "says of a result that is too large how large it may be in megabytes",
        ("limits/synchronous-response-too-large-message",),
        error(lambda found: {**found, "errorMessage": "Response payload exceeds 6 MB."}, kind="ResponseSizeTooLarge"),
    ),
    Fault(
        "limits/result-too-large-with-request-id",
        "puts a request id into the error of a result that is too large",
        ("function-errors/response-too-large-members",),
        error(lambda found: {**found, "requestId": ""}, kind="ResponseSizeTooLarge"),
    ),
)
