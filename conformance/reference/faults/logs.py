"""Faults of logs: whether there is one, and for which log types."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.answer import Answer
from conformance.reference.checks import check_constraints
from conformance.reference.faults.building import answer, gate, header, of, parameter
from conformance.reference.faults.editing import is_error, is_result, set_header, values
from conformance.reference.faults.log_contents import encoded
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.exchange.message import Request
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change

TYPE = "X-Amz-Log-Type"
RESULT = "X-Amz-Log-Result"


def _asked(*texts: str) -> Callable[[Request, Answer], bool]:
    """Tell the answers of functions to requests of some log types; an empty text stands for none."""
    return lambda request, given: is_result(request, given) and (request.header(TYPE) or ("",))[0] in texts


def _with(when: Callable[[Request, Answer], bool], log: bytes = b"START RequestId: \n") -> Change:
    return answer(lambda given: set_header(given, RESULT, encoded(log)), when)


def _in_any_case(call: Call) -> Mapping[str, str]:
    given = call.values.get(TYPE)
    return call.values if given is None else {**call.values, TYPE: given.capitalize()}


def _not_on_event(call: Call) -> None:
    if call.InvocationType == "Event":
        call = replace(call, values={name: text for name, text in call.values.items() if name != TYPE})
    check_constraints(call)


def _by_the_platform(request: Request, given: Answer) -> bool:
    return is_error(request, given) and b"stackTrace" not in given.body


def _not_implemented(_: Answer) -> Answer:
    text = {"Type": "LocalService", "Message": "log-type: Tail is not supported. None is only supported."}
    headers = (("Content-Type", "application/json"), ("x-amzn-errortype", "NotImplemented"))
    return Answer(501, headers, json.dumps(text).encode())


def _tail_asked(request: Request, _: Answer) -> bool:
    return request.header(TYPE) == ("Tail",)


FAULTS = (
    Fault(
        "logs/no-log",
        "brings no log, whatever is asked for",
        ("logs/tail",),
        header(RESULT, None),
        seen="moto 5.2.5 without Docker, serverless-offline 14.8.2",
    ),
    Fault(
        "logs/tail-501",
        "answers 501 where the log is asked for",
        ("logs/tail",),
        answer(_not_implemented, _tail_asked),
        seen="SAM local 1.170.0",
    ),
    Fault("logs/always", "brings the log unasked", ("logs/none",), _with(_asked("", "None"))),
    Fault(
        "logs/always-on-error",
        "brings the log unasked where the function fails",
        ("logs/none-on-function-error",),
        _with(lambda request, given: is_error(request, given) and _asked("", "None")(request, given)),
    ),
    Fault(
        "logs/empty-without-tail",
        "brings an empty log where none was asked for",
        ("logs/none",),
        _with(_asked("", "None"), b""),
        seen="localstack 2.3.2",
    ),
    Fault("logs/on-event", "brings a log with the answer to an Event", ("logs/not-on-event",), _with(of(202))),
    Fault(
        "logs/on-dry-run",
        "brings an empty log with the answer to a dry run",
        ("logs/not-on-dry-run",),
        _with(of(204), b""),
        seen="localstack 2.3.2",
    ),
    Fault(
        "logs/not-on-error",
        "brings no log where the function fails",
        ("logs/tail-on-function-error",),
        header(RESULT, None, is_error),
    ),
    Fault(
        "logs/not-on-platform-error",
        "brings no log where the platform ends the function",
        ("logs/tail-on-platform-error",),
        header(RESULT, None, _by_the_platform),
    ),
    Fault(
        "logs/unknown-type-accepted",
        "takes any log type that it doesn't know for None",
        ("logs/unknown-type",),
        parameter(TYPE, enum=()),
        seen="moto 5.2.5, localstack 2.3.2, serverless-offline 14.8.2, the emulator of aws-sam-cli 1.170.0",
    ),
    Fault(
        "logs/type-in-any-case",
        "knows the log types in any case",
        ("logs/unknown-type",),
        values(_in_any_case),
        seen="ministack 1.5.33",
    ),
    Fault(
        "logs/type-unchecked-on-event",
        "does not look at the log type of an Event",
        ("logs/checked-on-event",),
        gate(constraints=_not_on_event),
    ),
    Fault(
        "logs/type-named-by-its-header",
        "names the header, not the member, where it refuses an unknown log type",
        ("logs/unknown-type-message",),
        parameter(TYPE, member=TYPE),
    ),
)
