"""YAML that can be blamed: files read so that a complaint can name file, line and key.

A contract that is read wrongly judges wrongly, so nothing is guessed here: a key that stands twice, a
reference to nothing and a value of the wrong type are errors, each with the place where it stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import yaml

from conformance.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

T = TypeVar("T")
Pointer = tuple[str | int, ...]

_Fastest: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times as fast
_NAMES: Mapping[type[Any], str] = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    int: "a number",
    bool: "true or false",
}
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_MAPPING = cast("type[dict[str, Any]]", dict)
_LIST = cast("type[list[Any]]", list)
_LONGEST = 200
_START = yaml.Mark("", 0, 0, 0, None, 0)


class _Loader(_Fastest):
    """Leaves dates as the text that they are written in."""

    yaml_implicit_resolvers = {  # noqa: RUF012  PyYAML's own attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in _Fastest.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file: its data, and where each node of it stands.

    Attributes:
        path: the file.
        data: what ``yaml.safe_load`` would have given, dates as text.
        root: the parsed nodes, which know their lines.
    """

    path: Path
    data: Any
    root: yaml.Node

    def line(self, pointer: Sequence[str | int]) -> int:
        """Return the 1-based line of a node; of its nearest parent where the node does not exist."""
        node, line = self.root, self.root.start_mark.line
        for step in pointer:
            found = _child(node, step)
            if found is None:
                break
            node, line = found
        return line + 1

    def place(self) -> Place:
        """Return the whole document as a place; UsageError when it is no mapping."""
        return Place(self, (), _typed(self, (), self.data, _MAPPING))

    def blame(self, pointer: Sequence[str | int], problem: str, hint: str) -> UsageError:
        """Return the error that says what is wrong at a node: ``path:line: key.path: problem``."""
        where = f"{self.path}:{self.line(pointer)}: {key_path(pointer)}"
        return UsageError("file-invalid", f"{where}: {problem}", hint)


@dataclass(frozen=True, slots=True)
class Place:
    """A mapping in a document: reads of it either give what was asked for or blame the file.

    Attributes:
        document: the file it stands in.
        pointer: the keys and indices that lead to it.
        value: the mapping.
    """

    document: Document
    pointer: Pointer
    value: Mapping[str, Any]

    def get(self, key: str, kind: type[T]) -> T:
        """Return the value of a required key; UsageError when it is missing or of another type."""
        found = self.maybe(key, kind)
        if found is None:
            raise self.document.blame((*self.pointer, key), "is missing", f"expected {_NAMES[kind]}")
        return found

    def maybe(self, key: str, kind: type[T]) -> T | None:
        """Return the value of an optional key, None without it; UsageError when it is of another type."""
        value = self.value.get(key)
        return None if value is None else _typed(self.document, (*self.pointer, key), value, kind)

    def at(self, key: str) -> Place:
        """Return the mapping under a required key, following ``$ref``."""
        return self._child((*self.pointer, key), self.get(key, _MAPPING)).resolved()

    def members(self, key: str) -> Iterator[tuple[str, Place]]:
        """Yield the names and mappings under an optional key, following no ``$ref``."""
        for name, value in (self.maybe(key, _MAPPING) or {}).items():
            yield str(name), self._child((*self.pointer, key, name), value)

    def items(self, key: str) -> Iterator[Place]:
        """Yield the mappings listed under an optional key, following no ``$ref``."""
        for index, value in enumerate(self.maybe(key, _LIST) or []):
            yield self._child((*self.pointer, key, index), value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts listed under an optional key."""
        values = enumerate(self.maybe(key, _LIST) or [])
        return tuple(_typed(self.document, (*self.pointer, key, index), value, str) for index, value in values)

    def blame(self, key: str, problem: str, hint: str) -> UsageError:
        """Return the error that says what is wrong with the value of a key."""
        return self.document.blame((*self.pointer, key), problem, hint)

    def resolved(self) -> Place:
        """Return what ``$ref`` points to, itself without one; UsageError when it leads nowhere."""
        place, seen = self, set[str]()
        while (reference := place.maybe("$ref", str)) is not None:
            steps = tuple(reference.removeprefix("#/").split("/"))
            target = _follow(self.document.data, steps)
            if reference in seen or target is None:
                raise place.blame("$ref", f"{reference} leads nowhere", "expected #/components/…/NAME")
            seen.add(reference)
            place = Place(self.document, steps, target)
        return place

    def _child(self, pointer: Pointer, value: object) -> Place:
        return Place(self.document, pointer, _typed(self.document, pointer, value, _MAPPING))


def read_yaml(path: Path) -> Document:
    """Read a YAML file; UsageError ``file-unreadable`` names file, line and what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"not UTF-8 at byte {error.start}"
        raise UsageError("file-unreadable", f"{path}: {reason}", "expected a YAML file") from error
    loader = _Loader(text)
    try:
        root = loader.get_single_node() or yaml.ScalarNode("tag:yaml.org,2002:null", "", _START, _START)
        _refuse_twins(root)
        return Document(path, loader.construct_document(root), root)
    except yaml.YAMLError as error:
        where = f"{path}:{_syntax(error, text)}"
        raise UsageError("file-unreadable", where, "expected valid YAML") from error


def check(document: Document, schema: Mapping[str, Any]) -> None:
    """Hold a document against a JSON Schema (Draft 2020-12).

    Raises:
        UsageError: ``file-invalid``, ``path:line: key.path: message`` of the most telling violation.
    """
    import jsonschema  # noqa: PLC0415  slow to import, not needed by --help

    library = cast("Any", jsonschema)  # its types are incomplete
    errors = library.Draft202012Validator(schema).iter_errors(document.data)
    error = library.exceptions.best_match(errors)
    if error is not None:
        wanted = f"expected {error.validator}: {json.dumps(error.validator_value)}"
        raise document.blame((*error.absolute_path, *_culprit(error)), _cut(error.message), _cut(wanted))


def _culprit(error: Any) -> Pointer:  # noqa: ANN401  jsonschema's own, without types
    """Return the key that a violation of a mapping is about: one that is missing, or one too many."""
    if error.validator == "required":
        return tuple(key for key in error.validator_value if key not in error.instance)[:1]
    if error.validator == "additionalProperties":
        return tuple(key for key in error.instance if key not in error.schema.get("properties", {}))[:1]
    return ()


def check_openapi(document: Document) -> None:
    """Hold a document against OpenAPI 3.1, its examples' and patterns' own rules included.

    Raises:
        UsageError: ``file-invalid``, ``path:line: key.path: message`` of the first violation.
    """
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415  slow to import, rarely needed

    error: Any = next(iter(cast("Any", OpenAPIV31SpecValidator)(document.data).iter_errors()), None)
    if error is not None:
        # The validator follows references, and tells but the end of the way to where it got.
        tail: Pointer = tuple(error.absolute_path)
        pointers = [
            at
            for at, value in _walk(document.data, ())
            if at[len(at) - len(tail) :] == tail and value == error.instance
        ]
        raise document.blame(next(iter(pointers), tail), _cut(error.message), "expected OpenAPI 3.1")


def _walk(node: Any, at: Pointer) -> Iterator[tuple[Pointer, Any]]:  # noqa: ANN401  any YAML value
    """Yield every value of a document with the way to it."""
    yield at, node
    children: list[tuple[Any, Any]] = []
    if isinstance(node, dict):
        children = list(cast("dict[Any, Any]", node).items())
    elif isinstance(node, list):
        children = list(enumerate(cast("list[Any]", node)))
    for key, child in children:
        yield from _walk(child, (*at, key))


def spec_folder() -> Path:
    """Return the shipped spec: inside the package once built, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "spec"
    return shipped if shipped.is_dir() else package.parent / "spec"


def key_path(pointer: Sequence[str | int]) -> str:
    """Return a pointer as a reader would write it: ``paths./x.post.parameters[0]``."""
    if not pointer:
        return "(the whole file)"
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in pointer).lstrip(".")


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, int] | None:
    """Return a node's child and its 0-based line: for a member of a mapping, the line of its key."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line
    return None


def _typed(document: Document, pointer: Pointer, value: object, kind: type[T]) -> T:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise document.blame(pointer, f"is {_cut(repr(value))}", f"expected {_NAMES[kind]}")
    return value


def _follow(data: Mapping[str, Any], steps: Sequence[str]) -> Mapping[str, Any] | None:
    for step in steps:
        child: object = data.get(step)
        if not isinstance(child, dict):
            return None
        data = cast("Mapping[str, Any]", child)
    return data


def _refuse_twins(node: yaml.Node, above: tuple[yaml.Node, ...] = ()) -> None:
    """Raise for a key that stands twice in a mapping, where YAML silently takes the last, and for what holds itself."""
    if not isinstance(node, yaml.CollectionNode):
        return
    if node in above:
        raise yaml.MarkedYAMLError(problem="an alias of what it stands in", problem_mark=node.start_mark)
    seen: set[str] = set()
    for entry in node.value:
        key, value = entry if isinstance(node, yaml.MappingNode) else (None, entry)
        if key is not None and key.value in seen:
            raise yaml.MarkedYAMLError(problem=f"{key.value}: stands twice", problem_mark=key.start_mark)
        if isinstance(key, yaml.ScalarNode):
            seen.add(key.value)
        _refuse_twins(value, (*above, node))


def _syntax(error: yaml.YAMLError, text: str) -> str:
    """Return line and problem of an error of the YAML parser."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"{error.problem_mark.line + 1}: {error.problem}"
    position: int = getattr(error, "position", 0)
    return f"{text.count(chr(10), 0, position) + 1}: {getattr(error, 'reason', error)}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
