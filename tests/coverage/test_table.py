"""The table of coverage: nothing of the contract is without a case, or the reason is known."""

from __future__ import annotations

import base64
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from conformance.cases.building import accepted, case, expect, invalid, not_found, refused, succeeds
from conformance.cases.model import Call, Sized
from conformance.contract.holes import load_holes
from conformance.contract.proof import KeptProof, kept_proof
from conformance.coverage.items import Kind, Way, items
from conformance.coverage.table import Row, as_data, cover, coverage, text
from conformance.generation.cases import every_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.building import Expectation
    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement

NOTHING = KeptProof({}, 0, 0, ())
ADVICE = (
    "of the contract is tried by no case: let conformance/generation/ write one (a new parameter needs its ground in "
    "placing.py), write one in conformance/cases/, or give the reason in spec/holes.yaml"
)


@pytest.fixture
def small(contract: Contract, requirements: Mapping[str, Requirement]) -> Covered:
    """Covers the contract with a few cases."""
    return Covered(contract, requirements)


class Covered:
    """Covers the contract with the calls given, each a case of its own."""

    def __init__(self, contract: Contract, requirements: Mapping[str, Requirement]) -> None:
        self._contract = contract
        self._requirements = requirements

    def __call__(self, *calls: tuple[Call, Expectation], proof: KeptProof = NOTHING) -> dict[str, Row]:
        """Return the rows by id; the cases are called ``a/1``, ``a/2`` and so on."""
        cases = [case(f"a/{number}", "", *one) for number, one in enumerate(calls, 1)]
        rows = cover(self._contract, cases, self._requirements, (), proof)
        return {row.item.id: row for row in rows}


def test_everything_is_covered_or_explained() -> None:
    """Each constraint is tried with a valid, a last valid and an invalid value, each answer expected, or we say why."""
    missing = [f"{row.item.id} ({way}) {ADVICE}" for row in coverage() for way in row.unexplained]

    assert missing == []


def test_every_reason_is_needed() -> None:
    """A reason is taken back once there is a case: each glob and way of the table is about a hole that there is."""
    holes = [(row.item.id, way) for row in coverage() for way in row.holes]
    needless: list[str] = []
    for hole in load_holes():
        meant = [
            (glob, way) for glob in hole.items for id_, way in holes if fnmatchcase(id_, glob) and way in hole.ways
        ]
        needless += {*hole.items, *hole.ways} - {one for pair in meant for one in pair}

    assert needless == []


def test_a_new_constraint_without_a_case_is_seen(contract: Contract, requirements: Mapping[str, Requirement]) -> None:
    """A limit that no case knows of is a hole without a reason."""
    invoke = contract.operations["Invoke"]
    limited = tuple(replace(one, min_length=5) if one.name == "X-Amz-Log-Type" else one for one in invoke.parameters)
    other = replace(contract, operations={**contract.operations, "Invoke": replace(invoke, parameters=limited)})

    rows = cover(other, every_case(contract).values(), requirements, load_holes(), kept_proof())

    unexplained = {row.item.id: row.unexplained for row in rows if row.unexplained}
    assert Way.BOUNDARY in unexplained["Invoke/LogType/minLength"]


def test_the_rows_are_the_items(contract: Contract) -> None:
    """There is a row for each item, in their order, with cases that there are."""
    every = every_case(contract)

    assert [row.item for row in coverage()] == list(items(contract))
    assert {id_ for row in coverage() for ids in row.cases.values() for id_ in ids} <= every.keys()


def test_a_value_is_within_at_the_edge_or_beyond(small: Covered) -> None:
    """Values are read back from the request, and counted where the answer must accept or refuse them."""
    rows = small(
        (Call("n" * 200), not_found("names/unknown-function")),
        (Call("n" * 256), not_found("names/unknown-function")),
        (Call("n" * 257), invalid("names/too-long")),
        (Call("n" * 255), expect("response-headers/request-id", "header x-amzn-RequestId", "is present")),
    )

    expected = {Way.VALID: ("a/1",), Way.BOUNDARY: ("a/2",), Way.INVALID: ("a/3",)}
    assert rows["Invoke/FunctionName/maxLength"].cases == expected
    assert rows["Invoke/Qualifier/maxLength"].cases == {}


def test_a_pattern_has_neighbours_for_its_edge(small: Covered) -> None:
    """A value is at the edge of a pattern where one that breaks it is an edit away."""
    rows = small(
        (Call("{versioned}", "Qualifier=live"), succeeds()),
        (Call("{versioned}", "Qualifier=1"), succeeds()),
        (Call("{versioned}", "Qualifier=liv!"), invalid("qualifiers/illegal-character")),
    )

    expected = {Way.VALID: ("a/2",), Way.BOUNDARY: ("a/1",), Way.INVALID: ("a/3",)}
    assert rows["Invoke/Qualifier/pattern"].cases == expected


def test_an_enumeration_is_covered_value_by_value(small: Covered) -> None:
    """Each value has its row; what is an edit away from it is at its edge."""
    rows = small(
        (Call(headers=(("X-Amz-Invocation-Type", "Event"),)), accepted()),
        (Call(headers=(("X-Amz-Invocation-Type", "event"),)), invalid("invocation-types/unknown")),
        (Call(headers=(("X-Amz-Invocation-Type", "Sync"),)), invalid("invocation-types/unknown")),
    )

    assert rows["Invoke/InvocationType/enum/Event"].cases == {
        Way.VALID: ("a/1",),
        Way.BOUNDARY: ("a/2",),
        Way.INVALID: ("a/3",),
    }
    assert rows["Invoke/InvocationType/enum/DryRun"].holes == (Way.VALID, Way.BOUNDARY)


def test_a_client_context_is_base64_of_json(small: Covered) -> None:
    """What encodes no JSON breaks the media type, what is no base64 the encoding."""

    def sent(value: str) -> Call:
        return Call("{context}", headers=(("X-Amz-Client-Context", value),))

    json, cut = (base64.b64encode(one).decode() for one in (b'{"custom":{}}', b'{"custom":{}'))
    bad = refused("client-context/not-json", 400, "InvalidRequestContentException")

    rows = small((sent(json), succeeds()), (sent(cut), bad), (sent(json.replace("=", "!", 1)), bad))

    assert rows["Invoke/ClientContext/contentMediaType"].cases == {
        Way.BOUNDARY: ("a/1",),
        Way.INVALID: ("a/2", "a/3"),
    }
    assert rows["Invoke/ClientContext/contentEncoding"].cases == {Way.BOUNDARY: ("a/1",), Way.INVALID: ("a/3",)}


def test_bodies_have_limits_by_invocation_type(small: Covered) -> None:
    """The size of a body counts for the type with which it is sent, without being made."""
    event = (("X-Amz-Invocation-Type", "Event"),)
    rows = small(
        (Call(headers=event, body=b"{}"), accepted()),
        (Call(headers=event, body=Sized(1_048_576)), accepted()),
        (Call(headers=event, body=Sized(1_048_577)), refused("limits/event-request-too-large", 413, "X")),
        (Call(body=b'{"a": '), refused("payload/grammar", 400, "InvalidRequestContentException")),
    )

    expected = {Way.VALID: ("a/1",), Way.BOUNDARY: ("a/2",), Way.INVALID: ("a/3",)}
    assert rows["Invoke/body/x-max-bytes/Event"].cases == expected
    assert rows["Invoke/body/x-max-bytes/RequestResponse"].cases == {}
    assert rows["Invoke/body/contentMediaType"].cases == {Way.VALID: ("a/1", "a/2"), Way.INVALID: ("a/4",)}


def test_what_has_a_bad_signature_tries_no_value(small: Covered) -> None:
    """A request that is refused for its signature says nothing of its values, but of status and error."""
    rows = small((Call(signing="unsigned"), refused("signing/missing", 403, "MissingAuthenticationTokenException")))

    assert rows["Invoke/FunctionName/pattern"].cases == {}
    assert rows["Invoke/status/403"].cases == {Way.EXPECTED: ("a/1",)}
    assert rows["Invoke/error/MissingAuthenticationTokenException"].cases == {Way.EXPECTED: ("a/1",)}


def test_a_status_counts_where_it_is_the_only_one(small: Covered) -> None:
    """An expectation that lets several statuses or errors pass covers none of them."""
    either = expect("durable/unqualified", "status", "is one of", [400, 404])
    rows = small((Call(), either), (Call("{missing}"), not_found("names/unknown-function")))

    assert rows["Invoke/status/400"].holes == (Way.EXPECTED,)
    assert rows["Invoke/status/404"].cases == {Way.EXPECTED: ("a/2",)}
    assert rows["Invoke/error/ResourceNotFoundException"].cases == {Way.EXPECTED: ("a/2",)}


def test_headers_count_with_their_status(small: Covered) -> None:
    """A clause about a header covers it in the answer with the status that the call expects."""
    log = expect("logs/none", "header X-Amz-Log-Result", "is absent")
    tail = expect("logs/last-4-kib", "log size", "is at most", 4096)
    rows = small((Call(), succeeds() + log), (Call(), succeeds() + tail))

    assert rows["Invoke/200/X-Amz-Log-Result"].cases == {Way.ABSENT: ("a/1",), Way.PRESENT: ("a/2",)}
    assert rows["Invoke/200/X-Amz-Function-Error"].cases == {Way.ABSENT: ("a/1", "a/2")}
    assert rows["Invoke/200/X-Amz-Function-Error"].holes == (Way.PRESENT,)


def test_what_can_only_be_noted_is_marked(small: Covered) -> None:
    """Where only inferred evidence stands behind the expectation, the row says so."""
    call = Call(query="Qualifier=", FunctionName="{versioned}")
    rows = small((call, refused("qualifiers/empty", 400, "ValidationException")))

    assert rows["Invoke/Qualifier/minLength"].noted == {Way.INVALID}
    assert "(noted only)" in text(rows["Invoke/Qualifier/minLength"])


def test_faults_count_for_what_they_declare(small: Covered) -> None:
    """A fault is named where a case kills it for a requirement by which the case tries the item."""
    proof = KeptProof(
        {"x/one": ("a/1",), "x/two": ("a/1",), "x/three": ("a/2",)},
        0,
        20,
        (),
        {"x/one": ("names/too-long",), "x/two": ("logs/none",), "x/three": ("names/too-long",)},
    )

    rows = small((Call("n" * 257), invalid("names/too-long")), (Call(), succeeds()), proof=proof)

    assert rows["Invoke/FunctionName/maxLength"].killed == ("x/one",)
    assert rows["Invoke/FunctionName/minLength"].killed == ()


def test_an_error_that_cannot_be_tested_has_the_reason_of_its_requirement(small: Covered) -> None:
    """Errors, their statuses and the headers of those are explained by what is untested of a requirement."""
    rows = small()

    for id_ in ("error/EFSIOException", "status/410", "410/Date"):
        row = rows[f"Invoke/{id_}"]
        assert row.holes
        assert row.unexplained == ()
    assert "request-errors/file-system-failures" in rows["Invoke/error/EFSIOException"].reasons[Way.EXPECTED]
    assert rows["Invoke/error/ValidationException"].unexplained == (Way.EXPECTED,)


def test_rows_are_data(small: Covered) -> None:
    """As JSON a row has its cases by way, its holes with their reasons, and a text for people."""
    row = small((Call("n" * 257), invalid("names/too-long")))["Invoke/FunctionName/maxLength"]

    data = as_data(row)

    assert (data["id"], data["limit"]) == ("Invoke/FunctionName/maxLength", "256")
    assert data["cases"] == {"invalid": ["a/1"]}
    assert data["holes"] == {"valid": None, "boundary": None}
    assert data["text"] == "1 invalid; not valid: no reason is known; not boundary: no reason is known"


def test_most_of_the_contract_is_covered() -> None:
    """Every constraint is tried in each way that anything is on record about, and each answer that can be had."""
    rows = [row for row in coverage() if row.item.kind is Kind.CONSTRAINT]

    assert len(rows) >= 50
    assert sum(not row.holes for row in rows) >= 35
    assert all(row.killed for row in rows if row.item.id == "Invoke/FunctionName/maxLength")
