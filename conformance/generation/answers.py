"""Cases that look at whole answers: those to what is taken, in each way to invoke, and each kind of refusal."""

from __future__ import annotations

import base64
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from conformance.cases.model import Call
from conformance.generation.drafts import Draft
from conformance.generation.placing import ARN, NEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Operation

TAKEN = Call(body=b'{"answered": true}')
REFUSED: Mapping[str, tuple[str, Call]] = {
    "constraint": ("with a name that no function may have", replace(TAKEN, FunctionName="no!such")),
    "unknown-function": ("of a function that is not there", replace(TAKEN, FunctionName="{missing}")),
    "unknown-alias": (
        "of an alias that is not there",
        replace(TAKEN, FunctionName="{versioned}:no-such-alias"),
    ),
    "other-region": (
        "of a function of another region",
        replace(TAKEN, FunctionName=ARN.replace("{region}", "{other_region}") + "{echo}"),
    ),
    "other-account": (
        "of a function of another account",
        replace(TAKEN, FunctionName="{other_account}:function:{echo}"),
    ),
    "disagreeing-qualifiers": (
        "of two versions at once",
        replace(TAKEN, FunctionName="{versioned}:1", query="Qualifier=2"),
    ),
    "malformed-body": ("whose body breaks off", replace(TAKEN, body=b'{"answered": ')),
    "invalid-utf8": ("whose body is no UTF-8", replace(TAKEN, body=b'{"answered": "\xff"}')),
    "client-context": (
        "whose client context is no JSON",
        replace(
            TAKEN,
            FunctionName="{context}",
            headers=(("X-Amz-Client-Context", base64.b64encode(b"no json").decode()),),
        ),
    ),
}
"""Part of an id -> what is wrong with a call, and the call."""
TYPE = "X-Amz-Invocation-Type"


def answers(operation: Operation) -> Iterator[Draft]:
    """Yield a case for each way to invoke by an operation, and for each reason to refuse that."""
    types = next((one.enum for one in operation.parameters if one.name == TYPE), ("",))
    for InvocationType in types:
        headers = ((TYPE, InvocationType),) if InvocationType else ()
        prefix = "/".join(filter(None, ("answers", operation.id, InvocationType)))
        what = " ".join(filter(None, (operation.id, InvocationType)))
        rows = {"taken": ("of a function that is there", TAKEN), **REFUSED}
        for (id_, (reason, call)), tail in product(rows.items(), (False, True)):
            if tail and (id_ != "taken" or not _has(operation, "X-Amz-Log-Type")):
                continue
            asked = (("X-Amz-Log-Type", "Tail"),) if tail else ()
            yield Draft(
                id=f"{prefix}/{id_}{'-with-tail' if tail else ''}",
                purpose=f"The whole answer to a call by {what} {reason}{', which asks for the log' if tail else ''}",
                call=replace(call, operation=operation.id, headers=(*headers, *asked, *call.headers)),
                twin=f"{prefix}/taken",
                capabilities=NEEDS[operation.id],
                whole=True,
            )


def _has(operation: Operation, name: str) -> bool:
    return any(one.name == name for one in operation.parameters)
