"""Cases of the area streaming, for targets that have InvokeWithResponseStream."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.cases.building import (
    ARN,
    DRY_RUN,
    PARTIAL_ARN,
    TAIL,
    case,
    expect,
    invocation_type,
    log_type,
    sequence,
    step,
)
from conformance.cases.model import Call, Sized

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case, Step
    from conformance.contract.model import Contract

STREAM = "InvokeWithResponseStream"
NEEDS = ("response-streaming",)
BODY = b'{"streamed": [1, 2]}'
ENDS = [["PayloadChunk", "InvokeComplete"], ["InvokeComplete"]]
"""The kinds of events, in order, of a stream whose function failed: it may have sent something before."""
CONTEXT = base64.b64encode(b'{"custom": {"colour": "red"}}').decode()


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area, but for the refusals."""
    limits = contract.operations[STREAM].body_limits
    return (
        *_results(),
        *_frames(),
        *_failures(),
        *_logs(contract.limits["log-result"]),
        *_types(),
        *_named(),
        *_seen_by_the_function(),
        _largest(limits["RequestResponse"]),
    )


def streamed(requirement: str, result: object) -> Expectation:
    """A stream that brings a result whole; says so for a requirement of its own."""
    return (
        expect(requirement, "status", "equals", 200)
        + expect(requirement, "events", "equals", ["PayloadChunk", "InvokeComplete"])
        + expect(requirement, "stream", "equals", result)
    )


def _results() -> tuple[Case, ...]:
    whole, size = "streaming/chunks-and-complete", 200_000
    table = {
        "result": ("The result of a function", Call(body=BODY), {"streamed": [1, 2]}),
        "string": ("A result that is a text", Call(body='"kühl"'.encode()), "kühl"),
        "null": ("The result of a function that returns nothing", Call("{nothing}"), None),
    }
    return (
        *(
            case(
                f"streaming/{id_}",
                f"{what} comes as chunks, then InvokeComplete without an error",
                replace(call, operation=STREAM),
                streamed(whole, result),
                expect("streaming/no-error-code-on-success", "complete /ErrorCode", "is absent"),
                needs=NEEDS,
            )
            for id_, (what, call, result) in table.items()
        ),
        case(
            "streaming/large-result",
            f"A result of {size:,} bytes comes whole, in however many chunks",
            Call("{big}", operation=STREAM, body=b'{"size": %d}' % size),
            expect(whole, "status", "equals", 200),
            expect(whole, "events", "equals", ["PayloadChunk", "InvokeComplete"]),
            expect(whole, "stream", "matches", rf"^b{{{size - 2}}}$"),
            needs=NEEDS,
        ),
    )


def _frames() -> tuple[Case, ...]:
    headers = "streaming/frame-headers"
    return (
        case(
            "streaming/one-complete",
            "A stream has one InvokeComplete",
            Call(operation=STREAM, body=BODY),
            expect("streaming/one-complete", "event count InvokeComplete", "equals", 1),
            needs=NEEDS,
        ),
        case(
            "streaming/frame-headers",
            "Frames are marked as events, with the content types of chunks and completion",
            Call(operation=STREAM, body=BODY),
            expect(headers, "frame header :message-type", "equals", ["event"]),
            expect(headers, "frame header :content-type", "equals", ["application/octet-stream", "application/json"]),
            needs=NEEDS,
        ),
        case(
            "streaming/content-type",
            "The answer is marked as an event stream",
            Call(operation=STREAM, body=BODY),
            expect("streaming/content-type", "header Content-Type", "equals", "application/vnd.amazon.eventstream"),
            needs=NEEDS,
        ),
    )


def _failures() -> tuple[Case, ...]:
    failed, header = "streaming/function-error", "streaming/no-error-header"
    table = {
        "exception": ("A function that raises", Call("{raise}", body=b'{"message": "streamed"}')),
        "exit": ("A function whose process ends", Call("{exit}")),
        "timeout": ("A function that takes too long", Call("{sleep}")),
    }
    return tuple(
        case(
            f"streaming/{id_}",
            f"{what} ends its stream with an error, after the status 200",
            replace(call, operation=STREAM),
            expect(failed, "status", "equals", 200),
            expect(failed, "events", "is one of", ENDS),
            expect(failed, "complete /ErrorCode", "is present"),
            expect("streaming/error-code-unhandled", "complete /ErrorCode", "equals", "Unhandled"),
            expect("streaming/error-details", "complete /ErrorDetails", "is present"),
            expect(header, "header X-Amz-Function-Error", "is absent"),
            needs=NEEDS,
        )
        for id_, (what, call) in table.items()
    )


def _logs(most: int) -> tuple[Case, ...]:
    there, none, header = "streaming/log", "streaming/no-log", "streaming/no-error-header"
    return (
        case(
            "streaming/tail",
            "Tail brings the end of the log with InvokeComplete, at most 4 KiB of it, and not in a header",
            Call("{log}", operation=STREAM, headers=TAIL),
            expect(there, "streamed log", "matches", "last line of the log"),
            expect(there, "streamed log size", "is at most", most),
            expect(header, "header X-Amz-Log-Result", "is absent"),
            needs=NEEDS,
        ),
        case(
            "streaming/tail-on-function-error",
            "Tail brings the log of a function that raises",
            Call("{raise}", operation=STREAM, headers=TAIL),
            expect(there, "streamed log", "is present"),
            expect("streaming/function-error", "complete /ErrorCode", "is present"),
            needs=NEEDS,
        ),
        *(
            case(
                f"streaming/{id_}",
                f"{what} there is no log",
                Call("{log}", operation=STREAM, headers=headers),
                expect("streaming/one-complete", "event count InvokeComplete", "equals", 1),
                expect(none, "complete /LogResult", "is absent"),
                needs=NEEDS,
            )
            for id_, what, headers in (
                ("no-log-type", "Without a log type", ()),
                ("log-type-none", "With the log type None", log_type("None")),
            )
        ),
    )


def _types() -> tuple[Case, ...]:
    dry, idle = "streaming/dry-run", "streaming/dry-run-does-not-run"
    return (
        case(
            "streaming/request-response",
            "RequestResponse runs the function and streams its result",
            Call(operation=STREAM, headers=invocation_type("RequestResponse"), body=BODY),
            streamed("streaming/types", {"streamed": [1, 2]}),
            needs=NEEDS,
        ),
        case(
            "streaming/dry-run",
            "DryRun answers 204, with nothing",
            Call(operation=STREAM, headers=DRY_RUN, body=BODY),
            expect(dry, "status", "equals", 204),
            expect(dry, "body", "is empty"),
            needs=NEEDS,
        ),
        sequence(
            "streaming/dry-run-does-not-run",
            "Of a streamed call and a dry run, only the first leaves a mark",
            _record("mark", streamed("streaming/types", {"marked": True})),
            _record("mark", expect(idle, "status", "equals", 204), headers=DRY_RUN),
            _record("read", expect(idle, "stream /count", "is at most", 1)),
            needs=NEEDS,
        ),
    )


def _record(op: str, expectation: Expectation, headers: tuple[tuple[str, str], ...] = ()) -> Step:
    """A streamed call of the function that keeps marks."""
    body = b'{"op": "%b", "key": "{run}-streaming"}' % op.encode()
    return step(Call("{record}", operation=STREAM, headers=headers, body=body), expectation)


def _named() -> tuple[Case, ...]:
    """Ways to name a version: id -> (the way, call, requirement, the version that runs)."""
    version, arn = "streaming/executed-version", "streaming/route-by-arn"
    table = {
        "latest": ("a name alone", Call("{versioned}"), version, "$LATEST"),
        "version": ("a version", Call("{versioned}", "Qualifier=2"), version, "2"),
        "alias": ("an alias", Call("{versioned}", "Qualifier=live"), version, "1"),
        "suffix": ("a version behind the name", Call("{versioned}:2"), version, "2"),
        "arn": ("an ARN", Call(ARN + "{versioned}"), arn, "$LATEST"),
        "arn-raw": ("an ARN that is not encoded", Call(ARN + "{versioned}", escape="raw"), arn, "$LATEST"),
        "arn-with-alias": ("an ARN with an alias", Call(ARN + "{versioned}:live"), arn, "1"),
        "partial-arn": ("a partial ARN", Call(PARTIAL_ARN + "{versioned}"), arn, "$LATEST"),
    }
    return tuple(
        case(
            f"streaming/{id_}",
            f"By {way}, version {ran} runs",
            replace(call, operation=STREAM),
            expect(requirement, "status", "equals", 200),
            expect(requirement, "stream /version", "equals", ran),
            expect(version, "header X-Amz-Executed-Version", "equals", ran),
            needs=NEEDS,
        )
        for id_, (way, call, requirement, ran) in table.items()
    )


def _seen_by_the_function() -> tuple[Case, ...]:
    context, own_id, empty = "streaming/client-context", "streaming/request-id", "streaming/empty-body"
    return (
        case(
            "streaming/client-context",
            "The function gets the client context",
            Call("{context}", operation=STREAM, headers=(("X-Amz-Client-Context", CONTEXT),)),
            expect(context, "stream /client_context/custom", "equals", {"colour": "red"}),
            needs=NEEDS,
        ),
        case(
            "streaming/request-id",
            "The function sees the request id of the answer",
            Call("{context}", operation=STREAM),
            expect(own_id, "header x-amzn-RequestId", "is as", "stream /aws_request_id"),
            needs=NEEDS,
        ),
        case(
            "streaming/empty-body",
            "Without a body the function gets an empty object",
            Call(operation=STREAM, body=b""),
            expect(empty, "stream", "equals", {}),
            needs=NEEDS,
        ),
    )


def _largest(most: int) -> Case:
    return case(
        "streaming/largest-request",
        "A body of a byte less than the limit is accepted",
        Call("{nothing}", operation=STREAM, body=Sized(most - 1)),
        expect("streaming/request-limit", "status", "equals", 200),
        needs=NEEDS,
    )
