"""Faults that only some requests meet: of one method, type, operation, form or value, where others are treated well."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from conformance.reference.answer import Answer, Refusal
from conformance.reference.checks import check_home, check_qualifier, named
from conformance.reference.faults.building import answer, around, gate, header, of, refusal
from conformance.reference.faults.constraints import told
from conformance.reference.faults.editing import FUNCTION_ERROR, is_error, set_header, value, values
from conformance.reference.faults.log_contents import RESULT, encoded
from conformance.reference.faults.model import Fault
from conformance.reference.functions import LATEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract.names import FunctionReference
    from conformance.exchange.message import Request
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.building import Result
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome

    Admit = Callable[[Call], Invocation]
    Find = Callable[[Request], Route | None]
    Read = Callable[[Request, Route, str], Call]

QUALIFIER = "Qualifier"
STREAM = "InvokeWithResponseStream"
TRACE = b"x-amzn-trace-id"
ID, REMAPPED = "x-amzn-RequestId", "x-amzn-Remapped-Content-Length"


def _put_as_post(route: Find) -> Find:
    def find(request: Request) -> Route | None:
        return route(replace(request, method=b"POST") if request.method == b"PUT" else request)

    return find


def _not_streamed(call: Call) -> Mapping[str, str]:
    """Overlook ?Qualifier= of calls whose result is streamed."""
    streamed = call.operation.id == STREAM
    return {name: text for name, text in call.values.items() if not streamed or name != QUALIFIER}


def _uncompared(call: Call, reference: FunctionReference) -> str | None:
    """Don't compare suffix and parameter in a dry run."""
    if call.InvocationType == "DryRun":
        return reference.qualifier or call.values.get(QUALIFIER)
    return check_qualifier(call, reference)


def _partial_at_home(call: Call, reference: FunctionReference, *here: str) -> None:
    """Overlook the account where there is no region beside it."""
    check_home(call, reference if reference.region else replace(reference, account=None), *here)


def _of_the_payload(call: Call) -> Mapping[str, str]:
    """Look for a qualifier in the payload, where there is no ?Qualifier=."""
    if call.operation.id != "Invoke" or b'"Qualifier"' not in call.body:
        return call.values
    try:
        event = json.loads(call.body)
    except ValueError:
        return call.values
    found = cast("dict[str, Any]", event).get(QUALIFIER) if isinstance(event, dict) else None
    return {QUALIFIER: found, **call.values} if isinstance(found, str) else call.values


def _sampled_alone(read: Read) -> Read:
    """Keep the root of a caller's trace only where it is sampled."""

    def broken(request: Request, route: Route, request_id: str) -> Call:
        kept = [(name, text) for name, text in request.headers if name.lower() != TRACE or b"Sampled=1" in text]
        return read(replace(request, headers=tuple(kept)), route, request_id)

    return broken


def _suffix_lost(admit: Admit) -> Admit:
    """Name a function without the suffix by which it was called where it is not found."""

    def broken(call: Call) -> Invocation:
        try:
            return admit(call)
        except Refusal as one:
            qualifier = named(call.operation, call.values["FunctionName"]).qualifier if _missing(one) else None
            if qualifier is None or QUALIFIER in call.values:
                raise
            raise Refusal(one.name, one.message.removesuffix(qualifier) + LATEST) from one

    return broken


def _missing(one: Refusal) -> bool:
    return one.message.startswith("Function not found: ")


def _start_of_the_alias(result: Result) -> Result:
    """Write the qualifier into START by which the function was called."""

    def broken(call: Call, invocation: Invocation, outcome: Outcome) -> Answer:
        given = result(call, invocation, outcome)
        log, name = value(given, RESULT), invocation.arn.partition(f":function:{invocation.function_name}:")[2]
        if log is None or not name:
            return given
        text = re.sub(rb"(?<=Version: )\S+", name.encode(), base64.b64decode(log), count=1)
        return set_header(given, RESULT, encoded(text))

    return broken


def _without(name: str) -> Callable[[Answer], Answer]:
    return lambda given: replace(given, headers=tuple(pair for pair in given.headers if pair[0] != name))


def _says_nothing(request: Request, given: Answer) -> bool:
    """Tell the answers of functions that failed without a message."""
    return is_error(request, given) and json.loads(given.body)["errorMessage"] == ""


FAULTS = (
    Fault("routing/put-as-post", "takes PUT for POST", ("routing/only-post",), around("route", _put_as_post)),
    Fault(
        "streaming/qualifier-ignored",
        "does not read ?Qualifier= of a streamed call",
        ("streaming/executed-version",),
        values(_not_streamed),
    ),
    Fault(
        "request-errors/two-violations-at-most",
        "tells the first two violations and no other",
        ("request-errors/all-violations",),
        told(lambda found: list(found)[:2]),
    ),
    Fault(
        "invocation-types/dry-run-contradiction",
        "finds no contradiction between suffix and parameter in a dry run",
        ("invocation-types/dry-run-validates",),
        gate(qualifier=_uncompared),
    ),
    Fault(
        "response-headers/unsampled-trace-not-passed-on",
        "lets functions see a root of their own where the caller's trace is not sampled",
        ("response-headers/trace-root-propagated",),
        around("read", _sampled_alone),
    ),
    Fault(
        "names/account-overlooked-in-partial-arns",
        "runs its own function for a partial ARN of another account",
        ("names/other-account",),
        gate(home=_partial_at_home),
    ),
    Fault(
        "logs/start-of-the-alias",
        "says in START the alias by which a version was called",
        ("logs/start-version-of-alias",),
        around("result", _start_of_the_alias),
    ),
    Fault(
        "response-headers/no-request-id-on-413",
        "gives the refusal of a request that is too large no request id",
        ("response-headers/request-id",),
        refusal(lambda _, given: _without(ID)(given), "RequestEntityTooLargeException"),
    ),
    Fault(
        "qualifiers/of-the-payload",
        "looks for a qualifier among the members of the payload where there is no ?Qualifier=",
        ("payload/no-parameters",),
        values(_of_the_payload),
    ),
    Fault(
        "function-errors/no-header-without-message",
        "does not mark the answer of a function that failed without a message",
        ("function-errors/header",),
        answer(_without(FUNCTION_ERROR), _says_nothing),
    ),
    Fault(
        "names/message-without-suffix",
        "leaves the qualifier out where it says that a function is not found that was called with a suffix",
        ("qualifiers/unknown-message",),
        around("admit", _suffix_lost),
    ),
    Fault(
        "response-headers/no-remapped-content-length-on-event",
        "has no x-amzn-Remapped-Content-Length in the answer to an Event",
        ("response-headers/remapped-content-length",),
        header(REMAPPED, None, of(202)),
    ),
)
