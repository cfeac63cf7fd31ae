"""Bodies drawn at random: JSON that every parser takes, texts that none does, and what lies between."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from conformance.generation.drawing.chance import Replayed, Seeded
from conformance.generation.drawing.payloads import AROUND_VALUES, NO_VALUES, json_text, short
from conformance.oracle.bodies import kind_of
from conformance.oracle.reading import no_constant

if TYPE_CHECKING:
    from typing import Any


def test_json_is_json() -> None:
    """What is drawn as JSON is JSON, of every type, with no two members of one name."""
    found: list[Any] = [json.loads(json_text(Seeded(1, number)), object_pairs_hook=distinct) for number in range(2000)]

    assert {type(one) for one in found} == {dict, list, str, int, float, bool, type(None)}


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of these members, which have names of their own."""
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def test_hardly_any_json_is_unclear() -> None:
    """Of nearly all that is drawn as JSON it is certain what it is."""
    kinds = Counter(kind_of(json_text(Seeded(1, number)).encode()) for number in range(2000))

    assert set(kinds) == {"json", "unclear"}
    assert kinds["unclear"] < 100


def test_flawed_bodies_are_of_every_kind() -> None:
    """A body that is to be flawed mostly is: no JSON, no UTF-8, or what parsers differ about."""
    kinds = Counter(kind_of(short(Seeded(1, number), flaws=1)) for number in range(2000))

    assert min(kinds[one] for one in ("not JSON", "not UTF-8", "unclear")) > 50
    assert kinds["json"] < 600


@pytest.mark.parametrize("text", NO_VALUES)
def test_what_is_no_value_makes_no_json(text: str) -> None:
    """What some parsers take for a value is no JSON, wherever it stands, by Python's strict reading."""
    for around in AROUND_VALUES:
        with pytest.raises(ValueError, match=r".+"):
            json.loads(around.replace("*", text), parse_constant=no_constant)


def test_the_plainest_body_is_an_empty_object() -> None:
    """Without any choices it is ``{}``."""
    assert short(Replayed([])) == b"{}"
