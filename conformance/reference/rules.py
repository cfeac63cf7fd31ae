"""The rules that a call has to keep once its function is known: state, tenancy, durable executions.

Each takes the call, the function and the qualifier, and refuses or does nothing. That they come after the look-up is
inferred from what they need to know; their order among each other is not recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.answer import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from conformance.fixtures.table import Fixture
    from conformance.reference.call import Call

    Rule: TypeAlias = Callable[[Call, Fixture, str | None], None]

TENANT = "X-Amz-Tenant-Id"
STATE = "The operation cannot be performed at this time. The function is currently in the following state: {}"
"""Recorded 2022-08-01 for Pending; that other states are worded alike is assumed."""
TENANT_MISSING = (
    "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request and try again."
)
TENANT_UNEXPECTED = (
    "The invoked function is not enabled with tenancy configuration. Remove the tenant ID and try again."
)
"""The text is ours: only the type of the error is documented."""
UNQUALIFIED = "You cannot invoke a durable function using an unqualified ARN."
TOO_LONG = "You cannot synchronously invoke a durable function with an executionTimeout greater than 15 minutes."
LONGEST = 15 * 60
"""Seconds that a durable execution may take for a synchronous call to wait for it."""


def active(call: Call, fixture: Fixture, qualifier: str | None) -> None:  # noqa: ARG001  a rule
    """Refuse a function that is in another state than Active (409)."""
    if fixture.state != "Active":
        raise Refusal("ResourceConflictException", STATE.format(fixture.state))


def tenant(call: Call, fixture: Fixture, qualifier: str | None) -> None:  # noqa: ARG001  a rule
    """Refuse a call without a tenant where there has to be one, and with one where there is none (400)."""
    given = TENANT in call.values
    if given != fixture.tenancy:
        raise Refusal("InvalidParameterValueException", TENANT_UNEXPECTED if given else TENANT_MISSING)


def durable(call: Call, fixture: Fixture, qualifier: str | None) -> None:
    """Refuse a durable function without a qualifier, or one that takes too long to be waited for (400)."""
    if fixture.durable is None:
        return
    if qualifier is None:
        raise Refusal("InvalidParameterValueException", UNQUALIFIED)
    if call.InvocationType == "RequestResponse" and fixture.durable > LONGEST:
        raise Refusal("InvalidParameterValueException", TOO_LONG)


RULES: tuple[Rule, ...] = (active, tenant, durable)
"""All of them, in the order in which they are applied."""
