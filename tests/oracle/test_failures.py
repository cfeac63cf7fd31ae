"""What must hold of an answer from a function that failed, by why it did: recorded forms pass, and others don't."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest
from support.asking import REQUEST_ID, header, reply

from conformance.oracle.failures import of_failure
from conformance.oracle.world import Cause, Deployed, Ran

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.exchange.message import Response
    from conformance.oracle.clause import Clause

    Breaks = Callable[[Iterable[Clause], Response], str]

TIMED = Deployed(timeout=3)
OTHER_ID = REQUEST_ID.replace("1", "a")
FRAME = '  File "/var/task/handlers.py", line 7, in handler\n    raise kind(message)\n'
NEW, OLD = f"RequestId: {REQUEST_ID} Error: ", f"2024-04-08T01:02:03.456Z {REQUEST_ID} "
EXIT, TIMEOUT = "Runtime exited without providing a reason", "Task timed out after 3.00 seconds"
TOO_LARGE = "Response payload size exceeded maximum allowed payload size (6 bytes)."
E = "function-errors/"

RAN: dict[str, Ran] = {
    "": Ran({"errorMessage": "a", "errorType": "B"}, failed=True),
    "exception": Ran({"errorMessage": "a", "errorType": "B"}, failed=True, cause="exception"),
    "empty": Ran({"errorMessage": "", "errorType": "B"}, failed=True, cause="exception"),
    "exit": Ran({}, failed=True, cause="exit"),
    "timeout": Ran({}, failed=True, cause="timeout"),
    "loading": Ran({"errorMessage": "a", "errorType": "B"}, failed=True, cause="loading"),
    "missing module": Ran({"module": "im.porting"}, failed=True, cause="missing module"),
    "unserialisable": Ran({}, failed=True, cause="unserialisable"),
    "too large": Ran({"most": 6}, failed=True, cause="too large"),
    "node exception": Ran({"errorType": "Error"}, failed=True, cause="node exception"),
    "node handler not found": Ran({"handler": "a.b"}, failed=True, cause="node handler not found"),
}
"""Why a function failed, or how -> what is known of it."""
PYTHON = {"errorMessage": "a", "errorType": "B", "requestId": REQUEST_ID, "stackTrace": [FRAME]}
RIGHT: dict[str, dict[str, Any]] = {
    "": {"errorMessage": "a", "errorType": "B"},
    "exception": PYTHON,
    "empty": {**PYTHON, "errorMessage": ""},
    "exit": {"errorMessage": NEW + EXIT, "errorType": "Runtime.ExitError"},
    "timeout": {"errorMessage": NEW + TIMEOUT, "errorType": "Sandbox.Timedout"},
    "loading": {**PYTHON, "requestId": ""},
    "missing module": {
        "errorMessage": "Unable to import module 'im.porting': No module named 'absent'",
        "errorType": "Runtime.ImportModuleError",
        "requestId": "",
        "stackTrace": [],
    },
    "unserialisable": {
        "errorMessage": "Unable to marshal response: Object of type object is not JSON serializable",
        "errorType": "Runtime.MarshalError",
        "requestId": REQUEST_ID,
        "stackTrace": [],
    },
    "too large": {"errorMessage": TOO_LARGE, "errorType": "Function.ResponseSizeTooLarge"},
    "node exception": {"errorMessage": "any", "errorType": "Error", "trace": ["Error: any", "    at handler"]},
    "node handler not found": {
        "errorMessage": "a.b is undefined or not exported",
        "errorType": "Runtime.HandlerNotFound",
        "trace": [],
    },
}
"""The same -> the body of an answer that is right."""
LACK = None
"""In place of a member: it is not there."""
WRONG: dict[str, list[tuple[dict[str, Any], str]]] = {
    "": [
        ({"errorMessage": "b"}, f"{E}exception-payload"),
        ({"errorType": LACK}, f"{E}exception-payload"),
        ({"more": 1}, ""),
    ],
    "exception": [
        ({"errorMessage": "b"}, f"{E}exception-payload"),
        ({"errorType": "C"}, f"{E}exception-payload"),
        ({"more": 1}, f"{E}python-members"),
        ({"requestId": OTHER_ID}, f"{E}python-members"),
        ({"requestId": LACK}, f"{E}python-members"),
        ({"stackTrace": []}, f"{E}python-stack"),
        ({"stackTrace": LACK}, f"{E}python-members {E}python-stack"),
        ({"stackTrace": [FRAME.replace("/var/task", "/tmp")]}, f"{E}python-stack"),  # noqa: S108  no file
        ({"stackTrace": [FRAME.splitlines()[0]]}, f"{E}python-stack"),
        ({"stackTrace": [FRAME.strip()]}, f"{E}python-stack"),
    ],
    "empty": [
        ({"errorMessage": "B"}, f"{E}empty-message"),
        ({"errorType": "Exception"}, f"{E}empty-message"),
    ],
    "exit": [
        ({"errorType": "Runtime.Unknown"}, f"{E}exit"),
        ({"errorMessage": EXIT}, f"{E}exit-message"),
        ({"errorMessage": f"{NEW}{EXIT}."}, f"{E}exit-message"),
        ({"errorMessage": NEW.replace(REQUEST_ID, OTHER_ID) + EXIT}, f"{E}exit-message"),
        ({"requestId": REQUEST_ID}, f"{E}exit-members"),
    ],
    "timeout": [
        ({"errorMessage": OLD + TIMEOUT, "errorType": LACK}, ""),
        ({"errorMessage": TIMEOUT}, f"{E}timeout-form"),
        ({"errorMessage": f"a{NEW}{TIMEOUT}"}, f"{E}timeout-form"),
        ({"errorMessage": NEW.replace(REQUEST_ID, OTHER_ID) + TIMEOUT}, f"{E}timeout-form"),
        ({"errorMessage": f"{NEW}Task timed out after 4.00 seconds"}, f"{E}timeout-seconds"),
        ({"errorMessage": f"{NEW}Task timed out after 3.01 seconds"}, f"{E}timeout-seconds"),
        (
            {"errorMessage": f"{NEW}Task timed out after 3 seconds"},
            f"{E}timeout {E}timeout-form {E}timeout-seconds",
        ),
        ({"errorMessage": f"{NEW}{TIMEOUT}."}, f"{E}timeout {E}timeout-form {E}timeout-seconds"),
        ({"stackTrace": []}, f"{E}timeout-form"),
    ],
    "loading": [
        ({"errorMessage": "b"}, f"{E}loading"),
        ({"errorType": "C"}, f"{E}loading"),
        ({"requestId": REQUEST_ID}, f"{E}loading-members"),
        ({"stackTrace": LACK}, f"{E}loading-members"),
    ],
    "missing module": [
        ({"errorType": "ModuleNotFoundError"}, f"{E}missing-module"),
        ({"errorMessage": "Unable to import module 'im_porting': No module named 'a'"}, f"{E}missing-module-message"),
        ({"errorMessage": "Unable to import module 'im.porting'"}, f"{E}missing-module-message"),
        ({"requestId": REQUEST_ID}, ""),
        ({"requestId": "1"}, f"{E}missing-module-members"),
        ({"stackTrace": [FRAME]}, f"{E}missing-module-members"),
        ({"more": 1}, f"{E}missing-module-members"),
    ],
    "unserialisable": [
        ({"errorType": "TypeError"}, f"{E}unserialisable"),
        ({"errorMessage": "Object of type object is not JSON serializable"}, f"{E}unserialisable-message"),
        ({"stackTrace": [FRAME]}, f"{E}unserialisable-message"),
        ({"requestId": ""}, ""),
    ],
    "too large": [
        (
            {"errorType": "Runtime.ResponseSizeTooLarge"},
            f"{E}response-too-large limits/synchronous-response-too-large",
        ),
        ({"errorMessage": TOO_LARGE.replace("6", "7")}, "limits/synchronous-response-too-large-message"),
        ({"more": 1}, f"{E}response-too-large-members"),
    ],
    "node exception": [
        ({"errorType": "TypeError"}, f"{E}node-exception"),
        ({"errorMessage": "another"}, ""),
        ({"trace": []}, f"{E}node-members"),
        ({"trace": LACK, "stackTrace": ["Error"]}, f"{E}node-members"),
    ],
    "node handler not found": [
        ({"errorType": "Error"}, f"{E}node-handler-not-found"),
        ({"errorMessage": "axb is undefined or not exported"}, f"{E}node-handler-not-found-message"),
        ({"errorMessage": "a.b is undefined"}, f"{E}node-handler-not-found-message"),
        ({"trace": LACK}, ""),
    ],
}
"""The same -> members that are otherwise, and what that breaks."""


def answer_of(members: dict[str, Any], error: str | None = "Unhandled") -> Response:
    """The answer with these members, and the mark of an error."""
    return header("X-Amz-Function-Error", error)(reply(200, {k: v for k, v in members.items() if v is not LACK}))


@pytest.mark.parametrize("how", RAN)
def test_the_recorded_form_of_a_failure_breaks_nothing(how: str, breaks: Breaks) -> None:
    """An answer as the real service gives it passes."""
    assert breaks(of_failure(RAN[how], TIMED), answer_of(RIGHT[how])) == ""


@pytest.mark.parametrize(
    ("how", "members", "requirements"), [(how, *row) for how, rows in WRONG.items() for row in rows]
)
def test_another_member_breaks_the_requirement_about_it(
    how: str, members: dict[str, Any], requirements: str, breaks: Breaks
) -> None:
    """Type, message, stack and the set of members have requirements of their own, for each cause."""
    assert breaks(of_failure(RAN[how], TIMED), answer_of({**RIGHT[how], **members})) == requirements


@pytest.mark.parametrize("how", RAN)
def test_a_failure_is_marked_as_unhandled(how: str, breaks: Breaks) -> None:
    """Where the cause is known it is Unhandled; else it may be Handled, as errors of Node.js code were in 2018."""
    clauses, known = of_failure(RAN[how], TIMED), how != ""
    also = " limits/synchronous-response-too-large" if how == "too large" else ""

    assert breaks(clauses, answer_of(RIGHT[how], "Handled")) == (f"{E}unhandled" if known else "")
    assert breaks(clauses, answer_of(RIGHT[how], "Failed")) == (f"{E}unhandled" if known else f"{E}header")
    assert breaks(clauses, answer_of(RIGHT[how], None)) == (f"{E}header {E}unhandled{also}" if known else f"{E}header")


def test_the_message_of_a_node_error_is_held_where_it_is_known(breaks: Breaks) -> None:
    """It is what the event asks for."""
    ran = Ran({"errorMessage": "thrown", "errorType": "Error"}, failed=True, cause="node exception")

    assert breaks(of_failure(ran, TIMED), answer_of({**RIGHT["node exception"], "errorMessage": "thrown"})) == ""
    assert breaks(of_failure(ran, TIMED), answer_of(RIGHT["node exception"])) == f"{E}node-exception"


def test_each_cause_has_its_form() -> None:
    """The causes above are all that there are."""
    assert {one.cause for one in RAN.values()} == {*get_args(Cause)}
    assert RAN.keys() == RIGHT.keys() == WRONG.keys()
