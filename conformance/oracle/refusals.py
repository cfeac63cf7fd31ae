"""Why the service refuses a request, and which of several reasons it may give.

The order in which the service makes its checks is known in part only. So each check that a request fails is found, and
every one may be the reason that has no other before it *for certain* (BEFORE): where the order is not on record, either
answer conforms.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.contract.names import QualifierMismatch, combine
from conformance.oracle.asked import SYNCHRONOUS
from conformance.oracle.reading import Nothing, is_object, parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.oracle.asked import Asked
    from conformance.oracle.world import World


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal that a request deserves.

    Attributes:
        check: that the request fails.
        requirement: that says so.
        status: of the answer.
        type: the error's bare name.
        message: a pattern for its text; empty where none is known.
        message_requirement: that says so; empty where none is known.
    """

    check: str
    requirement: str
    status: int
    type: str
    message: str = ""
    message_requirement: str = ""


BEFORE: frozenset[tuple[str, str]] = frozenset(
    {
        ("constraints", "qualifier"),
        ("constraints", "look-up"),
        ("qualifier", "look-up"),
        ("region", "look-up"),
        ("body", "client-context"),
        ("look-up", "concurrency"),
    }
)
"""Pairs of checks of which the first is known to be made before the second, all recorded on AWS, but for the last,
which can't be otherwise."""

CONSTRAINTS: Mapping[str, str] = {
    "minLength": "Member must have length greater than or equal to {}",
    "maxLength": "Member must have length less than or equal to {}",
    "pattern": "Member must satisfy regular expression pattern: {}",
    "enum": r"Member must satisfy enum value set: \[[^]]*\]",
}
"""How a message words a violated constraint; the order of an enumeration's values differs between recordings."""

VIOLATED: Mapping[str, Mapping[str, str]] = {
    "functionName": {"pattern": "names/illegal-character", "maxLength": "names/too-long"},
    "qualifier": {"pattern": "qualifiers/illegal-character", "maxLength": "qualifiers/too-long"},
    "invocationType": {"enum": "invocation-types/unknown"},
    "logType": {"enum": "logs/unknown-type"},
    "tenantId": {"pattern": "tenant/constraints", "maxLength": "tenant/constraints"},
    "durableExecutionName": {"pattern": "durable/name-constraints", "maxLength": "durable/name-constraints"},
}
"""The requirement that a constraint is checked, by member and keyword."""
EMPTY = "qualifiers/empty"
"""What a text that is too short rests on: no recording shows one."""

TOO_LARGE: Mapping[str, str] = {
    SYNCHRONOUS: "limits/synchronous-request-too-large",
    "Event": "limits/event-request-too-large",
}
"""The requirement that a body is within its limit, by InvocationType."""

OF_INVOKE_ASYNC: Mapping[str, str] = {
    "constraints": "invoke-async/illegal-name-error",
    "size": "invoke-async/too-large-error",
    "body": "invoke-async/malformed-json",
    "look-up": "invoke-async/unknown-function",
}
"""The requirement that InvokeAsync makes a check, by check: what is recorded is recorded for Invoke, texts included."""


def refusals(asked: Asked, world: World) -> tuple[Refusal, ...]:
    """Return the refusals of which the answer must be one; none when the request is to be taken."""
    found = [refusal for check in CHECKS for refusal in check(asked, world)]
    failed = {refusal.check for refusal in found}
    first = [one for one in found if not any((other, one.check) in BEFORE for other in failed)]
    return tuple(map(_of_invoke_async, first) if asked.operation.id == "InvokeAsync" else first)


def _of_invoke_async(one: Refusal) -> Refusal:
    return Refusal(one.check, OF_INVOKE_ASYNC.get(one.check, one.requirement), one.status, one.type)


def _constraints(asked: Asked, _: World) -> Iterator[Refusal]:
    broken = asked.violations
    if broken:
        requirement = VIOLATED[broken[0].member].get(broken[0].keyword, EMPTY)
        worded = [
            re.escape(f"Value '{one.value}' at '{one.member}' failed to satisfy constraint: ")
            + CONSTRAINTS[one.keyword].format(re.escape(str(one.limit)))
            for one in broken
        ]
        errors = "error" if len(broken) == 1 else "errors"
        every = "".join(f"(?=.*{text})" for text in worded)
        message = f"(?s)^{len(broken)} validation {errors} detected: {every}"
        yield Refusal(
            "constraints", requirement, 400, "ValidationException", message, "request-errors/violation-format"
        )


def _qualifier(asked: Asked, _: World) -> Iterator[Refusal]:
    reference = asked.reference
    try:
        if reference is not None:
            combine(reference, asked.values.get("Qualifier"))
    except QualifierMismatch:
        text = "^The derived qualifier from the function name does not match the specified qualifier\\.$"
        kind = "InvalidParameterValueException"
        yield Refusal("qualifier", "qualifiers/disagreeing", 400, kind, text, "qualifiers/disagreeing-message")


def _region(asked: Asked, world: World) -> Iterator[Refusal]:
    reference = asked.reference
    if reference is not None and reference.region not in {None, world.region}:
        text = rf"^Functions from '{reference.region}' are not reachable in this region \('{world.region}'\)$"
        kind = "ResourceNotFoundException"
        yield Refusal("region", "names/wrong-region", 404, kind, text, "names/wrong-region-message")


def _account(asked: Asked, world: World) -> Iterator[Refusal]:
    reference = asked.reference
    if reference is not None and reference.account not in {None, world.account}:
        yield Refusal("account", "names/other-account", 403, "AccessDeniedException")


def _size(asked: Asked, _: World) -> Iterator[Refusal]:
    limit = asked.body_limit
    if limit is not None and len(asked.body) > limit:
        yield Refusal("size", TOO_LARGE[asked.InvocationType], 413, "RequestEntityTooLargeException")


def _body(asked: Asked, _: World) -> Iterator[Refusal]:
    found = parse_json(asked.body)
    if asked.body and isinstance(found, Nothing):
        requirement = "payload/invalid-utf8" if found.why == "not UTF-8" else "payload/malformed-json"
        text = "^Could not parse request body into json: "
        kind = "InvalidRequestContentException"
        yield Refusal("body", requirement, 400, kind, text, "payload/malformed-json-message")


def _client_context(asked: Asked, _: World) -> Iterator[Refusal]:
    value = asked.values.get("X-Amz-Client-Context")
    if value is not None and not _is_context(value):
        text = r"^Client context must be a valid Base64-encoded JSON object\.$"
        kind = "InvalidRequestContentException"
        yield Refusal("client-context", "client-context/not-json", 400, kind, text, "client-context/refusal-message")


def _is_context(value: str) -> bool:
    try:
        return is_object(json.loads(base64.b64decode(value, validate=True)))
    except (ValueError, RecursionError):
        return False


def _look_up(asked: Asked, world: World) -> Iterator[Refusal]:
    reference = asked.reference
    if reference is None:
        return
    deployed = world.functions.get(reference.name)
    qualifier = reference.qualifier or asked.values.get("Qualifier")
    if deployed is None:
        requirement = "names/unknown-function"
    elif not deployed.resolve(qualifier):
        requirement = "qualifiers/unknown-version" if (qualifier or "").isdecimal() else "qualifiers/unknown-alias"
    else:
        return
    suffix = f":{re.escape(qualifier)}" if qualifier else r"(:\$LATEST)?"
    where = rf"^Function not found: arn:[\w-]+:lambda:{world.region}:{world.account}:function:"
    text = f"{where}{re.escape(reference.name)}{suffix}$"
    yield Refusal("look-up", requirement, 404, "ResourceNotFoundException", text, "names/unknown-function-message")


def _concurrency(asked: Asked, world: World) -> Iterator[Refusal]:
    """A synchronous call finds no room; an Event is taken all the same, and waits."""
    reference = asked.reference
    deployed = world.functions.get(reference.name) if reference is not None else None
    if deployed is not None and deployed.exhausted and asked.InvocationType == SYNCHRONOUS:
        kind, text = "TooManyRequestsException", r"^Rate Exceeded\.$"
        yield Refusal("concurrency", "concurrency/throttled", 429, kind, text, "concurrency/throttled-message")


CHECKS: tuple[Callable[[Asked, World], Iterator[Refusal]], ...] = (
    _constraints,
    _qualifier,
    _region,
    _account,
    _size,
    _body,
    _client_context,
    _look_up,
    _concurrency,
)
"""All checks; their order here says nothing of the service's."""
