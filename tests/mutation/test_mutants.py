"""What is changed of a module, and what is left alone; runs where the libraries are, as in ``tox -e mutation``."""

from __future__ import annotations

import pytest

pytest.importorskip("libcst", reason="the group mutation is not installed")
pytest.importorskip("mutmut", reason="the group mutation is not installed")

from mutation.mutants import mutants


def changes(source: str) -> set[str]:
    """What the lines of a text become."""
    return {one.now for one in mutants("a.py", source, ("WORDS",))}


@pytest.mark.parametrize(
    ("source", "some"),
    [
        ("x = f(a, b)", {"x = None", "x = f(None, b)", "x = f(a, None)", "x = f(a, )"}),
        ("x = f(a=1)", {"x = f(a=None)", "x = f(a=2)"}),
        ("T = (1, 2, 3)", {"T = (2, 3)", "T = (1, 3)", "T = (1, 2, )"}),
        ("T = (1, 2)", {"T = (2,)", "T = (1,)"}),
        ("T = (1,)", {"T = ()"}),
        ("T = {'a': 1, 'b': 2}", {"T = {'b': 2}", "T = {'a': 1, }", "T = {'XXaXX': 1, 'b': 2}"}),
        ("T = {1}", {"T = set()"}),
        ("x = f'a{b}'", {"x = f'XXaXX{b}'"}),
        ("x = r'Ab'", {"x = r'ab'", "x = r'AB'"}),
        ("x = any(a)", {"x = all(a)"}),
        ("if x:\n    pass", {"if not x:"}),
        ("y = [a for a in b if a.c]", {"y = [a for a in b if not a.c]"}),
        ("def f():\n    g()", {"pass"}),
        ("class A:\n    @property\n    def b(self):\n        return 1", {"return 2"}),
        ("x = {'a': lambda b: b}", {"x = {'a': lambda b: None}"}),
    ],
)
def test_what_runs_is_changed(source: str, some: set[str]) -> None:
    """Values, entries, conditions, texts and calls, in functions and outside."""
    assert some <= changes(source)


@pytest.mark.parametrize(
    ("source", "all_"),
    [
        ('"""A text that describes."""', set[str]()),
        ("import a", set[str]()),
        ("x: dict[str, int]", set[str]()),
        ("Kind = Literal['a', 'b']", set[str]()),
        ("T = TypeVar('T')", set[str]()),
        ("if TYPE_CHECKING:\n    x = 1", set[str]()),
        ("@cache\ndef f(): ...", set[str]()),
        ("x = isinstance(a, b)", {"x = None"}),
        ("x = ''", {"x = 'XXXX'"}),
        ("x = False", {"x = True"}),
        ("x = 'Ab'", {"x = None", "x = 'XXAbXX'"}),
        ("x = p.read_text(encoding='utf-8')", {"x = None"}),
        ("raise A('two words')", set[str]()),
        ("raise A('code', f'two {words}')", {"raise A(None, f'two {words}')", "raise A('XXcodeXX', f'two {words}')"}),
        ("WORDS = {'a': 'two words'}", {"WORDS = None", "WORDS = {}", "WORDS = {'XXaXX': 'two words'}"}),
        ("a, b = c", {"a, b = None"}),
    ],
)
def test_what_only_describes_is_left_alone(source: str, all_: set[str]) -> None:
    """Types, descriptions and words for people are not changed, nor is what would be as false as it was."""
    assert changes(source) == all_


def test_a_mutant_is_named_by_where_it_stands() -> None:
    """Its place is the function, method or table, and its lines; other lines may come and go."""
    source = "class A:\n    def b(self):\n        return 1\n\nT = (\n    2,\n    3,\n)\n"
    keys = {one.key for one in mutants("a.py", source)}
    moved = {one.key for one in mutants("a.py", f"import os\n\n{source}")}

    assert ("a.py", "A.b", "return 1", "return 2") in keys
    assert ("a.py", "T", "2,", "3,") in keys
    assert keys == moved
