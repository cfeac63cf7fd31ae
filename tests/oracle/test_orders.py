"""Which of several refusals may come where a request fails more than one check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.asking import broken, refusal, request

from conformance.oracle.refusals import BEFORE

if TYPE_CHECKING:
    from conformance.contract.model import Contract
    from conformance.exchange.message import Request

from support.deserved import ARN, DESERVED, DRY_RUN, EVENT, LOOKED_UP, MIB, Deserved, context

FIRST: dict[str, tuple[Request, Deserved, str]] = {
    "constraints before qualifier": (
        request("echo:1", "Qualifier=2!"),
        DESERVED["two-qualifiers"],
        "qualifiers/illegal-character",
    ),
    "constraints before look-up": (
        request("nobody", headers={"X-Amz-Log-Type": "tail"}),
        DESERVED["unknown-function"],
        f"logs/unknown-type {LOOKED_UP}",
    ),
    "qualifier before look-up": (
        request("nobody:1", "Qualifier=2"),
        DESERVED["unknown-function-at-a-version"],
        "qualifiers/disagreeing qualifiers/disagreeing-before-look-up",
    ),
    "region before look-up": (
        request(ARN.format("eu-west-1", "111111111111", "nobody")),
        DESERVED["unknown-function"],
        "names/wrong-region-message request-errors/region-before-look-up",
    ),
    "body before client-context": (
        request(body=b"{", headers=context(b"{")),
        DESERVED["context-of-no-json"],
        "client-context/body-error-wins payload/malformed-json-message",
    ),
    "look-up before concurrency": (
        request("busy:dead"),
        DESERVED["exhausted"],
        "qualifiers/unknown-alias",
    ),
}
"""Which check is known to be made first -> a request that fails both, the refusal of the second, what that breaks."""


@pytest.mark.parametrize("order", FIRST)
def test_a_check_that_is_made_first_hides_the_other(order: str, contract: Contract) -> None:
    """Where the order of two checks is on record, the refusal of the second breaks what is required of the first."""
    asked, second, requirements = FIRST[order]
    assert set(requirements.split()) <= set(broken(asked, second.answer, contract))


def test_each_order_that_is_on_record_is_tried() -> None:
    """The orders above are all that there are."""
    assert {f"{first} before {second}" for first, second in BEFORE} == FIRST.keys()
    cited = {one for _, _, requirements in FIRST.values() for one in requirements.split()}
    assert set(filter(None, BEFORE.values())) <= cited


@pytest.mark.parametrize("headers", [EVENT, DRY_RUN])
def test_an_order_is_held_against_calls_alone_that_wait(headers: dict[str, str], contract: Contract) -> None:
    """Which of two checks comes first is recorded of calls that wait, so that no order is cited of the rest."""
    asked = request("nobody", headers={**headers, "X-Amz-Log-Type": "tail"})
    assert LOOKED_UP not in broken(asked, DESERVED["unknown-function"].answer, contract)


UNORDERED: dict[str, tuple[Request, tuple[str, str]]] = {
    "size and body": (request(body=b"{" * (6 * MIB + 1)), ("too-large", "no-json")),
    "account and look-up": (
        request(ARN.format("us-east-1", "222222222222", "nobody")),
        ("other-account", "unknown-function"),
    ),
    "qualifier and account": (
        request(ARN.format("us-east-1", "222222222222", "echo:1"), "Qualifier=2"),
        ("two-qualifiers", "other-account"),
    ),
    "body and concurrency": (request("busy", body=b"{"), ("no-json", "exhausted")),
    "client-context and look-up": (
        request("nobody", headers=context(b"{")),
        ("context-of-no-json", "unknown-function"),
    ),
}
"""Two checks of which no evidence tells the order -> a request that fails both, and both refusals."""


@pytest.mark.parametrize("checks", UNORDERED)
def test_without_an_order_on_record_either_refusal_conforms(checks: str, contract: Contract) -> None:
    """Where nobody knows which check comes first, both refusals pass, and no third one does."""
    asked, names = UNORDERED[checks]

    assert [broken(asked, DESERVED[name].answer, contract) for name in names] == [[], []]
    assert broken(asked, refusal(500, "ServiceException"), contract) != []
