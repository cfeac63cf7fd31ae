"""Cases of the area qualifiers: a version or alias behind the FunctionName, in each form, raw and encoded."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from conformance.cases.building import ARN, PARTIAL_ARN, case, expect
from conformance.cases.model import Call
from conformance.cases.qualifiers import runs

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

FORMS = {
    "name": ("", "names/plain"),
    "partial-arn": (PARTIAL_ARN, "names/partial-arn"),
    "arn": (ARN, "names/arn"),
}
"""What is before the name, and the requirement that allows it."""

SUFFIXES = {
    "version": ("2", "qualifiers/suffix", "2"),
    "alias": ("live", "qualifiers/suffix", "1"),
    "latest": ("$LATEST", "qualifiers/suffix-latest", "$LATEST"),
}
"""What is behind the name, the requirement that says what it means, and the version that runs."""

ESCAPES = {"percent": ("encoded", "names/encoded-colons"), "raw": ("raw", "names/raw-colons")}
"""How the path has it: a word for it, and the requirement that allows it."""


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area that are about suffixes which are there."""
    return tuple(_case(*names) for names in product(SUFFIXES, FORMS, ESCAPES))


def _case(suffix: str, form: str, escape: str) -> Case:
    """Return a case of the square; the form and the escape have to be allowed for the suffix to be understood."""
    behind, meaning, version = SUFFIXES[suffix]
    before, form_allowed = FORMS[form]
    written, escape_allowed = ESCAPES[escape]
    return case(
        f"qualifiers/suffix-{suffix}-of-{form}-{written}",
        f"{before}NAME:{behind}, {written}, runs version {version}",
        Call(f"{before}{{versioned}}:{behind}", escape=escape),
        expect(form_allowed, "status", "equals", 200),
        expect(escape_allowed, "status", "equals", 200),
        runs(meaning, version),
    )
