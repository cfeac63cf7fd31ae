"""What a request asks for, read off its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.asking import request

from conformance.exchange.message import Request
from conformance.oracle.asked import Asked, read_request

if TYPE_CHECKING:
    from conformance.contract.model import Contract


def asked(sent: Request, contract: Contract) -> Asked:
    """What a request for an operation asks for."""
    found = read_request(sent, contract)
    assert found is not None
    return found


@pytest.mark.parametrize("operation", ["Invoke", "InvokeAsync", "InvokeWithResponseStream"])
def test_method_and_path_tell_the_operation(operation: str, contract: Contract) -> None:
    """Each operation has its path, in which the name of the function stands."""
    found = asked(request("a%3Ab", operation=operation, body=b"[]"), contract)
    assert (found.operation.id, dict(found.values), found.body) == (operation, {"FunctionName": "a:b"}, b"[]")


@pytest.mark.parametrize(
    ("method", "target"),
    [
        (b"PUT", b"/2015-03-31/functions/echo/invocations"),
        (b"post", b"/2015-03-31/functions/echo/invocations"),
        (b"POST", b"/2015-03-31/functions/echo/invocations/"),
        (b"POST", b"/2015-03-31/functions/a/b/invocations"),
        (b"POST", b"/2015-03-31/functions//invocations"),
        (b"POST", b"/x/2015-03-31/functions/echo/invocations"),
        (b"POST", b"/2015x03-31/functions/echo/invocations"),
        (b"POST", b"/2015-03-31/functions/echo/invoke-async"),
    ],
)
def test_anything_else_is_no_operation(method: bytes, target: bytes, contract: Contract) -> None:
    """Another method, another path, a part too many or too few: nothing is asked for."""
    assert read_request(Request(method, target, ()), contract) is None


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("", {}),
        ("Qualifier=1", {"Qualifier": "1"}),
        ("Other=2&Qualifier=1", {"Qualifier": "1"}),
        ("Qualifier=1&Other", {"Qualifier": "1"}),
        ("&&Qualifier=1", {"Qualifier": "1"}),
        ("Qualifier=a=b", {"Qualifier": "a=b"}),
        ("Qualifier=1?2", {"Qualifier": "1?2"}),
        ("%51ualifier=%241", {"Qualifier": "$1"}),
        ("Qualifier=a+b", {"Qualifier": "a+b"}),
        ("Qualifier=%FF", {"Qualifier": "\ufffd"}),
        ("Qualifier", {"Qualifier": ""}),
        ("qualifier=1", {}),
        ("X-Amz-Log-Type=Tail", {}),
    ],
)
def test_the_query_holds_parameters(query: str, values: dict[str, str], contract: Contract) -> None:
    """Names and values are decoded, a plus is a plus, and what the operation does not have is left out."""
    found = dict(asked(request(query=query), contract).values)
    assert found == {"FunctionName": "echo", **values}


def test_headers_hold_parameters(contract: Contract) -> None:
    """The name of a header has no case; its value is taken as it is; a parameter of the query is no header."""
    sent = request(headers={"x-amz-log-TYPE": "Tail", "X-Amz-Tenant-Id": "%41", "Qualifier": "1", "Other": "x"})
    found = dict(asked(sent, contract).values)
    assert found == {"FunctionName": "echo", "X-Amz-Log-Type": "Tail", "X-Amz-Tenant-Id": "%41"}


@pytest.mark.parametrize(
    ("query", "headers", "repeated"),
    [
        ("Qualifier=1", ("X-Amz-Log-Type",), set[str]()),
        ("Qualifier=1&Qualifier=1", (), {"Qualifier"}),
        ("Qualifier=1&Qualifier=2&Qualifier=3", ("X-Amz-Log-Type",), {"Qualifier"}),
        ("Other=1&Other=2", ("X-Amz-Log-Type", "x-amz-log-type"), {"X-Amz-Log-Type"}),
    ],
)
def test_what_is_there_twice_is_told(
    query: str, headers: tuple[str, ...], repeated: set[str], contract: Contract
) -> None:
    """A parameter that is there more than once is named, equal values or not."""
    sent = Request(b"POST", request(query=query).target, tuple((name.encode(), b"None") for name in headers))
    assert asked(sent, contract).repeated == repeated


@pytest.mark.parametrize(
    ("operation", "headers", "kind"),
    [
        ("Invoke", {}, "RequestResponse"),
        ("Invoke", {"X-Amz-Invocation-Type": "DryRun"}, "DryRun"),
        ("InvokeWithResponseStream", {}, "RequestResponse"),
        ("InvokeAsync", {}, "Event"),
        ("InvokeAsync", {"X-Amz-Invocation-Type": "DryRun"}, "Event"),
    ],
)
def test_a_request_has_a_type(operation: str, headers: dict[str, str], kind: str, contract: Contract) -> None:
    """Synchronous without a header that says otherwise; InvokeAsync has no such header and is an Event."""
    assert asked(request(operation=operation, headers=headers), contract).InvocationType == kind


def test_all_violations_are_told(contract: Contract) -> None:
    """Each constraint that a parameter breaks is told, in the order of the contract's parameters."""
    found = asked(request("echo!", "Qualifier=1!", {"X-Amz-Log-Type": "tail"}), contract)
    assert [(one.member, one.value) for one in found.violations] == [
        ("functionName", "echo!"),
        ("qualifier", "1!"),
        ("logType", "tail"),
    ]
    assert found.reference is None


def test_the_name_is_taken_apart(contract: Contract) -> None:
    """The reference is what the function's name says."""
    reference = asked(request("123456789012:function:f:live"), contract).reference
    assert reference is not None
    assert (reference.account, reference.name, reference.qualifier) == ("123456789012", "f", "live")


@pytest.mark.parametrize(("own", "given", "body"), [(b"1", None, b"1"), (b"1", b"2", b"2"), (b"1", b"", b"")])
def test_a_body_that_is_given_counts(own: bytes, given: bytes | None, body: bytes, contract: Contract) -> None:
    """The body without its chunks is told by whoever took them off, and may be empty."""
    found = read_request(request(body=own), contract, given)
    assert found is not None
    assert found.body == body
