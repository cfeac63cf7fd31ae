"""Faults of dry runs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.answer import Answer, Refusal
from conformance.reference.checks import check_constraints, check_qualifier
from conformance.reference.faults.building import answer, extra, gate, of, parameter, stage
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.names import FunctionReference
    from conformance.reference.call import Call
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.service import Stages

VERSION = "X-Amz-Executed-Version"


def unless(InvocationType: str) -> Callable[[Call], None]:
    """Return a check of all constraints but for one invocation type, of which it is the name's alone."""

    def check(call: Call) -> None:
        if call.InvocationType == InvocationType:
            call = replace(call, values={"FunctionName": call.values["FunctionName"]})
        check_constraints(call)

    return check


def _dry_run_runs(unbroken: Stages, _: Setting) -> Stages:
    def admit(call: Call) -> Invocation:
        invocation = unbroken.admit(call)
        if call.InvocationType == "DryRun" and not invocation.fixture.blocking:
            unbroken.run(invocation)
        return invocation

    return replace(unbroken, admit=admit)


def _dry_run_loads(unbroken: Stages, _: Setting) -> Stages:
    def admit(call: Call) -> Invocation:
        invocation = unbroken.admit(call)
        if call.InvocationType == "DryRun" and not invocation.fixture.handler.startswith("handlers."):
            raise Refusal("ServiceException", "The module of the function could not be loaded.")
        return invocation

    return replace(unbroken, admit=admit)


def _not_by_value(_: Call) -> Answer:
    raise Refusal("InvalidParameterValueException", "invocationType: 'DryRun' is not supported")


def _not_implemented(call: Call) -> Answer:
    headers = (("Content-Type", "application/json"), ("x-amzn-RequestId", call.request_id))
    text = {"Type": "LocalService", "Message": "invocation-type: DryRun is not supported."}
    return Answer(501, (*headers, ("x-amzn-errortype", "NotImplemented")), json.dumps(text).encode())


def unqualified(InvocationType: str) -> Callable[[Call, FunctionReference], str | None]:
    """Return a check that refuses qualifiers of one invocation type."""

    def check(call: Call, reference: FunctionReference) -> str | None:
        found = check_qualifier(call, reference)
        if call.InvocationType == InvocationType and call.operation.id == "Invoke" and found is not None:
            text = f"A qualifier is not supported for the invocation type {InvocationType}."
            raise Refusal("InvalidParameterValueException", text)
        return found

    return check


FAULTS = (
    Fault(
        "status-codes/dry-run-200",
        "answers a dry run with 200 and {}",
        ("status-codes/dry-run-204", "invocation-types/dry-run-empty-answer"),
        answer(lambda given: replace(given, status=200, body=b"{}"), of(204)),
    ),
    Fault(
        "invocation-types/no-dry-run",
        "does not know DryRun, and refuses it as any other unknown invocation type",
        ("status-codes/dry-run-204",),
        parameter("X-Amz-Invocation-Type", enum=("Event", "RequestResponse")),
    ),
    Fault(
        "invocation-types/dry-run-400",
        "refuses a dry run with 400 InvalidParameterValueException",
        ("status-codes/dry-run-204",),
        stage(possible=_not_by_value),
        seen="serverless-offline 14.8.2",
    ),
    Fault(
        "invocation-types/dry-run-501",
        "answers a dry run with 501 NotImplemented",
        ("status-codes/dry-run-204",),
        stage(possible=_not_implemented),
        seen="SAM local 1.170.0",
    ),
    Fault(
        "invocation-types/dry-run-runs",
        "runs the function in a dry run",
        ("invocation-types/dry-run-does-not-run",),
        _dry_run_runs,
        seen="moto 5.2.5 with Docker",
    ),
    Fault(
        "invocation-types/dry-run-loads",
        "loads the module in a dry run, and refuses it where that fails",
        ("invocation-types/dry-run-of-failing-function",),
        _dry_run_loads,
    ),
    Fault(
        "invocation-types/dry-run-unchecked",
        "checks nothing but the name in a dry run",
        ("invocation-types/dry-run-validates",),
        gate(constraints=unless("DryRun")),
    ),
    Fault(
        "invocation-types/dry-run-executed-version",
        "says in the answer to a dry run which version ran",
        ("invocation-types/dry-run-no-executed-version",),
        extra(VERSION, "$LATEST", of(204)),
        seen="ministack 1.5.33, localstack 2.3.2",
    ),
    Fault(
        "invocation-types/dry-run-function-error",
        "has an X-Amz-Function-Error of None in the answer to a dry run",
        ("invocation-types/dry-run-no-function-error",),
        extra("X-Amz-Function-Error", "None", of(204)),
    ),
    Fault(
        "invocation-types/dry-run-unqualified",
        "refuses a dry run of a version or an alias",
        ("invocation-types/dry-run-of-version",),
        gate(qualifier=unqualified("DryRun")),
    ),
)
