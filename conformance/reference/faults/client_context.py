"""Faults of client contexts."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.reference.answer import Refusal
from conformance.reference.checks import check_client_context, check_request_id
from conformance.reference.faults.building import gate, parameter
from conformance.reference.faults.editing import BAD_CONTENT, otherwise, refusing
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change

HEADER = "X-Amz-Client-Context"
KIB = 1024


def _seen(alter: Callable[[Call, Any], Any]) -> Change:
    """Change what the function sees of a client context that is one, None for none included."""

    def check(call: Call) -> Any:  # noqa: ANN401  any JSON value
        return alter(call, check_client_context(call))

    return gate(client_context=check)


def _given(alter: Callable[[Any], Any]) -> Change:
    """Change what the function sees of a client context, where there is one."""
    return _seen(lambda _, found: None if found is None else alter(found))


def _raw(call: Call, found: Any) -> Any:  # noqa: ANN401  any JSON value
    return None if found is None else call.values[HEADER]


def _text_within(found: dict[str, Any]) -> dict[str, Any]:
    custom: dict[str, Any] = found.get("custom") or {}
    return {**found, "custom": {name: one if isinstance(one, str) else str(one) for name, one in custom.items()}}


def _flat(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, **(found.get("custom") or {}), "custom": None}


def _replacing(call: Call, one: Refusal) -> Any:  # noqa: ANN401  any JSON value
    """Take what is JSON but for bytes that are no UTF-8."""
    try:
        return json.loads(base64.b64decode(call.values[HEADER], validate=True).decode(errors="replace"))
    except ValueError:
        raise one from None


def _early(call: Call) -> None:
    """Look at the client context before the body."""
    check_request_id(call)
    check_client_context(call)


def _none_for_events(call: Call) -> Any:  # noqa: ANN401  any JSON value
    if call.InvocationType == "Event" and HEADER in call.values:
        raise Refusal("InvalidParameterValueException", "A client context is for synchronous calls only.")
    return check_client_context(call)


def _refused_otherwise(name: str, text: str) -> Change:
    return gate(client_context=otherwise(check_client_context, refusing(name, text)))


def _whatever_the_type(call: Call) -> Any:  # noqa: ANN401  any JSON value
    values = {**call.values, "X-Amz-Invocation-Type": "RequestResponse"}
    return check_client_context(replace(call, values=values))


FAULTS = (
    Fault(
        "client-context/given-to-events",
        "gives the function of an Event the client context, too",
        ("client-context/not-for-events",),
        gate(client_context=_whatever_the_type),
    ),
    Fault(
        "client-context/lost",
        "gives functions no client context",
        ("client-context/round-trip", "client-context/streamed"),
        _seen(lambda _, __: None),
        seen="ministack 1.5.33",
    ),
    Fault(
        "client-context/not-decoded",
        "gives functions the base64 of the client context",
        ("client-context/round-trip",),
        _seen(_raw),
        seen="localstack 2.3.2",
    ),
    Fault(
        "client-context/as-text",
        "gives functions the client context as a string of JSON",
        ("client-context/round-trip",),
        _given(json.dumps),
    ),
    Fault(
        "client-context/custom-alone",
        "gives functions the custom member of the client context alone",
        ("client-context/round-trip",),
        _given(lambda found: {"custom": found.get("custom"), "env": None}),
    ),
    Fault(
        "client-context/custom-of-strings",
        "makes strings of all values in the custom member",
        ("client-context/passed-as-it-is",),
        _given(_text_within),
    ),
    Fault(
        "client-context/flattened",
        "puts what stands in the custom member beside it",
        ("client-context/round-trip",),
        _given(_flat),
    ),
    Fault(
        "client-context/absent-is-object",
        "gives functions an empty client context where none was sent",
        ("client-context/absent-is-null",),
        _seen(lambda _, found: {} if found is None else found),
    ),
    Fault(
        "client-context/refused-on-event",
        "refuses an Event with a client context",
        ("client-context/accepted-for-events",),
        gate(client_context=_none_for_events),
    ),
    Fault(
        "client-context/up-to-2-kib",
        "refuses a client context of more than 2 KiB",
        ("client-context/longest",),
        parameter(HEADER, max_bytes=2 * KIB),
    ),
    Fault(
        "client-context/bad-accepted",
        "takes a client context that is none for no client context",
        ("client-context/not-base64", "client-context/not-json"),
        gate(client_context=otherwise(check_client_context, lambda _, __: None)),
        seen="ministack 1.5.33, moto 5.2.5, localstack 2.3.2",
    ),
    Fault(
        "client-context/invalid-utf8-replaced",
        "replaces bytes of a client context that are no UTF-8",
        ("client-context/not-json",),
        gate(client_context=otherwise(check_client_context, _replacing)),
    ),
    Fault(
        "client-context/bad-500",
        "answers 500 to a client context that is none",
        ("client-context/not-base64", "client-context/not-json"),
        _refused_otherwise("ServiceException", "An internal error occurred."),
        seen="serverless-offline 14.8.2",
    ),
    Fault(
        "client-context/bad-as-parameter",
        "refuses a client context that is none with InvalidParameterValueException",
        ("client-context/not-base64", "client-context/not-json"),
        _refused_otherwise("InvalidParameterValueException", "The client context is invalid."),
    ),
    Fault(
        "client-context/in-other-words",
        "says no more than Invalid client context where it is none",
        ("client-context/refusal-message",),
        _refused_otherwise(BAD_CONTENT, "Invalid client context."),
    ),
    Fault(
        "client-context/before-the-body",
        "looks at the client context before the body",
        ("client-context/body-error-wins",),
        gate(request_id=_early),
    ),
)
