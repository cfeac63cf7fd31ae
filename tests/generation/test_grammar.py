"""The walk through the grammar of function names."""

from __future__ import annotations

from itertools import product

from conformance.contract.names import parse_name
from conformance.contract.reader import load_contract
from conformance.generation.cases import generated_cases
from conformance.generation.drafts import NEUTRAL
from conformance.generation.grammar import PARTS, names
from conformance.oracle.site import fill

CASES = generated_cases(load_contract())
PARAMETER = load_contract().operations["Invoke"].parameter("FunctionName")


def test_every_set_of_prefixes_occurs_with_and_without_a_qualifier() -> None:
    """Each of the four optional parts is there or not, in all sixteen ways."""
    found = {draft.id.rpartition("/")[2] for draft in names() if "/prefixes/" in draft.id}

    ways = {"".join(one) for one in product("a-", "r-", "c-", "f-")}
    assert found == {f"{way}{suffix}" for way in ways for suffix in ("", "-at-latest")}


def test_kinds_are_refused_where_the_pattern_says_so() -> None:
    """A name of the table is 400 ValidationException exactly where the pattern doesn't match."""
    for part, kinds in PARTS.items():
        for kind, name in kinds.items():
            case = CASES[f"generated/FunctionName/grammar/{part}/{kind}"]
            types = [one.value for one in case.steps[0].expect if one.subject == "error type" and one.rule != "is not"]
            malformed = parse_name(fill(name, NEUTRAL), PARAMETER) is None
            assert ("ValidationException" in types) == malformed, name


def test_what_no_document_explains_can_only_note() -> None:
    """Of a form that is well-formed and undocumented, the only thing that can fail is that it is no violation."""
    case = CASES["generated/FunctionName/grammar/prefixes/-r--"]
    sure = {one.requirement for one in case.steps[0].expect} - {"names/read-as-the-pattern-does"}

    assert sure == {"names/well-formed"}
