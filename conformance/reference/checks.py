"""The checks that a request passes before the function is looked up.

Solid is: constraints, contradicting qualifiers and the region before look-up, the body before the client context. Where
the others stand among these is not recorded, so their places are free.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from conformance.contract.names import QualifierMismatch, combine, function_arn, parse_name
from conformance.reference.answer import Refusal
from conformance.reference.payload import PayloadError, parse_payload

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.contract.model import Operation, Violation
    from conformance.contract.names import FunctionReference
    from conformance.reference.call import Call

CONSTRAINTS: Mapping[str, str] = {
    "minLength": "Member must have length greater than or equal to {}",
    "maxLength": "Member must have length less than or equal to {}",
    "pattern": "Member must satisfy regular expression pattern: {}",
    "enum": "Member must satisfy enum value set: {}",
}
"""How the service words a violation, after "failed to satisfy constraint: "."""
FAR_ABOVE = 64 << 10
"""Bytes above the synchronous limit from which on the front end refuses, which has words of its own.

22 bytes above it the service answered (2018-07-17), 708,546 bytes above it the front end (2022-08-24); where between
them the border lies is not recorded.
"""
CACHED = 512
"""Calls whose parameters have fewer characters are remembered; longer ones would fill the memory."""
_UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def check_constraints(call: Call) -> None:
    """Refuse what violates lengths, patterns or enumerations, all violations in one message."""
    values = tuple(call.values.items())
    find = _violations if sum(len(value) for _, value in values) < CACHED else _searched
    broken = find(call.operation, values)
    if broken:
        number = f"{len(broken)} validation error{'s' if len(broken) > 1 else ''} detected: "
        raise Refusal("ValidationException", number + "; ".join(map(_worded, broken)))


def _searched(operation: Operation, values: Iterable[tuple[str, str]]) -> tuple[Violation, ...]:
    return tuple(one for name, value in values for one in operation.parameter(name).violations(value))


_violations = lru_cache(maxsize=1024)(_searched)


def _worded(violation: Violation) -> str:
    constraint = CONSTRAINTS[violation.keyword].format(violation.limit)
    return f"Value '{violation.value}' at '{violation.member}' failed to satisfy constraint: {constraint}"


@lru_cache(maxsize=4096)
def named(operation: Operation, FunctionName: str) -> FunctionReference:
    """Take a FunctionName apart that satisfies its pattern."""
    reference = parse_name(FunctionName, operation.parameter("FunctionName"))
    if reference is None:
        raise ValueError(f"{FunctionName!r} was to be refused before")
    return reference


def check_name(call: Call) -> FunctionReference:
    """Return the FunctionName of a call, taken apart; its constraints were checked before."""
    return named(call.operation, call.values["FunctionName"])


def check_qualifier(call: Call, reference: FunctionReference) -> str | None:
    """Return the qualifier that is asked for; refuse two that contradict each other."""
    try:
        return combine(reference, call.values.get("Qualifier"))
    except QualifierMismatch as error:
        text = "The derived qualifier from the function name does not match the specified qualifier."
        raise Refusal("InvalidParameterValueException", text) from error


def check_home(call: Call, reference: FunctionReference, partition: str, region: str, account: str) -> None:
    """Refuse functions of other regions (404) and other accounts (403), and first of all the latter's logs."""
    if reference.region is not None and reference.region != region:
        text = f"Functions from '{reference.region}' are not reachable in this region ('{region}')"
        raise Refusal("ResourceNotFoundException", text)
    if reference.account is None or reference.account == account:
        return
    if call.values.get("X-Amz-Log-Type") == "Tail":
        raise Refusal("AccessDeniedException", "Cross-account log access is not allowed")
    user = f"arn:{partition}:iam::{account}:user/conformance"
    arn = function_arn(partition, region, reference.account, reference.name, reference.qualifier)
    text = f"User: {user} is not authorized to perform: lambda:InvokeFunction on resource: {arn}"
    raise Refusal("AccessDeniedException", text)


def check_size(call: Call) -> None:
    """Refuse a body above the limit of the invocation type (413; texts of 2018, 2022 and 2025)."""
    limits = call.operation.body_limits
    kind = call.InvocationType if call.InvocationType in limits else next(iter(limits))
    size, most = len(call.body), limits[kind]
    if size <= most:
        return
    text = f"{size} byte payload is too large for the {kind} invocation type (limit {most} bytes)"
    if kind == "RequestResponse" and size > most + FAR_ABOVE:
        text = f"Request must be smaller than {most} bytes for the InvokeFunction operation"
    raise Refusal("RequestEntityTooLargeException", text)


def check_request_id(call: Call) -> None:
    """Refuse a request id that a caller sends and that is none (docs; the text is ours)."""
    sent = call.headers.get(b"x-amzn-requestid")
    if sent is not None and _UUID.fullmatch(sent) is None:
        raise Refusal("InvalidRequestContentException", "The x-amzn-RequestId header must be a valid UUID.")


def check_body(call: Call) -> Any:  # noqa: ANN401  any JSON value
    """Return the event; no body at all is {}."""
    if not call.body:
        return {}
    try:
        return parse_payload(call.body)
    except PayloadError as error:
        text = f"Could not parse request body into json: Could not parse payload into json: {error}"
        raise Refusal("InvalidRequestContentException", text) from error


def check_client_context(call: Call) -> Any:  # noqa: ANN401  any JSON value
    """Return the client context that the function is to see: that of synchronous invocations, else None.

    How one above the documented limit is refused is not recorded.
    """
    value = call.values.get("X-Amz-Client-Context")
    if value is None:
        return None
    limit = call.operation.parameter("X-Amz-Client-Context").max_bytes
    context: Any = None
    with contextlib.suppress(binascii.Error, ValueError, RecursionError):  # refused below, as what is no object
        context = json.loads(base64.b64decode(value, validate=True).decode("utf-8"))
    if not isinstance(context, dict) or (limit is not None and len(value) > limit):
        text = "Client context must be a valid Base64-encoded JSON object."
        raise Refusal("InvalidRequestContentException", text)
    return cast("dict[str, Any]", context) if call.InvocationType == "RequestResponse" else None
