"""Faults of durable functions."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.answer import Refusal
from conformance.reference.durable import NAME
from conformance.reference.faults.building import around, gate, header, longest, other_refusal, parameter, pattern
from conformance.reference.faults.model import Fault
from conformance.reference.functions import LATEST
from conformance.reference.rules import LONGEST, RULES, TOO_LONG, UNQUALIFIED, durable

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.fixtures.table import Fixture
    from conformance.reference.call import Call
    from conformance.reference.durable import Execution
    from conformance.reference.faults.building import Change
    from conformance.reference.functions import Invocation

    Enter = Callable[[Invocation, str | None], tuple[Execution, bool]]

INVALID, STARTED = "InvalidParameterValueException", "DurableExecutionAlreadyStartedException"
EXECUTION = "X-Amz-Durable-Execution-Arn"
_VERSION = re.compile(r":[^:/]*(?=/durable-execution/)")


def _with_rule(rule: Callable[[Call, Fixture, str | None], None]) -> Change:
    """Put another rule in the place of that of durable functions."""
    return gate(rules=tuple(rule if one is durable else one for one in RULES))


def _qualified(call: Call, fixture: Fixture, _: str | None) -> None:
    """Take every call for a qualified one."""
    durable(call, fixture, LATEST)


def _by_version(call: Call, fixture: Fixture, qualifier: str | None) -> None:
    """Don't count $LATEST as a qualifier."""
    durable(call, fixture, None if qualifier == LATEST else qualifier)


def _any_duration(call: Call, fixture: Fixture, qualifier: str | None) -> None:
    """Wait for a durable function however long it may take."""
    durable(call, fixture if fixture.durable is None else replace(fixture, durable=LONGEST), qualifier)


def _less_than_longest(call: Call, fixture: Fixture, qualifier: str | None) -> None:
    durable(call, fixture if fixture.durable is None else replace(fixture, durable=fixture.durable + 1), qualifier)


def _events_alike(call: Call, fixture: Fixture, qualifier: str | None) -> None:
    """Hold Events to the limit of calls that wait."""
    durable(call, fixture, qualifier)
    if fixture.durable is not None and fixture.durable > LONGEST:
        raise Refusal(INVALID, TOO_LONG)


def _entered(alter: Callable[[Enter], Enter]) -> Change:
    return around("enter", alter)


def _nameless(unbroken: Enter) -> Enter:
    return lambda invocation, _: unbroken(invocation, None)


def _by_payload(unbroken: Enter) -> Enter:
    """Begin another execution of the name for another payload."""

    def enter(invocation: Invocation, name: str | None) -> tuple[Execution, bool]:
        return unbroken(invocation, name and f"{name}-{hashlib.sha256(invocation.payload).hexdigest()}")

    return enter


def _whatever_payload(unbroken: Enter) -> Enter:
    """Find the execution of a name whatever the payload is."""
    return lambda invocation, name: unbroken(replace(invocation, payload=b"") if name else invocation, name)


def _never_twice(unbroken: Enter) -> Enter:
    def enter(invocation: Invocation, name: str | None) -> tuple[Execution, bool]:
        execution, new = unbroken(invocation, name)
        if not new:
            raise Refusal(STARTED, f"A durable execution of the name {name} has already been started.")
        return execution, new

    return enter


def _arn(alter: Callable[[str], str]) -> Change:
    """Name executions in another form."""

    def wrap(unbroken: Enter) -> Enter:
        def enter(invocation: Invocation, name: str | None) -> tuple[Execution, bool]:
            execution, new = unbroken(invocation, name)
            return replace(execution, arn=alter(execution.arn)), new

        return enter

    return around("enter", wrap)


def _worded(old: str, new: str) -> Change:
    return other_refusal(lambda one: Refusal(one.name, new) if one.message == old else one)


def _renamed(old: str, new: str) -> Change:
    return other_refusal(lambda one: Refusal(new, one.message) if one.name == old else one)


FAULTS = (
    Fault(
        "durable/unqualified-runs",
        "runs a durable function without a qualifier",
        ("durable/unqualified",),
        _with_rule(_qualified),
        seen="ministack 1.5.33",
    ),
    Fault(
        "durable/unqualified-in-other-words",
        "says in other words that a durable function needs a qualifier",
        ("durable/unqualified-message",),
        _worded(UNQUALIFIED, "A qualifier is required."),
    ),
    Fault(
        "durable/latest-is-no-qualifier",
        "refuses a durable function at $LATEST",
        ("durable/qualified",),
        _with_rule(_by_version),
    ),
    Fault(
        "durable/any-duration",
        "waits for a durable function that may take hours",
        ("durable/too-long-for-synchronous",),
        _with_rule(_any_duration),
        seen="ministack 1.5.33",
    ),
    Fault(
        "durable/less-than-15-minutes",
        "refuses to wait for a durable function that may take just 15 minutes",
        ("durable/qualified",),
        _with_rule(_less_than_longest),
    ),
    Fault(
        "durable/too-long-in-other-words",
        "says in other words that a durable function may take too long to be waited for",
        ("durable/too-long-for-synchronous-message",),
        _worded(TOO_LONG, "The execution timeout is too long."),
    ),
    Fault(
        "durable/events-alike",
        "refuses Events of a durable function that may take hours",
        ("durable/long-event",),
        _with_rule(_events_alike),
    ),
    Fault(
        "durable/no-execution-arn",
        "does not name the execution",
        ("durable/execution-arn",),
        header(EXECUTION, None),
    ),
    Fault(
        "durable/execution-id-alone",
        "names the execution by its id",
        ("durable/execution-arn",),
        _arn(lambda arn: arn.rpartition("/")[2]),
    ),
    Fault(
        "durable/execution-of-no-version",
        "leaves the version out of the ARN of an execution",
        ("durable/execution-arn",),
        _arn(lambda arn: _VERSION.sub("", arn)),
    ),
    Fault(
        "durable/nameless",
        "does not read the name of the execution",
        ("durable/same-name-same-payload", "durable/already-started"),
        _entered(_nameless),
        seen="ministack 1.5.33",
    ),
    Fault(
        "durable/name-and-payload",
        "begins another execution of the same name for another payload",
        ("durable/already-started",),
        _entered(_by_payload),
    ),
    Fault(
        "durable/whatever-payload",
        "answers from the execution of a name whatever the payload is",
        ("durable/already-started",),
        _entered(_whatever_payload),
    ),
    Fault(
        "durable/never-twice",
        "refuses a name that is taken, even with the same payload",
        ("durable/same-name-same-payload",),
        _entered(_never_twice),
    ),
    Fault(
        "durable/already-exists",
        "names the refusal as an older copy of the guide does",
        ("durable/already-started",),
        _renamed(STARTED, "ResourceConflictException"),
    ),
    Fault(
        "durable/any-character",
        "takes every character in the name of an execution",
        ("durable/name-constraints",),
        parameter(NAME, pattern=None),
    ),
    Fault(
        "durable/dots",
        "takes dots in the name of an execution",
        ("durable/name-constraints",),
        pattern(NAME, "_-]", "_.-]"),
    ),
    Fault(
        "durable/no-capitals",
        "takes a capital in the name of an execution for a violation",
        ("durable/name-constraints",),
        pattern(NAME, "[A-Za-z", "[a-z"),
    ),
    Fault("durable/longest-is-too-long", "refuses the longest name", ("durable/name-constraints",), longest(NAME, -1)),
    Fault(
        "durable/one-character-more",
        "takes the name of an execution of one character more than the limit",
        ("durable/name-constraints",),
        longest(NAME, 1),
    ),
)
