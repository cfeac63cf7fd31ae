"""Reads spec/openapi.yaml into the contract; what it can't use, it blames by file, line and key.

This is no OpenAPI reader: it asks for what the contract needs and refuses a file that lacks it. That the file
is valid OpenAPI, and that it agrees with AWS's service model, are claims that the tests check.
"""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.contract.model import Contract, ErrorShape, Operation, Parameter, Rejection, Success
from conformance.contract.source import check_openapi, read_yaml, spec_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from conformance.contract.model import Body, Fault, Location, MessageKey
    from conformance.contract.source import Place

T = TypeVar("T", bound=str)

_LOCATIONS: tuple[Location, ...] = ("path", "query", "header")
_BODIES: tuple[Body, ...] = ("payload", "empty", "eventstream", "unrecorded")
_FAULTS: tuple[Fault, ...] = ("client", "server")
_MESSAGE_KEYS: tuple[MessageKey, ...] = ("message", "Message")
_GROUPS = ("arn", "partition", "region", "account", "name", "qualifier")
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_FIRST_REFUSAL = 300
_SCHEMAS = "#/components/schemas/"
_LISTED = "expected a name that one of its responses lists"
_LIMITS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "client-context": (("parameters", "ClientContext", "schema"), "x-max-bytes"),
    "log-result": (("headers", "X-Amz-Log-Result", "schema"), "x-max-decoded-bytes"),
    "sync-response": (("responses", "Result", "content", "application/json"), "x-max-bytes"),
    "streamed-response": (
        ("responses", "StreamedResult", "content", "application/vnd.amazon.eventstream"),
        "x-max-bytes",
    ),
}
"""Limits that belong to no single operation: name -> where below ``components`` they stand."""


def load_contract(folder: Path | None = None) -> Contract:
    """Read the contract of a spec folder; the shipped one, kept after the first time, without an argument.

    Raises:
        UsageError: the file is unreadable or not what is needed; names file, line and key.
    """
    if folder is None:
        return _shipped()
    document = read_yaml(folder / "openapi.yaml")
    contract = _contract(document.place())
    check_openapi(document)
    return contract


@cache
def _shipped() -> Contract:
    """Read the shipped contract; that it is valid OpenAPI is what the tests see to."""
    return _contract(read_yaml(spec_folder() / "openapi.yaml").place())


def _contract(root: Place) -> Contract:
    operations = dict(_operations(root))
    if not operations:
        raise root.blame("paths", "has no operation", "expected at least one with an operationId")
    return Contract(
        version=root.at("info").get("version", str),
        operations=MappingProxyType({name: operation for name, (operation, _) in operations.items()}),
        errors=MappingProxyType(_errors(root, [statuses for _, statuses in operations.values()])),
        limits=MappingProxyType({name: _limit(root, *where) for name, where in _LIMITS.items()}),
    )


def _limit(root: Place, path: tuple[str, ...], key: str) -> int:
    place = root.at("components")
    for step in path:
        place = place.at(step)
    return place.get(key, int)


def _operations(root: Place) -> Iterator[tuple[str, tuple[Operation, Mapping[str, set[int]]]]]:
    """Yield each operation by id, with the statuses of its errors by name."""
    root.get("paths", dict)
    for path, item in root.members("paths"):
        for method in (method for method in _METHODS if method in item.value):
            place = item.at(method)
            statuses = _statuses(place)
            operation = _operation(place, path, method, tuple(_parameters(item)) + tuple(_parameters(place)))
            yield operation.id, (operation, statuses)


def _operation(place: Place, path: str, method: str, parameters: tuple[Parameter, ...]) -> Operation:
    return Operation(
        id=place.get("operationId", str),
        method=method.upper(),
        path=path,
        parameters=parameters,
        success=tuple(_successes(place)),
        rejections=tuple(_rejections(place)),
        errors=place.texts("x-errors"),
        body_limits=MappingProxyType(_body_limits(place.at("requestBody"))),
        body_types=tuple(name for name, _ in place.at("requestBody").members("content")),
        body_required=place.at("requestBody").maybe("required", bool) or False,
    )


def _body_limits(body: Place) -> dict[str, int]:
    limits = body.at("x-max-bytes")
    return {InvocationType: limits.get(InvocationType, int) for InvocationType in limits.value}


def _parameters(place: Place) -> Iterator[Parameter]:
    for item in place.items("parameters"):
        yield _parameter(item.resolved())


def _parameter(place: Place) -> Parameter:
    schema = place.at("schema")
    pattern = _pattern(schema)
    location: Location = _one_of(place, "in", _LOCATIONS)
    return Parameter(
        name=place.get("name", str),
        location=location,
        member=place.get("x-member", str),
        required=place.maybe("required", bool) or False,
        min_length=schema.maybe("minLength", int),
        max_length=schema.maybe("maxLength", int),
        pattern=pattern,
        wire_pattern=schema.get("x-pattern", str) if pattern else None,
        enum=schema.texts("enum"),
        max_bytes=schema.maybe("x-max-bytes", int),
        encoding=schema.maybe("contentEncoding", str) or "",
        media_type=schema.maybe("contentMediaType", str) or "",
        groups=MappingProxyType(_groups(schema, pattern) if location == "path" and pattern else {}),
    )


def _pattern(schema: Place) -> str | None:
    pattern = schema.maybe("pattern", str)
    if pattern is None:
        return None
    try:
        re.compile(pattern, re.ASCII)
    except re.error as error:
        raise schema.blame("pattern", f"does not compile: {error}", "expected a regular expression") from error
    if not (pattern.startswith("^") and pattern.endswith("$")):
        raise schema.blame("pattern", "is not anchored", "expected ^…$")
    return pattern


def _groups(schema: Place, pattern: str) -> dict[str, int]:
    """Return what the groups of the pattern of FunctionName capture, which conformance.contract.names needs."""
    place, count = schema.at("x-groups"), re.compile(pattern).groups
    groups = {name: place.get(name, int) for name in _GROUPS}
    for name, number in groups.items():
        if not 1 <= number <= count:
            raise place.blame(name, f"is {number}", f"expected 1 to {count}, the groups of the pattern")
    return groups


def _successes(operation: Place) -> Iterator[Success]:
    for status, response in _responses(operation):
        if status < _FIRST_REFUSAL:
            yield _success(status, response)


def _success(status: int, response: Place) -> Success:
    headers = {name: header.resolved() for name, header in response.members("headers")}
    required = [name for name, header in headers.items() if header.maybe("required", bool)]
    # OpenAPI has no Content-Type among the headers: it follows from the content.
    content_type = ["Content-Type"] if response.maybe("content", dict) else []
    return Success(
        status=status,
        InvocationType=response.get("x-invocation-type", str),
        body=_one_of(response, "x-body", _BODIES),
        required_headers=(*content_type, *required),
        optional_headers=tuple(name for name in headers if name not in required),
        forbidden_headers=response.texts("x-forbidden-headers"),
    )


def _rejections(operation: Place) -> Iterator[Rejection]:
    errors = operation.texts("x-errors")
    for status, response in _responses(operation):
        if status >= _FIRST_REFUSAL:
            listed = tuple(name for name in _listed(response) if name in errors)
            yield Rejection(status, tuple(name for name, _ in response.members("headers")), listed)


def _responses(operation: Place) -> Iterator[tuple[int, Place]]:
    operation.get("responses", dict)
    for status, response in operation.members("responses"):
        if not status.isdecimal():
            raise response.document.blame(response.pointer, "is no status", "expected a number such as '200'")
        yield int(status), response.resolved()


def _statuses(operation: Place) -> Mapping[str, set[int]]:
    """Return the statuses of an operation's errors; UsageError for one that no response of it lists."""
    listed: dict[str, set[int]] = {}
    for status, response in _responses(operation):
        if status >= _FIRST_REFUSAL:
            for name in _listed(response):
                listed.setdefault(name, set()).add(status)
    operation.get("x-errors", list)
    for name in operation.texts("x-errors"):
        if name not in listed:
            raise operation.blame("x-errors", f"{name} stands in no response of the operation", _LISTED)
    return {name: listed[name] for name in operation.texts("x-errors")}


def _listed(response: Place) -> Iterator[str]:
    for reference in response.at("content").at("application/json").at("schema").items("anyOf"):
        target = reference.get("$ref", str)
        if not target.startswith(_SCHEMAS):
            raise reference.blame("$ref", f"is {target}", f"expected {_SCHEMAS}NAME")
        reference.resolved()
        yield target.removeprefix(_SCHEMAS)


def _errors(root: Place, statuses: list[Mapping[str, set[int]]]) -> dict[str, ErrorShape]:
    schemas = dict(root.at("components").members("schemas"))
    merged: dict[str, set[int]] = {}
    for each in statuses:
        for name, found in each.items():
            merged.setdefault(name, set()).update(found)
    return {name: _error(name, tuple(sorted(found)), schemas[name]) for name, found in merged.items()}


def _error(name: str, status: tuple[int, ...], place: Place) -> ErrorShape:
    shape = place.resolved()
    required = shape.texts("required")
    properties: Mapping[str, Any] = shape.at("properties").value
    return ErrorShape(
        name=name,
        status=status,
        fault=_one_of(place, "x-fault", _FAULTS),
        members=tuple(properties),
        message_key=next((key for key in _MESSAGE_KEYS if key in required), None),
        modelled=place.get("x-modelled", bool),
    )


def _one_of(place: Place, key: str, allowed: tuple[T, ...]) -> T:
    value = place.get(key, str)
    for choice in allowed:
        if choice == value:
            return choice
    raise place.blame(key, f"is {value}", f"expected one of {', '.join(allowed)}")
