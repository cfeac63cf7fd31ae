"""Cases of the area response-headers: what single headers say; header_sets has all headers of an answer at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import (
    DRY_RUN,
    case,
    expect,
    not_found,
    sequence,
    step,
    succeeds,
)
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case, Step
    from conformance.contract.model import Contract

REQUEST_ID = "header x-amzn-RequestId"
VERSION = "header X-Amz-Executed-Version"
PATIENCE = 10.0
"""Seconds in which an alias that shares its calls evenly takes both ways."""
TRIES = 24
"""Calls after which an alias that shares them evenly has missed one way once in 16 million."""


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of single headers."""
    return (*_request_ids(), *_versions(), *_lengths(), *_traces(), *_connection())


def _request_ids() -> tuple[Case, ...]:
    unique = "response-headers/request-id-unique"
    return (
        case(
            "response-headers/request-id-on-dry-run",
            "The answer to DryRun carries a request id",
            Call(headers=DRY_RUN),
            expect("status-codes/dry-run-204", "status", "equals", 204),
            expect("response-headers/request-id-on-dry-run", REQUEST_ID, "is present"),
        ),
        case(
            "response-headers/request-id-is-the-functions",
            "The request id is the one that the function sees",
            Call("{context}"),
            succeeds(),
            expect("response-headers/request-id-is-the-functions", "json /aws_request_id", "is as", REQUEST_ID),
        ),
        sequence(
            "response-headers/request-id-unique",
            "Two calls have two request ids",
            step(Call(), succeeds()),
            step(Call(), expect(unique, REQUEST_ID, "differs from", f"step 1 {REQUEST_ID}")),
        ),
        sequence(
            "response-headers/request-id-unique-on-refusal",
            "The same request, refused twice, has two request ids",
            step(Call("{missing}"), not_found("names/unknown-function")),
            step(
                Call("{missing}"),
                not_found("names/unknown-function"),
                expect(unique, REQUEST_ID, "differs from", f"step 1 {REQUEST_ID}"),
            ),
            twin="invocation-types/absent",
        ),
    )


def _versions() -> tuple[Case, ...]:
    weighted = "response-headers/executed-version-weighted"
    shared = Call("{weighted}", "Qualifier=split")
    return (
        case(
            "response-headers/executed-version",
            "Without a qualifier the function sees the version that X-Amz-Executed-Version says",
            Call("{versioned}"),
            succeeds(),
            expect("response-headers/executed-version", "json /version", "is as", VERSION),
        ),
        sequence(
            "response-headers/executed-version-weighted",
            "Through a weighted alias, each answer says which of the two versions ran",
            step(
                shared,
                succeeds(),
                expect(weighted, VERSION, "is one of", ["1", "2"]),
                expect(weighted, "json /version", "is as", VERSION),
                repeat=10,
            ),
        ),
        sequence(
            "response-headers/executed-version-weighted-both",
            "Through a weighted alias, both versions get calls",
            *(
                step(shared, expect(weighted, VERSION, "equals", one), within=PATIENCE, tries=TRIES)
                for one in ("1", "2")
            ),
        ),
    )


def _lengths() -> tuple[Case, ...]:
    length = "response-headers/content-length"
    large = 1_000_000
    return (
        case(
            "response-headers/content-length-in-bytes",
            "Content-Length counts bytes, not characters",
            Call(body='"é漢🥳"'.encode()),
            succeeds(),
            expect(length, "declared size", "is as", "body size"),
        ),
        case(
            "response-headers/content-length-of-large",
            "A result of a million bytes has its length declared",
            Call("{big}", body=b'{"size": %d}' % large),
            succeeds(),
            expect("payload/round-trip", "body size", "equals", large),
            expect(length, "declared size", "is as", "body size"),
            expect("response-headers/remapped-content-length", "header x-amzn-Remapped-Content-Length", "equals", "0"),
        ),
    )


def _traces() -> tuple[Case, ...]:
    first, second = "1-3152b799-8954dae64eda91bc9a23a7e8", "1-3152b79a-0123456789abcdef01234567"
    return (
        *(
            sequence(
                f"response-headers/trace-root-{name}",
                f"The root of a trace that is {name} reaches the function",
                _traced(first, sampled),
            )
            for name, sampled in (("sampled", 1), ("unsampled", 0))
        ),
        sequence(
            "response-headers/trace-root-of-each-call",
            "Of two calls one after the other each sees its own root",
            _traced(first, 1),
            _traced(second, 1),
        ),
    )


def _traced(root: str, sampled: int) -> Step:
    header = ("X-Amzn-Trace-Id", f"Root={root};Parent=7fa8c0f79203be72;Sampled={sampled}")
    return step(
        Call("{context}", headers=(header,)),
        succeeds(),
        expect("response-headers/trace-root-propagated", "json /trace_id", "matches", f"(^|;)Root={root}(;|$)"),
    )


def _connection() -> tuple[Case, ...]:
    return (
        case(
            "response-headers/connection",
            "An answer over HTTP/1.1 says that its connection stays",
            Call(),
            succeeds(),
            expect("response-headers/connection", "header Connection", "matches", "(?i)^keep-alive$"),
        ),
    )
