"""Cases of the area function-errors: exceptions of the handler, and what the platform makes of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import case, expect, fails_in_the_function, sequence, step
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TIMED_OUT = r"Task timed out after \d+\.\d\d seconds$"
NEW_FORM = f"^RequestId: {ID} Error: {TIMED_OUT}"
OLD_FORM = rf"^\d{{4}}-\d\d-\d\dT[\d:.]+Z {ID} {TIMED_OUT}"
PLATFORM = ["errorMessage", "errorType"]
PYTHON = ["errorMessage", "errorType", "requestId", "stackTrace"]
REQUEST_ID = "header x-amzn-RequestId"


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the cases of errors that need no function of their own."""
    too_much = Call("{big}", body=b'{"size": %d}' % (contract.limits["sync-response"] + 1))
    return (*_exceptions(), *_platform(too_much), *_afterwards(too_much))


def unhandled() -> Expectation:
    """A function error that is marked as all have been since 2019."""
    return fails_in_the_function() + expect(
        "function-errors/unhandled", "header X-Amz-Function-Error", "equals", "Unhandled"
    )


def _exceptions() -> tuple[Case, ...]:
    payload, members = "function-errors/exception-payload", "function-errors/python-members"
    texts = {
        "message-non-ascii": ("Characters beyond ASCII", "für 漢 🥳"),
        "message-of-lines": ("Line breaks", "first\nsecond"),
    }
    return (
        case(
            "function-errors/exception",
            "An exception comes back as its message and class, marked Unhandled",
            Call("{raise}", body=b'{"message": "raised on purpose"}'),
            unhandled(),
            expect(payload, "json /errorMessage", "equals", "raised on purpose"),
            expect(payload, "json /errorType", "equals", "Exception"),
        ),
        case(
            "function-errors/own-class",
            "An exception of a class of its own comes back with that class's name",
            Call("{raise}", body=b'{"type": "OutOfStock", "message": "none left"}'),
            unhandled(),
            expect(payload, "json /errorMessage", "equals", "none left"),
            expect(payload, "json /errorType", "equals", "OutOfStock"),
        ),
        *(
            case(
                f"function-errors/{name}",
                f"{what} in the message of an exception survive",
                Call("{raise}", body=b'{"message": "%b"}' % text.replace("\n", "\\n").encode()),
                fails_in_the_function(),
                expect(payload, "json /errorMessage", "equals", text),
            )
            for name, (what, text) in texts.items()
        ),
        case(
            "function-errors/empty-message",
            "An exception of a class of its own, without text, has that class as its type",
            Call("{raise}", body=b'{"type": "CustomException", "message": ""}'),
            fails_in_the_function(),
            expect("function-errors/empty-message", "json /errorMessage", "equals", ""),
            expect("function-errors/empty-message", "json /errorType", "equals", "CustomException"),
        ),
        case(
            "function-errors/python-members",
            "A Python function's error has its four members, with the request id of the answer",
            Call("{raise}"),
            fails_in_the_function(),
            expect(members, "members", "equals", PYTHON),
            expect(members, "json /requestId", "is as", REQUEST_ID),
        ),
        case(
            "function-errors/python-stack",
            "The stack of a Python function's error names file, line, function and code",
            Call("{raise}"),
            fails_in_the_function(),
            expect(
                "function-errors/python-stack",
                "json /stackTrace/0",
                "matches",
                r'^  File "/var/task/[^"\n]+", line [0-9]+, in raise_error\n    raise ',
            ),
        ),
    )


def _platform(too_much: Call) -> tuple[Case, ...]:
    timeout, form, ended = "function-errors/timeout", "function-errors/timeout-form", "function-errors/exit"
    message = "json /errorMessage"
    return (
        case(
            "function-errors/timeout",
            "A function that runs too long is ended, and the message says after which time",
            Call("{sleep}"),
            unhandled(),
            expect(timeout, message, "matches", TIMED_OUT),
            # the fixture's timeout is a second
            expect("function-errors/timeout-seconds", message, "matches", r"Task timed out after 1\.00 seconds$"),
        ),
        case(
            "function-errors/timeout-form",
            "A timeout has the form of today or that of 2018 to 2024, with the request id of the answer",
            Call("{sleep}"),
            fails_in_the_function(),
            expect(form, message, "matches", f"{NEW_FORM}|{OLD_FORM}"),
            expect(form, message, "contains", REQUEST_ID),
            expect(form, "members", "is one of", [PLATFORM, ["errorMessage"]]),
        ),
        case(
            "function-errors/exit",
            "A process that ends gives Runtime.ExitError",
            Call("{exit}"),
            unhandled(),
            expect(ended, "json /errorType", "equals", "Runtime.ExitError"),
        ),
        case(
            "function-errors/exit-form",
            "The error of a process that ended has the recorded text, with the request id of the answer",
            Call("{exit}"),
            fails_in_the_function(),
            expect(
                "function-errors/exit-message",
                message,
                "matches",
                f"^RequestId: {ID} Error: Runtime exited without providing a reason$",
            ),
            expect("function-errors/exit-message", message, "contains", REQUEST_ID),
            expect("function-errors/exit-members", "members", "equals", PLATFORM),
        ),
        case(
            "function-errors/response-too-large",
            "A result of a byte more than the limit is a function error, marked Unhandled",
            too_much,
            *_too_large(),
            expect("function-errors/response-too-large", "json /errorType", "equals", "Function.ResponseSizeTooLarge"),
        ),
        sequence(
            "function-errors/response-too-large-again",
            "A second result of that size gives the same error, with two members",
            step(too_much, *_too_large()),
            step(
                too_much,
                *_too_large(),
                expect("function-errors/response-too-large-members", "members", "equals", PLATFORM),
                expect("function-errors/response-too-large", "json", "is as", "step 1 json"),
            ),
        ),
    )


def _too_large() -> tuple[Expectation, ...]:
    """The function fails because of its result; a target without that limit breaks nothing else."""
    requirement = "function-errors/response-too-large"
    return (
        expect(requirement, "status", "equals", 200),
        expect(requirement, "header X-Amz-Function-Error", "is present"),
    )


def _afterwards(too_much: Call) -> tuple[Case, ...]:
    again = "function-errors/next-call-unharmed"
    works = expect(again, "status", "equals", 200) + expect(again, "header X-Amz-Function-Error", "is absent")
    ended = expect("function-errors/next-call-after-exit", "json /errorType", "equals", "Runtime.ExitError")
    payload = "function-errors/exception-payload"
    return (
        sequence(
            "function-errors/after-timeout",
            "After a timeout the same function works again",
            step(Call("{sleep}"), fails_in_the_function()),
            step(Call("{sleep}", body=b'{"seconds": 0}'), works),
        ),
        sequence(
            "function-errors/after-response-too-large",
            "After a result that was too large the same function works again",
            step(too_much, *_too_large()),
            step(Call("{big}", body=b'{"size": 10}'), works, expect(again, "body size", "equals", 10)),
        ),
        sequence(
            "function-errors/after-exception",
            "Each of two exceptions comes back with its own message",
            *(
                step(
                    Call("{raise}", body=b'{"message": "%b"}' % text.encode()),
                    fails_in_the_function(),
                    expect(payload, "json /errorMessage", "equals", text),
                )
                for text in ("the first", "the second")
            ),
        ),
        sequence(
            "function-errors/after-exit",
            "A function that ended its process is started anew, and ends it again",
            step(Call("{exit}"), fails_in_the_function()),
            step(Call("{exit}"), ended),
        ),
    )
