"""Cases of the areas invoke-async and streaming: the two other operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import case, expect, not_found, refused
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

ASYNC, STREAM = "InvokeAsync", "InvokeWithResponseStream"


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the areas."""
    return (*_invoke_async(), *_streaming())


def _invoke_async() -> tuple[Case, ...]:
    needs = ("invoke-async",)
    return (
        case(
            "invoke-async/accepted",
            "InvokeAsync is accepted with 202",
            Call(operation=ASYNC),
            expect("status-codes/invoke-async-202", "status", "equals", 202),
            needs=needs,
        ),
        case(
            "invoke-async/unknown-function",
            "InvokeAsync of a function that does not exist is not found",
            Call("{missing}", operation=ASYNC),
            not_found("invoke-async/unknown-function"),
            twin="invoke-async/accepted",
            needs=needs,
        ),
        case(
            "invoke-async/malformed-json",
            "InvokeAsync with a body that is no JSON is refused",
            Call(body=b"test data", operation=ASYNC),
            refused("invoke-async/malformed-json", 400, "InvalidRequestContentException"),
            twin="invoke-async/accepted",
            needs=needs,
        ),
    )


def _streaming() -> tuple[Case, ...]:
    needs, whole = ("response-streaming",), "streaming/chunks-and-complete"
    return (
        case(
            "streaming/result",
            "The result of a function comes as chunks, then InvokeComplete without an error",
            Call(operation=STREAM, body=b'{"streamed": [1, 2]}'),
            expect("status-codes/synchronous-200", "status", "equals", 200),
            expect(whole, "events", "equals", ["PayloadChunk", "InvokeComplete"]),
            expect(whole, "stream", "equals", {"streamed": [1, 2]}),
            expect("streaming/no-error-code-on-success", "complete /ErrorCode", "is absent"),
            needs=needs,
        ),
        case(
            "streaming/unknown-function",
            "Streaming from a function that does not exist is not found",
            Call("{missing}", operation=STREAM, body=b'{"streamed": [1, 2]}'),
            not_found("streaming/unknown-function"),
            twin="streaming/result",
            needs=needs,
        ),
    )
