"""Damaged contracts: each kind of damage is blamed by file, line and key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from conformance.contract.reader import load_contract
from conformance.contract.source import spec_folder
from conformance.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (spec_folder() / "openapi.yaml").read_text(encoding="utf-8")
INVOKE = "paths./2015-03-31/functions/{FunctionName}/invocations.post"
QUALIFIER = "components.parameters.Qualifier"


class Damage(NamedTuple):
    """A change of the contract and what is said about it.

    Attributes:
        old: text to replace, its first occurrence.
        new: text to put there.
        line: what begins on the line that is blamed; its first occurrence.
        problem: key, colon and problem.
        hint: what is expected.
    """

    old: str
    new: str
    line: str
    problem: str
    hint: str


DAMAGES = {
    "missing key": Damage(
        "      x-member: qualifier\n",
        "",
        "Qualifier:\n",
        f"{QUALIFIER}.x-member: is missing",
        "expected text",
    ),
    "missing wire pattern": Damage(
        r"        x-pattern: '\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+'" + "\n",
        "",
        "schema:\n        type: string\n        minLength: 1 # until",
        f"{QUALIFIER}.schema.x-pattern: is missing",
        "expected text",
    ),
    "missing limit": Damage(
        "        x-max-decoded-bytes: 4096 # docs\n",
        "",
        "schema:\n        type: string\n        contentEncoding: base64\n        pattern",
        "components.headers.X-Amz-Log-Result.schema.x-max-decoded-bytes: is missing",
        "expected a number",
    ),
    "missing groups": Damage(
        "        x-groups: {",
        "        x-clubs: {",
        "schema:\n        type: string\n        minLength: 1\n        maxLength: 256",
        "components.parameters.FunctionName.schema.x-groups: is missing",
        "expected a mapping",
    ),
    "missing responses": Damage(
        "      responses:",
        "      replies:",
        "post:",
        f"{INVOKE}.responses: is missing",
        "expected a mapping",
    ),
    "empty value": Damage(
        "      x-member: qualifier",
        "      x-member:",
        "x-member:\n",
        f"{QUALIFIER}.x-member: is missing",
        "expected text",
    ),
    "text for a number": Damage(
        "maxLength: 128",
        "maxLength: long",
        "maxLength: long",
        f"{QUALIFIER}.schema.maxLength: is 'long'",
        "expected a number",
    ),
    "truth for a number": Damage(
        "maxLength: 128",
        "maxLength: true",
        "maxLength: true",
        f"{QUALIFIER}.schema.maxLength: is True",
        "expected a number",
    ),
    "number for text": Damage(
        "enum: [None, Tail]",
        "enum: [None, 7]",
        "enum: [None, 7]",
        "components.parameters.LogType.schema.enum[1]: is 7",
        "expected text",
    ),
    "text for a mapping": Damage(
        "        - $ref: '#/components/parameters/Qualifier'",
        "        - Qualifier",
        "- Qualifier",
        f"{INVOKE}.parameters[0]: is 'Qualifier'",
        "expected a mapping",
    ),
    "pattern that does not compile": Damage(
        "pattern: '^[A-Za-z0-9_-]+$'",
        "pattern: '^[A-Za-z0-9_-+$'",
        "pattern: '^[A-Za-z0-9_-+$'",
        "components.parameters.DurableExecutionName.schema.pattern: does not compile: bad character range _-+ "
        "at position 11",
        "expected a regular expression",
    ),
    "pattern without anchors": Damage(
        "pattern: '^[A-Za-z0-9_-]+$'",
        "pattern: '[A-Za-z0-9_-]+'",
        "pattern: '[A-Za-z0-9_-]+'",
        "components.parameters.DurableExecutionName.schema.pattern: is not anchored",
        "expected ^…$",
    ),
    "pattern without an end": Damage(
        "pattern: '^[A-Za-z0-9_-]+$'",
        "pattern: '^[A-Za-z0-9_-]+'",
        "pattern: '^[A-Za-z0-9_-]+'",
        "components.parameters.DurableExecutionName.schema.pattern: is not anchored",
        "expected ^…$",
    ),
    "pattern without a beginning": Damage(
        "pattern: '^[A-Za-z0-9_-]+$'",
        "pattern: '[A-Za-z0-9_-]+$'",
        "pattern: '[A-Za-z0-9_-]+$'",
        "components.parameters.DurableExecutionName.schema.pattern: is not anchored",
        "expected ^…$",
    ),
    "group number zero": Damage(
        "qualifier: 13}",
        "qualifier: 0}",
        "x-groups: {",
        "components.parameters.FunctionName.schema.x-groups.qualifier: is 0",
        "expected 1 to 14, the groups of the pattern",
    ),
    "missing errors": Damage(
        "      x-errors:",
        "      x-mistakes:",
        "post:",
        f"{INVOKE}.x-errors: is missing",
        "expected a list",
    ),
    "text for a truth": Damage(
        "      x-modelled: true",
        "      x-modelled: 'yes'",
        "x-modelled: 'yes'",
        "components.schemas.InvalidParameterValueException.x-modelled: is 'yes'",
        "expected true or false",
    ),
    "group that is not there": Damage(
        "qualifier: 13}",
        "qualifier: 15}",
        "x-groups: {",
        "components.parameters.FunctionName.schema.x-groups.qualifier: is 15",
        "expected 1 to 14, the groups of the pattern",
    ),
    "dangling reference": Damage(
        "#/components/parameters/Qualifier",
        "#/components/parameters/Quantifier",
        "- $ref: '#/components/parameters/Quantifier'",
        f"{INVOKE}.parameters[0].$ref: #/components/parameters/Quantifier leads nowhere",
        "expected #/components/…/NAME",
    ),
    "dangling reference to an error": Damage(
        "- $ref: '#/components/schemas/SnapStartException'",
        "- $ref: '#/components/schemas/Snap'",
        "- $ref: '#/components/schemas/Snap'",
        "components.responses.BadRequest.content.application/json.schema.anyOf[5].$ref: "
        "#/components/schemas/Snap leads nowhere",
        "expected #/components/…/NAME",
    ),
    "reference to another file": Damage(
        "- $ref: '#/components/schemas/SnapStartException'",
        "- $ref: 'errors.yaml#/SnapStartException'",
        "- $ref: 'errors.yaml#/SnapStartException'",
        "components.responses.BadRequest.content.application/json.schema.anyOf[5].$ref: "
        "is errors.yaml#/SnapStartException",
        "expected #/components/schemas/NAME",
    ),
    "reference to itself": Damage(
        "    Qualifier:\n",
        "    Qualifier:\n      $ref: '#/components/parameters/Qualifier'\n",
        "$ref: '#/components/parameters/Qualifier'\n      name",
        f"{QUALIFIER}.$ref: #/components/parameters/Qualifier leads nowhere",
        "expected #/components/…/NAME",
    ),
    "unknown place of a parameter": Damage(
        "      in: query",
        "      in: cookie",
        "in: cookie",
        f"{QUALIFIER}.in: is cookie",
        "expected one of path, query, header",
    ),
    "unknown body": Damage(
        "x-body: payload",
        "x-body: parcel",
        "x-body: parcel",
        "components.responses.Result.x-body: is parcel",
        "expected one of payload, empty, eventstream, unrecorded",
    ),
    "status that is no number": Damage(
        "'200': {",
        "default: {",
        "default: {",
        f"{INVOKE}.responses.default: is no status",
        "expected a number such as '200'",
    ),
    "error without a response": Damage(
        "        - SnapStartException\n",
        "        - SnapStoppedException\n",
        "x-errors:\n",
        f"{INVOKE}.x-errors: SnapStoppedException stands in no response of the operation",
        "expected a name that one of its responses lists",
    ),
    "no operation": Damage(
        "paths:\n",
        "paths: {/x: {}}\nx-paths:\n",
        "paths: {/x: {}}",
        "paths: has no operation",
        "expected at least one with an operationId",
    ),
    "no paths": Damage(
        "paths:\n",
        "x-paths:\n",
        "openapi: 3",
        "paths: is missing",
        "expected a mapping",
    ),
}


def _blamed(folder: Path, text: str) -> UsageError:
    (folder / "openapi.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        load_contract(folder)
    return raised.value


def _line(text: str, marker: str) -> int:
    """Return the 1-based line on which a text begins for the first time."""
    return text.count("\n", 0, text.index(marker)) + 1


@pytest.mark.parametrize("damage", [pytest.param(damage, id=name) for name, damage in DAMAGES.items()])
def test_damage_is_blamed(tmp_path: Path, damage: Damage) -> None:
    """A damaged contract is refused with file, line, key, problem and what was expected."""
    assert damage.old in TEXT
    text = TEXT.replace(damage.old, damage.new, 1)
    error = _blamed(tmp_path, text)
    where = f"{tmp_path / 'openapi.yaml'}:{_line(text, damage.line)}: "
    found = (error.code, error.message, error.hint)
    assert found == ("file-invalid", f"{where}{damage.problem}", damage.hint)


def test_syntax_error_is_blamed(tmp_path: Path) -> None:
    """A contract that is no YAML is refused with file and line."""
    error = _blamed(tmp_path, TEXT.replace("tags: [invoke]", "tags: [invoke", 1))
    line = _line(TEXT, "tags: [invoke]") + 1
    assert error.code == "file-unreadable"
    assert error.message.startswith(f"{tmp_path / 'openapi.yaml'}:{line}: ")


@pytest.mark.parametrize(("text", "problem"), [("", "is None"), ("- openapi\n", "is ['openapi']")])
def test_no_mapping_is_blamed(tmp_path: Path, text: str, problem: str) -> None:
    """A file that holds no mapping is refused as a whole."""
    error = _blamed(tmp_path, text)
    assert error.message == f"{tmp_path / 'openapi.yaml'}:1: (the whole file): {problem}"


def test_missing_file_is_blamed(tmp_path: Path) -> None:
    """A folder without a contract is refused with the path of what is missing."""
    with pytest.raises(UsageError) as raised:
        load_contract(tmp_path)
    assert raised.value.message == f"{tmp_path / 'openapi.yaml'}: No such file or directory"


def test_an_undamaged_copy_is_the_contract(tmp_path: Path) -> None:
    """The twin of all damages: the same text unchanged reads as the shipped contract."""
    (tmp_path / "openapi.yaml").write_text(TEXT, encoding="utf-8")
    assert load_contract(tmp_path) == load_contract()


@pytest.mark.parametrize("method", ["get", "put", "post", "delete", "patch", "head", "options"])
def test_an_operation_may_have_any_method(tmp_path: Path, method: str) -> None:
    """An operation is found under each method that OpenAPI knows."""
    (tmp_path / "openapi.yaml").write_text(TEXT.replace("    post:\n", f"    {method}:\n", 1), encoding="utf-8")
    assert load_contract(tmp_path).operations["Invoke"].method == method.upper()


def test_the_last_group_of_a_pattern_is_one_of_it(tmp_path: Path) -> None:
    """Groups are counted from one, so that the last has their number."""
    (tmp_path / "openapi.yaml").write_text(TEXT.replace("qualifier: 13}", "qualifier: 14}", 1), encoding="utf-8")
    assert load_contract(tmp_path).operations["Invoke"].parameter("FunctionName").groups["qualifier"] == 14


def test_a_status_from_300_on_refuses(tmp_path: Path) -> None:
    """Nothing but a status of the two hundreds is a success."""
    (tmp_path / "openapi.yaml").write_text(TEXT.replace("'404': {", "'300': {", 1), encoding="utf-8")
    contract = load_contract(tmp_path)

    assert 300 in contract.errors["ResourceNotFoundException"].status
    assert 300 not in {one.status for one in contract.operations["Invoke"].success}


def test_what_is_no_openapi_is_refused(tmp_path: Path) -> None:
    """A contract of somebody's own has to be valid OpenAPI, too."""
    error = _blamed(tmp_path, TEXT.replace("maxLength: 128", "maxLength: -128", 1))
    assert error.hint == "expected OpenAPI 3.1"


def test_the_version_is_that_of_the_document(tmp_path: Path) -> None:
    """The contract has the version that its file says."""
    (tmp_path / "openapi.yaml").write_text(re.sub(r"\n  version: .*", "\n  version: 9.8.7", TEXT), encoding="utf-8")
    assert load_contract(tmp_path).version == "9.8.7"


def test_the_shipped_contract_is_read_once() -> None:
    """The shipped contract is kept after the first time."""
    assert load_contract() is load_contract()
