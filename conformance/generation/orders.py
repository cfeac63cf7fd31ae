"""Cases with two faults at once of which it is on record which one is reported."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.cases.model import Call
from conformance.generation.constraints import name_of
from conformance.generation.drafts import Draft
from conformance.generation.placing import ARN, placed
from conformance.generation.several import WRONG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.model import Operation

ELSEWHERE = ARN.replace("{region}", "{other_region}")
NO_JSON = base64.b64encode(b"no json").decode()
PAIRS = (("1", "2"), ("live", "1"), ("1", "live"), ("$LATEST", "1"), ("$LATEST", "$latest"), ("none", "other"))
"""A suffix and another ?Qualifier=."""
FORMS = {"name": "", "partial-arn": "{account}:function:", "arn": ARN}
TWIN = "FunctionName/seed/name"


def orders(operation: Operation) -> Iterator[Draft]:
    """Yield the cases."""
    for parameter in operation.parameters:
        wrong = WRONG.get(parameter.name)
        if wrong is not None and parameter.location != "path":
            call = placed(Call("{missing}"), parameter, wrong)
            name = name_of(parameter)
            yield Draft(f"orders/look-up/{name}", f"An unknown function, and a violation of {name}", call, TWIN)
            yield Draft(
                f"orders/look-up/alias-and-{name}",
                f"An unknown alias, and a violation of {name}",
                replace(call, FunctionName="{versioned}:no-such-alias") if name != "Qualifier" else call,
                TWIN,
            )
    yield from _contradictions()
    yield Draft("orders/region", "An unknown function of another region", Call(ELSEWHERE + "{missing}"), TWIN)
    for name, value in (("no-base64", "no!base64"), ("no-json", NO_JSON)):
        for part, body in (("word", b"test data"), ("cut", b'{"cut": ')):
            call = Call("{context}", headers=(("X-Amz-Client-Context", value),), body=body)
            purpose = f"A body that is no JSON, and a client context that is none: {part}, {name}"
            yield Draft(f"orders/body/{part}-and-{name}", purpose, call, "ClientContext/seed/custom")

    dry = Call("{versioned}:1", "Qualifier=2", (("X-Amz-Invocation-Type", "DryRun"),))
    yield Draft("orders/contradiction/DryRun", "A dry run of two versions", dry, TWIN)


def _contradictions() -> Iterator[Draft]:
    """Yield two qualifiers that disagree, both there or not, of a function that is there or not."""
    for function in ("versioned", "missing"):
        for form, prefix in FORMS.items():
            for suffix, other in PAIRS:
                call = Call(f"{prefix}{{{function}}}:{suffix}", f"Qualifier={quote(other, safe='$')}")
                id_ = (
                    f"orders/contradiction/{function}-by-{form}/{suffix.strip('$')}-and-{other.replace('$', 'dollar-')}"
                )
                yield Draft(id_, f"The suffix {suffix} beside ?Qualifier={other}", call, TWIN)
