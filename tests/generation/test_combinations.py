"""Combinations: complete to their strength, and each fault alone among what is taken."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from conformance.contract.reader import load_contract
from conformance.generation.cases import generated_cases
from conformance.generation.combinations import CLASSES, FAULTS, covering

TAKEN = {200, 202, 204}


@pytest.mark.parametrize("strength", [1, 2, 3])
def test_every_combination_of_classes_occurs(strength: int) -> None:
    """For each set of so many parameters, every combination of their classes is in some row."""
    rows = covering(strength)
    for names in combinations(CLASSES, strength):
        wanted = set(product(*(CLASSES[name] for name in names)))
        assert {tuple(row[name] for name in names) for row in rows} == wanted


def test_a_covering_array_is_far_smaller_than_all_rows() -> None:
    """Three by three, the classes meet in a few hundred rows rather than in some ten thousand."""
    assert len(covering(3)) < 500


def test_rows_of_taken_classes_are_taken() -> None:
    """The oracle expects every row of the array to succeed, so that nothing masks anything."""
    rows = {id_: case for id_, case in generated_cases(load_contract()).items() if "/3-wise/" in id_}

    assert len(rows) == len(covering(3))
    assert {case.steps[0].expect[0].value for case in rows.values()} == TAKEN


def test_each_fault_is_alone_and_meets_every_class_of_the_others() -> None:
    """A row with a fault is a row of the array but for that, and names that row as its twin."""
    cases = generated_cases(load_contract())
    faulty = {id_: case for id_, case in cases.items() if "/combinations/fault/" in id_}
    for parameter, faults in FAULTS.items():
        for fault in faults:
            rows = [case for case in faulty.values() if case.classes[parameter] == fault]
            for other in CLASSES.keys() - {parameter}:
                assert {case.classes[other] for case in rows} == set(CLASSES[other])
            for case in rows:
                row = cases[case.twin].classes if case.twin else dict(case.classes)
                assert {name for name in row if row[name] != case.classes[name]} <= {parameter}


def test_another_strength_makes_other_rows() -> None:
    """With a strength of two there are fewer rows, and their ids say so."""
    pairs = [id_ for id_ in generated_cases(load_contract(), 2) if "/2-wise/" in id_]

    assert 50 <= len(pairs) < len(covering(3))
