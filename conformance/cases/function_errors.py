"""Cases of the area function-errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import case, expect, fails_in_the_function, sequence, step
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TIMED_OUT = r"Task timed out after \d+\.\d\d seconds$"
NEW_FORM = f"^RequestId: {ID} Error: {TIMED_OUT}"
OLD_FORM = rf"^\d{{4}}-\d\d-\d\dT[\d:.]+Z {ID} {TIMED_OUT}"


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    return (*_exceptions(), *_platform(), *_afterwards())


def _exceptions() -> tuple[Case, ...]:
    payload, members, empty = (
        "function-errors/exception-payload",
        "function-errors/python-members",
        "function-errors/empty-message",
    )
    return (
        case(
            "function-errors/exception",
            "An exception comes back as its message and class, marked Unhandled",
            Call("{raise}", body=b'{"message": "raised on purpose"}'),
            fails_in_the_function(),
            expect("function-errors/unhandled", "header X-Amz-Function-Error", "equals", "Unhandled"),
            expect(payload, "json /errorMessage", "equals", "raised on purpose"),
            expect(payload, "json /errorType", "equals", "Exception"),
        ),
        case(
            "function-errors/python-members",
            "A Python function's error has its four members, with the request id of the answer",
            Call("{raise}"),
            fails_in_the_function(),
            expect(members, "members", "equals", ["errorMessage", "errorType", "requestId", "stackTrace"]),
            expect(members, "json /requestId", "is as", "header x-amzn-RequestId"),
        ),
        case(
            "function-errors/empty-message",
            "An exception of a class of its own, without text, has that class as its type",
            Call("{raise}", body=b'{"type": "CustomException", "message": ""}'),
            fails_in_the_function(),
            expect(empty, "json /errorMessage", "equals", ""),
            expect(empty, "json /errorType", "equals", "CustomException"),
        ),
    )


def _platform() -> tuple[Case, ...]:
    timeout, form, ended = "function-errors/timeout", "function-errors/timeout-form", "function-errors/exit"
    return (
        case(
            "function-errors/timeout",
            "A function that runs too long is ended, and the message says so",
            Call("{sleep}"),
            fails_in_the_function(),
            expect(timeout, "json /errorMessage", "matches", TIMED_OUT),
            expect(form, "json /errorMessage", "matches", f"{NEW_FORM}|{OLD_FORM}"),
        ),
        case(
            "function-errors/exit",
            "A process that ends gives Runtime.ExitError",
            Call("{exit}"),
            fails_in_the_function(),
            expect(ended, "json /errorType", "equals", "Runtime.ExitError"),
            expect(
                "function-errors/exit-message",
                "json /errorMessage",
                "matches",
                f"^RequestId: {ID} Error: Runtime exited without providing a reason$",
            ),
        ),
    )


def _afterwards() -> tuple[Case, ...]:
    again = "function-errors/next-call-unharmed"
    harmless = Call("{sleep}", body=b'{"seconds": 0}')
    return (
        sequence(
            "function-errors/after-timeout",
            "After a timeout the same function works again",
            step(Call("{sleep}"), fails_in_the_function()),
            step(
                harmless,
                expect(again, "status", "equals", 200),
                expect(again, "header X-Amz-Function-Error", "is absent"),
            ),
        ),
    )
