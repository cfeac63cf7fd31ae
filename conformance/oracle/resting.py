"""What a refusal rests on: for Invoke that waits it is recorded, for the rest there are requirements of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.oracle.asked import SYNCHRONOUS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.oracle.asked import Asked
    from conformance.oracle.refusals import Refusal

Grounds = tuple[str, str]
"""The requirement about the status, and that about the error's type."""
FIRST = "invocation-types/event-checked-first"
VALIDATES, LOOKS_UP = "invocation-types/dry-run-validates", "invocation-types/dry-run-looks-up"
LARGE, MALFORMED = "limits/event-request-too-large", "payload/event-malformed-json"

BY_WAY: Mapping[tuple[str, str], Mapping[str, Grounds]] = {
    ("Invoke", "Event"): {
        "constraints": (FIRST, FIRST),
        "look-up": (FIRST, FIRST),
        "size": (LARGE, LARGE),
        "body": (MALFORMED, MALFORMED),
    },
    ("Invoke", "DryRun"): {
        "constraints": (VALIDATES, VALIDATES),
        "qualifier": (VALIDATES, VALIDATES),
        "look-up": (LOOKS_UP, LOOKS_UP),
    },
    ("InvokeWithResponseStream", SYNCHRONOUS): {
        "constraints": ("streaming/constraints", "streaming/constraints-error"),
        "look-up": ("streaming/unknown-function", "streaming/unknown-function"),
        "qualifier": ("streaming/contradicting-qualifiers", "streaming/contradicting-qualifiers"),
        "size": ("streaming/request-limit", "streaming/request-limit"),
        "body": ("streaming/malformed-json", "streaming/malformed-json"),
    },
    ("InvokeWithResponseStream", "DryRun"): {"constraints": ("streaming/constraints", "streaming/constraints-error")},
    ("InvokeAsync", "Event"): {
        "constraints": ("invoke-async/illegal-name", "invoke-async/illegal-name-error"),
        "look-up": ("invoke-async/unknown-function", "invoke-async/unknown-function"),
        "size": ("invoke-async/limit", "invoke-async/too-large-error"),
        "body": ("invoke-async/malformed-json", "invoke-async/malformed-json"),
    },
}
"""Operation and invocation type -> check -> grounds; what is not here is not sure."""
SPEAKING: Mapping[tuple[str, str], frozenset[str]] = {("Invoke", "Event"): frozenset({"size"})}
"""Operation and invocation type -> checks of which the texts are recorded, too."""
THE_SAME: Mapping[tuple[str, str, str], Grounds] = {
    ("Invoke", "Event", "logs/unknown-type"): ("logs/checked-on-event", "logs/checked-on-event"),
}
"""Operation, invocation type and what is required of a call that waits -> grounds of their own."""
OTHERWISE: Mapping[str, Mapping[str, Grounds]] = {
    "Invoke": {},
    "InvokeWithResponseStream": {"constraints": ("streaming/types", "streaming/constraints-error")},
}
"""Operation -> the same for an invocation type that it doesn't have."""

GUESSED: frozenset[str] = frozenset(
    {
        "client-context/too-long",
        "function-states/failed",
        "invocation-types/dry-run-looks-up",
        "invoke-async/illegal-name-error",
        "invoke-async/too-large-error",
        "names/case-sensitive",
        "payload/event-malformed-json",
        "qualifiers/alias-case-sensitive",
        "qualifiers/empty",
        "qualifiers/leading-zero",
        "streaming/constraints-error",
        "streaming/request-limit",
    }
)
"""Requirements about refusals that are only reasoned: a target may take such a request, and then nothing that holds of
refusals can be held against its answer; or refuse it with another error, which has another shape."""


def waits(asked: Asked) -> bool:
    """Tell whether a request is one to Invoke that waits, or doesn't say in a known way how it is to be invoked."""
    return asked.operation.id == "Invoke" and asked.InvocationType not in {"Event", "DryRun"}


def rested(refusal: Refusal, asked: Asked) -> Refusal:
    """Return a refusal with the requirements that say so of what was asked; one without any is not sure."""
    if refusal.own or waits(asked):
        return refusal
    way = asked.operation.id, asked.InvocationType
    grounds = BY_WAY.get(way, OTHERWISE.get(asked.operation.id, {})).get(refusal.check)
    if grounds is None:
        return replace(refusal, sure=False, also=())
    if (*way, refusal.requirement) in THE_SAME:
        grounds = THE_SAME[*way, refusal.requirement]
    # The texts are recorded of calls that wait; those of constraints are made before anybody looks at the type.
    worded = asked.operation.id == "Invoke" and refusal.check == "constraints"
    message = refusal.message if worded else None
    also = refusal.also if worded or refusal.check in SPEAKING.get(way, ()) else ()
    return replace(refusal, requirement=grounds[0], type_requirement=grounds[1], message=message, also=also)
