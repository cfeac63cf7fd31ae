"""Cases of the area invocation-types: Event and DryRun tell nothing of what the function does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.cases.behaviours import behaviours
from conformance.cases.building import DRY_RUN, EVENT, accepted, case, expect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.cases.behaviours import Behaviour
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

ERROR_TYPE = "response-headers/error-type-only-on-refusals"
NOT_ON_EVENT: Mapping[str, str] = {
    "Content-Type": "response-headers/event-no-content-type",
    "X-Amz-Executed-Version": "invocation-types/event-no-executed-version",
    "X-Amz-Function-Error": "invocation-types/event-no-executed-version",
    "X-Amz-Log-Result": "logs/not-on-event",
    "x-amzn-ErrorType": ERROR_TYPE,
}
"""Header that the contract forbids -> the requirement that says so."""
NOT_ON_DRY_RUN: Mapping[str, str] = {
    "X-Amz-Executed-Version": "invocation-types/dry-run-no-executed-version",
    "X-Amz-Function-Error": "invocation-types/dry-run-no-function-error",
    "X-Amz-Log-Result": "logs/not-on-dry-run",
}


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the cases of each way in which a function goes on, by Event and by DryRun."""
    forbidden = {one.InvocationType: one.forbidden_headers for one in contract.operations["Invoke"].success}
    rows = behaviours(contract)
    return (
        *(_event(row, without(forbidden["Event"], NOT_ON_EVENT)) for row in rows),
        *(_dry_run(row, without(forbidden["DryRun"], NOT_ON_DRY_RUN)) for row in rows),
    )


def without(headers: tuple[str, ...], requirements: Mapping[str, str]) -> Expectation:
    """Return that none of some headers is there.

    Raises:
        KeyError: the contract forbids a header of which no requirement speaks.
    """
    return tuple(clause for name in headers for clause in expect(requirements[name], f"header {name}", "is absent"))


def _event(row: Behaviour, silent: Expectation) -> Case:
    failing = expect("invocation-types/event-accepted-though-function-fails", "status", "equals", 202)
    return case(
        f"invocation-types/event-of-{row.name}",
        f"The answer to Event of a function that {row.text} is empty and tells nothing of it",
        replace(row.call, headers=EVENT),
        accepted(),
        failing if row.fails else (),
        expect("invocation-types/event-empty-answer", "body", "is empty"),
        silent,
    )


def _dry_run(row: Behaviour, silent: Expectation) -> Case:
    failing = expect("invocation-types/dry-run-of-failing-function", "status", "equals", 204)
    return case(
        f"invocation-types/dry-run-of-{row.name}",
        f"The answer to DryRun of a function that {row.text} is empty and tells nothing of it",
        replace(row.call, headers=DRY_RUN),
        expect("status-codes/dry-run-204", "status", "equals", 204),
        failing if row.fails else (),
        expect("invocation-types/dry-run-empty-answer", "body", "is empty"),
        silent,
    )
