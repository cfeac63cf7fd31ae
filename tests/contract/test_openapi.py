"""The contract as an OpenAPI document: valid, with valid examples, strict patterns and nothing left over."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any, cast

import jsonschema
import pytest
from openapi_spec_validator import validate

from conformance.contract.source import key_path, read_yaml, spec_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.model import Contract

DOCUMENT: dict[str, Any] = read_yaml(spec_folder() / "openapi.yaml").data
Where = tuple[str | int, ...]


def _nodes(node: object, where: Where = ()) -> Iterator[tuple[Where, dict[str, Any]]]:
    """Yield each mapping of the document with the path to it."""
    if isinstance(node, dict):
        mapping = cast("dict[str, Any]", node)
        yield where, mapping
        for key, value in mapping.items():
            yield from _nodes(value, (*where, key))
    elif isinstance(node, list):
        for index, value in enumerate(cast("list[Any]", node)):
            yield from _nodes(value, (*where, index))


def _examples(node: dict[str, Any]) -> Iterator[Any]:
    if "example" in node:
        yield node["example"]
    for example in node.get("examples", {}).values():
        yield example["value"]


def _is_valid(schema: dict[str, Any], value: object) -> bool:
    whole = {"components": DOCUMENT["components"], "allOf": [schema]}  # so that #/components/... resolves
    return bool(cast("Any", jsonschema).Draft202012Validator(whole).is_valid(value))


EXAMPLES = [
    pytest.param(node["schema"], value, id=f"{key_path(where)}-{index}")
    for where, node in _nodes(DOCUMENT)
    if "schema" in node
    for index, value in enumerate(_examples(node))
]
PATTERNS = [
    pytest.param(node["pattern"], id=key_path(where))
    for where, node in _nodes(DOCUMENT)
    if isinstance(node.get("pattern"), str)
]
NAMED = [
    pytest.param(example["summary"], example["value"], id=f"{response}-{name}")
    for response, node in DOCUMENT["components"]["responses"].items()
    for name, example in node.get("content", {}).get("application/json", {}).get("examples", {}).items()
    if "Exception" in example.get("summary", "")
]


def test_is_valid_openapi() -> None:
    """The contract is a valid OpenAPI 3.1 document."""
    assert DOCUMENT["openapi"] == "3.1.0"
    validate(DOCUMENT)


@pytest.mark.parametrize(("schema", "value"), EXAMPLES)
def test_examples_are_valid(schema: dict[str, Any], value: object) -> None:
    """Every example satisfies the schema beside it."""
    assert _is_valid(schema, value)


@pytest.mark.parametrize("kind", ["parameters", "headers"])
def test_each_has_an_example(kind: str) -> None:
    """No parameter and no header is without an example."""
    without = [name for name, node in DOCUMENT["components"][kind].items() if not list(_examples(node))]
    assert without == []


@pytest.mark.parametrize(("summary", "value"), NAMED)
def test_error_examples_have_the_body_of_their_error(summary: str, value: object) -> None:
    """An example of a refusal satisfies the very error that its summary names."""
    name = re.split(r"[,;]", summary)[0]
    assert _is_valid({"$ref": f"#/components/schemas/{name}"}, value)


def test_validation_example_prints_the_pattern(contract: Contract) -> None:
    """The recorded ValidationException ends in the pattern as the contract has it."""
    examples = DOCUMENT["components"]["responses"]["BadRequest"]["content"]["application/json"]["examples"]
    pattern = contract.operations["Invoke"].parameter("Qualifier").wire_pattern
    assert examples["pattern"]["value"]["message"].endswith(f"regular expression pattern: {pattern}")


def test_client_context_example_decodes() -> None:
    """The example of a client context is base64 of a JSON object."""
    example = DOCUMENT["components"]["parameters"]["ClientContext"]["example"]
    assert json.loads(base64.b64decode(example, validate=True)) == {"custom": {"foo": "bar"}}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_are_portable(pattern: str) -> None:
    r"""A pattern is ASCII, anchored at both ends, and has no class that means more to some engines, as \d does."""
    assert pattern.isascii()
    assert (pattern[0], pattern[-1]) == ("^", "$")
    assert re.search(r"\\[dwsDWSbB]", pattern) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param(name, value, id=f"{name}-{value}")
        for name, node in DOCUMENT["components"]["parameters"].items()
        if "pattern" in node["schema"]
        for value in _examples(node)
    ],
)
def test_anchors_hold_for_every_alternative(name: str, value: str) -> None:
    """A valid value with something before or after it is invalid for engines that search, as JSON Schema's do."""
    pattern = DOCUMENT["components"]["parameters"][name]["schema"]["pattern"]
    found = [bool(re.search(pattern, text)) for text in (value, f"!{value}", f"{value}!")]
    assert found == [True, False, False]


def test_every_component_is_used() -> None:
    """No component is left over that nothing refers to."""
    used = {node["$ref"] for _, node in _nodes(DOCUMENT) if "$ref" in node}
    kinds = [kind for kind in DOCUMENT["components"] if kind != "securitySchemes"]
    assert {f"#/components/{kind}/{name}" for kind in kinds for name in DOCUMENT["components"][kind]} == used


def test_every_operation_is_signed() -> None:
    """SigV4 is asked for by the whole API, and no parameter stands for its header."""
    names = {node["name"].lower() for node in DOCUMENT["components"]["parameters"].values()}
    assert DOCUMENT["security"] == [{"sigv4": []}]
    assert "authorization" not in names
