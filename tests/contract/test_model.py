"""The contract as data: which constraints a value breaks, and what can be looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.contract.model import Violation

if TYPE_CHECKING:
    from conformance.contract.model import Contract


@pytest.mark.parametrize(
    ("name", "value", "keywords"),
    [
        ("Qualifier", "live", []),
        ("Qualifier", "$LATEST.PUBLISHED", []),
        ("Qualifier", "a" * 128, []),
        ("Qualifier", "a" * 129, ["maxLength"]),
        ("Qualifier", "invalid!", ["pattern"]),
        ("Qualifier", "!" * 129, ["maxLength", "pattern"]),
        ("Qualifier", "", ["minLength", "pattern"]),
        ("FunctionName", "a" * 256, []),
        ("FunctionName", "a" * 257, ["maxLength"]),
        ("X-Amz-Invocation-Type", "DryRun", []),
        ("X-Amz-Invocation-Type", "dry_run", ["enum"]),
        ("X-Amz-Invocation-Type", "event", ["enum"]),
        ("X-Amz-Log-Type", "tail", ["enum"]),
        ("X-Amz-Tenant-Id", "a tenant/with=all+of@them:._-", []),
        ("X-Amz-Tenant-Id", "a,b", ["pattern"]),
        ("X-Amz-Durable-Execution-Name", "a" * 65, ["maxLength"]),
        ("X-Amz-Client-Context", "no base64, and " + "far too long " * 1000, []),
    ],
)
def test_violations(contract: Contract, name: str, value: str, keywords: list[str]) -> None:
    """A value breaks exactly these constraints, all of them reported at once."""
    found = contract.operations["Invoke"].parameter(name).violations(value)
    assert [violation.keyword for violation in found] == keywords


def test_violation_says_what_aws_prints(contract: Contract) -> None:
    """A violation holds what a message of AWS needs: member, limit in AWS's spelling, and value."""
    invoke = contract.operations["Invoke"]
    assert [
        *invoke.parameter("Qualifier").violations("!" * 129),
        *invoke.parameter("X-Amz-Log-Type").violations("tail"),
    ] == [
        Violation("qualifier", "maxLength", 128, "!" * 129),
        Violation("qualifier", "pattern", r"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+", "!" * 129),
        Violation("logType", "enum", "[None, Tail]", "tail"),
    ]


def test_streaming_has_no_event(contract: Contract) -> None:
    """The same header has fewer values for InvokeWithResponseStream."""
    parameter = contract.operations["InvokeWithResponseStream"].parameter("X-Amz-Invocation-Type")
    assert [violation.keyword for violation in parameter.violations("Event")] == ["enum"]


def test_unknown_parameter(contract: Contract) -> None:
    """Asking an operation for a parameter that it lacks is a KeyError with the name."""
    with pytest.raises(KeyError, match="Qualifier"):
        contract.operations["InvokeAsync"].parameter("Qualifier")


def test_limits(contract: Contract) -> None:
    """The limits are in bytes: three of requests by their type, four that belong to no type."""
    assert {name: dict(operation.body_limits) for name, operation in contract.operations.items()} == {
        "Invoke": {"RequestResponse": 6 * 1024**2, "Event": 1024**2},
        "InvokeWithResponseStream": {"RequestResponse": 6 * 1024**2},
        "InvokeAsync": {"Event": 256 * 1024},
    }
    assert dict(contract.limits) == {
        "client-context": 3583,
        "log-result": 4096,
        "sync-response": 6 * 1024**2 + 100,
        "streamed-response": 200 * 1024**2,
    }


def test_successes(contract: Contract) -> None:
    """Each operation answers each of its types with one status and one kind of body."""
    assert {
        name: [(success.status, success.InvocationType, success.body) for success in operation.success]
        for name, operation in contract.operations.items()
    } == {
        "Invoke": [(200, "RequestResponse", "payload"), (202, "Event", "empty"), (204, "DryRun", "empty")],
        "InvokeWithResponseStream": [(200, "RequestResponse", "eventstream"), (204, "DryRun", "empty")],
        "InvokeAsync": [(202, "Event", "unrecorded")],
    }


def test_headers_of_success_do_not_contradict(contract: Contract) -> None:
    """No header of an answer is in two of the groups required, optional and forbidden."""
    for operation in contract.operations.values():
        for success in operation.success:
            names = [*success.required_headers, *success.optional_headers, *success.forbidden_headers]
            assert sorted({name.lower() for name in names}) == sorted(name.lower() for name in names)


def test_content_type_follows_from_the_body(contract: Contract) -> None:
    """Content-Type must be there with a result and must not be there with the empty answer to Event."""
    result, queued, _ = contract.operations["Invoke"].success
    assert "Content-Type" in result.required_headers
    assert "Content-Type" in queued.forbidden_headers


@pytest.mark.parametrize(
    ("name", "status", "message_key"),
    [
        ("ValidationException", (400,), "message"),
        ("ResourceNotFoundException", (404,), "Message"),
        ("AccessDeniedException", (403,), "Message"),
        ("TooManyRequestsException", (429,), "message"),
        ("RequestEntityTooLargeException", (413,), None),
        ("IncompleteSignatureException", (400, 403), "message"),
    ],
)
def test_errors(contract: Contract, name: str, status: tuple[int, ...], message_key: str | None) -> None:
    """An error has its statuses and the key of its message; None where the evidence leaves both open."""
    error = contract.errors[name]
    assert (error.status, error.message_key) == (status, message_key)
