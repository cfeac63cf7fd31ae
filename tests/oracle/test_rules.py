"""The rules by which observations are compared."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.oracle.clause import RULES, Clause, bind, either
from conformance.oracle.judge import Check
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import ABSENT
from conformance.oracle.site import Site

EQUAL: list[tuple[Any, Any]] = [
    (1, 1.0),
    (True, True),
    (None, None),
    ("a", "a"),
    ([], []),
    ([1, [2]], [1.0, [2]]),
    ({}, {}),
    ({"a": 1, "b": {"c": [True]}}, {"b": {"c": [True]}, "a": 1.0}),
]
DIFFERENT: list[tuple[Any, Any]] = [
    (1, True),
    (0, False),
    (1, "1"),
    (None, False),
    ("a", "b"),
    ("a", ["a"]),
    ([1], [1, 2]),
    ([1, 2], [1]),
    ([1, 2], [2, 1]),
    ([1], [True]),
    ([], {}),
    ({"a": 1}, {"a": True}),
    ({"a": 1}, {"a": 1, "b": 2}),
    ({"a": 1}, {"b": 1}),
    ({"a": [1]}, {"a": [True]}),
    ({"a": None}, {}),
    (ABSENT, None),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
@pytest.mark.parametrize(("rule", "holds"), [("equals", True), ("is as", True), ("differs from", False)])
def test_equal_values_are_equal(rule: str, holds: bool, one: object, other: object) -> None:  # noqa: FBT001  a table
    """Numbers are compared by value, members without order, everything else as it is, at any depth."""
    assert RULES[rule].holds(one, other) is holds
    assert RULES[rule].holds(other, one) is holds


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_values_differ(one: object, other: object) -> None:
    """True is not 1, an order of elements counts, a part is not the whole."""
    assert not RULES["equals"].holds(one, other)
    assert not RULES["equals"].holds(other, one)
    assert RULES["differs from"].holds(one, other) is (one is not ABSENT)


@pytest.mark.parametrize(
    ("rule", "seen", "value", "holds"),
    [
        ("is one of", 202, [200, 202], True),
        ("is one of", True, [1], False),
        ("is one of", ABSENT, ["absent"], False),
        ("is one of", 1, [], False),
        ("is not", "a", "b", True),
        ("is not", "a", "a", False),
        ("is not", True, 1, True),
        ("is not", ABSENT, "a", True),
        ("matches", "words", "or", True),
        ("matches", "words", "^or", False),
        ("tells", "a word, or two", ["a word"], True),
        ("tells", "a word, or two", ["a", "two", "or"], True),
        ("tells", "a word, or two", ["word"], False),
        ("tells", "a word, or two", ["a", "three"], False),
        ("tells", ABSENT, ["a"], False),
        ("tells", ["a"], ["a"], False),
        ("matches", ABSENT, "absent", False),
        ("matches", 7, "7", False),
        ("is absent", ABSENT, None, True),
        ("is absent", "", None, False),
        ("is absent", None, None, False),
        ("is present", ABSENT, None, False),
        ("is present", None, None, True),
        ("is empty", b"", None, True),
        ("is empty", b" ", None, False),
        ("is empty", ABSENT, None, False),
        ("is at most", 3, 4, True),
        ("is at most", 4, 4, True),
        ("is at most", 5, 4, False),
        ("is at most", ABSENT, 4, False),
        ("is at least", 3, 4, False),
        ("is at least", 4, 4, True),
        ("is at least", 5, 4, True),
        ("is at least", ABSENT, 4, False),
        ("includes", ["a", "b"], ["a"], True),
        ("includes", ["a", "b"], ["b", "a"], True),
        ("includes", ["a"], ["a", "b"], False),
        ("includes", "ab", ["a"], False),
        ("includes", ABSENT, [], False),
        ("is as", "1", ABSENT, False),
        ("is as", ABSENT, "1", False),
        ("is as", ABSENT, ABSENT, False),
        ("differs from", "1", ABSENT, False),
        ("differs from", ABSENT, "1", False),
        ("contains", "RequestId: 4711 Error: …", "4711", True),
        ("contains", "4711", "4711", True),
        ("contains", "RequestId: 4712 Error: …", "4711", False),
        ("contains", ABSENT, "4711", False),
        ("contains", "4711", ABSENT, False),
        ("contains", 4711, "4711", False),
        ("contains", "4711", "", False),
    ],
)
def test_a_rule_compares_as_its_name_says(rule: str, seen: object, value: object, holds: bool) -> None:  # noqa: FBT001  a table
    """What is absent, or of another kind than the rule is about, never compares well, except as absent."""
    assert RULES[rule].holds(seen, value) is holds


def test_a_rule_that_needs_no_value_has_none() -> None:
    """What is compared with nothing has null in the place of a value, as other programs read it."""
    assert Clause("a/b", "header X", "is absent").value is None


WORDS = {
    "equals": "7",
    "is one of": "one of 7",
    "is not": "anything but 7",
    "matches": "text that matches 7",
    "is absent": "absent",
    "is present": "present",
    "is empty": "empty",
    "is at most": "at most 7",
    "is at least": "at least 7",
    "includes": "among them 7",
    "is as": "equal to 7 (8)",
    "tells": "text that begins with the first of 7, and holds all of them",
    "contains": "text with 7 (8)",
    "differs from": "different from 7 (8)",
    "differs from all": "absent, or different from all of 7 (8)",
    "are among": "a list of nothing but 7 (8)",
}


@pytest.mark.parametrize("rule", RULES)
def test_an_expectation_reads_as_words(rule: str) -> None:
    """A report says what was expected; of another subject, both its name and what was observed of it."""
    check = Check(Clause("a/b", "status", rule, 7), Outcome.FAIL, 9, 8, 1)
    assert (check.expected, check.observed) == (WORDS[rule], "9")


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        ("{echo}", "my-echo"),
        ({"a": ["{echo}", {"b": "x{echo}"}], "{echo}": 1}, {"a": ["my-echo", {"b": "xmy-echo"}], "{echo}": 1}),
        (["{", 7, None, True, 1.5], ["{", 7, None, True, 1.5]),
        (7, 7),
        (None, None),
        ("{nobody}", "{nobody}"),
    ],
)
def test_words_of_the_site_stand_in_any_value(value: object, bound: object, site: Site) -> None:
    """Words are put in at any depth of a value; what is no text stays, and so do the names of members."""
    assert bind(Clause("a/b", "json", "equals", value), site) == Clause("a/b", "json", "equals", bound)


def test_in_a_pattern_the_words_of_the_site_stand_for_themselves() -> None:
    """A character of a name that means something in a pattern is escaped there, at any depth."""
    site = Site("eu-west-1", "210987654321", {"echo": "my.echo"})
    assert bind(Clause("a/b", "text", "matches", "^.{echo}$"), site).value == r"^.my\.echo$"
    assert bind(Clause("a/b", "json", "is one of", ["{echo}"]), site).value == ["my.echo"]


@pytest.mark.parametrize(
    ("seen", "known", "among", "differs"),
    [
        (["a"], ["a", "b"], True, True),
        (["a", "a"], ["a"], True, True),
        ([], [], True, True),
        (["c"], ["a", "b"], False, True),
        (["a", "c"], ["a", "b"], False, True),
        ("a", ["a", "b"], False, False),
        ("c", ["a", "b"], False, True),
        ("c", [], False, True),
        (ABSENT, ["a"], False, True),
    ],
)
def test_comparison_with_several(seen: object, known: list[str], among: bool, differs: bool) -> None:  # noqa: FBT001  a table
    """A list is of nothing but known things; a thing that is there differs from each of them."""
    assert RULES["are among"].holds(seen, known) is among
    assert RULES["differs from all"].holds(seen, known) is differs


def test_a_single_value_is_told_as_such() -> None:
    """Of several values any will do; one alone is what is expected, and reads so."""
    assert either("a/b", "status", {400}) == Clause("a/b", "status", "equals", 400)
    assert either("a/b", "status", {413, 400}) == Clause("a/b", "status", "is one of", [400, 413])
