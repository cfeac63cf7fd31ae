"""The contract as data: which constraints a value breaks, and what can be looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.contract.model import Parameter, Violation

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


def test_a_parameter_without_constraints_takes_anything() -> None:
    """What is not said of a parameter is not checked."""
    plain = Parameter("X-Any", "header", "any", required=False)

    assert plain.violations("") == plain.violations("ä" * 10_000) == ()
    assert (plain.min_length, plain.max_length, plain.pattern, plain.wire_pattern) == (None, None, None, None)
    assert (plain.enum, plain.max_bytes, plain.groups) == ((), None, {})


@pytest.mark.parametrize(
    ("value", "keywords"),
    [("", ["minLength", "pattern"]), ("12", []), ("1234", []), ("12345", ["maxLength"]), ("٣٣", ["pattern"])],
)
def test_lengths_are_within_and_digits_are_ten(value: str, keywords: list[str]) -> None:
    """Both lengths are allowed themselves; classes of a pattern mean ASCII; a pattern without a spelling is its own."""
    digits = Parameter("X-Any", "header", "any", required=False, min_length=1, max_length=4, pattern=r"^\d+$")
    found = digits.violations(value)

    assert [one.keyword for one in found] == keywords
    assert [one.limit for one in found if one.keyword == "pattern"] == [r"^\d+$"] * keywords.count("pattern")


def test_a_contract_can_be_a_key(contract: Contract) -> None:
    """What is computed from a contract can be kept by it, and by its parts."""
    assert len({contract, contract}) == 1
    assert len({*contract.operations.values()}) == 3
    assert len({parameter for one in contract.operations.values() for parameter in one.parameters}) > 3


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


def test_headers_of_a_result(contract: Contract) -> None:
    """Content-Type is required since there is content; others as the contract says, each on its own condition."""
    result = contract.operations["Invoke"].success[0]

    assert result.required_headers[0] == "Content-Type"
    assert "X-Amz-Executed-Version" in result.required_headers
    assert "X-Amz-Log-Result" in result.optional_headers
    assert not set(result.required_headers) & set(result.optional_headers)


def test_the_client_context_has_a_limit_in_bytes(contract: Contract) -> None:
    """The parameter's limit is the one among the limits; no other parameter has one."""
    limits = {one.name: one.max_bytes for one in contract.operations["Invoke"].parameters if one.max_bytes is not None}
    assert limits == {"X-Amz-Client-Context": contract.limits["client-context"]}


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
