"""What must hold of the answer to a request by how it was signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.asking import WORLD, refusal, reply, request

from conformance.contract.requirements import load_requirements
from conformance.oracle.expectation import expectation
from conformance.oracle.signatures import FLAWS, GOOD, REASONED, WANTED, signed_expectation

if TYPE_CHECKING:
    from oracle.conftest import Breaks

    from conformance.contract.model import Contract
    from conformance.exchange.message import Request

FIRST = "signing/before-validation"
PLAIN, WRONG = request(), request(headers={"X-Amz-Log-Type": "Everything"})


def cited(signing: str, contract: Contract, asked: Request = PLAIN) -> set[str]:
    """Return the requirements that are cited."""
    return {one.requirement for one in signed_expectation(signing, asked, contract, WORLD)}


@pytest.mark.parametrize("signing", sorted(FLAWS))
def test_a_flaw_is_refused(signing: str, contract: Contract, breaks: Breaks) -> None:
    """An answer as if nothing were wrong breaks the requirement about the flaw."""
    clauses = signed_expectation(signing, PLAIN, contract, WORLD)

    assert FLAWS[signing].requirement in breaks(clauses, reply(200, b"{}"))


def test_the_words_of_aws_break_nothing(contract: Contract, breaks: Breaks) -> None:
    """A missing signature is refused as it was recorded; another error breaks what is said of it, by its type."""
    clauses = signed_expectation("unsigned", PLAIN, contract, WORLD)

    assert (
        breaks(
            clauses, refusal(403, "MissingAuthenticationTokenException", {"message": "Missing Authentication Token"})
        )
        == ""
    )
    other = refusal(403, "AccessDeniedException", {"message": "Missing Authentication Token"})
    assert breaks(clauses, other) == "signing/missing"
    silent = refusal(403, "MissingAuthenticationTokenException", {"message": "No"})
    assert breaks(clauses, silent) == "signing/missing-message"


@pytest.mark.parametrize("signing", sorted(FLAWS))
def test_signatures_come_first_where_that_is_certain(signing: str, contract: Contract) -> None:
    """Of a request that is wrong in itself, too, it is said what it is refused for; unless the flaw is a guess."""
    assert (FIRST in cited(signing, contract, WRONG)) is (signing not in REASONED)
    assert FIRST not in cited(signing, contract)


def test_guesses_are_those_of_the_requirements() -> None:
    """The flaws of which it is only reasoned that they are refused are those whose requirement can't fail."""
    requirements = load_requirements()

    assert {name for name, flaw in FLAWS.items() if not requirements[flaw.requirement].can_fail} == REASONED


@pytest.mark.parametrize("signing", sorted(GOOD))
def test_a_good_signature_is_as_none(signing: str, contract: Contract) -> None:
    """What must hold of a request with a good signature is what holds of the request."""
    plain = {str(one) for one in expectation(PLAIN, contract, WORLD)}
    found = {str(one) for one in signed_expectation(signing, PLAIN, contract, WORLD)}

    assert plain <= found
    assert {"signing/recent"} & cited(signing, contract) == ({"signing/recent"} if signing != "valid" else set())


def test_of_other_operations_it_is_known_that_they_want_one(contract: Contract) -> None:
    """The words are recorded of Invoke; of the stream it is known that a signature is wanted."""
    stream = request(operation="InvokeWithResponseStream")

    assert cited("wrong-secret", contract, stream) == {WANTED}
