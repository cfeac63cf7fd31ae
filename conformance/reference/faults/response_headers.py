"""Faults of the headers that tell which call was answered and what ran."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from conformance.reference.faults.building import answer, around, header, of, stage
from conformance.reference.faults.editing import edited, is_error, is_refusal, is_result, set_header
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.answer import Answer
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change, Result
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome
    from conformance.reference.running import Runner
    from conformance.reference.service import Stages

ID = "x-amzn-RequestId"
VERSION = "X-Amz-Executed-Version"
TRACE = "X-Amzn-Trace-Id"
REMAPPED = "x-amzn-Remapped-Content-Length"
ALWAYS_SAME = "11111111-2222-3333-4444-555555555555"


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


def _kept_trace(unbroken: Stages, setting: Setting) -> Stages:
    """Let all calls of a function see the trace of the first."""
    kept: dict[str, str] = {}

    def trace(invocation: Invocation) -> str:
        return kept.setdefault(invocation.function_name, invocation.trace)

    return _with_trace(trace)(unbroken, setting)


REQUEST_ID = (
    Fault(
        "response-headers/no-request-id",
        "gives no answer a request id",
        ("response-headers/request-id",),
        header(ID, None),
        seen="localstack 2.3.2, serverless-offline 14.8.2, the emulator of aws-sam-cli 1.170.0",
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
        edited(ID, str.upper),
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
        edited(VERSION, lambda text: text.removeprefix("$")),
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
        edited(TRACE, lambda text: text.partition(";")[0]),
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
        _kept_trace,
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


FAULTS = (*REQUEST_ID, *RUN)
