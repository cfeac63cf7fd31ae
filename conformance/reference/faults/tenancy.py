"""Faults of functions that have an environment for each tenant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from conformance.reference.answer import Refusal
from conformance.reference.faults.building import around, gate, longest, other_refusal, parameter, pattern
from conformance.reference.faults.editing import values
from conformance.reference.faults.model import Fault
from conformance.reference.rules import RULES, TENANT, TENANT_MISSING, TENANT_UNEXPECTED, tenant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.fixtures.table import Fixture
    from conformance.reference.asynchronous import Run
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change
    from conformance.reference.functions import Invocation
    from conformance.reference.rules import Rule

INVALID = "InvalidParameterValueException"


def _rule(instead: Rule) -> Change:
    """Put another rule in the place of that of tenants."""
    return gate(rules=tuple(instead if rule is tenant else rule for rule in RULES))


def _unless(tells: Callable[[Call, Fixture], bool]) -> Change:
    """Make an exception of the rule of tenants."""

    def rule(call: Call, fixture: Fixture, qualifier: str | None) -> None:
        if not tells(call, fixture):
            tenant(call, fixture, qualifier)

    return _rule(rule)


def _not_for_events(call: Call, fixture: Fixture, qualifier: str | None) -> None:
    tenant(call, fixture, qualifier)
    if fixture.tenancy and call.InvocationType == "Event":
        raise Refusal(INVALID, "Functions with tenancy configuration are invoked synchronously.")


def _by_the_guide(call: Call) -> Mapping[str, str]:
    """Read the header whose name the guide's prose has."""
    kept = {name: value for name, value in call.values.items() if name != TENANT}
    sent = call.headers.get(b"x-amzn-tenant-id")
    return kept if sent is None else {**kept, TENANT: sent.decode("latin-1")}


def _edited(alter: Callable[[str], str]) -> Change:
    """Change the tenant that a request is read to have."""

    def altered(call: Call) -> Mapping[str, str]:
        return {name: alter(value) if name == TENANT else value for name, value in call.values.items()}

    return values(altered)


def _unseen(unbroken: Run) -> Run:
    return lambda invocation: unbroken(replace(invocation, tenant=None))


def _first_seen(unbroken: Run) -> Run:
    """Let every call of a function see the tenant of the first one, whose environment it runs in."""
    first: dict[str, str] = {}

    def seen(invocation: Invocation) -> Invocation:
        tenant_id = invocation.tenant
        return (
            invocation if tenant_id is None else replace(invocation, tenant=first.setdefault(invocation.arn, tenant_id))
        )

    return lambda invocation: unbroken(seen(invocation))


def _as_violation(one: Refusal) -> Refusal:
    tenancy = one.message in {TENANT_MISSING, TENANT_UNEXPECTED}
    return Refusal("ValidationException", one.message) if tenancy else one


def _in_other_words(one: Refusal) -> Refusal:
    return Refusal(one.name, "The tenant is missing.") if one.message == TENANT_MISSING else one


FAULTS = (
    Fault(
        "tenant/not-needed",
        "runs a function that isolates tenants without one",
        ("tenant/missing",),
        _unless(lambda call, fixture: fixture.tenancy and TENANT not in call.values),
        seen="ministack 1.5.33",
    ),
    Fault(
        "tenant/not-expected",
        "overlooks the tenant in a call of a function that isolates none",
        ("tenant/unexpected",),
        _unless(lambda call, fixture: not fixture.tenancy and TENANT in call.values),
        seen="ministack 1.5.33, moto 5.2.5, RIE of aws-sam-cli 1.170.0",
    ),
    Fault(
        "tenant/as-violation",
        "calls a tenant that is missing or not expected a violation of a constraint",
        ("tenant/missing", "tenant/unexpected"),
        other_refusal(_as_violation),
        seen="SAM local 1.170.0",
    ),
    Fault(
        "tenant/missing-in-other-words",
        "says in other words that the tenant is missing",
        ("tenant/missing-message",),
        other_refusal(_in_other_words),
    ),
    Fault(
        "tenant/unseen",
        "does not tell the function its tenant",
        ("tenant/seen-by-function",),
        around("run", _unseen),
    ),
    Fault(
        "tenant/of-the-first-call",
        "tells the function the tenant of its first call, as it runs in one environment for all",
        ("tenant/seen-by-function",),
        around("run", _first_seen),
    ),
    Fault(
        "tenant/header-of-the-guide",
        "reads the tenant from X-Amzn-Tenant-Id",
        ("tenant/accepted",),
        values(_by_the_guide),
    ),
    Fault(
        "tenant/decoded",
        "decodes the tenant as if it stood in a query",
        ("tenant/seen-by-function",),
        _edited(unquote_plus),
    ),
    Fault(
        "tenant/lower-case",
        "takes the tenant in lower case",
        ("tenant/seen-by-function",),
        _edited(str.lower),
    ),
    Fault(
        "tenant/not-for-events",
        "refuses Events of functions that isolate tenants",
        ("tenant/event",),
        _rule(_not_for_events),
    ),
    Fault(
        "tenant/no-pattern",
        "takes every character in a tenant",
        ("tenant/constraints",),
        parameter(TENANT, pattern=None),
    ),
    Fault(
        "tenant/letters-and-digits",
        "takes letters, digits, hyphens and underscores alone in a tenant",
        ("tenant/accepted",),
        pattern(TENANT, "._:/=+@ -", "_-"),
    ),
    Fault("tenant/no-space", "takes no space in a tenant", ("tenant/accepted",), pattern(TENANT, "@ -", "@-")),
    Fault(
        "tenant/two-characters",
        "refuses a tenant of one character",
        ("tenant/accepted",),
        parameter(TENANT, min_length=2),
    ),
    Fault("tenant/longest-is-too-long", "refuses the longest tenant", ("tenant/constraints",), longest(TENANT, -1)),
    Fault(
        "tenant/one-character-more",
        "takes a tenant of one character more than the limit",
        ("tenant/constraints",),
        longest(TENANT, 1),
    ),
)
