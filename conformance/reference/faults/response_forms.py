"""Faults of how answers are framed, dated and typed."""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from conformance.reference.faults.building import answer, extra, header, of, stage
from conformance.reference.faults.editing import edited, is_error, is_refusal, is_result, is_success, set_header, value
from conformance.reference.faults.model import Fault
from conformance.reference.head import head

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.answer import Answer
    from conformance.reference.faults.building import Change

VERSION = "X-Amz-Executed-Version"
TYPE = "Content-Type"
ERROR_TYPE = "x-amzn-ErrorType"
LAMBDA = "com.amazonaws.lambda#"
URI = ":http://internal.amazon.com/coral/com.amazon.coral.service/"


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
        return re.sub(rb"(?<=\r\n)Content-Length: \d+\r\n", b"", whole) if chunked else whole

    def cut(given: Answer) -> Answer:
        chunk = b"%x\r\n%b\r\n" % (len(given.body), given.body) if given.body else b""
        return replace(set_header(given, "Transfer-Encoding", "chunked"), body=chunk + b"0\r\n\r\n")

    change = answer(cut, when)
    return lambda unbroken, setting: replace(change(unbroken, setting), head=broken)


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
        seen="the emulator of aws-sam-cli 1.170.0",
    ),
    Fault(
        "response-headers/event-content-type",
        "gives the empty answer to an Event a content type",
        ("response-headers/event-no-content-type",),
        extra(TYPE, "application/json", of(202)),
        seen="moto 5.2.5",
    ),
    Fault(
        "response-headers/error-type-with-namespace",
        "puts a namespace before the type of a refusal",
        ("response-headers/error-type-bare",),
        edited(ERROR_TYPE, lambda text: LAMBDA + text),
    ),
    Fault(
        "response-headers/error-type-with-uri",
        "puts a URI behind the type of a refusal",
        ("response-headers/error-type-bare",),
        edited(ERROR_TYPE, lambda text: text + URI),
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


FAULTS = (*FRAMING, *TYPES)
