"""Faults of the headers of answers and refusals: missing, wrong, too many."""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from conformance.reference.faults.building import answer, around, extra, header, of, stage
from conformance.reference.faults.editing import (
    is_error,
    is_refusal,
    is_result,
    is_success,
    set_header,
    value,
)
from conformance.reference.faults.model import Fault
from conformance.reference.head import head

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.answer import Answer
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change, Result
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome
    from conformance.reference.running import Runner

ID = "x-amzn-RequestId"
VERSION = "X-Amz-Executed-Version"
TRACE = "X-Amzn-Trace-Id"
REMAPPED = "x-amzn-Remapped-Content-Length"
TYPE = "Content-Type"
ERROR_TYPE = "x-amzn-ErrorType"
ALWAYS_SAME = "11111111-2222-3333-4444-555555555555"
LAMBDA = "com.amazonaws.lambda#"
URI = ":http://internal.amazon.com/coral/com.amazon.coral.service/"


def _edited(name: str, alter: Callable[[str], str]) -> Change:
    """Change the value of a header, where it is there."""
    return answer(
        lambda given: set_header(given, name, alter(value(given, name) or "")),
        lambda _, given: value(given, name) is not None,
    )


def _of_the_header(result: Result) -> Result:
    """Answer with another id than that with which the function ran."""

    def broken(call: Call, invocation: Invocation, outcome: Outcome) -> Answer:
        return set_header(result(call, invocation, outcome), ID, str(uuid4()))

    return broken


def _qualifier_for_version(result: Result) -> Result:
    def broken(call: Call, invocation: Invocation, outcome: Outcome) -> Answer:
        given = result(call, invocation, outcome)
        name = invocation.arn.partition(f":function:{invocation.function_name}:")[2]
        return set_header(given, VERSION, name or "$LATEST")

    return broken


def _with_trace(trace: Callable[[Invocation], str]) -> Change:
    """Let functions see another trace than the answer's."""

    def wrap(run: Runner) -> Callable[[Invocation], object]:
        return lambda invocation: run(replace(invocation, trace=trace(invocation)))

    return around("run", wrap)


def _new_root(invocation: Invocation) -> str:
    return re.sub("Root=[^;]+", f"Root=1-00000000-{invocation.request_id.replace('-', '')[:24]}", invocation.trace)


def _kept_trace() -> Change:
    """Let all calls that a process gets see the trace of its first that brought one."""
    kept: dict[str, str] = {}

    def trace(invocation: Invocation) -> str:
        return kept.setdefault(invocation.function_name, invocation.trace)

    return _with_trace(trace)


def _said(pattern: bytes, text: bytes) -> Change:
    """Change what the head of an answer says."""

    def broken(given: Answer, *, keep: bool) -> bytes:
        return re.sub(pattern, text, head(given, keep=keep), count=1)

    return stage(head=broken)


def _iso(given: Answer, *, keep: bool) -> bytes:
    def dated(found: re.Match[bytes]) -> bytes:
        return b"Date: " + parsedate_to_datetime(found[1].decode()).isoformat().encode()

    return re.sub(rb"Date: ([^\r]+)", dated, head(given, keep=keep), count=1)


def _without_date(given: Answer, *, keep: bool) -> bytes:
    whole = head(given, keep=keep)
    return re.sub(rb"Date: [^\r]+\r\n", b"", whole) if given.status >= 400 else whole  # noqa: PLR2004  HTTP's classes


def _in_chunks(when: Callable[..., bool]) -> Change:
    """Send bodies in chunks, whose length nobody says beforehand."""

    def broken(given: Answer, *, keep: bool) -> bytes:
        whole = head(given, keep=keep)
        chunked = value(given, "Transfer-Encoding") is not None
        return re.sub(rb"Content-Length: \d+\r\n", b"", whole) if chunked else whole

    def cut(given: Answer) -> Answer:
        chunk = b"%x\r\n%b\r\n" % (len(given.body), given.body) if given.body else b""
        return replace(set_header(given, "Transfer-Encoding", "chunked"), body=chunk + b"0\r\n\r\n")

    change = answer(cut, when)
    return lambda unbroken, setting: replace(change(unbroken, setting), head=broken)


REQUEST_ID = (
    Fault(
        "response-headers/no-request-id",
        "gives no answer a request id",
        ("response-headers/request-id",),
        header(ID, None),
        seen="localstack 2.3.2, serverless-offline 14.8.2, runtime interface emulator of aws-sam-cli 1.170.0",
    ),
    Fault(
        "response-headers/no-request-id-on-event",
        "gives the answer to an Event no request id",
        ("response-headers/request-id",),
        header(ID, None, of(202)),
    ),
    Fault(
        "response-headers/no-request-id-on-refusal",
        "gives refusals no request id",
        ("response-headers/request-id",),
        header(ID, None, is_refusal),
    ),
    Fault(
        "response-headers/request-id-in-capitals",
        "writes request ids in capitals",
        ("response-headers/request-id-uuid",),
        _edited(ID, str.upper),
    ),
    Fault(
        "response-headers/request-id-no-uuid",
        "makes request ids of 32 characters without hyphens",
        ("response-headers/request-id-uuid",),
        stage(identify=lambda: uuid4().hex),
        seen="moto 5.2.5",
    ),
    Fault(
        "response-headers/request-id-of-the-header",
        "answers with another request id than the function sees",
        ("response-headers/request-id-is-the-functions",),
        around("result", _of_the_header),
        seen="ministack 1.5.33",
    ),
    Fault(
        "response-headers/request-id-always-same",
        "gives all calls the same request id",
        ("response-headers/request-id-unique",),
        stage(identify=lambda: ALWAYS_SAME),
    ),
)

RUN = (
    Fault(
        "response-headers/no-executed-version",
        "does not say which version ran",
        ("response-headers/executed-version",),
        header(VERSION, None),
        seen="moto 5.2.5, serverless-offline 14.8.2, SAM local 1.170.0",
    ),
    Fault(
        "response-headers/no-executed-version-on-error",
        "does not say which version ran where the function fails",
        ("response-headers/executed-version-on-function-error",),
        header(VERSION, None, is_error),
    ),
    Fault(
        "response-headers/executed-version-without-dollar",
        "calls the unpublished version LATEST",
        ("response-headers/executed-version",),
        _edited(VERSION, lambda text: text.removeprefix("$")),
    ),
    Fault(
        "response-headers/qualifier-for-version",
        "says the qualifier that was asked for, an alias too, where it ought to say which version ran",
        ("response-headers/executed-version-weighted",),
        around("result", _qualifier_for_version),
        seen="localstack 2.3.2",
    ),
    Fault(
        "response-headers/no-trace-id",
        "gives no answer a trace",
        ("response-headers/trace-id",),
        header(TRACE, None),
        seen="ministack 1.5.33",
    ),
    Fault(
        "response-headers/no-trace-id-on-event",
        "gives the answer to an Event no trace",
        ("response-headers/trace-id",),
        header(TRACE, None, of(202)),
    ),
    Fault(
        "response-headers/trace-of-root-alone",
        "says the root of a trace and nothing about sampling",
        ("response-headers/trace-id",),
        _edited(TRACE, lambda text: text.partition(";")[0]),
    ),
    Fault(
        "response-headers/trace-not-passed-on",
        "lets functions see a root of their own instead of the caller's",
        ("response-headers/trace-root-propagated",),
        _with_trace(_new_root),
        seen="ministack 1.5.33, whose functions see none",
    ),
    Fault(
        "response-headers/trace-kept",
        "lets each function see the trace of its first call for ever",
        ("response-headers/trace-root-propagated",),
        lambda unbroken, setting: _kept_trace()(unbroken, setting),
    ),
    Fault(
        "response-headers/no-remapped-content-length",
        "has no x-amzn-Remapped-Content-Length",
        ("response-headers/remapped-content-length",),
        header(REMAPPED, None),
        seen="ministack 1.5.33",
    ),
    Fault(
        "response-headers/remapped-content-length-of-body",
        "says the length of the body in x-amzn-Remapped-Content-Length",
        ("response-headers/remapped-content-length",),
        answer(lambda given: set_header(given, REMAPPED, str(len(given.body))), is_result),
    ),
)

FRAMING = (
    Fault(
        "response-headers/result-in-chunks",
        "sends results in chunks, without Content-Length",
        ("response-headers/content-length",),
        _in_chunks(is_success),
    ),
    Fault(
        "response-headers/event-in-chunks",
        "sends the empty body of the answer to an Event in chunks, without Content-Length",
        ("response-headers/event-content-length",),
        _in_chunks(of(202)),
    ),
    Fault(
        "response-headers/refusal-in-chunks",
        "sends refusals in chunks, without Content-Length",
        ("response-headers/refusal-content-length",),
        _in_chunks(is_refusal),
    ),
    Fault(
        "response-headers/date-in-iso-8601",
        "writes the Date as ISO 8601 has it",
        ("response-headers/date", "response-headers/refusal-date"),
        stage(head=_iso),
    ),
    Fault(
        "response-headers/no-date-on-refusal",
        "does not date refusals",
        ("response-headers/refusal-date",),
        stage(head=_without_date),
    ),
    Fault(
        "response-headers/connection-close",
        "announces after each answer that it closes the connection",
        ("response-headers/connection",),
        _said(rb"Connection: keep-alive", b"Connection: close"),
    ),
    Fault(
        "response-headers/no-connection",
        "says nothing about the connection",
        ("response-headers/connection",),
        _said(rb"Connection: keep-alive\r\n", b""),
        seen="ministack 1.5.33",
    ),
)

TYPES = (
    Fault(
        "response-headers/no-content-type",
        "does not say what kind of body a result is",
        ("response-headers/content-type",),
        header(TYPE, None, is_result),
    ),
    Fault(
        "response-headers/content-type-with-charset",
        "names the charset of results behind their type",
        ("response-headers/content-type",),
        header(TYPE, "application/json; charset=utf-8", is_result),
    ),
    Fault(
        "response-headers/content-type-text",
        "calls results plain text",
        ("response-headers/content-type",),
        header(TYPE, "text/plain; charset=utf-8", is_result),
        seen="runtime interface emulator of aws-sam-cli 1.170.0",
    ),
    Fault(
        "response-headers/content-type-text-on-error",
        "calls the error of a function plain text",
        ("response-headers/content-type",),
        header(TYPE, "text/plain", is_error),
    ),
    Fault(
        "response-headers/event-content-type",
        "gives the empty answer to an Event a content type",
        ("response-headers/event-no-content-type",),
        extra(TYPE, "application/json", of(202)),
        seen="moto 5.2.5",
    ),
    Fault(
        "response-headers/refusal-content-type",
        "calls refusals application/x-amz-json-1.1",
        ("response-headers/error-content-type",),
        header(TYPE, "application/x-amz-json-1.1", is_refusal),
    ),
    Fault(
        "response-headers/no-error-type",
        "names the type of a refusal in no header",
        ("response-headers/error-type",),
        header(ERROR_TYPE, None, is_refusal),
    ),
    Fault(
        "response-headers/error-type-with-namespace",
        "puts a namespace before the type of a refusal",
        ("response-headers/error-type-bare",),
        _edited(ERROR_TYPE, lambda text: LAMBDA + text),
    ),
    Fault(
        "response-headers/error-type-with-uri",
        "puts a URI behind the type of a refusal",
        ("response-headers/error-type-bare",),
        _edited(ERROR_TYPE, lambda text: text + URI),
    ),
    Fault(
        "response-headers/error-type-on-function-error",
        "names the failing of a function in x-amzn-ErrorType, as if it were a refusal",
        ("response-headers/error-type-only-on-refusals",),
        extra(ERROR_TYPE, "ServiceException", is_error),
        seen="serverless-offline at 04c59ed",
    ),
    Fault(
        "response-headers/refusal-with-version",
        "says in refusals which version ran",
        ("response-headers/refusal-no-result-headers",),
        extra(VERSION, "$LATEST", is_refusal),
    ),
    Fault(
        "response-headers/refusal-with-function-error",
        "calls refusals function errors besides",
        ("response-headers/refusal-no-result-headers",),
        extra("X-Amz-Function-Error", "Unhandled", is_refusal),
    ),
)

FAULTS = (*REQUEST_ID, *RUN, *FRAMING, *TYPES)
