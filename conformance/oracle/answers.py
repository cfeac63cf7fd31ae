"""What must hold of the answer to a request that is taken, as clauses."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from conformance.oracle.bodies import kind_of
from conformance.oracle.clause import Clause, either
from conformance.oracle.reading import parse_json

if TYPE_CHECKING:
    from conformance.contract.model import Contract
    from conformance.oracle.asked import Asked
    from conformance.oracle.world import Deployed, Ran, World

Clauses = tuple[Clause, ...]

UUID = "^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$"
TRACE = r"(?i)^root=1-[0-9a-f]{8}-[0-9a-f]{24}(;parent=[0-9a-f]{16})?;sampled=[01](;lineage=[0-9a-f:]+)?$"
DATE = r"^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$"
BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
ALIVE = "(?i)^keep-alive$"
ID = "header x-amzn-RequestId"
VERSION = "header X-Amz-Executed-Version"
ERROR = "header X-Amz-Function-Error"
LOG = "header X-Amz-Log-Result"
TYPE = "header x-amzn-ErrorType"
REMAPPED = "header x-amzn-Remapped-Content-Length"

LARGE = 100_000
"""Bytes of an event beyond which an expectation is not to hold the result, too."""

ANY: Clauses = (
    Clause("response-headers/request-id", ID, "is present"),
    Clause("response-headers/request-id-uuid", ID, "matches", UUID),
)
"""What holds of every answer."""

_ALIVE: Clauses = (
    Clause("response-headers/date", "header Date", "matches", DATE),
    Clause("response-headers/connection", "header Connection", "matches", ALIVE),
    Clause("response-headers/trace-id", "header X-Amzn-Trace-Id", "matches", TRACE),
    Clause("response-headers/remapped-content-length", REMAPPED, "equals", "0"),
    Clause("response-headers/error-type-only-on-refusals", TYPE, "is absent"),
)
"""What the successful answers of Invoke have in common, but for that to DryRun."""

EVENT: Clauses = (
    Clause("status-codes/event-202", "status", "equals", 202),
    *ANY,
    Clause("invocation-types/event-empty-answer", "body", "is empty"),
    Clause("invocation-types/event-no-executed-version", VERSION, "is absent"),
    Clause("invocation-types/event-no-executed-version", ERROR, "is absent"),
    Clause("logs/not-on-event", LOG, "is absent"),
    Clause("response-headers/event-no-content-type", "header Content-Type", "is absent"),
    Clause("response-headers/event-content-length", "declared size", "equals", 0),
    *_ALIVE,
)

DRY_RUN: Clauses = (
    Clause("status-codes/dry-run-204", "status", "equals", 204),
    Clause("response-headers/request-id-on-dry-run", ID, "matches", UUID),
    Clause("invocation-types/dry-run-empty-answer", "body", "is empty"),
    Clause("invocation-types/dry-run-no-executed-version", VERSION, "is absent"),
    Clause("invocation-types/dry-run-no-function-error", ERROR, "is absent"),
    Clause("logs/not-on-dry-run", LOG, "is absent"),
    Clause("response-headers/error-type-only-on-refusals", TYPE, "is absent"),
)

INVOKE_ASYNC: Clauses = (
    Clause("status-codes/invoke-async-202", "status", "equals", 202),
    *ANY,
    Clause("invoke-async/no-result-headers", VERSION, "is absent"),
    Clause("invoke-async/no-result-headers", ERROR, "is absent"),
    Clause("invoke-async/no-result-headers", LOG, "is absent"),
)

_NO_RESULT_HEADERS: Clauses = (
    Clause("streaming/no-error-header", ERROR, "is absent"),
    Clause("streaming/no-error-header", LOG, "is absent"),
)
STREAMED_DRY_RUN: Clauses = (Clause("streaming/dry-run", "status", "equals", 204), *ANY, *_NO_RESULT_HEADERS)

REACTION: Clauses = (Clause("routing/no-request", "reaction", "is one of", ["answered", "closed"]),)
"""What holds of the reaction to bytes that are no request."""


def synchronous(asked: Asked, contract: Contract, world: World) -> Clauses:
    """Return what must hold of the answer to Invoke when it waits."""
    deployed = _deployed(asked, world)
    return (
        Clause("status-codes/synchronous-200", "status", "equals", 200),
        *ANY,
        Clause("response-headers/content-type", "header Content-Type", "equals", "application/json"),
        Clause("response-headers/content-length", "declared size", "is as", "body size"),
        *_ALIVE,
        *_version(asked, deployed),
        *_log(asked, contract, deployed),
        *_result(_ran(asked, deployed)),
    )


def streamed(asked: Asked, contract: Contract, world: World) -> Clauses:
    """Return what must hold of the answer to InvokeWithResponseStream when it waits."""
    deployed, whole = _deployed(asked, world), "streaming/chunks-and-complete"
    return (
        Clause(whole, "status", "equals", 200),
        *ANY,
        Clause(whole, "events", "includes", ["InvokeComplete"]),
        Clause("streaming/one-complete", "event count InvokeComplete", "equals", 1),
        Clause("streaming/frame-headers", "frame header :message-type", "equals", ["event"]),
        either("streaming/executed-version", VERSION, deployed.resolve(asked.qualifier)),
        *_NO_RESULT_HEADERS,
        Clause("streaming/content-type", "header Content-Type", "equals", "application/vnd.amazon.eventstream"),
        *_streamed_log(asked, contract),
        *_streamed_result(_ran(asked, deployed)),
    )


def _deployed(asked: Asked, world: World) -> Deployed:
    """Return the function that a request which is taken asks for."""
    reference = asked.reference
    if reference is None:
        raise ValueError("a request that is taken names a function")
    return world.functions[reference.name]


def _ran(asked: Asked, deployed: Deployed) -> Ran | None:
    """Return what comes of running the function; None where it is not known."""
    kind = kind_of(asked.body)
    if deployed.run is None or kind not in {"empty", "json"} or len(asked.body) > LARGE:
        return None
    return deployed.run(parse_json(asked.body) if kind == "json" else {})


def _version(asked: Asked, deployed: Deployed) -> Clauses:
    """Return that the version that ran is one that the request asks for."""
    requirement = "response-headers/executed-version"
    if asked.qualifier:
        requirement = "qualifiers/version" if asked.qualifier in deployed.versions else "qualifiers/alias"
        requirement = "qualifiers/latest" if asked.qualifier == "$LATEST" else requirement
    return (either(requirement, VERSION, deployed.resolve(asked.qualifier)),)


def _log(asked: Asked, contract: Contract, deployed: Deployed) -> Clauses:
    if asked.values.get("X-Amz-Log-Type") != "Tail":
        return (Clause("logs/none", LOG, "is absent"),)
    versions = "|".join(map(re.escape, sorted(deployed.resolve(asked.qualifier))))
    start = rf"^START RequestId: [0-9a-f-]{{36}} Version: ({versions})\n"
    whole = rf"{start}(?s:.*)END RequestId: .*\nREPORT RequestId: "
    return (
        Clause("logs/tail", LOG, "is present"),
        Clause("logs/base64", LOG, "matches", BASE64),
        Clause("logs/last-4-kib", "log size", "is at most", contract.limits["log-result"]),
        *(_framed(whole) if deployed.silent else ()),
    )


def _framed(whole: str) -> Clauses:
    """Return that a log that fits has its frame, with the request id of the answer."""
    requirement = "logs/start-end-report"
    return Clause(requirement, "log", "matches", whole), Clause(requirement, "log", "contains", ID)


def _streamed_log(asked: Asked, contract: Contract) -> Clauses:
    if asked.values.get("X-Amz-Log-Type") != "Tail":
        return (Clause("streaming/no-log", "complete /LogResult", "is absent"),)
    return (Clause("streaming/log", "streamed log size", "is at most", contract.limits["log-result"]),)


def _result(ran: Ran | None) -> Clauses:
    """Return what must hold of the body and of whether it is marked as an error."""
    if ran is None:
        return ()
    if not ran.failed:
        return (
            Clause("function-errors/not-on-success", ERROR, "is absent"),
            Clause("payload/round-trip", "json", "equals", ran.payload),
            *_bytes(ran.payload),
        )
    # Unhandled since 2019, whatever the error; in 2018, errors that Node.js code reported were Handled.
    clauses = (Clause("function-errors/header", ERROR, "is one of", ["Unhandled", "Handled"]),)
    members = ("errorMessage", "errorType")
    return clauses + tuple(
        Clause("function-errors/exception-payload", f"json /{member}", "matches", f"^{re.escape(ran.payload[member])}$")
        for member in members
        if member in ran.payload
    )


def _streamed_result(ran: Ran | None) -> Clauses:
    """Return what must hold of the events of a stream."""
    if ran is None:
        return ()
    if not ran.failed:
        return (
            Clause("streaming/chunks-and-complete", "stream", "equals", ran.payload),
            Clause("streaming/no-error-code-on-success", "complete /ErrorCode", "is absent"),
        )
    return (Clause("streaming/function-error", "complete /ErrorCode", "is present"),)


def _bytes(payload: object) -> Clauses:
    """Return that a result of which the bytes are known comes as those."""
    if payload is None:
        return (Clause("payload/null-bytes", "text", "equals", "null"),)
    if isinstance(payload, str) and payload.isascii() and payload.isprintable():
        return (Clause("payload/string-bytes", "text", "equals", json.dumps(payload)),)
    return ()
