"""Faults of what is taken for JSON, and of how a body is declared and refused."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import yaml

from conformance.reference.answer import Answer, Refusal
from conformance.reference.checks import check_body
from conformance.reference.faults.building import answer, gate, header
from conformance.reference.faults.editing import BAD_CONTENT, otherwise, refused_as, refusing, value
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.exchange.message import Request
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change

START = "Could not parse request body into json: "
WIDE = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def _also(parse: Callable[[str], Any]) -> Change:
    """Take what another parser takes, beside what is JSON."""

    def alter(call: Call, one: Refusal) -> Any:  # noqa: ANN401  any JSON value
        try:
            return parse(call.body.decode())
        except ValueError:
            raise one from None

    return gate(body=otherwise(check_body, alter))


def _yaml(text: str) -> Any:  # noqa: ANN401  any JSON value
    try:
        return json.loads(json.dumps(yaml.safe_load(text)))
    except (yaml.YAMLError, TypeError) as error:
        raise ValueError from error


def _first(text: str) -> Any:  # noqa: ANN401  any JSON value
    return json.JSONDecoder().raw_decode(text.lstrip())[0]


def _replacing(call: Call) -> Any:  # noqa: ANN401  any JSON value
    return check_body(replace(call, body=call.body.decode(errors="replace").encode()))


def _decoded(call: Call) -> None:
    """Break down where a body is no UTF-8."""
    try:
        call.body.decode()
    except UnicodeDecodeError as error:
        raise Refusal("ServiceException", str(error)) from error


def _broken_down(call: Call) -> Any:  # noqa: ANN401  any JSON value
    _decoded(call)
    return check_body(call)


def _reworded(alter: Callable[[str, bytes], str]) -> Change:
    """Word refusals of bodies in another way."""

    def other(call: Call, one: Refusal) -> Any:  # noqa: ANN401  it never returns
        raise Refusal(BAD_CONTENT, alter(one.message, call.body)) from one

    return gate(body=otherwise(check_body, other))


def _by_python(_: str, data: bytes) -> str:
    try:
        json.loads(data)
    except ValueError as error:
        return START + str(error)
    return START


def _column(message: str, _: bytes) -> str:
    return re.sub(r"column: (\d+)", lambda found: f"column: {int(found[1]) - 1}", message)


def _typed(*types: bytes) -> Callable[[Call], Any]:
    """Insist on one of some content types, or with none given on any."""

    def check(call: Call) -> Any:  # noqa: ANN401  any JSON value
        given = call.headers.get(b"content-type", b"")
        if given not in types if types else not given:
            text = f"Unsupported content type: {given.decode('latin-1')}"
            raise Refusal("UnsupportedMediaTypeException", text)
        return check_body(call)

    return check


def _choosy(request: Request, _: Answer) -> bool:
    return any("*/*" not in one for one in request.header("Accept"))


def _of_type_json(request: Request, _: Answer) -> bool:
    return "application/json" in request.header("Content-Type")


def _not_acceptable(request: Request, _: Answer) -> bool:
    return any("json" not in one and "*/*" not in one for one in request.header("Accept"))


LENIENT = (
    Fault(
        "payload/malformed-is-object",
        "gives functions {} where the body is no JSON",
        ("payload/malformed-json", "payload/grammar", "payload/trailing-garbage"),
        _also(lambda _: {}),
        seen="ministack 1.5.33",
    ),
    Fault(
        "payload/malformed-is-text",
        "gives functions the body as a string where it is no JSON",
        ("payload/malformed-json", "payload/grammar", "payload/trailing-garbage"),
        _also(str),
        seen="moto 5.2.5 without Docker, which answers with it",
    ),
    Fault(
        "payload/read-as-yaml",
        "reads bodies as YAML",
        ("payload/malformed-json", "payload/grammar"),
        _also(_yaml),
    ),
    Fault("payload/nan", "takes NaN and Infinity for numbers", ("payload/grammar",), _also(json.loads)),
    Fault(
        "payload/control-characters",
        "takes strings with line breaks and other control characters in them",
        ("payload/grammar",),
        _also(lambda text: json.loads(text, strict=False)),
    ),
    Fault(
        "payload/comments",
        "passes over comments",
        ("payload/grammar",),
        _also(lambda text: json.loads(WIDE.sub("", text))),
    ),
    Fault(
        "payload/trailing-comma",
        "passes over a comma before the end of an object or an array",
        ("payload/grammar",),
        _also(lambda text: json.loads(re.sub(r",\s*([}\]])", r"\1", text))),
    ),
    Fault(
        "payload/single-quotes",
        "takes single quotes for double ones",
        ("payload/grammar",),
        _also(lambda text: json.loads(text.replace("'", '"'))),
    ),
    Fault(
        "payload/leading-zeros",
        "takes numbers with a leading zero or a plus sign",
        ("payload/grammar",),
        _also(lambda text: json.loads(re.sub(r"(?<![\d.])(0+|\+)(?=\d)", "", text))),
    ),
    Fault(
        "payload/first-value",
        "reads the first value of the body and passes over what is behind it",
        ("payload/trailing-garbage",),
        _also(_first),
    ),
    Fault(
        "payload/invalid-utf8-replaced",
        "replaces bytes that are no UTF-8",
        ("payload/invalid-utf8-in-string",),
        gate(body=_replacing),
        seen="serverless-offline 14.8.2",
    ),
)

REFUSED = (
    Fault(
        "payload/invalid-utf8-500",
        "answers 500 to a body that is no UTF-8",
        ("payload/invalid-utf8", "payload/invalid-utf8-in-string"),
        gate(body=_broken_down),
        seen="ministack 1.5.33, moto 5.2.5, SAM local 1.170.0",
    ),
    Fault(
        "payload/malformed-500",
        "answers 500 to a body that is no JSON",
        ("payload/malformed-json", "payload/grammar"),
        gate(body=otherwise(check_body, refusing("ServiceException", "An internal error occurred."))),
        seen="serverless-offline 14.8.2",
    ),
    Fault(
        "payload/malformed-415",
        "refuses a body that is no JSON with 415 UnsupportedMediaTypeException",
        ("payload/malformed-json", "payload/invalid-utf8"),
        gate(body=otherwise(check_body, refusing("UnsupportedMediaTypeException", "The payload is not JSON"))),
        seen="localstack 2.3.2",
    ),
    Fault(
        "payload/serialization-exception",
        "calls the refusal of a body that is no JSON SerializationException, as other services of the protocol do",
        ("payload/malformed-json", "payload/grammar"),
        header("x-amzn-ErrorType", "SerializationException", refused_as(BAD_CONTENT)),
    ),
    Fault(
        "payload/malformed-as-function-error",
        "runs into a body that is no JSON in the function's runtime, and answers 200 with its error",
        ("payload/malformed-json", "payload/grammar"),
        answer(
            lambda given: Answer(
                200,
                (("Content-Type", "application/json"), ("x-amzn-RequestId", value(given, "x-amzn-RequestId") or "")),
                b'{"errorType": "Runtime.UnmarshalError", "errorMessage": "Unable to unmarshal input"}',
            ),
            refused_as(BAD_CONTENT),
        ),
        seen="the emulator of aws-sam-cli 1.170.0",
    ),
    Fault(
        "payload/malformed-in-other-words",
        "says no more than Invalid JSON where a body is none",
        ("payload/malformed-json-message",),
        _reworded(lambda _, __: "Invalid JSON"),
    ),
    Fault(
        "payload/malformed-in-words-of-python",
        "says what Python says where a body is no JSON",
        ("payload/unrecognized-token-message", "payload/trailing-garbage-message"),
        _reworded(_by_python),
    ),
    Fault(
        "payload/malformed-without-token",
        "says that no JSON could be decoded, and not what is wrong with the body",
        ("payload/unrecognized-token-message", "payload/invalid-utf8-message"),
        _reworded(lambda _, __: f"{START}No JSON object could be decoded"),
        seen="SAM local 1.170.0",
    ),
    Fault(
        "payload/column-off-by-one",
        "counts columns from 0 in refusals of bodies",
        ("payload/invalid-utf8-message", "payload/control-character-message"),
        _reworded(_column),
    ),
)

DECLARED = (
    Fault(
        "payload/json-type-alone",
        "insists on the content type application/json where one is given",
        ("payload/sdk-content-types",),
        gate(body=_typed(b"", b"application/json")),
        seen="SAM local at 0755bc0",
    ),
    Fault(
        "payload/type-required",
        "insists on a content type",
        ("payload/sdk-content-types",),
        gate(body=_typed()),
    ),
    Fault(
        "payload/accept-refused",
        "answers 406 to a caller who names what is acceptable",
        ("payload/any-accept",),
        answer(lambda given: Answer(406, given.headers), _choosy),
    ),
    Fault(
        "payload/json-type-refused",
        "answers 415 to a body that says that it is application/json",
        ("payload/sdk-content-types",),
        answer(lambda given: Answer(415, given.headers), _of_type_json),
    ),
    Fault(
        "payload/not-acceptable",
        "answers 406 to a caller who accepts no JSON",
        ("payload/any-accept",),
        answer(lambda given: Answer(406, given.headers), _not_acceptable),
    ),
)

FAULTS = (*LENIENT, *REFUSED, *DECLARED)
