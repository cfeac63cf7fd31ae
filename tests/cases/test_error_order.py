"""The patterns of cases about several violations fit the recorded form of the message, and that alone."""

from __future__ import annotations

import re

import pytest

from conformance.cases.authored import authored_cases
from conformance.contract.reader import load_contract

CONTRACT = load_contract()
INVOKE = CONTRACT.operations["Invoke"]
CASE = authored_cases(CONTRACT)["request-errors/violations-of-all-parameters"]
PATTERNS = [one.value for one in CASE.clauses if one.subject == "error message"]
WORDS = {
    "maxLength": "have length less than or equal to {}",
    "pattern": "satisfy regular expression pattern: {}",
    "enum": "satisfy enum value set: {}",
}


def _entries() -> list[str]:
    """The violations of the case's request, worded as recorded."""
    call = CASE.steps[0].call
    sent = {"FunctionName": call.FunctionName, "Qualifier": call.query.partition("=")[2], **dict(call.headers)}
    return [
        f"Value '{one.value}' at '{one.member}' failed to satisfy constraint: Member must "
        + WORDS[one.keyword].replace("{}", str(one.limit))
        for name, value in sent.items()
        for one in INVOKE.parameter(name).violations(value)
    ]


def _message(entries: list[str], number: int, glue: str = "; ") -> str:
    return f"{number} validation errors detected: " + glue.join(entries)


def _fits(message: str) -> bool:
    return all(re.search(pattern, message) for pattern in PATTERNS)


def test_the_recorded_form_fits_in_any_order() -> None:
    """All violations, each in its words, joined by semicolons, are what the case expects, however they are ordered."""
    entries = _entries()

    assert len(entries) == 5
    assert _fits(_message(entries, 5))
    assert _fits(_message(entries[::-1], 5))


@pytest.mark.parametrize("missing", range(5))
def test_a_violation_that_is_not_listed_is_missed(missing: int) -> None:
    """A message that leaves out one violation does not pass, whatever number it tells."""
    entries = _entries()
    entries.pop(missing)

    assert not _fits(_message(entries, 5))
    assert not _fits(_message(entries, 4))


def test_number_and_glue_matter() -> None:
    """A wrong count, another separator and the words of Smithy's own servers do not pass."""
    entries = _entries()

    assert not _fits(_message(entries, 4))
    assert not _fits(_message(entries, 5, glue=", "))
    assert not _fits(_message([one.replace("Value '", "Value at '/") for one in entries], 5))
