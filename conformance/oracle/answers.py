"""What must hold of the answer to a request that is taken, as clauses."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.contract.names import function_arn
from conformance.oracle.bearing import shown
from conformance.oracle.bodies import PLAIN, kind_of
from conformance.oracle.clause import Clause, either
from conformance.oracle.failures import of_failure
from conformance.oracle.logs import of_log, of_streamed_log
from conformance.oracle.reading import parse_json
from conformance.oracle.results import about_version, of_result, of_telling
from conformance.oracle.world import Ran

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.model import Contract
    from conformance.oracle.asked import Asked
    from conformance.oracle.world import Deployed, World

Clauses = tuple[Clause, ...]

UUID = "^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$"
TRACE = r"(?i)^root=1-[0-9a-f]{8}-[0-9a-f]{24}(;parent=[0-9a-f]{16})?;sampled=[01](;lineage=[0-9a-f:]+)?$"
DATE = r"^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$"
ALIVE = "(?i)^keep-alive$"
ID = "header x-amzn-RequestId"
VERSION = "header X-Amz-Executed-Version"
ERROR = "header X-Amz-Function-Error"
LOG = "header X-Amz-Log-Result"
TYPE = "header x-amzn-ErrorType"
REMAPPED = "header x-amzn-Remapped-Content-Length"
CONTENT = "frame header :content-type"
NO_ERROR_CODE = ("streaming/no-error-code-on-success", "complete /ErrorCode")

LARGE = 100_000
"""Bytes of an event beyond which an expectation is not to hold the result, too."""

ANY: Clauses = (
    Clause("response-headers/request-id", ID, "is present"),
    Clause("response-headers/request-id-uuid", ID, "matches", UUID),
)
"""What holds of every answer."""

KEPT_OPEN = Clause("routing/keep-alive", "connection stays open", "equals", True)
_ALIVE: Clauses = (
    KEPT_OPEN,
    Clause("response-headers/date", "header Date", "matches", DATE),
    Clause("response-headers/connection", "header Connection", "matches", ALIVE),
    Clause("response-headers/trace-id", "header X-Amzn-Trace-Id", "matches", TRACE),
    Clause("response-headers/remapped-content-length", REMAPPED, "equals", "0"),
    Clause("response-headers/error-type-only-on-refusals", TYPE, "is absent"),
)
"""What the successful answers of Invoke have in common, but for that to DryRun."""

EVENT: Clauses = (
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
    Clause("response-headers/request-id-on-dry-run", ID, "matches", UUID),
    Clause("invocation-types/dry-run-empty-answer", "body", "is empty"),
    Clause("invocation-types/dry-run-no-executed-version", VERSION, "is absent"),
    Clause("invocation-types/dry-run-no-function-error", ERROR, "is absent"),
    Clause("logs/not-on-dry-run", LOG, "is absent"),
    Clause("response-headers/error-type-only-on-refusals", TYPE, "is absent"),
)

INVOKE_ASYNC: Clauses = (
    *ANY,
    Clause("invoke-async/no-result-headers", VERSION, "is absent"),
    Clause("invoke-async/no-result-headers", ERROR, "is absent"),
    Clause("invoke-async/no-result-headers", LOG, "is absent"),
)

_NO_RESULT_HEADERS: Clauses = (
    Clause("streaming/no-error-header", ERROR, "is absent"),
    Clause("streaming/no-error-header", LOG, "is absent"),
)
STREAMED_DRY_RUN: Clauses = (*ANY, Clause("streaming/dry-run", "body", "is empty"), *_NO_RESULT_HEADERS)
ANSWERS: Mapping[tuple[str, str], Clauses] = {
    ("Invoke", "Event"): EVENT,
    ("Invoke", "DryRun"): DRY_RUN,
    ("InvokeAsync", "Event"): INVOKE_ASYNC,
    ("InvokeWithResponseStream", "DryRun"): STREAMED_DRY_RUN,
}
"""Operation and invocation type -> what must hold of the answer, where nothing else decides on it."""
STATUSES: Mapping[tuple[str, str], int] = {
    ("Invoke", "RequestResponse"): 200,
    ("Invoke", "Event"): 202,
    ("Invoke", "DryRun"): 204,
    ("InvokeWithResponseStream", "RequestResponse"): 200,
    ("InvokeWithResponseStream", "DryRun"): 204,
    ("InvokeAsync", "Event"): 202,
}
"""The same -> the status."""

REACTION: Clauses = (Clause("routing/no-request", "reaction", "is one of", ["answered", "closed"]),)
"""What holds of the reaction to bytes that are no request."""


def taken(asked: Asked, contract: Contract, world: World) -> Clauses:
    """Return what must hold of the answer to a request that is taken."""
    reference = asked.reference
    if reference is None:
        raise ValueError("a request that is taken names a function")
    deployed = world.functions[reference.name]
    ran = _ran(asked, contract, deployed)
    kind = (asked.operation.id, asked.InvocationType)
    if asked.operation.id == "InvokeWithResponseStream" and ran is not None and ran.cause == "too large":
        return ANY  # how much a function may stream whose runtime buffers is not on record
    status = STATUSES[kind]
    statuses = tuple(Clause(one, "status", "equals", status) for one in shown(asked, deployed, ran))
    fixed = ANSWERS.get(kind)
    if fixed is not None:
        return statuses + fixed
    rest = streamed if asked.operation.id == "InvokeWithResponseStream" else synchronous
    return statuses + rest(asked, contract, world, deployed, ran)


def synchronous(asked: Asked, contract: Contract, world: World, deployed: Deployed, ran: Ran | None) -> Clauses:
    """Return what must hold of the answer to Invoke when it waits, beside its status."""
    return (
        *ANY,
        Clause("response-headers/content-type", "header Content-Type", "equals", "application/json"),
        Clause("response-headers/content-length", "declared size", "is as", "body size"),
        *_ALIVE,
        *_version(asked, deployed, ran),
        *_execution(asked, deployed, world),
        *of_log(asked, contract, deployed, ran),
        *_result(asked, contract, world, deployed, ran),
    )


def streamed(asked: Asked, contract: Contract, world: World, deployed: Deployed, ran: Ran | None) -> Clauses:
    """Return what must hold of the answer to InvokeWithResponseStream when it waits, beside its status."""
    whole = "streaming/chunks-and-complete"
    return (
        *ANY,
        Clause(whole, "events", "is one of", [["PayloadChunk", "InvokeComplete"], ["InvokeComplete"]]),
        Clause("streaming/one-complete", "event count InvokeComplete", "equals", 1),
        *_frames(ran),
        either("streaming/executed-version", VERSION, deployed.resolve(asked.qualifier)),
        *_NO_RESULT_HEADERS,
        Clause("streaming/content-type", "header Content-Type", "equals", "application/vnd.amazon.eventstream"),
        *of_streamed_log(asked, contract, ran),
        *_streamed_result(asked, world, deployed, ran),
    )


def _frames(ran: Ran | None) -> Clauses:
    """Return what the headers of frames must say; how a stream without a result is cut is not known."""
    types = ["application/octet-stream", "application/json"]
    some = [] if ran is None or ran.failed else [Clause("streaming/frame-headers", CONTENT, "equals", types)]
    return (Clause("streaming/frame-headers", "frame header :message-type", "equals", ["event"]), *some)


def _ran(asked: Asked, contract: Contract, deployed: Deployed) -> Ran | None:
    """Return what comes of running the function; None where it is not known."""
    kind = kind_of(asked.body)
    if deployed.run is None or kind not in {"empty", "json"}:
        return None
    if len(asked.body) > LARGE and PLAIN.fullmatch(asked.body) is None:
        return None
    ran = deployed.run(parse_json(asked.body) if kind == "json" else {})
    if ran is None:
        return None
    if isinstance(ran.payload, str) and len(ran.payload) > LARGE:
        ran = replace(ran, payload=None, size=len(ran.payload) + 2)
    most = contract.limits["sync-response"]
    return Ran({"most": most}, failed=True, cause="too large") if (ran.size or 0) > most else ran


def _version(asked: Asked, deployed: Deployed, ran: Ran | None) -> Clauses:
    """Return that the version that ran is one that the request asks for."""
    found = deployed.resolve(asked.qualifier)
    requirement = about_version(asked, deployed)
    if ran is not None and ran.failed:
        requirement = "response-headers/executed-version-on-function-error"
    elif len(found) > 1:
        requirement = "response-headers/executed-version-weighted"
    return (either(requirement, VERSION, found),)


def _execution(asked: Asked, deployed: Deployed, world: World) -> Clauses:
    """Return that the answer of a durable function names its execution, by the ARN of the version that ran."""
    version, reference = asked.qualifier, asked.reference
    if not deployed.durable or reference is None or version not in deployed.versions:
        return ()
    arn = function_arn(world.partition, world.region, world.account, reference.name, version)
    return (Clause("durable/execution-arn", "header X-Amz-Durable-Execution-Arn", "matches", f"^{re.escape(arn)}/"),)


def _result(asked: Asked, contract: Contract, world: World, deployed: Deployed, ran: Ran | None) -> Clauses:
    """Return what must hold of the body and of whether it is marked as an error."""
    success = Clause("function-errors/not-on-success", ERROR, "is absent")
    if deployed.tells:
        return (success, *of_telling(asked, deployed, world, "json"))
    if ran is None:
        return ()
    return of_failure(ran, deployed) if ran.failed else (success, *of_result(asked, ran, contract))


def _streamed_result(asked: Asked, world: World, deployed: Deployed, ran: Ran | None) -> Clauses:
    """Return what must hold of the events of a stream."""
    whole, success = "streaming/chunks-and-complete", Clause(*NO_ERROR_CODE, "is absent")
    if deployed.tells:
        return (success, *of_telling(asked, deployed, world, "stream"))
    if ran is None:
        return ()
    if ran.failed:
        return (Clause("streaming/function-error", "complete /ErrorCode", "is present"),)
    result = ("stream size", "equals", ran.size) if ran.size is not None else ("stream", "equals", ran.payload)
    return (Clause(whole, *result), success)
