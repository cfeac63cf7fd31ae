"""Why the service refuses a request, and which of several reasons it may give.

The order in which the service makes its checks is known in part only. So each check that a request fails is found, and
every one may be the reason that has no other before it *for certain* (BEFORE): where the order is not on record, either
answer conforms.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.contract.names import QualifierMismatch, combine, function_arn
from conformance.oracle.asked import SYNCHRONOUS
from conformance.oracle.bodies import kind_of
from conformance.oracle.citing import (
    THROTTLED,
    about_body,
    about_message,
    about_name,
    about_violation,
    counted,
    joined,
    messages_of_body,
    messages_of_size,
)
from conformance.oracle.clause import Clause
from conformance.oracle.reading import is_object, parse_json
from conformance.oracle.resting import rested, waits
from conformance.oracle.world import LATEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.oracle.asked import Asked
    from conformance.oracle.world import Deployed, World


Words = tuple[str, Any]
"""How the text of a refusal is compared, and what with; see :data:`conformance.oracle.clause.RULES`."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal that a request deserves.

    Attributes:
        check: that the request fails.
        requirement: that says so.
        status: of the answer.
        type: the error's bare name.
        message: rule and value of what its text must be; None where it is not known.
        message_requirement: that says so; empty where none is known.
        type_requirement: that says so of the type; empty where it is the same.
        sure: whether the request is refused for certain, rather than taken all the same.
        own: whether the requirement is about this very value, however the function is invoked.
        also: what else must hold of the answer, where no other refusal is deserved.
        order: the requirement that this refusal comes before another that the request deserves, too; empty for none.
    """

    check: str
    requirement: str
    status: int
    type: str
    message: Words | None = None
    message_requirement: str = ""
    type_requirement: str = ""
    sure: bool = True
    own: bool = False
    also: tuple[Clause, ...] = ()
    order: str = ""


BEFORE: Mapping[tuple[str, str], str] = {
    ("constraints", "qualifier"): "",
    ("constraints", "look-up"): "request-errors/constraints-before-look-up",
    ("qualifier", "look-up"): "qualifiers/disagreeing-before-look-up",
    ("region", "look-up"): "request-errors/region-before-look-up",
    ("body", "client-context"): "client-context/body-error-wins",
    ("look-up", "concurrency"): "",
}
"""Pairs of checks of which the first is known to be made before the second -> the requirement that says so; all are
recorded on AWS, but for the last, which can't be otherwise."""

PUBLISHED = "$LATEST.PUBLISHED"
SHORT = 20
"""Characters of a qualifier beyond which its length is what it is about."""
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def refusals(asked: Asked, world: World) -> tuple[Refusal, ...]:
    """Return the refusals of which the answer must be one; none when the request is to be taken.

    Where all of them are not sure, it may be taken as well.
    """
    found = [rested(refusal, asked) for check in CHECKS for refusal in check(asked, world)]
    failed = {refusal.check for refusal in found if refusal.sure}
    left = tuple(one for one in found if not any((other, one.check) in BEFORE for other in failed))
    behind = {one.check for one in found} - {one.check for one in left}
    return tuple(_ordered(one, behind, asked) for one in left)


def _ordered(refusal: Refusal, behind: set[str], asked: Asked) -> Refusal:
    """Return a refusal with the requirement that it comes before one of others; it is recorded of calls that wait."""
    if not waits(asked):
        return refusal
    orders = (BEFORE.get((refusal.check, other), "") for other in sorted(behind))
    return replace(refusal, order=next(filter(None, orders), ""))


def _constraints(asked: Asked, _: World) -> Iterator[Refusal]:
    broken = asked.violations
    if broken:
        text = ("tells", counted(broken))
        yield Refusal(
            "constraints",
            about_violation(asked),
            400,
            "ValidationException",
            text,
            "request-errors/violation-format",
            sure=any(one.value for one in broken),  # whether an empty text counts as none is not recorded
            also=(*joined(broken), *(Clause(one, "error message", *text) for one in about_message(broken))),
        )


def _qualifier(asked: Asked, _: World) -> Iterator[Refusal]:
    reference = asked.reference
    try:
        if reference is not None:
            combine(reference, asked.values.get("Qualifier") or None)  # an empty one is too short, not another
    except QualifierMismatch:
        text = ("equals", "The derived qualifier from the function name does not match the specified qualifier.")
        kind = "InvalidParameterValueException"
        yield Refusal("qualifier", "qualifiers/disagreeing", 400, kind, text, "qualifiers/disagreeing-message")


def _region(asked: Asked, world: World) -> Iterator[Refusal]:
    reference = asked.reference
    if reference is not None and reference.region not in {None, world.region}:
        text = _not_reachable(reference.region or "", world.region)
        kind = "ResourceNotFoundException"
        yield Refusal("region", "names/wrong-region", 404, kind, text, "names/wrong-region-message")


def _not_reachable(region: str, own: str) -> Words:
    return "equals", f"Functions from '{region}' are not reachable in this region ('{own}')"


def _account(asked: Asked, world: World) -> Iterator[Refusal]:
    reference = asked.reference
    if reference is not None and reference.account not in {None, world.account}:
        yield Refusal("account", "names/other-account", 403, "AccessDeniedException")


def _size(asked: Asked, _: World) -> Iterator[Refusal]:
    limits = asked.operation.body_limits
    limit = limits.get(asked.InvocationType, max(limits.values()))
    waits = asked.InvocationType == SYNCHRONOUS
    # A call of exactly the limit is refused or not, if it waits; an Event of exactly the limit is taken (recorded).
    if len(asked.body) >= limit + (not waits):
        requirement = "limits/synchronous-request-too-large" if waits else "limits/event-request-too-large"
        kind, sure = "RequestEntityTooLargeException", len(asked.body) > limit
        also = messages_of_size(asked, limit) if sure else ()
        yield Refusal("size", requirement, 413, kind, sure=sure, own=not sure, also=also)


def _body(asked: Asked, _: World) -> Iterator[Refusal]:
    kind = kind_of(asked.body)
    if kind == "empty" and asked.operation.id == "InvokeAsync":
        kind = "unclear"  # its model requires a body; what comes without one is not recorded
    if kind in {"not JSON", "not UTF-8", "unclear"}:
        text, name = ("tells", ["Could not parse request body into json: "]), "InvalidRequestContentException"
        sure = kind != "unclear"
        message = "payload/malformed-json-message"
        also = messages_of_body(asked.body) if sure else ()
        yield Refusal(
            "body", about_body(asked.body, kind), 400, name, text, message, sure=sure, own=not sure, also=also
        )


def _client_context(asked: Asked, _: World) -> Iterator[Refusal]:
    value = asked.values.get("X-Amz-Client-Context")
    if value is None:
        return
    name = "InvalidRequestContentException"
    longest = asked.operation.parameter("X-Amz-Client-Context").max_bytes
    if longest is not None and len(value) > longest:
        for status, kind in ((400, name), (413, "RequestEntityTooLargeException")):
            yield Refusal("client-context", "client-context/too-long", status, kind, own=True)
        return
    context = _decoded(value)
    if context is None or kind_of(context) != "json" or not is_object(parse_json(context)):
        text = ("equals", "Client context must be a valid Base64-encoded JSON object.")
        requirement, sure = "client-context/not-json" if context else "client-context/not-base64", _clearly_none(value)
        yield Refusal("client-context", requirement, 400, name, text, "client-context/refusal-message", sure=sure)


def _decoded(value: str) -> bytes | None:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None


def _clearly_none(value: str) -> bool:
    """Tell whether a client context is none for every decoder: some do without padding, or take another alphabet."""
    plain = re.sub(r"[\s=]", "", value).replace("-", "+").replace("_", "/")
    context = _decoded(plain + "=" * (-len(plain) % 4))
    return context is None or kind_of(context) in {"not JSON", "not UTF-8"}


def _tenant(asked: Asked, world: World) -> Iterator[Refusal]:
    """A tenant must be named where tenants are kept apart, and nowhere else; what InvokeAsync gets is unrecorded."""
    deployed, kind = _deployed(asked, world), "InvalidParameterValueException"
    if deployed is None:
        return
    if asked.operation.id == "InvokeAsync":
        if deployed.tenancy:
            yield Refusal("tenant", "tenant/missing", 400, kind, sure=False)
        return
    named = "X-Amz-Tenant-Id" in asked.values
    if named and not deployed.tenancy:
        yield Refusal("tenant", "tenant/unexpected", 400, kind)
    elif deployed.tenancy and not named:
        start = "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request"
        text = ("tells", [start])
        yield Refusal("tenant", "tenant/missing", 400, kind, text, "tenant/missing-message")


def _durable(asked: Asked, world: World) -> Iterator[Refusal]:
    """A durable function must be called with a qualifier; what its execution's name means elsewhere is unrecorded."""
    deployed, reference = _deployed(asked, world), asked.reference
    if deployed is None or reference is None:
        return
    qualified = asked.qualifier
    if deployed.durable and not qualified:
        text = ("tells", ["You cannot invoke a durable function using an unqualified ARN"])
        kind, message = "InvalidParameterValueException", "durable/unqualified-message"
        yield Refusal("durable", "durable/unqualified", 400, kind, text, message)
    elif deployed.long and asked.InvocationType == SYNCHRONOUS:
        said = "You cannot synchronously invoke a durable function with an executionTimeout greater than 15 minutes."
        text = ("equals", said)
        kind, message = "InvalidParameterValueException", "durable/too-long-for-synchronous-message"
        yield Refusal("durable", "durable/too-long-for-synchronous", 400, kind, text, message)
    elif "X-Amz-Durable-Execution-Name" in asked.values and not deployed.durable:
        yield Refusal("durable", "durable/unqualified", 400, "InvalidParameterValueException", sure=False, own=True)


def _deployed(asked: Asked, world: World) -> Deployed | None:
    """Return the function that is asked for, where its version or alias is there."""
    reference = asked.reference
    found = world.functions.get(reference.name) if reference is not None else None
    if found is None or reference is None:
        return None
    return found if found.resolve(asked.qualifier) else None


def _look_up(asked: Asked, world: World) -> Iterator[Refusal]:
    reference = asked.reference
    if reference is None:
        return
    deployed = world.functions.get(reference.name)
    qualifier = asked.qualifier
    kind = "ResourceNotFoundException"
    if deployed is not None and deployed.resolve(qualifier):
        return
    if qualifier == PUBLISHED and deployed is not None:
        # What there is to publish is missing; whether that is said before the look-up of a version is unrecorded.
        for status, name in ((400, "NoPublishedVersionException"), (404, kind)):
            yield Refusal("look-up", "qualifiers/latest-published", status, name, sure=not deployed.versions, own=True)
        return
    special = _nearly(reference.name, qualifier, world)
    arn = function_arn(world.partition, world.region, world.account, reference.name)
    told = [f"Function not found: {arn}{suffix}" for suffix in ([f":{qualifier}"] if qualifier else ["", f":{LATEST}"])]
    text = ("equals", told[0]) if qualifier else ("is one of", told)
    requirement = special or (
        _unknown(qualifier, world) if deployed is not None else about_name(reference, world.functions)
    )
    message = "qualifiers/unknown-message" if deployed is not None else "names/unknown-function-message"
    yield Refusal("look-up", requirement, 404, kind, text, message, own=bool(special))


def _unknown(qualifier: str | None, world: World) -> str:
    """Return the requirement that a function has no such version or alias, by what is special about it."""
    asked = qualifier or ""
    if any(name in asked for name in world.functions):
        return "qualifiers/unknown-alias"
    if asked.isdecimal():
        return "qualifiers/unknown-version"
    if asked == LATEST.lower():
        return "qualifiers/case-sensitive"
    odd = "$" in asked or "_" in asked or len(asked) == 1 or len(asked) > SHORT
    return "qualifiers/well-formed" if odd else "qualifiers/unknown-alias"


def _nearly(name: str, qualifier: str | None, world: World) -> str:
    """Return the requirement that what only resembles something is something else, which is reasoned, not recorded."""
    deployed = world.functions.get(name)
    if deployed is None:
        return "names/case-sensitive" if name.lower() in map(str.lower, world.functions) else ""
    asked = qualifier or LATEST
    if asked.isdecimal() and asked.lstrip("0") in deployed.versions:
        return "qualifiers/leading-zero"
    return "qualifiers/alias-case-sensitive" if asked.lower() in map(str.lower, deployed.aliases) else ""


def _concurrency(asked: Asked, world: World) -> Iterator[Refusal]:
    """A synchronous call finds no room; an Event is taken all the same, and waits."""
    deployed = _deployed(asked, world)
    if deployed is not None and deployed.exhausted and asked.InvocationType == SYNCHRONOUS:
        kind, text = "TooManyRequestsException", ("equals", "Rate Exceeded.")
        message = "concurrency/throttled-message"
        yield Refusal("concurrency", "concurrency/throttled", 429, kind, text, message, also=THROTTLED)


def _state(asked: Asked, world: World) -> Iterator[Refusal]:
    """A function that is still being made is not run; whether an Event of it is taken is not recorded."""
    deployed = _deployed(asked, world)
    if deployed is not None and deployed.state != "Active":
        kind, pending = "ResourceConflictException", deployed.state == "Pending"
        said = "The operation cannot be performed at this time. The function is currently in the following state: "
        if pending:
            text, message = ("equals", f"{said}Pending"), "function-states/pending-message"
            yield Refusal("state", "function-states/pending", 409, kind, text, message)
        else:
            yield Refusal("state", "function-states/failed", 409, kind)


def _own_id(asked: Asked, _: World) -> Iterator[Refusal]:
    """A caller may send a request id of its own, if it is one; of one in capitals nothing is recorded."""
    value = asked.others.get("x-amzn-requestid")
    if value is not None and re.fullmatch(UUID, value) is None:
        sure = re.fullmatch(UUID, value.lower().strip("{}")) is None
        kind, requirement = "InvalidRequestContentException", "request-errors/request-id-not-a-uuid"
        yield Refusal("request-id", requirement, 400, kind, sure=sure)


CHECKS: tuple[Callable[[Asked, World], Iterator[Refusal]], ...] = (
    _constraints,
    _qualifier,
    _region,
    _account,
    _size,
    _body,
    _client_context,
    _tenant,
    _durable,
    _look_up,
    _concurrency,
    _state,
    _own_id,
)
"""All checks; their order here says nothing of the service's."""
