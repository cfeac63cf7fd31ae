"""The mutants: small changes of the product's code, each of which a test ought to notice.

What can be changed is told by two tables: the operators of mutmut, and a few of our own for what those leave alone and
this code is made of: entries of tables, conditions, texts with values in them, statements. Changed is all that runs,
in functions and outside; what only describes is left out (see SILENT and ``_skipped``).
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import libcst as cst
from mutmut.mutation.mutators import mutation_operators, operator_arg_removal, operator_assignment, operator_string

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    Operator = tuple[type[cst.CSTNode], Callable[[Any], Iterable[cst.CSTNode]]]

SILENT: tuple[type[cst.CSTNode], ...] = (
    cst.Annotation,  # what a type is, is the type checker's affair
    cst.Decorator,  # frozen, slots and cache: a mutant would be another class
    cst.Import,
    cst.ImportFrom,
)
"""Nodes in which nothing is changed."""

SWAPPED = {"any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change.

    Attributes:
        path: of the module, below the root of the repository.
        where: the function, method or table that is changed: ``Reading.header``, ``RULES``.
        was: the lines that are changed, without indentation.
        now: what they are changed to.
        source: of the whole module, changed.
    """

    path: str
    where: str
    was: str
    now: str
    source: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names the mutant; it outlives changes elsewhere in the module."""
        return self.path, self.where, self.was, self.now


def mutants(path: str, source: str, wordings: Collection[str] = ()) -> Iterator[Mutant]:
    """Yield the mutants of a module, each once, in the order of its lines.

    Args:
        path: of the module.
        source: its text.
        wordings: names of tables whose texts are words for people; they are not changed.
    """
    module = cst.parse_module(source)
    codes = [module.code_for_node(statement) for statement in module.body]
    start = len("".join(module.code_for_node(line) for line in module.header))
    seen = {source}
    for index, statement in enumerate(module.body):
        before, after = source[:start], source[start + len(codes[index]) :]
        start += len(codes[index])
        for node, mutated, where in _changes(statement, "", (), wordings):
            code = module.code_for_node(mutated if node is statement else statement.deep_replace(node, mutated))
            changed = f"{before}{code}{after}"
            if changed not in seen and _compiles(changed, path):
                seen.add(changed)
                yield Mutant(path, where, *_difference(codes[index], code), changed)


def _compiles(source: str, path: str) -> bool:
    try:
        compile(source, path, "exec")
    except SyntaxError:
        return False
    return True


def _difference(one: str, other: str) -> tuple[str, str]:
    """Return the lines of each text that the other has not, without indentation."""
    lines = list(difflib.ndiff(one.splitlines(), other.splitlines()))
    was, now = ("\n".join(line[2:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return was, now


def _changes(
    node: cst.CSTNode, where: str, above: tuple[cst.CSTNode, ...], wordings: Collection[str]
) -> Iterator[tuple[cst.CSTNode, cst.CSTNode, str]]:
    """Yield what can be changed in a node and below it: the node, what it becomes, and where it stands."""
    if _skipped(node, above):
        return
    where = _inner(node, where, above)
    told = where in wordings or any(isinstance(one, cst.Raise) or _is_blame(one) for one in above)
    for kind, operator in OPERATORS:
        if isinstance(node, kind):
            yield from ((node, mutated, where) for mutated in operator(node) if not (told and _rewords(node, mutated)))
    if not isinstance(node, cst.Tuple) or not _is_target(node, above):
        yield from ((node, mutated, where) for mutated in _fewer(node))
    for child in node.children:
        yield from _changes(child, where, (*above, node), wordings)


def _inner(node: cst.CSTNode, where: str, above: Sequence[cst.CSTNode]) -> str:
    """Return where the insides of a node stand: a function, a class or an assignment outside functions has a name."""
    name = ""
    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        name = node.name.value
    elif not any(isinstance(one, cst.FunctionDef) for one in above):
        target = node.targets[0].target if isinstance(node, cst.Assign) else getattr(node, "target", None)
        name = target.value if isinstance(node, cst.Assign | cst.AnnAssign) and isinstance(target, cst.Name) else ""
    return f"{where}.{name}" if where and name else where or name


def _skipped(node: cst.CSTNode, above: Sequence[cst.CSTNode]) -> bool:
    """Tell whether nothing below a node is to be changed."""
    if isinstance(node, SILENT):
        return True
    if isinstance(node, cst.If) and isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING":
        return True
    if isinstance(node, cst.Expr) and isinstance(node.value, cst.BaseString):
        return True  # a docstring
    if isinstance(node, cst.Assign) and isinstance(node.value, cst.Subscript) and not _in_function(above):
        return True  # a name for a type
    if isinstance(node, cst.Assign) and _calls(node.value, {"TypeVar"}):
        return True
    # Without its argument, or with one less, each of these raises a TypeError: nothing is learned.
    return _calls(node, {"isinstance", "len", "cast"}) or _is_encoding(node)


def _calls(node: cst.CSTNode, names: Collection[str]) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in names


def _is_encoding(node: cst.CSTNode) -> bool:
    """Tell whether a node is the argument ``encoding=``, which no test misses where UTF-8 is what there is without."""
    return isinstance(node, cst.Arg) and node.keyword is not None and node.keyword.value == "encoding"


def _in_function(above: Sequence[cst.CSTNode]) -> bool:
    return any(isinstance(one, cst.FunctionDef) for one in above)


def _rewords(node: cst.CSTNode, mutated: cst.CSTNode) -> bool:
    """Tell whether a change is one of words for people: a text of more than one word, changed or left out."""
    if isinstance(node, cst.Call) and isinstance(mutated, cst.Call):
        return any(_is_words(one.value) for one in node.args if one not in mutated.args)
    return _is_words(node)


def _is_words(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.SimpleString):
        return " " in node.value
    return isinstance(node, cst.FormattedString | cst.FormattedStringText | cst.ConcatenatedString)


def _is_blame(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "blame"


def _is_target(node: cst.CSTNode, above: Sequence[cst.CSTNode]) -> bool:
    """Tell whether a tuple is assigned to, and so no table."""
    parent = above[-1] if above else None
    return isinstance(parent, cst.AssignTarget) or getattr(parent, "target", None) is node


def _text(node: cst.BaseString) -> Iterator[cst.BaseString]:
    """Yield the changes of a text; of its case only where it is a pattern, as names of headers have none."""
    for number, changed in enumerate(operator_string(node)):
        if number == 0 or (isinstance(node, cst.SimpleString) and "r" in node.prefix):
            yield changed


def _arguments(node: cst.Call) -> Iterator[cst.CSTNode]:
    """Yield a call with None for an argument, or without it; not where that moves the ones behind it, as none fits."""
    for changed in operator_arg_removal(node):
        (gone,) = (argument for argument in node.args if argument not in changed.args)
        if len(changed.args) == len(node.args):
            fits = not _is_nothing(gone.value)
        else:
            fits = gone is node.args[-1] or gone.keyword is not None
        if fits and not _is_encoding(gone):
            yield changed


def _assigned(node: cst.Assign | cst.AnnAssign) -> Iterator[cst.CSTNode]:
    if node.value is not None and not _is_nothing(node.value):
        yield from operator_assignment(node)


def _is_nothing(node: cst.CSTNode) -> bool:
    """Tell whether a value is false in itself: None would be so, too, and other operators make something of it."""
    if isinstance(node, cst.Tuple | cst.List | cst.Dict):
        return not node.elements
    return (isinstance(node, cst.Name) and node.value == "False") or (
        isinstance(node, cst.SimpleString | cst.Integer) and not node.evaluated_value
    )


def _formatted(node: cst.FormattedStringText) -> Iterator[cst.CSTNode]:
    yield node.with_changes(value=f"XX{node.value}XX")


def _negated(node: cst.If | cst.CompIf | cst.While) -> Iterator[cst.CSTNode]:
    """Yield the opposite of a condition that no other operator changes."""
    if isinstance(node.test, cst.Name | cst.Attribute | cst.Call | cst.Subscript):
        yield node.with_changes(test=cst.UnaryOperation(cst.Not(), node.test))


def _swapped(node: cst.Call) -> Iterator[cst.CSTNode]:
    if isinstance(node.func, cst.Name) and node.func.value in SWAPPED:
        yield node.with_changes(func=cst.Name(SWAPPED[node.func.value]))


def _silenced(node: cst.Expr) -> Iterator[cst.CSTNode]:
    """Yield nothing in the place of a call that is made for its effect."""
    if isinstance(node.value, cst.Call):
        yield cst.Pass()


def _fewer(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield a tuple, list, set or mapping without each of its entries."""
    if not isinstance(node, cst.Tuple | cst.List | cst.Set | cst.Dict):
        return
    for index in range(len(node.elements)):
        rest = [*node.elements[:index], *node.elements[index + 1 :]]
        if isinstance(node, cst.Set) and not rest:
            yield cst.Call(cst.Name("set"))
        elif isinstance(node, cst.Tuple) and not rest:
            yield cst.Tuple([])
        elif isinstance(node, cst.Tuple) and len(rest) == 1:
            yield node.with_changes(elements=[rest[0].with_changes(comma=cst.Comma())])
        else:
            yield node.with_changes(elements=rest)


NARROWED = {operator_string, operator_arg_removal, operator_assignment}
"""Operators of mutmut of which we make less."""

OPERATORS: Sequence[Operator] = (
    *((kind, operator) for kind, operator in mutation_operators if operator not in NARROWED),
    (cst.Call, _arguments),
    (cst.Assign, _assigned),
    (cst.AnnAssign, _assigned),
    (cst.BaseString, _text),
    (cst.FormattedStringText, _formatted),
    (cst.If, _negated),
    (cst.CompIf, _negated),
    (cst.While, _negated),
    (cst.Call, _swapped),
    (cst.Expr, _silenced),
)
"""Kind of node -> what it is changed to."""
