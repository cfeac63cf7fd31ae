"""The words of faults that edit what is asked, what a function gets, what comes of it and what is answered."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.reference.answer import Answer, Refusal
from conformance.reference.faults.building import answer, around

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.exchange.message import Request
    from conformance.reference.admission import Admission
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.building import Change

    When = Callable[[Request, Answer], bool]
    Read = Callable[[Request, Route, str], Call]

BAD_CONTENT = "InvalidRequestContentException"
FUNCTION_ERROR = "X-Amz-Function-Error"


def value(given: Answer, name: str) -> str | None:
    """Return the value of an answer's header; None without it."""
    return next((text for key, text in given.headers if key.lower() == name.lower()), None)


def set_header(given: Answer, name: str, text: str) -> Answer:
    """Return an answer with a header, in place of the one that it may have."""
    kept = tuple(pair for pair in given.headers if pair[0].lower() != name.lower())
    return replace(given, headers=(*kept, (name, text)))


def edited(name: str, alter: Callable[[str], str]) -> Change:
    """Change the value of a header, where it is there."""
    return answer(
        lambda given: set_header(given, name, alter(value(given, name) or "")),
        lambda _, given: value(given, name) is not None,
    )


def is_result(_: Request, given: Answer) -> bool:
    """Tell the answers of functions that are not streamed, errors among them."""
    return given.status == 200 and value(given, "X-Amz-Executed-Version") is not None and not _streamed(given)  # noqa: PLR2004  the good answer


def _streamed(given: Answer) -> bool:
    return value(given, "Content-Type") == "application/vnd.amazon.eventstream"


def is_error(_: Request, given: Answer) -> bool:
    """Tell the answers of functions that failed."""
    return value(given, FUNCTION_ERROR) is not None


def is_success(request: Request, given: Answer) -> bool:
    """Tell the answers of functions that did not fail."""
    return is_result(request, given) and not is_error(request, given)


def is_refusal(_: Request, given: Answer) -> bool:
    """Tell the answers to requests that were not taken."""
    return given.status >= 400  # noqa: PLR2004  HTTP's classes


def refused_as(name: str) -> When:
    """Tell refusals of one type."""
    return lambda _, given: value(given, "x-amzn-ErrorType") == name


def body(alter: Callable[[bytes], bytes], when: When = is_success) -> Change:
    """Change the bytes that come back, by default those of results."""
    return answer(lambda given: replace(given, body=alter(given.body)), when)


def result(alter: Callable[[Any], Any], when: When = is_success) -> Change:
    """Change the JSON value that comes back, by default that of results."""
    return body(lambda data: json.dumps(alter(json.loads(data))).encode(), when)


def error(alter: Callable[[Mapping[str, Any]], Any], kind: str = "", text: str = "") -> Change:
    """Change the error object of functions that failed, where type and message hold these parts."""

    def meant(request: Request, given: Answer) -> bool:
        if not is_error(request, given):
            return False
        found = json.loads(given.body)
        return kind in found["errorType"] and text in found["errorMessage"]

    return result(alter, meant)


def values(alter: Callable[[Call], Mapping[str, str]]) -> Change:
    """Change the parameters that are taken out of requests."""

    def wrap(read: Read) -> Read:
        def broken(request: Request, route: Route, request_id: str) -> Call:
            call = read(request, route, request_id)
            return replace(call, values=alter(call))

        return broken

    return around("read", wrap)


def event(alter: Callable[[Call, Any], Any]) -> Change:
    """Change the event that functions get."""

    def wrap(admit: Admission) -> Callable[[Call], Any]:
        def broken(call: Call) -> Any:  # noqa: ANN401  an invocation
            invocation = admit(call)
            return replace(invocation, event=alter(call, invocation.event))

        return broken

    return around("admit", wrap)


def otherwise(check: Callable[[Call], Any], alter: Callable[[Call, Refusal], Any]) -> Callable[[Call], Any]:
    """Return a check that does something else where another refuses: raises another refusal, or finds something."""

    def broken(call: Call) -> Any:  # noqa: ANN401  what the check finds
        try:
            return check(call)
        except Refusal as one:
            return alter(call, one)

    return broken


def refusing(name: str, text: str) -> Callable[[Call, Refusal], Any]:
    """Refuse in another way."""

    def alter(_: Call, one: Refusal) -> Any:  # noqa: ANN401  it never returns
        raise Refusal(name, text) from one

    return alter


def having(**members: Any) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:  # noqa: ANN401  any JSON values
    """Return a change that gives an error object other members, or further ones."""
    return lambda found: {**found, **members}


def saying(alter: Callable[[str], str]) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Return a change of the message of an error object."""
    return lambda found: {**found, "errorMessage": alter(found["errorMessage"])}
