"""Faults of the bodies of refusals, of how they name their error, and of the caller's own request id."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

from conformance.reference.answer import Answer, Refusal
from conformance.reference.faults.building import answer, gate, header, status
from conformance.reference.faults.editing import is_refusal, refused_as, set_header, value
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.editing import When

    Body = dict[str, Any]

NOT_FOUND, CONTENT, VALIDATION = "ResourceNotFoundException", "InvalidRequestContentException", "ValidationException"
TYPE, MESSAGE = "x-amzn-ErrorType", ("Message", "message")
_HEX = re.compile(rb"[0-9A-Fa-f-]{30,}")


def _members(alter: Callable[[Body], Body], when: When = is_refusal) -> Change:
    """Change the members of refusals' bodies; XML is left alone."""

    def altered(given: Answer) -> Answer:
        return replace(given, body=json.dumps(alter(json.loads(given.body))).encode())

    return answer(altered, lambda request, given: value(given, TYPE) is not None and when(request, given))


def _with(**members: Any) -> Callable[[Body], Body]:  # noqa: ANN401  any JSON value
    return lambda body: body | members


def _without(*names: str) -> Callable[[Body], Body]:
    return lambda body: {name: member for name, member in body.items() if name not in names}


def _key(key: str) -> Callable[[Body], Body]:
    """Put the message under another key."""
    return lambda body: {key if name in MESSAGE else name: member for name, member in body.items()}


def _named(form: str) -> Callable[[Answer], Answer]:
    """Name the error in another form, with {} for the name."""
    return lambda given: set_header(given, TYPE, form.replace("{}", value(given, TYPE) or ""))


def _typed(_: object, given: Answer) -> bool:
    """Tell refusals that name their error."""
    return value(given, TYPE) is not None


def _in_the_body(given: Answer) -> Answer:
    """Name the error in the body, and not in a header."""
    body = {"__type": value(given, TYPE), **json.loads(given.body)}
    headers = tuple(pair for pair in given.headers if pair[0] != TYPE)
    return replace(given, headers=headers, body=json.dumps(body).encode())


def _also_in_the_body(given: Answer) -> Answer:
    return replace(given, body=json.dumps({"__type": value(given, TYPE), **json.loads(given.body)}).encode())


def _xml(given: Answer) -> Answer:
    """Write a refusal as older services do."""
    members = "".join(f"<{name}>{escape(str(text))}</{name}>" for name, text in json.loads(given.body).items())
    body = f"<ErrorResponse><Error>{members}</Error></ErrorResponse>"
    return replace(set_header(given, "Content-Type", "text/xml"), body=body.encode())


def _page(given: Answer) -> Answer:
    """Answer with what a web server says of a page that is not there."""
    kept = tuple(pair for pair in given.headers if pair[0] not in {TYPE, "Content-Type"})
    return Answer(given.status, (*kept, ("Content-Type", "text/plain; charset=utf-8")), b"404 page not found\n")


def _any_id(_: Call) -> None:
    """Take every id."""


def _no_ids(call: Call) -> None:
    if b"x-amzn-requestid" in call.headers:
        raise Refusal(CONTENT, "The x-amzn-RequestId header is not allowed.")


def _ids_of_digits(call: Call) -> None:
    """Take for a UUID whatever is made of enough hexadecimal digits and hyphens."""
    sent = call.headers.get(b"x-amzn-requestid")
    if sent is not None and _HEX.fullmatch(sent) is None:
        raise Refusal(CONTENT, "The x-amzn-RequestId header must be a valid UUID.")


FAULTS = (
    Fault(
        "request-errors/not-found-400",
        "answers with 400 where a function is not found, as JSON RPC protocols of AWS do",
        ("names/unknown-function", "qualifiers/unknown-alias"),
        status(400, refused_as(NOT_FOUND)),
    ),
    Fault(
        "request-errors/not-found-is-a-page",
        "answers with the page of a web server where a function is not found",
        ("names/unknown-function",),
        answer(_page, refused_as(NOT_FOUND)),
        seen="RIE of aws-sam-cli 1.170.0",
    ),
    Fault(
        "request-errors/not-found-empty",
        "answers with an empty object where a function is not found",
        ("request-errors/not-found-body",),
        _members(lambda _: {}, refused_as(NOT_FOUND)),
        seen="moto 5.2.5, in code that is hardly reached",
    ),
    Fault(
        "request-errors/without-exception",
        "names an error without Exception at the end, as SDKs do",
        ("names/unknown-function",),
        answer(lambda given: set_header(given, TYPE, NOT_FOUND.removesuffix("Exception")), refused_as(NOT_FOUND)),
        seen="SAM local 1.170.0",
    ),
    Fault(
        "request-errors/named-with-dots",
        "names errors by the full name of a class",
        ("names/unknown-function", "qualifiers/unknown-alias"),
        answer(_named("com.amazonaws.lambda.model.{}"), _typed),
    ),
    Fault(
        "request-errors/named-in-the-body",
        "names errors in the body and not in a header, as JSON RPC protocols of AWS do",
        ("response-headers/error-type",),
        answer(_in_the_body, _typed),
    ),
    Fault(
        "request-errors/named-twice",
        "names errors in the body, too",
        ("request-errors/modelled-members", "request-errors/validation-body-only-message"),
        answer(_also_in_the_body, _typed),
        seen="ministack 1.5.33, moto 5.2.5",
    ),
    Fault(
        "request-errors/type-of-another",
        "names a contradiction of qualifiers ValidationException",
        ("qualifiers/disagreeing",),
        answer(_named(VALIDATION), refused_as("InvalidParameterValueException")),
    ),
    Fault(
        "request-errors/small-message-of-not-found",
        "says message, with a small m, where a function is not found",
        ("request-errors/not-found-body", "request-errors/modelled-message-key"),
        _members(_key("message"), refused_as(NOT_FOUND)),
        seen="ministack 1.5.33, moto 5.2.5",
    ),
    Fault(
        "request-errors/capital-message-of-content",
        "says Message, with a capital M, where a body is not JSON",
        ("request-errors/invalid-content-body",),
        _members(_key("Message"), refused_as(CONTENT)),
        seen="SAM local 1.170.0",
    ),
    Fault(
        "request-errors/capital-message-of-violations",
        "says Message, with a capital M, where a constraint is violated",
        ("request-errors/validation-body",),
        _members(_key("Message"), refused_as(VALIDATION)),
        seen="SAM local 1.170.0",
    ),
    Fault(
        "request-errors/capital-message-of-parameters",
        "says Message, with a capital M, where qualifiers contradict each other",
        ("request-errors/modelled-message-key",),
        _members(_key("Message"), refused_as("InvalidParameterValueException")),
        seen="serverless-offline 14.8.2",
    ),
    Fault(
        "request-errors/capital-message-of-conflicts",
        "says Message, with a capital M, where the state of a function is in the way",
        ("request-errors/modelled-message-key",),
        _members(_key("Message"), refused_as("ResourceConflictException")),
    ),
    Fault(
        "request-errors/error-message-as-of-functions",
        "says errorMessage in refusals, as in errors of functions",
        ("request-errors/not-found-body", "request-errors/validation-body"),
        _members(_key("errorMessage")),
    ),
    Fault(
        "request-errors/no-type-of-not-found",
        "leaves out Type where a function is not found",
        ("request-errors/not-found-body",),
        _members(_without("Type"), refused_as(NOT_FOUND)),
        seen="ministack 1.5.33, moto 5.2.5",
    ),
    Fault(
        "request-errors/no-type-of-content",
        "leaves out Type where a body is not JSON",
        ("request-errors/invalid-content-body",),
        _members(_without("Type"), refused_as(CONTENT)),
    ),
    Fault(
        "request-errors/type-sender",
        "says Sender where it is to say User, as query protocols of AWS do",
        ("request-errors/type-is-user", "request-errors/not-found-body"),
        _members(lambda body: body | {"Type": "Sender"} if "Type" in body else body),
    ),
    Fault(
        "request-errors/type-of-violations",
        "gives violations of constraints a Type",
        ("request-errors/validation-body-only-message",),
        _members(_with(Type="User"), refused_as(VALIDATION)),
        seen="SAM local 1.170.0",
    ),
    Fault(
        "request-errors/fields-of-violations",
        "lists the fields that violate constraints, as Smithy's own servers do",
        ("request-errors/validation-body-only-message",),
        _members(_with(fieldList=[]), refused_as(VALIDATION)),
    ),
    Fault(
        "request-errors/request-id-in-the-body",
        "gives the body of refusals a requestId",
        ("request-errors/modelled-members", "request-errors/validation-body-only-message"),
        _members(_with(requestId="00000000-0000-4000-8000-000000000000")),
    ),
    Fault(
        "request-errors/in-xml",
        "writes refusals in XML",
        ("request-errors/not-found-body", "request-errors/validation-body", "response-headers/error-content-type"),
        answer(_xml, _typed),
    ),
    Fault(
        "request-errors/content-type-of-rpc",
        "gives refusals the content type of JSON RPC protocols of AWS",
        ("response-headers/error-content-type",),
        header("Content-Type", "application/x-amz-json-1.0", _typed),
    ),
    Fault(
        "request-errors/any-request-id",
        "takes whatever a caller sends as x-amzn-RequestId",
        ("request-errors/request-id-not-a-uuid",),
        gate(request_id=_any_id),
        seen="ministack 1.5.33, moto 5.2.5, RIE of aws-sam-cli 1.170.0",
    ),
    Fault(
        "request-errors/request-id-by-its-digits",
        "takes a x-amzn-RequestId that lacks a digit",
        ("request-errors/request-id-not-a-uuid",),
        gate(request_id=_ids_of_digits),
    ),
    Fault(
        "request-errors/no-request-id-of-callers",
        "refuses every x-amzn-RequestId of a caller",
        ("request-errors/request-id-of-the-caller",),
        gate(request_id=_no_ids),
    ),
)
