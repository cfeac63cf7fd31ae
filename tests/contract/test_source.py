"""YAML that can be blamed: lines, keys, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.contract import source
from conformance.contract.source import check, check_openapi, key_path, read_yaml, spec_folder
from conformance.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
# a comment
shop: {name: corner}
fruit:
  - apple
  - name: pear
    price: 3
"""
SCHEMA = {
    "type": "object",
    "required": ["shop", "fruit"],
    "additionalProperties": False,
    "properties": {
        "shop": {},
        "fruit": {
            "items": {
                "type": ["string", "object"],
                "properties": {"price": {"type": "string"}, "none": {"additionalProperties": False}},
            }
        },
    },
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A path to write to."""
    return tmp_path / "file.yaml"


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        ((), 2),
        (("shop",), 2),
        (("shop", "name"), 2),
        (("fruit",), 3),
        (("fruit", 0), 4),
        (("fruit", 1, "price"), 6),
        (("fruit", 1, "colour"), 5),
        (("fruit", 7), 3),
        (("bread", "rye"), 2),
    ],
)
def test_line(file: Path, pointer: tuple[str | int, ...], line: int) -> None:
    """A node is on its line, a member of a mapping on that of its key, a missing one on that of its parent."""
    file.write_text(TEXT, encoding="utf-8")
    assert read_yaml(file).line(pointer) == line


def test_data_is_what_yaml_says(file: Path) -> None:
    """The data is plain: mappings, lists, text and numbers, with aliases resolved."""
    file.write_text("one: &x [1, a, null]\ntwo: *x\n", encoding="utf-8")
    assert read_yaml(file).data == {"one": [1, "a", None], "two": [1, "a", None]}


def test_empty_file_is_empty_data(file: Path) -> None:
    """A file without a node reads as None, at its first line."""
    file.write_text("# nothing\n", encoding="utf-8")
    document = read_yaml(file)
    assert (document.data, document.line(("a",))) == (None, 1)


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"a: 1\nb: [1, 2\n", 3, "expected ',' or ']'"),
        (b"a: 1\nb: *nowhere\n", 2, "found undefined alias"),
        (b"a: 1\n\nb: 2\na: 3\n", 4, "a: stands twice"),
        (b"list:\n  - {x: 1, x: 2}\n", 2, "x: stands twice"),
        (b"a: 1\nb: \x07\n", 2, "control characters are not allowed"),
        (b"a: !!python/object:os.system {}\n", 1, "could not determine a constructor"),
    ],
)
def test_bad_yaml(file: Path, content: bytes, line: int, problem: str) -> None:
    """Bad YAML is an error that names file, line and problem, a key that stands twice included."""
    file.write_bytes(content)
    with pytest.raises(UsageError) as raised:
        read_yaml(file)
    assert (raised.value.code, raised.value.hint) == ("file-unreadable", "expected valid YAML")
    assert raised.value.message.startswith(f"{file}:{line}: ")
    assert problem in raised.value.message


def test_missing_file(file: Path) -> None:
    """A file that is not there is an error that names it."""
    with pytest.raises(UsageError) as raised:
        read_yaml(file)
    assert (raised.value.code, raised.value.message) == ("file-unreadable", f"{file}: No such file or directory")
    assert raised.value.hint == "expected a YAML file"


def test_file_that_is_no_text(file: Path) -> None:
    """A file that is not UTF-8 is an error that names the byte."""
    file.write_bytes(b"a: \xff\n")
    with pytest.raises(UsageError) as raised:
        read_yaml(file)
    assert raised.value.message == f"{file}: not UTF-8 at byte 3"


def test_check_accepts(file: Path) -> None:
    """A document that the schema allows passes without a word."""
    file.write_text(TEXT.replace("price: 3", "price: three"), encoding="utf-8")
    check(read_yaml(file), SCHEMA)


@pytest.mark.parametrize(
    ("text", "where", "hint"),
    [
        (TEXT, "6: fruit[1].price: 3 is not of type 'string'", 'expected type: "string"'),
        ("shop: 1\n", "1: fruit: 'fruit' is a required property", 'expected required: ["shop", "fruit"]'),
        ("x: 1\n", "1: shop: 'shop' is a required property", 'expected required: ["shop", "fruit"]'),
        (
            "shop: 1\nfruit: []\nmeat: {}\n",
            "3: meat: Additional properties are not allowed ('meat' was unexpected)",
            "expected additionalProperties: false",
        ),
        (
            "shop: 1\nfruit: []\nmeat: {}\nfish: {}\n",
            "3: meat: Additional properties are not allowed ('fish', 'meat' were unexpected)",
            "expected additionalProperties: false",
        ),
        (
            "shop: 1\nfruit: [{none: {a: 1}}]\n",
            "2: fruit[0].none.a: Additional properties are not allowed ('a' was unexpected)",
            "expected additionalProperties: false",
        ),
    ],
)
def test_check_blames(file: Path, text: str, where: str, hint: str) -> None:
    """A violation of the schema is an error that names file, line, key and what was expected."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        check(read_yaml(file), SCHEMA)
    found = (raised.value.code, raised.value.message, raised.value.hint)
    assert found == ("file-invalid", f"{file}:{where}", hint)


def test_long_values_are_cut(file: Path) -> None:
    """A complaint about a long value stays one short line."""
    file.write_text(f"shop: 1\nfruit: {{a: {'x' * 10_000}}}\n", encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        check(read_yaml(file), {"properties": {"fruit": {"type": "array"}}})
    cut = f"{{'a': '{'x' * 10_000}'}} is not of type 'array'"[:200]
    assert raised.value.message == f"{file}:2: fruit: {cut}…"


def test_a_value_that_just_fits_is_not_cut(file: Path) -> None:
    """Only what is longer than a line is cut."""
    text = "x" * (200 - len("'' is not of type 'array'"))
    file.write_text(f"shop: {text}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=f"'{text}' is not of type 'array'$"):
        check(read_yaml(file), {"properties": {"shop": {"type": "array"}}})


def test_key_path() -> None:
    """A pointer reads as keys with dots and indices in brackets."""
    assert key_path(("paths", "/x", "post", "parameters", 0)) == "paths./x.post.parameters[0]"


@pytest.mark.parametrize(("shipped", "folder"), [(True, "conformance/spec"), (False, "spec")])
def test_spec_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped: bool, folder: str) -> None:  # noqa: FBT001  a table
    """The spec is inside the package where a wheel put it, else beside the package."""
    package = tmp_path / "conformance"
    (package / "contract").mkdir(parents=True)
    if shipped:
        (package / "spec").mkdir()
    monkeypatch.setattr(source, "__file__", str(package / "contract" / "source.py"))
    assert spec_folder() == tmp_path / folder


def test_what_is_no_openapi_is_blamed_where_it_stands(tmp_path: Path) -> None:
    """A contract that is no valid OpenAPI is refused by file, line and key, as far in as the violation is."""
    text = (spec_folder() / "openapi.yaml").read_text(encoding="utf-8")
    assert "maxLength: 128" in text
    path = tmp_path / "openapi.yaml"
    path.write_text(text.replace("maxLength: 128", "maxLength: -128", 1), encoding="utf-8")
    line = text[: text.index("maxLength: 128")].count("\n") + 1
    with pytest.raises(
        UsageError, match=rf"openapi\.yaml:{line}: components\.parameters\..*\.maxLength: -128"
    ) as raised:
        check_openapi(read_yaml(path))
    assert raised.value.hint == "expected OpenAPI 3.1"


def test_what_is_wrong_with_the_whole_is_blamed_on_the_whole(tmp_path: Path) -> None:
    """Where the violation stands at no single place, the file is named."""
    text = (spec_folder() / "openapi.yaml").read_text(encoding="utf-8")
    path = tmp_path / "openapi.yaml"
    path.write_text(text.replace("operationId: InvokeAsync", "operationId: Invoke", 1), encoding="utf-8")
    with pytest.raises(UsageError, match=r"openapi\.yaml:\d+: \(the whole file\): "):
        check_openapi(read_yaml(path))


def test_the_shipped_contract_is_openapi() -> None:
    """The contract that is shipped passes the check that a user's own has to pass."""
    check_openapi(read_yaml(spec_folder() / "openapi.yaml"))
