"""The contract against the service model that AWS ships: whatever differs is listed here, with the reason."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.loaders import Loader  # pyright: ignore[reportMissingTypeStubs]  # the stubs leave it out
from hypothesis import given
from hypothesis import strategies as st

from conformance.contract.reader import load_contract
from conformance.contract.source import read_yaml, spec_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Contract, Parameter

Facts = dict[tuple[str, ...], object]

UNMODELLED = {
    "ValidationException": "recorded 2025-11-25: what AWS sends for a length, a pattern or an enum",
    "RequestEntityTooLargeException": "recorded 2018 to 2026: what AWS sends for a body beyond its limit",
    "AccessDeniedException": "recorded 2019-08-26: of all services, so the models leave it out",
    "MissingAuthenticationTokenException": "recorded 2022-07-19: of the front end",
    "InvalidSignatureException": "recorded 2021-06-15: of the front end",
    "IncompleteSignatureException": "documented among the errors that all services share",
    "UnrecognizedClientException": "text recorded by the tests of an AWS SDK",
    "ExpiredTokenException": "inferred from other services",
}
OPERATIONS = ("Invoke", "InvokeWithResponseStream", "InvokeAsync")
DIFFERENCES: Mapping[tuple[str, ...], str] = {
    **{(operation, "error", name): why for operation in OPERATIONS for name, why in UNMODELLED.items()},
    ("X-Amz-Function-Error", "enum"): "recorded: no other value was ever seen; the model has any text",
    ("X-Amz-Log-Result", "pattern"): "documented as base64; the model has any text",
}
"""Where the contract says something else than the model, and why the contract is right."""

REWRITES = (
    (r"[a-zA-Z0-9-_\.]", "[A-Za-z0-9_.-]", "the hyphen last, where it can't be a range"),
    ("[a-zA-Z0-9-_$]", "[A-Za-z0-9_$-]", "the same"),
    ("[a-zA-Z0-9-_]", "[A-Za-z0-9_-]", "the same"),
    (r"[a-zA-Z0-9\._:\/=+\-@ ]", "[A-Za-z0-9._:/=+@ -]", "the same, and nothing escaped that needs no escape"),
    ("[a-zA-Z", "[A-Za-z", "one spelling"),
    (r"\d{1}", "[0-9]", "ASCII digits, once"),
    (r"\d", "[0-9]", "ASCII digits"),
)
"""How the contract respells AWS's patterns, in this order: AWS, ours, why."""


@cache
def _model() -> dict[str, Any]:
    return cast("Any", Loader()).load_service_model("lambda", "service-2")


def _of_model() -> Facts:
    """Return what the service model says."""
    model, facts = _model(), Facts()
    for name in OPERATIONS:
        operation = model["operations"][name]
        http, given_shape = operation["http"], model["shapes"][operation["input"]["shape"]]
        facts[name, "method"], facts[name, "path"] = http["method"], http["requestUri"]
        facts[name, "status"], facts[name, "deprecated"] = http["responseCode"], operation.get("deprecated", False)
        facts[name, "body", "required"] = given_shape["payload"] in given_shape.get("required", ())
        for member, binding in given_shape["members"].items():
            if "location" in binding:
                facts.update(_member(name, member, binding, required=member in given_shape["required"]))
        for error in operation["errors"]:
            facts[name, "error", error["shape"]] = True
            facts.update(_error(error["shape"]))
        for binding in model["shapes"][operation["output"]["shape"]]["members"].values():
            if binding.get("location") == "header":
                facts[name, "answers with", binding["locationName"]] = True
                facts.update(_constraints((binding["locationName"],), binding["shape"]))
    return facts


def _member(operation: str, member: str, binding: Mapping[str, str], *, required: bool) -> Iterator[Any]:
    key = (operation, binding["locationName"])
    yield (*key, "location"), {"uri": "path", "querystring": "query"}.get(binding["location"], binding["location"])
    yield (*key, "member"), member[0].lower() + member[1:]
    yield (*key, "required"), required
    yield from _constraints(key, binding["shape"])


def _constraints(key: tuple[str, ...], name: str) -> Iterator[Any]:
    shape = _model()["shapes"][name]
    yield (*key, "minLength"), shape.get("min")
    yield (*key, "maxLength"), shape.get("max")
    yield (*key, "pattern"), shape.get("pattern")
    yield (*key, "enum"), tuple(shape.get("enum", ()))


def _error(name: str) -> Iterator[Any]:
    shape = _model()["shapes"][name]
    bindings = shape["members"].items()
    yield (name, "status"), (shape["error"]["httpStatusCode"],)
    yield (name, "fault"), "server" if shape.get("fault") else "client"
    yield (name, "members"), {member for member, binding in bindings if "location" not in binding}
    for member, binding in bindings:
        if "enum" in _model()["shapes"][binding["shape"]]:
            yield (name, member, "enum"), tuple(_model()["shapes"][binding["shape"]]["enum"])
    for binding in (binding for _, binding in bindings if "location" in binding):
        yield (name, "answers with", binding["locationName"]), True


def _of_contract() -> Facts:
    """Return what the contract says about the same things."""
    contract, facts = load_contract(), Facts()
    for name, operation in contract.operations.items():
        raw = _raw("paths", operation.path, operation.method.lower())
        facts[name, "method"], facts[name, "path"] = operation.method, operation.path
        facts[name, "status"], facts[name, "deprecated"] = operation.success[0].status, raw.get("deprecated", False)
        facts[name, "body", "required"] = _resolved(raw["requestBody"])["required"]
        for parameter in operation.parameters:
            key = (name, parameter.name)
            facts[*key, "location"], facts[*key, "member"] = parameter.location, parameter.member
            facts[*key, "required"], facts[*key, "enum"] = parameter.required, parameter.enum
            facts[*key, "minLength"], facts[*key, "maxLength"] = parameter.min_length, parameter.max_length
            facts[*key, "pattern"] = parameter.wire_pattern
        for error in operation.errors:
            facts[name, "error", error] = True
        for header in (*operation.success[0].required_headers, *operation.success[0].optional_headers):
            if _modelled_header(name, header):
                facts[name, "answers with", header] = True
                facts.update(_header(header))
    return {**facts, **_errors_of(contract)}


def _errors_of(contract: Contract) -> Facts:
    facts = Facts()
    for error in (error for error in contract.errors.values() if error.modelled):
        facts[error.name, "status"], facts[error.name, "fault"] = error.status, error.fault
        facts[error.name, "members"] = set(error.members)
        for member, schema in _resolved(_raw("components", "schemas", error.name))["properties"].items():
            if "enum" in schema:
                facts[error.name, member, "enum"] = tuple(schema["enum"])
    if "Retry-After" in _raw("components", "responses", "Throttled", "headers"):
        facts["TooManyRequestsException", "answers with", "Retry-After"] = True
    return facts


def _modelled_header(operation: str, header: str) -> bool:
    """Tell whether a header is Lambda's own; those of HTTP and of the front end stand in no model."""
    own = header.startswith("X-Amz-") or (operation == "InvokeWithResponseStream" and header == "Content-Type")
    return own and header != "X-Amzn-Trace-Id"


def _header(name: str) -> Iterator[Any]:
    schema = _raw("components", "headers").get(name, {}).get("schema", {})
    yield (name, "minLength"), schema.get("minLength")
    yield (name, "maxLength"), schema.get("maxLength")
    yield (name, "pattern"), schema.get("pattern")
    yield (name, "enum"), tuple(schema.get("enum", ()))


def _raw(*path: str) -> dict[str, Any]:
    node: Any = _document()
    for step in path:
        node = node[step]
    return node


@cache
def _document() -> dict[str, Any]:
    return read_yaml(spec_folder() / "openapi.yaml").data


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    return _raw(*node["$ref"].removeprefix("#/").split("/")) if "$ref" in node else node


def _respelled(pattern: object) -> object:
    """Return a pattern of AWS as the contract spells it; what is no pattern, unchanged."""
    if not isinstance(pattern, str):
        return pattern
    for theirs, ours, _ in REWRITES:
        pattern = pattern.replace(theirs, ours)
    return pattern


def _parameters() -> list[Parameter]:
    operations = load_contract().operations.values()
    found = {parameter.name: parameter for operation in operations for parameter in operation.parameters}
    return [parameter for parameter in found.values() if parameter.pattern]


PATTERNS = [pytest.param(parameter, id=parameter.name) for parameter in _parameters()]


def test_differs_only_where_a_reason_is_given() -> None:
    """The contract and the model agree on all operations, parameters, constraints, headers and errors but these."""
    theirs, ours = _of_model(), _of_contract()
    for key in [key for key in theirs if key[-1] == "pattern" and len(key) == 2]:
        theirs[key] = theirs[key] and f"^{_respelled(theirs[key])}$"  # response headers have no x-pattern
    differing = {key for key in theirs.keys() | ours.keys() if theirs.get(key) != ours.get(key)}
    assert {key: (theirs.get(key), ours.get(key)) for key in differing if key not in DIFFERENCES} == {}
    assert differing == set(DIFFERENCES)


def test_the_comparison_covers_the_surface() -> None:
    """The comparison is about every operation, every parameter and every modelled error, not about nothing."""
    keys = _of_model().keys()
    assert {key[0] for key in keys if key[-1] == "method"} == set(OPERATIONS)
    assert len([key for key in keys if key[-1] == "member"]) == 7 + 6 + 1
    assert len([key for key in keys if key[-1] == "fault"]) == 45


@pytest.mark.parametrize("parameter", PATTERNS)
def test_patterns_are_respelled_as_documented(parameter: Parameter) -> None:
    """A pattern is AWS's own text, respelled by the table above and anchored."""
    respelled = _respelled(parameter.wire_pattern)
    assert parameter.pattern in {f"^{respelled}$", f"^({respelled})$"}


@pytest.mark.parametrize("parameter", PATTERNS)
@given(data=st.data())
def test_what_the_contract_matches_aws_matches(parameter: Parameter, data: st.DataObject) -> None:
    """Every value of the contract's pattern is one of AWS's."""
    ours, theirs = _compiled(parameter)
    assert theirs.fullmatch(data.draw(st.from_regex(ours, fullmatch=True)))


@pytest.mark.parametrize("parameter", PATTERNS)
@given(data=st.data())
def test_what_aws_matches_the_contract_matches(parameter: Parameter, data: st.DataObject) -> None:
    """Every value of AWS's pattern is one of the contract's."""
    ours, theirs = _compiled(parameter)
    assert ours.fullmatch(data.draw(st.from_regex(theirs, fullmatch=True)))


@pytest.mark.parametrize("parameter", PATTERNS)
@given(
    text=st.lists(
        st.sampled_from(["arn", "aws", "lambda", "function", "us-east-1", "123456789012", "f", "$LATEST", ".PUBLISHED"])
        | st.sampled_from([":", "-", "_", ".", "$", "@", "/", " ", "\n", "é", "٣", "1", "eusc-", "-iso"])
    ).map("".join)
)
def test_both_refuse_the_same(parameter: Parameter, text: str) -> None:
    """Of texts made from the pieces that names are made of, both match the same ones."""
    ours, theirs = _compiled(parameter)
    assert bool(ours.fullmatch(text)) == bool(theirs.fullmatch(text))


def _compiled(parameter: Parameter) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of the contract and that of the model, which the tests above show to be x-pattern."""
    return re.compile(parameter.pattern or "", re.ASCII), re.compile(parameter.wire_pattern or "", re.ASCII)
