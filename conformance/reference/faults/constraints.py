"""Faults of the order in which checks are made, of enumerations, and of how violations are told."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.answer import Refusal
from conformance.reference.checks import check_constraints, check_home, check_qualifier
from conformance.reference.faults.building import gate, knowing, parameter, refusal, values
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from conformance.contract.model import Violation
    from conformance.contract.names import FunctionReference
    from conformance.reference.answer import Answer
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting

VALIDATION = "ValidationException"
TYPE, LOG_TYPE = "X-Amz-Invocation-Type", "X-Amz-Log-Type"
_VALUE = re.compile(r"Value '([^']*)' at '([^']*)' failed")
_COUNT = re.compile(r"^\d+ validation errors?")


def _unknown(call: Call, setting: Setting, name: str) -> None:
    """Refuse a function that is not there."""
    if name not in setting.functions:
        raise Refusal("ResourceNotFoundException", f"Function not found: {call.values['FunctionName']}")


def _look_up_before_constraints(setting: Setting) -> Change:
    """Look up the function before the constraints of anything but its name."""

    def constraints(call: Call) -> None:
        name = call.values["FunctionName"]
        if not call.operation.parameter("FunctionName").violations(name) and ":" not in name:
            _unknown(call, setting, name)
        check_constraints(call)

    return gate(constraints=constraints)


def _look_up_before_contradiction(setting: Setting) -> Change:
    def qualifier(call: Call, reference: FunctionReference) -> str | None:
        _unknown(call, setting, reference.name)
        return check_qualifier(call, reference)

    return gate(qualifier=qualifier)


def _look_up_before_region(setting: Setting) -> Change:
    def home(call: Call, reference: FunctionReference, *here: str) -> None:
        _unknown(call, setting, reference.name)
        check_home(call, reference, *here)

    return gate(home=home)


def _told(choose: Callable[[Iterable[str]], Iterable[str]]) -> Change:
    """Tell a choice of the violations."""

    def alter(given: Refusal, answer: Answer) -> Answer:
        found = given.message.partition(": ")[2].split("; Value '")
        told = list(choose([found[0], *(f"Value '{one}" for one in found[1:])]))
        number = f"{len(told)} validation error{'s' if len(told) > 1 else ''} detected: "
        return _saying(answer, number + "; ".join(told))

    return refusal(alter, VALIDATION)


def _of_each_member(found: Iterable[str]) -> Iterable[str]:
    """Return the first violation of each member."""
    first: dict[str, str] = {}
    for one in found:
        where = _VALUE.match(one)
        first.setdefault(where[2] if where else one, one)
    return first.values()


def _worded(alter: Callable[[str], str]) -> Change:
    """Word violations differently."""
    return refusal(lambda given, answer: _saying(answer, alter(given.message)), VALIDATION)


def _saying(answer: Answer, message: str) -> Answer:
    return replace(answer, body=json.dumps({"message": message}).encode())


def _any_case(name: str) -> Change:
    """Overlook the case of the values of an enumeration."""

    def make(setting: Setting) -> Change:
        enum = setting.contract.operations["Invoke"].parameter(name).enum
        spelled = {value.lower(): value for value in enum}

        def alter(read: dict[str, str]) -> Mapping[str, str]:
            return read | {name: spelled.get(read[name].lower(), read[name])} if name in read else read

        return values(alter)

    return knowing(make)
