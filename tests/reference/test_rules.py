"""States, tenants, durable executions and published versions: what they refuse, and what the function sees."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from support.calls import ARN, DRY_RUN, EVENT, eventually, invoke, refusal, result

from conformance.fixtures.table import PREFIX

if TYPE_CHECKING:
    from conformance.exchange.message import Response
    from conformance.targets.model import Target

TENANT = "X-Amz-Tenant-Id"
NAME = "X-Amz-Durable-Execution-Name"
LATEST = "Qualifier=%24LATEST"
MISSING = (
    "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request and try again."
)
UNQUALIFIED = "You cannot invoke a durable function using an unqualified ARN."
TOO_LONG = "You cannot synchronously invoke a durable function with an executionTimeout greater than 15 minutes."
STATE = "The operation cannot be performed at this time. The function is currently in the following state: "
OPERATIONS = ["Invoke", "InvokeWithResponseStream", "InvokeAsync"]


def execution(answer: Response) -> str:
    """The durable execution of an answer."""
    return "".join(answer.header("X-Amz-Durable-Execution-Arn"))


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(("fixture", "state"), [("pending", "Pending"), ("failed", "Failed")])
def test_a_function_that_is_not_active(reference: Target, fixture: str, state: str, operation: str) -> None:
    """It is 409 for every operation; the text is recorded for Pending (fs-pending-409)."""
    status, kind, body = refusal(invoke(reference, fixture, operation=operation))

    assert (status, kind) == (409, "ResourceConflictException")
    assert body == {"Type": "User", "message": STATE + state}


@pytest.mark.parametrize("headers", [{}, EVENT, DRY_RUN])
def test_a_tenant_is_missing(reference: Target, headers: dict[str, str]) -> None:
    """A function with tenancy is refused without a tenant (te-missing)."""
    answer = invoke(reference, "tenant", headers=headers)

    assert refusal(answer) == (400, "InvalidParameterValueException", {"Type": "User", "message": MISSING})


def test_a_tenant_is_unexpected(reference: Target) -> None:
    """A tenant for a function without tenancy is refused (te-unexpected; no text is known)."""
    status, kind, body = refusal(invoke(reference, headers={TENANT: "blue"}))

    assert (status, kind, set(body)) == (400, "InvalidParameterValueException", {"Type", "message"})


def test_tenants_have_environments_of_their_own(reference: Target) -> None:
    """The function sees its tenant, and two tenants are never in one environment (te-context, te-success-cli)."""
    seen = [result(reference, "tenant", {}, headers={TENANT: tenant}) for tenant in ("blue", "a b:/c", "blue")]

    assert [one["tenant_id"] for one in seen] == ["blue", "a b:/c", "blue"]
    assert seen[0]["log_stream_name"] == seen[2]["log_stream_name"] != seen[1]["log_stream_name"]


def test_a_tenant_may_send_events(reference: Target) -> None:
    """Events take a tenant, too (te-all-types)."""
    assert invoke(reference, "tenant", headers={**EVENT, TENANT: "blue"}).status == 202


@pytest.mark.parametrize("headers", [{}, EVENT, DRY_RUN])
def test_a_durable_function_needs_a_qualifier(reference: Target, headers: dict[str, str]) -> None:
    """Without one it is refused, by each type of invocation (du-unqualified)."""
    answer = invoke(reference, "durable", headers=headers)

    assert refusal(answer) == (400, "InvalidParameterValueException", {"Type": "User", "message": UNQUALIFIED})


def test_a_long_durable_function_is_not_waited_for(reference: Target) -> None:
    """A synchronous call is refused above 15 minutes, an Event is not (du-sync-15min, du-async-1-year)."""
    answer = invoke(reference, "durable_long", "Qualifier=1")

    assert refusal(answer) == (400, "InvalidParameterValueException", {"Type": "User", "message": TOO_LONG})
    assert invoke(reference, "durable_long", "Qualifier=1", headers=EVENT).status == 202


@pytest.mark.parametrize(("query", "version"), [(LATEST, "$LATEST"), ("Qualifier=1", "1")])
def test_a_durable_execution_has_an_arn(reference: Target, query: str, version: str) -> None:
    """The answer names the execution; $LATEST counts as a qualifier (du-response-header, du-latest-qualifier-ok)."""
    answer = invoke(reference, "durable", query, headers={NAME: f"order-{version[-1]}"}, body=b'{"a": 1}')

    assert (answer.status, answer.header("X-Amz-Executed-Version"), answer.body) == (200, (version,), b'{"a": 1}')
    begin = re.escape(f"{ARN}{PREFIX}durable:{version}/durable-execution/order-{version[-1]}/")
    assert re.fullmatch(begin + "[A-Za-z0-9_-]+", execution(answer))


def test_executions_without_a_name_are_all_new(reference: Target) -> None:
    """Each call without a name begins an execution."""
    first, second = (execution(invoke(reference, "durable", LATEST)) for _ in range(2))

    assert first
    assert second
    assert first != second


def test_the_same_execution_runs_once(reference: Target) -> None:
    """The same name and payload lead to the same execution and result (du-idempotent-same-payload)."""
    first, second = (
        invoke(reference, "durable", LATEST, headers={NAME: "idempotent"}, body=b'{"n": 1}') for _ in range(2)
    )

    assert execution(first) == execution(second)
    assert (first.body, second.body) == (b'{"n": 1}', b'{"n": 1}')
    assert first.header("x-amzn-RequestId") != second.header("x-amzn-RequestId")


def test_another_payload_is_a_conflict(reference: Target) -> None:
    """The same name with another payload is 409, with the key Message (du-already-started)."""
    assert invoke(reference, "durable", LATEST, headers={NAME: "conflict"}, body=b'{"n": 1}').status == 200

    status, kind, body = refusal(invoke(reference, "durable", LATEST, headers={NAME: "conflict"}, body=b'{"n": 2}'))

    assert (status, kind, set(body)) == (409, "DurableExecutionAlreadyStartedException", {"Type", "Message"})


def test_an_event_and_a_call_share_an_execution(reference: Target) -> None:
    """A synchronous call of the name of an Event gets the result of the Event's execution."""
    headers = {NAME: "shared"}
    accepted = invoke(reference, "durable", LATEST, headers={**EVENT, **headers}, body=b'{"n": 1}')

    attached = invoke(reference, "durable", LATEST, headers=headers, body=b'{"n": 1}')

    assert (accepted.status, attached.status, attached.body) == (202, 200, b'{"n": 1}')
    assert execution(accepted) == execution(attached) != ""


def test_a_dry_run_begins_no_execution(reference: Target) -> None:
    """After a dry run the name is still free for another payload."""
    assert invoke(reference, "durable", LATEST, headers={**DRY_RUN, NAME: "dry"}, body=b"1").status == 204

    assert invoke(reference, "durable", LATEST, headers={NAME: "dry"}, body=b"2").status == 200


@pytest.mark.parametrize("operation", ["Invoke", "InvokeWithResponseStream"])
def test_nothing_is_published(reference: Target, operation: str) -> None:
    """$LATEST.PUBLISHED of a function without versions is 400 (qual-latest-published-managed-instances)."""
    status, kind, body = refusal(invoke(reference, "echo", "Qualifier=%24LATEST.PUBLISHED", operation=operation))

    assert (status, kind, set(body)) == (400, "NoPublishedVersionException", {"Type", "Message"})


def test_a_dry_run_runs_nothing(reference: Target) -> None:
    """A dry run leaves no mark, an Event leaves one (type-dryrun-204)."""
    key = "dry or not"
    mark = json.dumps({"op": "mark", "key": key}).encode()

    invoke(reference, "record", headers=DRY_RUN, body=mark)
    event = invoke(reference, "record", headers=EVENT, body=mark)

    seen = eventually(lambda: result(reference, "record", {"op": "read", "key": key}), lambda seen: bool(seen["count"]))
    assert seen == {"count": 1, "request_ids": [*event.header("x-amzn-RequestId")]}
