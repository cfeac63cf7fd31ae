"""Cases of the area invoke-async, for targets that have the older operation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.cases.building import (
    ARN,
    DRY_RUN,
    PARTIAL_ARN,
    case,
    expect,
    invocation_type,
    log_type,
    not_found,
    refused,
    sequence,
    step,
)
from conformance.cases.model import Call, Sized

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

ASYNC = "InvokeAsync"
NEEDS = ("invoke-async",)
TWIN = "invoke-async/accepted"
PATIENCE = 5.0
"""Seconds within which an accepted event has to have run the function."""


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    operation = contract.operations[ASYNC]
    longest = operation.parameter("FunctionName").max_length or 0
    return (
        *_accepted(operation.path),
        _runs(),
        *_names(),
        *_refused(longest),
        *_limit(operation.body_limits["Event"]),
        *_ignored(),
    )


def _taken(requirement: str) -> Expectation:
    """The call is accepted, as a requirement of its own says."""
    return expect(requirement, "status", "equals", 202)


def _accepted(path: str) -> tuple[Case, ...]:
    silent = "invoke-async/no-result-headers"
    return (
        case(
            "invoke-async/accepted",
            "InvokeAsync is accepted with 202",
            Call(operation=ASYNC),
            expect("status-codes/invoke-async-202", "status", "equals", 202),
            needs=NEEDS,
        ),
        case(
            "invoke-async/trailing-slash",
            "InvokeAsync is accepted on the path that ends in a slash",
            Call(operation=ASYNC, path=path.replace("{FunctionName}", "{echo}") + "/"),
            _taken("invoke-async/trailing-slash"),
            needs=NEEDS,
        ),
        case(
            "invoke-async/failing-function",
            "InvokeAsync is accepted though the function is going to raise",
            Call("{raise}", operation=ASYNC),
            _taken("invoke-async/accepted-though-function-fails"),
            needs=NEEDS,
        ),
        case(
            "invoke-async/answer",
            "The answer to InvokeAsync has no result, and no header of one",
            Call(operation=ASYNC, body=b'["echo"]'),
            expect("status-codes/invoke-async-202", "status", "equals", 202),
            expect("invoke-async/body", "text", "matches", r"(?s)^\s*(\{.*\}\s*)?$"),
            expect(silent, "header X-Amz-Executed-Version", "is absent"),
            expect(silent, "header X-Amz-Function-Error", "is absent"),
            expect(silent, "header X-Amz-Log-Result", "is absent"),
            needs=NEEDS,
        ),
    )


def _runs() -> Case:
    read = Call("{record}", body=b'{"op": "read", "key": "{run}-invoke-async"}')
    return sequence(
        "invoke-async/runs-the-function",
        "After InvokeAsync was accepted, the function runs with the body as its event",
        step(
            Call("{record}", operation=ASYNC, body=b'{"op": "mark", "key": "{run}-invoke-async"}'),
            expect("status-codes/invoke-async-202", "status", "equals", 202),
        ),
        step(read, expect("invoke-async/runs-the-function", "json /count", "is at least", 1), within=PATIENCE),
        needs=NEEDS,
    )


def _names() -> tuple[Case, ...]:
    """Ways to name a function: id -> (the way, FunctionName, how it goes into the path, requirement)."""
    name, suffix = "invoke-async/names", "invoke-async/qualifier-in-name"
    table = {
        "arn": ("an ARN", ARN + "{echo}", "percent", name),
        "arn-raw": ("an ARN that is not encoded", ARN + "{echo}", "raw", name),
        "partial-arn": ("a partial ARN", PARTIAL_ARN + "{echo}", "percent", name),
        "name-with-version": ("a name with a version", "{versioned}:1", "percent", suffix),
        "name-with-alias": ("a name with an alias", "{versioned}:live", "percent", suffix),
        "arn-with-alias": ("an ARN with an alias", ARN + "{versioned}:live", "percent", suffix),
    }
    return tuple(
        case(
            f"invoke-async/{id_}",
            f"InvokeAsync is accepted by {way}",
            Call(FunctionName, operation=ASYNC, escape=escape),
            _taken(requirement),
            needs=NEEDS,
        )
        for id_, (way, FunctionName, escape, requirement) in table.items()
    )


def _refused(longest: int) -> tuple[Case, ...]:
    missing, illegal = "invoke-async/unknown-function", "invoke-async/illegal-name"
    named = "invoke-async/name-with-alias"
    content = refused("invoke-async/malformed-json", 400, "InvalidRequestContentException")
    invalid = expect(illegal, "status", "equals", 400) + expect(
        f"{illegal}-error", "error type", "equals", "ValidationException"
    )
    table = {
        "unknown-function": ("a function that does not exist", Call("{missing}"), not_found(missing), TWIN),
        "unknown-alias": ("an alias that does not exist", Call("{versioned}:no-such"), not_found(missing), named),
        "unknown-version": ("a version that does not exist", Call("{versioned}:1221"), not_found(missing), named),
        "illegal-name": ("a name with an illegal character", Call("{echo}!"), invalid, TWIN),
        "name-too-long": (f"a name of {longest + 1} characters", Call("a" * (longest + 1)), invalid, TWIN),
        "malformed-json": ("a body that is no JSON", Call(body=b"test data"), content, TWIN),
        "cut-json": ("a body that ends within JSON", Call(body=b'{"cut": '), content, TWIN),
        "get": ("GET", Call(method="GET", body=b""), expect("invoke-async/only-post", "status", "equals", 403), TWIN),
    }
    return tuple(
        case(
            f"invoke-async/{id_}",
            f"InvokeAsync with {what} is refused",
            replace(call, operation=ASYNC),
            expectation,
            twin=twin,
            needs=NEEDS,
        )
        for id_, (what, call, expectation, twin) in table.items()
    )


def _limit(most: int) -> tuple[Case, ...]:
    limit = "invoke-async/limit"
    within = {"under-limit": ("a byte less than the limit", most - 1), "at-limit": ("as many bytes as the limit", most)}
    return (
        *(
            case(
                f"invoke-async/{id_}",
                f"InvokeAsync with a body of {what} is accepted",
                Call(operation=ASYNC, body=Sized(size)),
                _taken(limit),
                needs=NEEDS,
            )
            for id_, (what, size) in within.items()
        ),
        case(
            "invoke-async/over-limit",
            "InvokeAsync with a body of a byte more than the limit is refused",
            Call(operation=ASYNC, body=Sized(most + 1)),
            expect(limit, "status", "is at least", 400),
            refused("invoke-async/too-large-error", 413, "RequestEntityTooLargeException"),
            twin="invoke-async/at-limit",
            needs=NEEDS,
        ),
    )


def _ignored() -> tuple[Case, ...]:
    """What Invoke would act upon or refuse: id -> (what, call)."""
    table = {
        "unknown-qualifier": ("an unknown Qualifier", Call(query="Qualifier=no-such")),
        "illegal-qualifier": ("an illegal Qualifier", Call(query="Qualifier=bad!")),
        "dry-run": ("the invocation type DryRun", Call(headers=DRY_RUN)),
        "unknown-type": ("an unknown invocation type", Call(headers=invocation_type("Bogus"))),
        "unknown-log-type": ("an unknown log type", Call(headers=log_type("Bogus"))),
        "client-context": ("a client context that is none", Call(headers=(("X-Amz-Client-Context", "not base64!"),))),
    }
    return tuple(
        case(
            f"invoke-async/ignores-{id_}",
            f"InvokeAsync ignores {what}",
            replace(call, operation=ASYNC),
            expect("invoke-async/no-other-members", "status", "equals", 202),
            needs=NEEDS,
        )
        for id_, (what, call) in table.items()
    )
