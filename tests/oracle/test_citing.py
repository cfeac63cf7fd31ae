"""Which requirement a refusal is about, by the value that is refused, and which words are recorded for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.asking import refusal, request

from conformance.contract.model import Violation
from conformance.contract.requirements import load_requirements
from conformance.oracle.asked import read_request
from conformance.oracle.bodies import kind_of
from conformance.oracle.citing import (
    EMPTY,
    TOLD,
    VIOLATED,
    about_body,
    about_message,
    about_name,
    about_pattern,
    about_violation,
    counted,
    joined,
    messages_of_body,
    messages_of_size,
)
from conformance.oracle.clause import Clause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.contract.model import Contract
    from conformance.exchange.message import Request, Response

    Breaks = Callable[[Iterable[Clause], Response], str]

PREFIX = "arn:aws:lambda:us-east-1:111111111111:function:"
PATTERNS = {
    "": EMPTY,
    " ": "names/white-space",
    "a%2Fb": "names/decoded-once",
    "a%": "names/illegal-character",
    "echo!": "names/illegal-character",
    "ec ho": "names/illegal-character",
    "echo\n": "names/illegal-character",
    "echo!:live": "names/illegal-character",
    "111111111111:function:*": "names/illegal-character",
    f"{PREFIX}echo!": "names/illegal-character",
    "arn:aws:ec2:us-east-1:111111111111:function:echo": "names/malformed-arn",
    "arn:aws:lambda::111111111111:function:echo": "names/malformed-arn",
    "arn:aws:lambda:us-east-1::function:echo": "names/malformed-arn",
    "arn:aws:lambda:nowhere:111111111111:function:echo": "names/malformed-arn",
    f"{PREFIX}echo:1:2": "names/malformed-arn",
    "arn:aws:lambda:us-east-1:12:function:echo": "names/pattern",
    "arn:aws:lambda": "names/pattern",
    "echo:$LATES": "names/pattern",
    "echo:1:2": "names/pattern",
}
"""FunctionName that the pattern does not match -> the requirement about what is wrong with it."""


@pytest.mark.parametrize(("named", "requirement"), PATTERNS.items(), ids=map(repr, PATTERNS))
def test_a_name_that_matches_no_pattern_is_judged_by_what_is_wrong_with_it(named: str, requirement: str) -> None:
    """A wrong character, a wrong part of an ARN and the rest have requirements of their own."""
    assert about_pattern(named) == requirement


VIOLATIONS: dict[str, tuple[Request, str]] = {
    "several": (request(query="Qualifier=!", headers={"X-Amz-Log-Type": "a"}), "request-errors/several-violations"),
    "two of one": (request(query="Qualifier=" + "!" * 129), "qualifiers/too-long"),
    "pattern of a name": (request("echo!"), "names/illegal-character"),
    "long name": (request("a" * 257), "names/too-long"),
    "qualifier": (request(query="Qualifier=a.b"), "qualifiers/illegal-character"),
    "long qualifier": (request(query="Qualifier=" + "a" * 129), "qualifiers/too-long"),
    "empty qualifier": (request(query="Qualifier="), EMPTY),
    "type": (request(headers={"X-Amz-Invocation-Type": "Later"}), "invocation-types/unknown"),
    "type in capitals": (request(headers={"X-Amz-Invocation-Type": "EVENT"}), "invocation-types/case-sensitive"),
    "log type": (request(headers={"X-Amz-Log-Type": "tail"}), "logs/unknown-type"),
    "tenant": (request(headers={"X-Amz-Tenant-Id": "a,b"}), "tenant/constraints"),
    "long tenant": (request(headers={"X-Amz-Tenant-Id": "a" * 257}), "tenant/constraints"),
    "execution": (request(headers={"X-Amz-Durable-Execution-Name": "a.b"}), "durable/name-constraints"),
    "long execution": (request(headers={"X-Amz-Durable-Execution-Name": "a" * 65}), "durable/name-constraints"),
}
"""What is violated -> a request that violates it, and the requirement about that."""


@pytest.mark.parametrize(("asked", "requirement"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_violation_is_judged_by_the_member_and_the_constraint(
    asked: Request, requirement: str, contract: Contract
) -> None:
    """Each member has requirements about its constraints; several members are one case for themselves."""
    found = read_request(asked, contract)
    assert found is not None
    assert about_violation(found) == requirement


NAME = Violation("functionName", "pattern", "[a-z]+", "!")
LONG_NAME = Violation("functionName", "maxLength", 256, "a" * 257)
QUALIFIER = Violation("qualifier", "maxLength", 128, "b" * 129)
TENANT = Violation("tenantId", "maxLength", 256, "c" * 257)
MESSAGES: dict[str, tuple[list[Violation], str]] = {
    "name": ([NAME], "names/pattern-message"),
    "ARN of 140 characters": ([Violation("functionName", "pattern", "", "a" * 140)], "names/pattern-message"),
    "ARN of more": ([Violation("functionName", "pattern", "", "a" * 141)], "names/pattern-message names/one-violation"),
    "long name": ([LONG_NAME], "names/too-long-message"),
    "qualifier": ([Violation("qualifier", "pattern", "", "!")], "qualifiers/pattern-message"),
    "long qualifier": ([QUALIFIER], "qualifiers/too-long-message"),
    "type": ([Violation("invocationType", "enum", "", "a")], "invocation-types/unknown-message"),
    "log type": ([Violation("logType", "enum", "", "a")], "logs/unknown-type-message"),
    "tenant": ([TENANT], ""),
    "two of a name": ([NAME, LONG_NAME], "request-errors/all-violations names/every-constraint"),
    "name and qualifier": ([NAME, QUALIFIER], "request-errors/all-violations qualifiers/all-violations-together"),
    "qualifier and tenant": ([QUALIFIER, TENANT], "request-errors/all-violations"),
}
"""What is violated -> violations, and the requirements about the text that tells of them."""


@pytest.mark.parametrize(("broken", "requirements"), MESSAGES.values(), ids=MESSAGES)
def test_the_text_about_violations_has_requirements_of_its_own(broken: list[Violation], requirements: str) -> None:
    """One violation is told as recorded for its member; several are told together, and counted."""
    assert about_message(broken) == tuple(requirements.split())


def test_whatever_is_cited_of_violations_is_a_requirement() -> None:
    """The tables name requirements that there are."""
    assert {*VIOLATED.values(), *TOLD.values(), *PATTERNS.values()} <= load_requirements().keys()


AT = "Value '{}' at '{}' failed to satisfy constraint: Member must {}"
OF_NAME = AT.format("!", "functionName", "satisfy regular expression pattern: [a-z]+")
OF_QUALIFIER = AT.format("b" * 129, "qualifier", "have length less than or equal to 128")


@pytest.mark.parametrize(
    ("text", "right", "together"),
    [
        (f"2 validation errors detected: {OF_NAME}; {OF_QUALIFIER}", True, True),
        (f"2 validation errors detected: {OF_QUALIFIER}; {OF_NAME}", True, True),
        (f"2 validation errors detected: {OF_NAME}, {OF_QUALIFIER}", True, False),
        (f"2 validation error detected: {OF_NAME}; {OF_QUALIFIER}", False, True),
        (f"1 validation error detected: {OF_NAME}; {OF_QUALIFIER}", False, True),
        (f"2 validation errors detected: {OF_NAME}", False, False),
    ],
)
def test_several_violations_are_counted_and_joined(text: str, right: bool, together: bool, breaks: Breaks) -> None:  # noqa: FBT001  a table
    """All of them stand in one text, in any order, with their number before them and semicolons between."""
    broken, format_ = [NAME, QUALIFIER], "request-errors/violation-format"
    answer = refusal(400, "ValidationException", {"message": text})
    told = (Clause(format_, "error message", "tells", counted(broken)),)

    assert breaks(told, answer) == ("" if right else format_)
    assert breaks(joined(broken), answer) == ("" if together else format_)


@pytest.mark.parametrize("broken", [[NAME], [NAME, Violation("qualifier", "pattern", "", "a\nb")]])
def test_of_one_violation_or_of_two_lines_nothing_is_said_of_semicolons(broken: list[Violation]) -> None:
    """There is nothing to join, or the line that has to be looked at is broken by a value."""
    assert joined(broken) == ()


NAMES = {
    "nobody": "names/unknown-function",
    "Echo-2": "names/well-formed",
    "echo-A": "names/unknown-function",
    "function": "names/word-function-is-a-name",
    "function:1": "names/unknown-function",
    "arn:aws:lambda:us-east-1:111111111111:function": "names/word-function-is-a-name",
    "no.body": "names/dots",
    "echo.body": "names/dots",
    "x": "names/one-character",
    "xy": "names/unknown-function",
    "x:1": "names/unknown-function",
    "x" * 63: "names/unknown-function",
    "x" * 64: "names/up-to-the-longest",
    "x" * 65: "names/bare-65-characters",
    "x" * 66: "names/up-to-the-longest",
    f"{PREFIX}{'x' * 65}": "names/up-to-the-longest",
    "Nobody": "names/well-formed",
    "no_body": "names/well-formed",
}
"""FunctionName of a function that is not there -> the requirement about it, where there is an echo."""


@pytest.mark.parametrize(("named", "requirement"), NAMES.items())
def test_a_function_that_is_not_there_is_judged_by_its_name(named: str, requirement: str, contract: Contract) -> None:
    """Names at the edges of what is a name are looked up; one made of a name that is there is nothing special."""
    asked = read_request(request(named), contract)
    assert asked is not None
    assert asked.reference is not None
    assert about_name(asked.reference, ["echo"]) == requirement


BODIES = {
    b"\xff": "payload/invalid-utf8",
    b'"\xff"': "payload/invalid-utf8-in-string",
    b'{"a": "\xff"}': "payload/invalid-utf8-in-string",
    b'["\xff"]': "payload/invalid-utf8-in-string",
    b"123abc": "payload/trailing-garbage",
    b"1x1": "payload/grammar",
    b"1e": "payload/grammar",
    b"{": "payload/malformed-json",
    b'{"a": {}': "payload/malformed-json",
    b"{a}": "payload/grammar",
    b"hello": "payload/malformed-json",
    b" hello": "payload/malformed-json",
    b"tru": "payload/grammar",
    b"NaN": "payload/grammar",
    b"undefined": "payload/grammar",
    b"[1": "payload/grammar",
    b"'a'": "payload/grammar",
    b"{}{}": "payload/malformed-json",
}
"""Body -> the requirement that it is refused."""


@pytest.mark.parametrize(("body", "requirement"), BODIES.items(), ids=map(repr, BODIES))
def test_a_body_is_judged_by_what_is_wrong_with_it(body: bytes, requirement: str) -> None:
    """What is recorded is told from what only resembles JSON, and from what is no UTF-8."""
    assert about_body(body, kind_of(body)) == requirement


START = "Could not parse request body into json: "
TOKEN, GARBAGE = "payload/unrecognized-token-message", "payload/trailing-garbage-message"


@pytest.mark.parametrize(
    ("body", "message", "requirements"),
    [
        (b"hello", f"{START}Unrecognized token 'hello': was expecting ('true'", ""),
        (b"hello", f"{START}Could not parse payload into json: Unrecognized token 'hello': was expecting (a", ""),
        (b"hello world", f"{START}Unrecognized token 'hello': was expecting (a", ""),
        (b"hello", f"{START}Unrecognized token 'world': was expecting (a", TOKEN),
        (b"hello", "Unrecognized token 'hello': was expecting (a", TOKEN),
        (b" hello", "whatever", ""),
        ("helló".encode(), "whatever", ""),
        (b"tru", "whatever", ""),
        (b"{", "whatever", ""),
        (b"123abc", f"{START}Unexpected character ('a'): Expected space separating root-level values", ""),
        (b"123abc", f"{START}Unexpected character ('a')", GARBAGE),
    ],
)
def test_the_words_that_are_recorded_for_a_body_are_expected(
    body: bytes, message: str, requirements: str, breaks: Breaks
) -> None:
    """A bare word is named as the token that it is; of other bodies no words are known, but for garbage behind."""
    answer = refusal(400, "InvalidRequestContentException", {"message": message})
    assert breaks(messages_of_body(body), answer) == requirements


BIG = b"a" * 7
SIZED, SPOKEN = "limits/too-large-message", "request-errors/too-large-has-a-message"
OF_INVOKE = "Request must be smaller than 6 bytes for the InvokeFunction operation"


@pytest.mark.parametrize(
    ("type_", "members", "requirements"),
    [
        ("RequestResponse", {"Message": OF_INVOKE}, ""),
        ("RequestResponse", {"message": OF_INVOKE}, ""),
        ("RequestResponse", {"Message": f"{OF_INVOKE}."}, SIZED),
        (
            "RequestResponse",
            {"message": "7 byte payload is too large for the RequestResponse invocation type (limit 6 bytes)"},
            "",
        ),
        (
            "RequestResponse",
            {"message": "8 byte payload is too large for the RequestResponse invocation type (limit 6 bytes)"},
            SIZED,
        ),
        (
            "RequestResponse",
            {"message": "7 byte payload is too large for the RequestResponse invocation type (limit 7 bytes)"},
            SIZED,
        ),
        ("Event", {"message": "7 byte payload is too large for the Event invocation type (limit 6 bytes)"}, ""),
        ("Event", {"Message": OF_INVOKE}, SIZED),
        ("Event", {"Message": ""}, f"{SIZED} {SPOKEN}"),
        ("Event", {}, f"{SIZED} {SPOKEN}"),
    ],
)
def test_what_is_too_large_is_told_in_one_of_the_recorded_texts(
    type_: str, members: dict[str, str], requirements: str, contract: Contract, breaks: Breaks
) -> None:
    """The size, the limit and the way of calling are named; the other text is recorded of calls that wait."""
    asked = read_request(request(headers={"X-Amz-Invocation-Type": type_}, body=BIG), contract)
    assert asked is not None
    answer = refusal(413, "RequestEntityTooLargeException", members)
    assert breaks(messages_of_size(asked, 6), answer) == requirements
