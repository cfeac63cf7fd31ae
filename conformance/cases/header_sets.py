"""Cases of the area response-headers: all headers that the contract requires or forbids of an answer at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.behaviours import behaviours
from conformance.cases.building import (
    EVENT,
    TAIL,
    UUID,
    accepted,
    case,
    expect,
    fails_in_the_function,
    invocation_type,
    refused,
    sequence,
    step,
    succeeds,
)
from conformance.cases.invocation_outcomes import ERROR_TYPE, without
from conformance.cases.invocation_types import BODY
from conformance.cases.model import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.behaviours import Behaviour
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract, Success

HTTP_DATE = (
    "^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} "
    "[0-9]{2}:[0-9]{2}:[0-9]{2} GMT$"
)
"""RFC 9110, 5.6.7."""
TRACE = r"(?i)^root=1-[0-9a-f]{8}-[0-9a-f]{24}(;parent=[0-9a-f]{16})?;sampled=[01](;lineage=[0-9a-f:]+)?$"
VERSION = "X-Amz-Executed-Version"

SYNCHRONOUS: Mapping[str, Expectation] = {
    "Content-Type": expect("response-headers/content-type", "header Content-Type", "equals", "application/json"),
    "Content-Length": expect("response-headers/content-length", "declared size", "is as", "body size"),
    "Date": expect("response-headers/date", "header Date", "matches", HTTP_DATE),
    VERSION: expect("response-headers/executed-version", f"header {VERSION}", "equals", "$LATEST"),
    "X-Amzn-Trace-Id": expect("response-headers/trace-id", "header X-Amzn-Trace-Id", "matches", TRACE),
    "x-amzn-Remapped-Content-Length": expect(
        "response-headers/remapped-content-length", "header x-amzn-Remapped-Content-Length", "equals", "0"
    ),
    "x-amzn-RequestId": (
        *expect("response-headers/request-id", "header x-amzn-RequestId", "is present"),
        *expect("response-headers/request-id-uuid", "header x-amzn-RequestId", "matches", UUID),
    ),
}
"""Header that the contract requires -> what must hold of it where no version was asked for."""
FAILED: Mapping[str, Expectation] = {
    **SYNCHRONOUS,
    VERSION: expect("response-headers/executed-version-on-function-error", f"header {VERSION}", "equals", "$LATEST"),
}
QUEUED: Mapping[str, Expectation] = {
    **SYNCHRONOUS,
    "Content-Length": expect("response-headers/event-content-length", "declared size", "equals", 0),
}
UNUSED = (VERSION, "X-Amz-Function-Error", "X-Amz-Log-Result")
"""Headers that say what came of a run."""


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the cases of whole sets of headers."""
    success = {one.InvocationType: one for one in contract.operations["Invoke"].success}
    synchronous = success["RequestResponse"]
    return (
        *(_of_behaviour(row, synchronous) for row in behaviours(contract)),
        case(
            "response-headers/of-result-with-log",
            "The answer with a log has all other headers of a synchronous answer, too",
            Call("{log}", headers=TAIL, body=b'{"lines": 3}'),
            succeeds(),
            carries(synchronous, SYNCHRONOUS),
        ),
        case(
            "response-headers/of-event",
            "The answer to Event has the headers of an answer without a body",
            Call(headers=EVENT),
            accepted(),
            carries(success["Event"], QUEUED),
        ),
        *_of_refusals(),
    )


def carries(success: Success, table: Mapping[str, Expectation]) -> Expectation:
    """Return what must hold of each header that the contract requires of an answer.

    Raises:
        KeyError: the contract requires a header that the table doesn't know.
    """
    return tuple(clause for name in success.required_headers for clause in table[name])


def _of_behaviour(row: Behaviour, success: Success) -> Case:
    return case(
        f"response-headers/of-{row.name}",
        f"The answer of a function that {row.text} has all headers of a synchronous answer, and none of a refusal",
        row.call,
        fails_in_the_function() if row.fails else succeeds(),
        carries(success, FAILED if row.fails else SYNCHRONOUS),
        without(success.forbidden_headers, {"x-amzn-ErrorType": ERROR_TYPE}),
    )


def _of_refusals() -> tuple[Case, ...]:
    rows = {
        "unknown-function": (
            Call("{missing}", body=BODY),
            ("names/unknown-function", 404, "ResourceNotFoundException"),
            "invocation-types/absent",
        ),
        "constraint": (
            Call(headers=invocation_type("Bogus"), body=BODY),
            ("invocation-types/unknown", 400, "ValidationException"),
            "invocation-types/request-response",
        ),
        "malformed-body": (
            Call(body=b"{"),
            ("payload/malformed-json", 400, "InvalidRequestContentException"),
            "invocation-types/absent",
        ),
        "contradiction": (
            Call("{versioned}:2", "Qualifier=live"),
            ("qualifiers/disagreeing", 400, "InvalidParameterValueException"),
            "qualifiers/suffix-and-same-parameter",
        ),
    }
    return tuple(
        sequence(
            f"response-headers/of-refusal-{name}",
            f"{fault[2]} has all headers of a refusal, and none of a run",
            step(call, refused(*fault)),
            # not in one step: where the first is not refused, nothing is said of the headers of a refusal
            step(call, refused(*fault), _refusal(fault[2])),
            twin=twin,
        )
        for name, (call, fault, twin) in rows.items()
    )


def _refusal(error_type: str) -> Expectation:
    """All headers of a refusal; clients take a namespace before the error's name and a URI behind it."""
    named, header = "response-headers/error-type", "header x-amzn-ErrorType"
    return (
        *expect(named, header, "matches", f"(^|#){error_type}(:|$)"),
        *expect("response-headers/error-type-bare", header, "equals", error_type),
        *expect("response-headers/error-content-type", "header Content-Type", "equals", "application/json"),
        *expect("response-headers/refusal-content-length", "declared size", "is as", "body size"),
        *expect("response-headers/refusal-date", "header Date", "matches", HTTP_DATE),
        *SYNCHRONOUS["x-amzn-RequestId"],
        *without(UNUSED, dict.fromkeys(UNUSED, "response-headers/refusal-no-result-headers")),
    )
