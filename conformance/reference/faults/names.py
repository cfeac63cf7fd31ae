"""Faults of how a function is named: forms that are not understood, and look-ups that go wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from conformance.contract.names import form
from conformance.reference.answer import Refusal
from conformance.reference.checks import check_home, check_name
from conformance.reference.faults.building import around, gate, knowing, other_refusal
from conformance.reference.faults.editing import values
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract.names import FunctionReference
    from conformance.exchange.message import Request
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation

    Admit = Callable[[Call], Invocation]
    Find = Callable[[Request], Route | None]

NOT_FOUND = "ResourceNotFoundException"
RIE = "RIE of aws-sam-cli 1.170.0"
_HOME = re.compile(r"(?<=:lambda:)[^:]*:[^:]*")
_ARN = re.compile(r"arn:[^ ]*:function:")


def _taken_for_a_name(kind: str) -> Change:
    """Look up the whole text where it is of a form that is not understood; nothing is called so."""

    def name(call: Call) -> FunctionReference:
        reference = check_name(call)
        if form(reference) != kind:
            return reference
        return replace(reference, region=None, account=None, name=reference.text, qualifier=None)

    return gate(name=name)


def _breaking_at(kind: str) -> Change:
    """Break where a name is of a form that is not understood."""

    def name(call: Call) -> FunctionReference:
        reference = check_name(call)
        if form(reference) == kind:
            raise Refusal("ServiceException", "An error occurred and the request cannot be processed.")
        return reference

    return gate(name=name)


def found(alter: Callable[[Request, Route], Route | None]) -> Change:
    """Change where requests are found to go."""

    def wrap(unbroken: Find) -> Find:
        def find(request: Request) -> Route | None:
            route = unbroken(request)
            return None if route is None else alter(request, route)

        return find

    return around("route", wrap)


def _segment(request: Request) -> str:
    """Return the FunctionName as the path has it."""
    return request.target.split(b"/")[3].decode("latin-1")


def admitted(alter: Callable[[Call, Invocation], Invocation]) -> Change:
    """Change what is to run."""

    def wrap(unbroken: Admit) -> Admit:
        return lambda call: alter(call, unbroken(call))

    return around("admit", wrap)


def _stripped(call: Call) -> Mapping[str, str]:
    return {**call.values, "FunctionName": call.values["FunctionName"].strip()}


def _anything(setting: Setting) -> Change:
    """Run some function under every name that nobody has."""

    def name(call: Call) -> FunctionReference:
        reference = check_name(call)
        any_name = next(iter(setting.functions))
        return reference if reference.name in setting.functions else replace(reference, name=any_name)

    return gate(name=name)


def _at_home(part: str) -> Change:
    """Overlook the region or the account of an ARN."""

    def home(call: Call, reference: FunctionReference, *here: str) -> None:
        check_home(call, replace(reference, **{part: None}), *here)

    return gate(home=home)


def _home_refused_as(error: str, name: str, message: str) -> Change:
    """Refuse what is of elsewhere by another error; the message may name {arn} as the function's here."""

    def home(call: Call, reference: FunctionReference, *here: str) -> None:
        try:
            check_home(call, reference, *here)
        except Refusal as right:
            if right.name != error:
                raise
            arn = f"arn:{here[0]}:lambda:{here[1]}:{here[2]}:function:{reference.name}"
            raise Refusal(name, message.replace("{arn}", arn)) from right

    return gate(home=home)


def message(alter: Callable[[str], str], name: str = NOT_FOUND) -> Change:
    """Word the refusals of a name differently, by default those of functions that are not found."""
    return other_refusal(lambda one: Refusal(name, alter(one.message), one.details) if one.name == name else one)


def _without_qualifier(text: str) -> str:
    start, arn, name = text.partition(":function:")
    return start + arn + name.partition(":")[0]


FAULTS = (
    Fault(
        "names/partial-arn-unknown",
        "takes a partial ARN for a name that nobody has",
        ("names/partial-arn",),
        _taken_for_a_name("partial ARN"),
        seen="ministack 1.5.33, serverless-offline 14.8.2",
    ),
    Fault(
        "names/partial-arn-breaks",
        "breaks at a partial ARN",
        ("names/partial-arn",),
        _breaking_at("partial ARN"),
        seen="localstack 2.3.2",
    ),
    Fault(
        "names/arn-unknown",
        "takes an ARN for a name that nobody has",
        ("names/arn",),
        _taken_for_a_name("ARN"),
        seen=f"serverless-offline 14.8.2, {RIE}",
    ),
    Fault(
        "names/raw-colons",
        "takes a path with a colon in it for an unknown route",
        ("names/raw-colons",),
        found(lambda request, route: None if ":" in _segment(request) else route),
    ),
    Fault(
        "names/not-decoded",
        "takes the FunctionName as the path has it, percent signs and all",
        ("names/encoded-colons",),
        found(lambda request, route: replace(route, FunctionName=_segment(request))),
    ),
    Fault(
        "names/decoded-twice",
        "decodes the FunctionName twice",
        ("names/decoded-once",),
        found(lambda _, route: replace(route, FunctionName=unquote(route.FunctionName))),
        seen="moto 5.2.5",
    ),
    Fault(
        "names/stripped",
        "overlooks white space around a FunctionName",
        ("names/illegal-character",),
        values(_stripped),
    ),
    Fault(
        "names/unknown-function-runs",
        "runs some function under every name that nobody has",
        ("names/unknown-function",),
        knowing(_anything),
        seen="moto 5.2.5 without Docker",
    ),
    Fault(
        "names/region-overlooked",
        "runs its own function for an ARN of another region",
        ("names/wrong-region",),
        _at_home("region"),
        seen="moto 5.2.5 without Docker",
    ),
    Fault(
        "names/region-as-any-other",
        "says of a function of another region no more than that it is not found",
        ("names/wrong-region-message",),
        _home_refused_as(NOT_FOUND, NOT_FOUND, "Function not found: {arn}"),
        seen="ministack 1.5.33",
    ),
    Fault(
        "names/region-is-a-bad-parameter",
        "refuses an ARN of another region with 400",
        ("names/wrong-region",),
        _home_refused_as(NOT_FOUND, "InvalidParameterValueException", "The ARN is of another region."),
    ),
    Fault(
        "names/account-overlooked",
        "runs its own function for an ARN of another account",
        ("names/other-account",),
        _at_home("account"),
        seen="moto 5.2.5 without Docker",
    ),
    Fault(
        "names/account-not-found",
        "answers 404 where a function is of another account",
        ("names/other-account",),
        _home_refused_as("AccessDeniedException", NOT_FOUND, "Function not found: {arn}"),
        seen="ministack 1.5.33, localstack 2.3.2 and 2026.3, serverless-offline 14.8.2",
    ),
    Fault(
        "names/sees-the-name-as-called",
        "tells the function the FunctionName of the call as function_name",
        ("names/seen-by-function",),
        admitted(lambda call, found: replace(found, function_name=call.values["FunctionName"])),
    ),
    Fault(
        "names/sees-the-arn-as-called",
        "tells the function the FunctionName of the call as invoked_function_arn",
        ("names/seen-by-function",),
        admitted(lambda call, found: replace(found, arn=call.values["FunctionName"])),
    ),
    Fault(
        "names/message-has-the-name",
        "says that a name is not found, instead of the ARN",
        ("names/unknown-function-message",),
        message(lambda text: _ARN.sub("", text)),
        seen="serverless-offline 14.8.2",
    ),
    Fault(
        "names/message-of-elsewhere",
        "names the same region and account wherever it says that a function is not found",
        ("names/unknown-function-message",),
        message(lambda text: _HOME.sub("us-west-2:012345678901", text)),
        seen="SAM local 1.170.0",
    ),
    Fault(
        "names/message-without-qualifier",
        "leaves the qualifier out where it says that a function is not found",
        ("names/unknown-function-message", "qualifiers/unknown-message"),
        message(_without_qualifier),
        seen="ministack 1.5.33, for unknown functions",
    ),
)
"""Those of forms and look-ups; see ``name_constraints`` for the others."""
