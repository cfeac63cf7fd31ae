"""The words in which authored cases are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.cases.model import Call, Case, Step
from conformance.oracle.clause import Clause

if TYPE_CHECKING:
    from collections.abc import Iterable

Expectation = tuple[Clause, ...]


def case(id: str, purpose: str, call: Call, *expect: Expectation, twin: str = "", needs: Iterable[str] = ()) -> Case:
    """Return a case of one call; the expectations are joined."""
    return sequence(id, purpose, step(call, *expect), twin=twin, needs=needs)


def sequence(id: str, purpose: str, *steps: Step, twin: str = "", needs: Iterable[str] = (), group: str = "") -> Case:
    """Return a case of several calls over one connection."""
    return Case(id, purpose, steps, twin, tuple(needs), group)


def step(
    call: Call,
    *expect: Expectation,
    within: float = 0.0,
    repeat: int = 1,
    pipelined: bool = False,
    background: bool = False,
    pause: float = 0.0,
    tries: int = 1,
) -> Step:
    """Return one step; the expectations are joined."""
    clauses = tuple(clause for part in expect for clause in part)
    return Step(call, clauses, within, repeat, pipelined, background, pause, tries)


def expect(requirement: str, subject: str, rule: str, value: Any = None) -> Expectation:  # noqa: ANN401  any JSON value
    """Return an expectation of one clause."""
    return (Clause(requirement, subject, rule, value),)


def succeeds(requirement: str = "") -> Expectation:
    """A synchronous invocation whose function succeeds; says so for a requirement of its own, too."""
    clauses = expect("status-codes/synchronous-200", "status", "equals", 200)
    clauses += expect("function-errors/not-on-success", "header X-Amz-Function-Error", "is absent")
    return clauses + (expect(requirement, "status", "equals", 200) if requirement else ())


def fails_in_the_function() -> Expectation:
    """A synchronous invocation whose function fails."""
    return expect("status-codes/function-error-200", "status", "equals", 200) + expect(
        "function-errors/header", "header X-Amz-Function-Error", "is present"
    )


def accepted() -> Expectation:
    """An Event that is taken over."""
    return expect("status-codes/event-202", "status", "equals", 202)


def refused(requirement: str, status: int, error_type: str) -> Expectation:
    """A refusal of one status and one type."""
    return expect(requirement, "status", "equals", status) + expect(requirement, "error type", "equals", error_type)


def invalid(requirement: str) -> Expectation:
    """A refusal because a constraint of the model is violated."""
    return refused(requirement, 400, "ValidationException")


def not_found(requirement: str) -> Expectation:
    """A refusal because there is no such function, version or alias."""
    return refused(requirement, 404, "ResourceNotFoundException")


def invocation_type(value: str) -> tuple[tuple[str, str], ...]:
    """Return the header that chooses how to invoke."""
    return (("X-Amz-Invocation-Type", value),)


def log_type(value: str) -> tuple[tuple[str, str], ...]:
    """Return the header that asks for the log."""
    return (("X-Amz-Log-Type", value),)


EVENT = invocation_type("Event")
DRY_RUN = invocation_type("DryRun")
TAIL = log_type("Tail")
ARN = "arn:{partition}:lambda:{region}:{account}:function:"
PARTIAL_ARN = "{account}:function:"
UUID = r"^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$"
