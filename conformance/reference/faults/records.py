"""Faults of what destinations and dead-letter queues are told of Events."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from conformance.reference.faults.building import around
from conformance.reference.faults.model import Fault
from conformance.reference.records import Delivered, Letter, record
from conformance.reference.schedule import Condition

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.answer import Answer
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome
    from conformance.reference.service import Stages

    Letters = tuple[tuple[str, Letter], ...]
    Write = Callable[[Delivered], Letters]
    Record = dict[str, Any]

MOST = "approximateInvokeCount"


def _letters(alter: Callable[[Delivered, Letter], Letter | None], *, dead: bool) -> Change:
    """Change the letters to destinations or the dead ones, which alone have attributes; None is not sent."""

    def wrap(unbroken: Write) -> Write:
        def write(delivered: Delivered) -> Letters:
            sent = unbroken(delivered)
            changed = ((queue, alter(delivered, one) if bool(one.attributes) is dead else one) for queue, one in sent)
            return tuple((queue, one) for queue, one in changed if one is not None)

        return write

    return around("letters", wrap)


def _records(alter: Callable[[Record], Record | None]) -> Change:
    """Change the records to destinations; None is not sent."""

    def rewritten(_: Delivered, letter: Letter) -> Letter | None:
        content = alter(json.loads(letter.body))
        return None if content is None else replace(letter, body=json.dumps(content))

    return _letters(rewritten, dead=False)


def _without(*names: str) -> Change:
    return _records(lambda content: {name: value for name, value in content.items() if name not in names})


def _in_request(alter: Callable[[Record], Record]) -> Change:
    """Change the member requestContext of records."""
    return _records(lambda content: {**content, "requestContext": alter(content["requestContext"])})


def _in_response(alter: Callable[[Record], Record]) -> Change:
    """Change the member responseContext of the records that have one."""

    def altered(content: Record) -> Record:
        found = content.get("responseContext")
        return content if found is None else {**content, "responseContext": alter(found)}

    return _records(altered)


def _leaving_out(name: str) -> Callable[[Record], Record]:
    return lambda content: {key: value for key, value in content.items() if key != name}


def _dead(alter: Callable[[Delivered, Letter], Letter | None]) -> Change:
    return _letters(alter, dead=True)


def _attribute(name: str, make: Callable[[Delivered], tuple[str, str]]) -> Change:
    """Change one attribute of dead letters."""
    return _dead(
        lambda delivered, one: replace(one, attributes={**one.attributes, name: make(delivered)}),
    )


def _error(delivered: Delivered) -> tuple[str, str]:
    """Return the whole error as the text of an attribute."""
    return ("String", "" if delivered.outcome is None else delivered.outcome.payload.decode())


def _of_all_calls(unbroken: Stages, setting: Setting) -> Stages:
    """Tell destinations of synchronous calls, too."""

    def result(call: Call, invocation: Invocation, outcome: Outcome) -> Answer:
        condition = Condition.RETRIES_EXHAUSTED if outcome.failed else Condition.SUCCESS
        for queue, letter in unbroken.letters(Delivered(invocation, condition, 1, outcome, datetime.now(UTC))):
            setting.send(queue, letter)
        return unbroken.result(call, invocation, outcome)

    return replace(unbroken, result=result)


RECORDS = (
    Fault(
        "asynchronous/no-success-record",
        "sends no record of an Event that succeeds",
        ("asynchronous/success-record",),
        _records(lambda content: None if content["requestContext"]["condition"] == "Success" else content),
        seen="ministack 1.5.33",
    ),
    Fault(
        "asynchronous/record-of-synchronous-call",
        "sends records of synchronous calls, too",
        ("asynchronous/destination-for-events-only",),
        _of_all_calls,
    ),
    Fault(
        "asynchronous/record-without-version",
        "has no version in records",
        ("asynchronous/record-version",),
        _without("version"),
        seen="ministack 1.5.33",
    ),
    Fault(
        "asynchronous/record-without-timestamp",
        "has no timestamp in records",
        ("asynchronous/record-members",),
        _without("timestamp"),
        seen="ministack 1.5.33",
    ),
    Fault(
        "asynchronous/record-with-more",
        "says in records of which stage of the pipeline they are",
        ("asynchronous/record-members",),
        _records(lambda content: {**content, "pipeline": "invoke"}),
    ),
    Fault(
        "asynchronous/record-without-id",
        "does not say in records to which request they belong",
        ("asynchronous/record-request-id",),
        _in_request(_leaving_out("requestId")),
        seen="ministack 1.5.33",
    ),
    Fault(
        "asynchronous/record-arn-as-called",
        "has the ARN in records without a qualifier where the caller gave none",
        ("asynchronous/record-arn-qualified",),
        _in_request(lambda given: {**given, "functionArn": given["functionArn"].removesuffix(":$LATEST")}),
        seen="ministack 1.5.33",
    ),
    Fault(
        "asynchronous/record-counts-retries",
        "counts retries in records, not runs",
        ("asynchronous/success-record", "asynchronous/configured-retries"),
        _in_request(lambda given: {**given, MOST: max(given[MOST] - 1, 0)}),
    ),
    Fault(
        "asynchronous/record-counts-three",
        "says three runs in each record of a failure",
        ("asynchronous/configured-retries", "asynchronous/event-too-old"),
        _in_request(lambda given: given if given["condition"] == "Success" else {**given, MOST: 3}),
        seen="ministack 1.5.33",
    ),
    Fault(
        "asynchronous/record-condition-in-capitals",
        "writes conditions in capitals",
        ("asynchronous/success-record", "asynchronous/default-retries"),
        _in_request(lambda given: {**given, "condition": given["condition"].upper()}),
    ),
    Fault(
        "asynchronous/record-event-as-text",
        "has the event in records as a text that holds JSON",
        ("asynchronous/record-payloads",),
        _records(lambda content: {**content, "requestPayload": json.dumps(content["requestPayload"])}),
    ),
    Fault(
        "asynchronous/record-without-result",
        "leaves the response out of the record of an Event that succeeds",
        ("asynchronous/record-payloads",),
        _records(
            lambda content: content if "functionError" in str(content) else _leaving_out("responsePayload")(content)
        ),
    ),
    Fault(
        "asynchronous/record-status-500",
        "says the status 500 in the record of a failure",
        ("asynchronous/failure-record",),
        _in_response(lambda given: {**given, "statusCode": 500} if "functionError" in given else given),
    ),
    Fault(
        "asynchronous/record-without-function-error",
        "does not call the failure of a function one in its record",
        ("asynchronous/failure-record",),
        _in_response(_leaving_out("functionError")),
    ),
    Fault(
        "asynchronous/record-without-executed-version",
        "does not say in records which version ran",
        ("asynchronous/success-record", "asynchronous/failure-record"),
        _in_response(_leaving_out("executedVersion")),
        seen="ministack 1.5.33",
    ),
)

DEAD_LETTERS = (
    Fault(
        "asynchronous/no-dead-letter",
        "sends no dead letters",
        ("asynchronous/dead-letter-body",),
        _dead(lambda _, __: None),
    ),
    Fault(
        "asynchronous/dead-letter-as-record",
        "writes a record into the body of a dead letter, as destinations get it",
        ("asynchronous/dead-letter-body",),
        _dead(lambda delivered, one: replace(one, body=record(delivered).body)),
        seen="ministack 1.5.33",
    ),
    Fault(
        "asynchronous/dead-letter-without-error",
        "says what went wrong in no attribute of a dead letter",
        ("asynchronous/dead-letter-attributes",),
        _dead(lambda _, one: replace(one, attributes={"RequestID": one.attributes["RequestID"]})),
        seen="ministack 1.5.33",
    ),
    Fault(
        "asynchronous/dead-letter-by-another-id",
        "gives a dead letter a request id of its own",
        ("asynchronous/dead-letter-attributes",),
        _attribute("RequestID", lambda _: ("String", str(uuid4()))),
    ),
    Fault(
        "asynchronous/dead-letter-code-as-text",
        "has the ErrorCode of a dead letter as a text",
        ("asynchronous/dead-letter-attributes",),
        _attribute("ErrorCode", lambda _: ("String", "200")),
    ),
    Fault(
        "asynchronous/dead-letter-whole-error",
        "has the whole error object in the ErrorMessage of a dead letter",
        ("asynchronous/dead-letter-attributes",),
        _attribute("ErrorMessage", _error),
    ),
)

FAULTS = (*RECORDS, *DEAD_LETTERS)
