"""The strategies for other projects: what they promise of what they draw."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import HealthCheck, find, given, settings

from conformance import strategies as invoke
from conformance.contract.names import parse_name
from conformance.contract.reader import load_contract
from conformance.generation.drawing.headers import right_context
from conformance.oracle.bodies import kind_of

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

INVOKE = load_contract().operations["Invoke"]
NAMES, QUALIFIERS = INVOKE.parameter("FunctionName"), INVOKE.parameter("Qualifier")
CONTEXT = INVOKE.parameter("X-Amz-Client-Context")


def drawn(strategy: SearchStrategy[T], number: int = 200) -> list[T]:
    """Return what a strategy draws."""
    found: list[T] = []

    @settings(max_examples=number, suppress_health_check=[HealthCheck.too_slow])
    @given(strategy)
    def draw(one: T) -> None:
        found.append(one)

    draw()
    return found


def test_names_are_labelled_by_the_contract() -> None:
    """Valid names violate no constraint and can be taken apart, invalid ones can't; by default there are both."""
    valid, invalid, any_ = (drawn(invoke.function_names("my-fn", valid=one)) for one in (True, False, None))

    assert all(not NAMES.violations(one) and parse_name(one, NAMES) for one in valid)
    assert all(NAMES.violations(one) for one in invalid)
    assert {bool(NAMES.violations(one)) for one in any_} == {True, False}
    assert {"my-fn", "123456789012:function:my-fn"} <= {*valid}
    assert any(one.startswith("arn:aws:lambda:us-east-1:123456789012:function:my-fn:") for one in valid)


def test_names_are_of_the_place_that_is_said() -> None:
    """Region, account and partition of an ARN are those that were given."""
    strategy = invoke.function_names("f", region="cn-north-1", account="210987654321", partition="aws-cn", valid=True)

    assert "arn:aws-cn:lambda:cn-north-1:210987654321:function:f" in drawn(strategy, 300)


def test_qualifiers_are_labelled_by_the_contract() -> None:
    """Valid qualifiers violate no constraint, invalid ones do; the known ones are drawn most often."""
    valid, invalid = (drawn(invoke.qualifiers("7", "prod", valid=one)) for one in (True, False))

    assert not any(map(QUALIFIERS.violations, valid))
    assert all(map(QUALIFIERS.violations, invalid))
    assert {name for name, _ in Counter(valid).most_common(2)} == {"7", "prod"}
    assert {"$LATEST", "1", "2", "live"} <= {*drawn(invoke.qualifiers())}


def test_client_contexts_are_labelled() -> None:
    """Valid contexts are objects in base64 within the limit, and invalid ones are not."""
    valid, invalid = (drawn(invoke.client_contexts(valid=one)) for one in (True, False))

    assert all(right_context(CONTEXT, one) for one in valid)
    assert not any(right_context(CONTEXT, one) for one in invalid)
    assert any(len(one) > (CONTEXT.max_bytes or 0) for one in invalid)


def test_payloads_are_labelled() -> None:
    """Valid payloads are JSON or nothing, invalid ones JSON to no parser; by default there are unclear ones, too."""
    valid, invalid, any_ = (drawn(invoke.payloads(valid=one), 300) for one in (True, False, None))

    assert {kind_of(one) for one in valid} == {"json", "empty"}
    assert {kind_of(one) for one in invalid} == {"not JSON", "not UTF-8"}
    assert {kind_of(one) for one in any_} == {"json", "empty", "not JSON", "not UTF-8", "unclear"}
    assert all(json.loads(one) is not ... for one in drawn(invoke.json_payloads()))


def test_headers_are_those_of_the_operation() -> None:
    """Invoke's headers are drawn, in odd spellings as well; InvokeAsync has none of them."""
    names = {name.lower() for one in drawn(invoke.headers()) for name, _ in one}
    others = {name.lower() for one in drawn(invoke.headers("InvokeAsync")) for name, _ in one}

    assert {"x-amz-invocation-type", "x-amz-log-type", "x-amz-client-context", "content-type"} <= names
    assert not any(name.startswith("x-amz-") for name in others)


def test_a_call_becomes_a_request() -> None:
    """Every call can be put into bytes for a server, with its own names in it and no word left in braces."""
    names = {"echo": "my-echo", "versioned": "my-versioned"}
    calls = drawn(invoke.calls(names, ("Invoke", "InvokeAsync", "InvokeWithResponseStream")), 400)
    requests = [invoke.as_request(one, host="127.0.0.1:9000", names=names).encode() for one in calls]

    assert {one.operation for one in calls} == {"Invoke", "InvokeAsync", "InvokeWithResponseStream"}
    assert any(b"my-versioned" in one for one in requests)
    for request in requests:
        line, _, rest = request.partition(b"\r\n")
        assert line.count(b" ") == 2
        assert rest.startswith(b"Host: 127.0.0.1:9000\r\n")
        assert b"{" not in line
        assert b"%7B" not in line


@pytest.mark.parametrize(
    ("fixtures", "operations"), [((), ("Invoke",)), (("echo", "nonsense"), ("Invoke",)), (("echo",), ("InvokeAsync",))]
)
def test_calls_of_what_is_not_there_are_refused(fixtures: tuple[str, ...], operations: tuple[str, ...]) -> None:
    """Echo and Invoke must be there, since the plainest call is that, and all else must be known."""
    with pytest.raises(ValueError, match="fixtures"):
        invoke.calls(fixtures, operations)


def test_malformed_bytes_name_the_function() -> None:
    """What is no request may nearly be one of the function that is given."""
    assert any(b"/functions/my-fn/invocations" in one for one in drawn(invoke.wire("my-fn")))


def test_everything_becomes_plain() -> None:
    """What does not matter shrinks away, down to the plainest Invoke."""
    assert find(invoke.function_names("my-fn"), lambda _: True) == "my-fn"
    assert find(invoke.payloads(), lambda _: True) == b"{}"
    assert find(invoke.headers(), lambda _: True) == ()
    assert find(invoke.calls(), lambda _: True) == invoke.Call()
    assert find(invoke.calls(), lambda call: "Tail" in dict(call.headers).values()) == invoke.Call(
        headers=(("X-Amz-Log-Type", "Tail"),)
    )


def test_all_that_is_public_is_there() -> None:
    """Each name that the module exports is one of it, with a docstring."""
    assert all(getattr(invoke, name).__doc__ for name in invoke.__all__)
    assert invoke.__all__ == sorted(invoke.__all__)
