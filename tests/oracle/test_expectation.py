"""Of which requests what is expected: routes, names that may be read in more than one way, several refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.asking import NO_ROUTE, VIOLATION, WORLD, broken, header, refusal, reply, request, result, status
from support.calls import PATHS

from conformance.contract.requirements import load_requirements
from conformance.exchange.message import Request
from conformance.oracle.clause import Clause
from conformance.oracle.expectation import ONLY_POST, expectation

if TYPE_CHECKING:
    from conformance.contract.model import Contract

UUID = "response-headers/request-id-uuid"
CLEAR = reply(200, b"anything", {"x-amzn-RequestId": "42"})


@pytest.mark.parametrize("operation", PATHS)
@pytest.mark.parametrize("method", [b"GET", b"PUT", b"DELETE", b"PATCH"])
def test_another_method_is_no_route(operation: str, method: bytes, contract: Contract) -> None:
    """On the path of an operation, another method than its own is refused like an unknown route."""
    asked = replace(request(operation=operation), method=method)

    assert broken(asked, reply(403, NO_ROUTE), contract) == []
    assert broken(asked, status(405)(reply(403, NO_ROUTE)), contract) == [ONLY_POST[operation]]
    told = ["routing/unknown-route-body"] if operation == "Invoke" else []  # of the others it is reasoned
    assert broken(asked, reply(403, b""), contract) == told


def test_each_operation_has_its_requirement_about_the_method() -> None:
    """The path says which operation was meant, and so which requirement is broken."""
    assert ONLY_POST == {
        "Invoke": "routing/only-post",
        "InvokeWithResponseStream": "streaming/only-post",
        "InvokeAsync": "invoke-async/only-post",
    }


@pytest.mark.parametrize("path", [b"/", b"/x", b"/2015-03-31/nothing", b"/a/b.c/~d_e-f", b"/a/..b", b"/x?/a//b"])
def test_a_plain_path_of_nothing_is_no_route(path: bytes, contract: Contract) -> None:
    """A path that nobody could take for one of ours is refused."""
    found = broken(Request(b"POST", path, ()), CLEAR, contract)
    plain = path != b"/a/..b"
    assert found == (["routing/unknown-route", "routing/unknown-route-body"] if plain else [])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        (b"HEAD", b"/2015-03-31/functions/echo/invocations"),
        (b"OPTIONS", b"/2015-03-31/functions/echo/invocations"),
        (b"POST", b"/2015-03-31/functions/echo"),
        (b"POST", b"/2015-03-31/FUNCTIONS/echo"),
        (b"POST", b"/2015-03-31/Invoke"),
        (b"POST", b"/2015-03-31//nothing"),
        (b"POST", b"/2015-03-31/nothing/"),
        (b"POST", b"/2015-03-31/./nothing"),
        (b"POST", b"/2015-03-31/%6Eothing"),
        (b"POST", b"nothing"),
    ],
)
def test_of_what_may_be_taken_for_something_else_nothing_is_expected(
    method: bytes, path: bytes, contract: Contract
) -> None:
    """Where nobody knows what a method or a path means, an answer may be any."""
    assert expectation(Request(method, path, ()), contract, WORLD) == ()


@pytest.mark.parametrize(
    "asked",
    [
        request("."),
        request(".."),
        request("%2e%2E"),
        request("a%2Fb"),
        request("%FF"),
        request(query="Qualifier=a+b"),
        request(query="Other=a+b"),
        request(query="Qualifier=1&Qualifier=1"),
    ],
)
def test_of_what_may_be_read_in_two_ways_an_id_is_all_that_is_expected(asked: Request, contract: Contract) -> None:
    """A path or query that servers decode differently has an answer, and that has a request id."""
    assert broken(asked, refusal(500, "Whatever"), contract) == []
    assert broken(asked, CLEAR, contract) == [UUID]


AS_READ, LEGAL, ELSEWHERE = "names/read-as-the-pattern-does", "names/well-formed", "names/other-partition"


@pytest.mark.parametrize("name", ["us-east-1:echo", "111111111111:echo", "function:echo", "arn:aws:lambda:echo"])
def test_what_no_document_explains_is_expected_as_the_pattern_reads_it(name: str, contract: Contract) -> None:
    """A name of a form that the pattern alone allows is well-formed for certain, and all else is a guess."""
    asked = request(name)

    assert broken(asked, result(b"{}"), contract) == []
    assert broken(asked, status(404)(result(b"{}")), contract) == [AS_READ]
    assert LEGAL in broken(asked, refusal(400, "ValidationException", {"message": "no"}), contract)
    assert UUID in broken(asked, header("x-amzn-RequestId", "42")(result(b"{}")), contract)


@pytest.mark.parametrize(
    ("name", "requirements"),
    [
        ("echo", "status-codes/synchronous-200 invocation-types/default-is-synchronous payload/sdk-content-types"),
        ("echo:live", "qualifiers/suffix names/raw-colons"),
        ("echo:$LATEST", "qualifiers/suffix-latest names/raw-colons"),
        ("111111111111:function:echo", "names/partial-arn names/raw-colons"),
        ("111111111111:function:echo:live", "qualifiers/suffix names/partial-arn names/raw-colons"),
        ("arn:aws:lambda:us-east-1:111111111111:function:echo", "names/arn names/raw-colons"),
        (
            "arn:aws:lambda:us-east-1:111111111111:function:echo:2",
            "qualifiers/suffix names/arn names/raw-colons",
        ),
    ],
)
def test_what_is_documented_is_no_guess(name: str, requirements: str, contract: Contract) -> None:
    """The three forms, with a qualifier or without, are held to what they mean."""
    clauses = expectation(request(name, body=b"{}"), contract, WORLD)
    found = [(one.requirement, one.value) for one in clauses if one.subject == "status"]

    assert found == [(one, 200) for one in requirements.split()]
    assert all(load_requirements()[one].can_fail for one, _ in found)


def test_an_arn_that_was_not_finished_is_of_a_function_called_function(contract: Contract) -> None:
    """That is on record, so the answer is no guess."""
    asked = request("arn:aws:lambda:us-east-1:111111111111:function")
    assert expectation(asked, contract, WORLD)[0] == Clause("names/word-function-is-a-name", "status", "equals", 404)


@pytest.mark.parametrize("code", [200, 202, 204, 400, 403, 404])
def test_what_an_arn_of_another_partition_reaches_is_open(code: int, contract: Contract) -> None:
    """It may be this function or none, but it is no malformed name, and no failure of the service."""
    asked = request("arn:aws-cn:lambda:us-east-1:111111111111:function:echo")

    assert broken(asked, refusal(code, "Whatever"), contract) == []
    assert broken(asked, refusal(500, "Whatever"), contract) == [ELSEWHERE]
    assert broken(asked, refusal(code, "ValidationException"), contract) == [LEGAL]
    assert broken(asked, header("x-amzn-RequestId", "42")(refusal(code, "Whatever")), contract) == [UUID]


def test_of_another_partition_a_refusal_that_is_deserved_may_come(contract: Contract) -> None:
    """What the request deserves wherever it goes is among what may come."""
    name = "arn:aws-cn:lambda:us-east-1:111111111111:function:echo"
    large = request(name, body=b'"' + b"a" * 6 * 1024**2 + b'"')
    wrong = request(name, headers={"X-Amz-Log-Type": "tail"})

    assert broken(large, refusal(413, "RequestEntityTooLargeException"), contract) == []
    assert broken(wrong, refusal(400, "ValidationException"), contract) == []


def test_a_guess_that_violates_something_else_may_be_refused_for_it(contract: Contract) -> None:
    """A name that is well-formed does not save a request from another violation."""
    asked = request("us-east-1:echo", headers={"X-Amz-Log-Type": "tail"})
    assert LEGAL not in broken(asked, refusal(400, "ValidationException", {"message": VIOLATION}), contract)


def test_where_several_refusals_are_deserved_any_of_them_conforms(contract: Contract) -> None:
    """An order that no evidence tells is left to the target, and with it the text."""
    asked = request("nobody", body=b"{")
    refusals = [(404, "ResourceNotFoundException"), (400, "InvalidRequestContentException")]

    assert [broken(asked, refusal(code, kind), contract) for code, kind in refusals] == [[], []]
    assert broken(asked, refusal(413, "RequestEntityTooLargeException"), contract) == ["payload/malformed-json"]
