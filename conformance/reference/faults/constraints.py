"""Faults of the order in which checks are made, and of how violations of constraints are told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.contract.names import function_arn
from conformance.reference.answer import Refusal
from conformance.reference.checks import check_constraints, check_home, check_qualifier
from conformance.reference.faults.building import gate, knowing, other_refusal, status
from conformance.reference.faults.editing import refused_as
from conformance.reference.faults.model import Fault
from conformance.reference.faults.names import message
from conformance.reference.functions import LATEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.contract.names import FunctionReference
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting

VALIDATION = "ValidationException"
LISTED = ("request-errors/all-violations", "qualifiers/all-violations-together")
_ONE = re.compile(r"Value '(.*?)' at '([A-Za-z]+)' failed to satisfy constraint: ", re.DOTALL)
_BETWEEN = re.compile(r"; (?=Value ')")
_COUNT = re.compile(r"^\d+ validation errors?")


def _look_up(setting: Setting, name: str, qualifier: str | None) -> None:
    if name not in setting.functions:
        arn = function_arn(*setting.identity, name, qualifier or LATEST)
        raise Refusal("ResourceNotFoundException", f"Function not found: {arn}")


def _before_constraints(setting: Setting) -> Change:
    """Look up a function that is called by its name before any constraints but those of the name."""

    def constraints(call: Call) -> None:
        name = call.values["FunctionName"]
        if ":" not in name and not call.operation.parameter("FunctionName").violations(name):
            _look_up(setting, name, call.values.get("Qualifier"))
        check_constraints(call)

    return gate(constraints=constraints)


def _before_contradiction(setting: Setting) -> Change:
    def qualifier(call: Call, reference: FunctionReference) -> str | None:
        _look_up(setting, reference.name, reference.qualifier or call.values.get("Qualifier"))
        return check_qualifier(call, reference)

    return gate(qualifier=qualifier)


def _before_region(setting: Setting) -> Change:
    def home(call: Call, reference: FunctionReference, *here: str) -> None:
        _look_up(setting, reference.name, reference.qualifier or call.values.get("Qualifier"))
        check_home(call, reference, *here)

    return gate(home=home)


def told(choose: Callable[[Iterable[str]], Iterable[str]]) -> Change:
    """Tell a choice of the violations."""

    def alter(text: str) -> str:
        told = list(choose(_BETWEEN.split(text.partition(": ")[2])))
        return f"{len(told)} validation error{'s' if len(told) > 1 else ''} detected: " + "; ".join(told)

    return message(alter, VALIDATION)


def _of_each_member(found: Iterable[str]) -> Iterable[str]:
    """Return the first violation of each member."""
    return {_ONE.split(one)[2]: one for one in reversed(list(found))}.values()


def _worded(pattern: re.Pattern[str], instead: str) -> Change:
    """Word a part of the message differently."""
    return message(lambda text: pattern.sub(instead, text), VALIDATION)


def _capital(text: str) -> str:
    """Name members as they are named in the model."""
    return _ONE.sub(lambda one: one[0].replace(f"at '{one[2]}'", f"at '{one[2][0].upper()}{one[2][1:]}'"), text)


def _as_parameter(one: Refusal) -> Refusal:
    return Refusal("InvalidParameterValueException", one.message) if one.name == VALIDATION else one


FAULTS = (
    Fault(
        "request-errors/look-up-before-constraints",
        "looks up the function before it checks the constraints of other parameters",
        ("request-errors/constraints-before-look-up",),
        knowing(_before_constraints),
        seen="ministack 1.5.33, localstack 2.3.2",
    ),
    Fault(
        "qualifiers/look-up-before-contradiction",
        "looks up the function before it compares suffix and parameter",
        ("qualifiers/disagreeing-before-look-up",),
        knowing(_before_contradiction),
    ),
    Fault(
        "request-errors/look-up-before-region",
        "looks up the function before it checks the region",
        ("request-errors/region-before-look-up",),
        knowing(_before_region),
    ),
    Fault(
        "request-errors/violation-as-parameter",
        "calls a violation InvalidParameterValueException",
        ("names/illegal-character", "qualifiers/illegal-character", "request-errors/several-violations"),
        other_refusal(_as_parameter),
    ),
    Fault(
        "request-errors/violation-422",
        "answers violations with 422, as frameworks do",
        ("names/illegal-character", "qualifiers/illegal-character", "request-errors/several-violations"),
        status(422, refused_as(VALIDATION)),
    ),
    Fault(
        "request-errors/first-violation-alone",
        "tells the first violation and no other",
        LISTED,
        told(lambda found: list(found)[:1]),
    ),
    Fault(
        "request-errors/first-violation-of-each",
        "tells one violation of each parameter",
        ("request-errors/all-violations", "names/every-constraint"),
        told(_of_each_member),
    ),
    Fault(
        "request-errors/violations-not-counted",
        "says that it found one violation whatever their number is",
        LISTED,
        _worded(_COUNT, "1 validation error"),
    ),
    Fault(
        "request-errors/violations-in-lines",
        "puts each violation in a line of its own",
        ("request-errors/violation-format",),
        _worded(_BETWEEN, "\n"),
    ),
    Fault(
        "request-errors/violations-as-smithy",
        "words violations as Smithy's own servers do",
        ("request-errors/violation-format", "names/pattern-message", "qualifiers/pattern-message"),
        _worded(_ONE, r"Value at '/\2' failed to satisfy constraint: "),
    ),
    Fault(
        "request-errors/violations-without-value",
        "does not tell the value that violates a constraint",
        ("names/pattern-message", "qualifiers/pattern-message"),
        _worded(_ONE, r"Value at '\2' failed to satisfy constraint: "),
    ),
    Fault(
        "request-errors/members-as-modelled",
        "names members in the message as the model does, FunctionName and not functionName",
        ("names/pattern-message", "names/too-long-message", "qualifiers/too-long-message"),
        message(_capital, VALIDATION),
    ),
    Fault(
        "request-errors/pattern-not-told",
        "does not tell the pattern that a value has to match",
        ("names/pattern-message",),
        _worded(re.compile(r"(?<=regular expression pattern)(: .*?)(?=; Value '|$)"), ""),
    ),
    Fault(
        "request-errors/limit-not-told",
        "does not tell how long a value may be",
        ("names/too-long-message", "qualifiers/too-long-message"),
        _worded(re.compile(r"(?<=Member must have length )less than or equal to \d+"), "within its limits"),
    ),
)
