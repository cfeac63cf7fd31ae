"""Cases of the area response-headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import (
    EVENT,
    UUID,
    accepted,
    case,
    expect,
    fails_in_the_function,
    not_found,
    sequence,
    step,
    succeeds,
)
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

TRACE = r"(?i)^root=1-[0-9a-f]{8}-[0-9a-f]{24}(;parent=[0-9a-f]{16})?;sampled=[01](;lineage=[0-9a-f:]+)?$"
BODY = b'"HelloWorld"'


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    return (*_request_ids(), *_of_success(), *_of_event(), *_of_refusal())


def _request_ids() -> tuple[Case, ...]:
    there, form = "response-headers/request-id", "response-headers/request-id-uuid"
    header = "header x-amzn-RequestId"
    return (
        case(
            "response-headers/request-id",
            "A synchronous answer carries a request id that is a UUID",
            Call(),
            succeeds(),
            expect(there, header, "is present"),
            expect(form, header, "matches", UUID),
        ),
        case(
            "response-headers/request-id-on-event",
            "The answer to Event carries a request id",
            Call(headers=EVENT),
            accepted(),
            expect(there, header, "is present"),
        ),
        case(
            "response-headers/request-id-on-refusal",
            "A refusal carries a request id",
            Call("{missing}"),
            not_found("names/unknown-function"),
            expect(there, header, "is present"),
            twin="names/plain",
        ),
        case(
            "response-headers/request-id-is-the-functions",
            "The request id is the one that the function sees",
            Call("{context}"),
            succeeds(),
            expect("response-headers/request-id-is-the-functions", "json /aws_request_id", "is as", header),
        ),
        sequence(
            "response-headers/request-id-unique",
            "Two calls have two request ids",
            step(Call(), succeeds()),
            step(
                Call(),
                expect("response-headers/request-id-unique", header, "differs from", f"step 1 {header}"),
            ),
        ),
    )


def _of_success() -> tuple[Case, ...]:
    remapped = "response-headers/remapped-content-length"
    return (
        case(
            "response-headers/executed-version",
            "Without a qualifier X-Amz-Executed-Version is $LATEST",
            Call(),
            succeeds(),
            expect("response-headers/executed-version", "header X-Amz-Executed-Version", "equals", "$LATEST"),
        ),
        case(
            "response-headers/executed-version-on-function-error",
            "X-Amz-Executed-Version is there when the function raises",
            Call("{raise}"),
            fails_in_the_function(),
            expect(
                "response-headers/executed-version-on-function-error",
                "header X-Amz-Executed-Version",
                "equals",
                "$LATEST",
            ),
        ),
        case(
            "response-headers/content-type",
            "A result is application/json",
            Call(body=BODY),
            succeeds(),
            expect("response-headers/content-type", "header Content-Type", "equals", "application/json"),
        ),
        case(
            "response-headers/content-type-on-function-error",
            "The error of a function is application/json",
            Call("{raise}"),
            fails_in_the_function(),
            expect("response-headers/content-type", "header Content-Type", "equals", "application/json"),
        ),
        case(
            "response-headers/content-length",
            "Content-Length is the number of bytes of the body",
            Call(body=BODY),
            succeeds(),
            expect("response-headers/content-length", "declared size", "is as", "body size"),
        ),
        case(
            "response-headers/trace-id",
            "A result carries a trace id",
            Call(),
            succeeds(),
            expect("response-headers/trace-id", "header X-Amzn-Trace-Id", "matches", TRACE),
        ),
        case(
            "response-headers/remapped-content-length",
            "x-amzn-Remapped-Content-Length is 0, whatever the body",
            Call(body=BODY),
            succeeds(),
            expect(remapped, "header x-amzn-Remapped-Content-Length", "equals", "0"),
        ),
        case(
            "response-headers/date",
            "A result carries a date",
            Call(),
            succeeds(),
            expect("response-headers/date", "header Date", "is present"),
        ),
    )


def _of_event() -> tuple[Case, ...]:
    return (
        case(
            "response-headers/event-no-content-type",
            "The empty answer to Event has no content type",
            Call(headers=EVENT),
            accepted(),
            expect("response-headers/event-no-content-type", "header Content-Type", "is absent"),
        ),
    )


def _of_refusal() -> tuple[Case, ...]:
    named, header = "response-headers/error-type", "header x-amzn-ErrorType"
    return (
        case(
            "response-headers/error-type",
            "A refusal names its type in x-amzn-ErrorType, bare",
            Call("{missing}"),
            expect(named, header, "matches", r"(^|#)ResourceNotFoundException(:|$)"),
            expect("response-headers/error-type-bare", header, "equals", "ResourceNotFoundException"),
            twin="names/plain",
        ),
        case(
            "response-headers/error-content-type",
            "A refusal is application/json",
            Call("{missing}"),
            not_found("names/unknown-function"),
            expect("response-headers/error-content-type", "header Content-Type", "equals", "application/json"),
            twin="names/plain",
        ),
    )
