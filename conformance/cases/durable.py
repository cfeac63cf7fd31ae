"""Cases of the area durable, for targets with durable functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import ARN, EVENT, accepted, case, expect, invalid, refused, sequence, step, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

HEADER = "X-Amz-Durable-Execution-Name"
EXECUTION = "header X-Amz-Durable-Execution-Arn"
INVALID = "InvalidParameterValueException"
UNQUALIFIED = r"^You cannot invoke a durable function using an unqualified ARN\.?$"
TOO_LONG = "You cannot synchronously invoke a durable function with an executionTimeout greater than 15 minutes."
ILLEGAL = (("space", "two words"), ("dot", "a.b"), ("slash", "a/b"))


def _name(name: str) -> tuple[tuple[str, str], ...]:
    return ((HEADER, name),)


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    longest = contract.operations["Invoke"].parameter(HEADER).max_length or 0
    return (*_qualified(), *_long(), *_named(), *_constraints(longest))


def _qualified() -> tuple[Case, ...]:
    ran, arn = "durable/qualified", "durable/execution-arn"
    return (
        case(
            "durable/version",
            "A durable function called at a version runs, and the answer names the execution",
            Call("{durable}", "Qualifier=1", body=b'{"a": 1}'),
            succeeds(ran),
            expect(arn, EXECUTION, "matches", r"^arn:{partition}:lambda:{region}:{account}:function:{durable}:1/"),
        ),
        case(
            "durable/latest",
            "$LATEST, given explicitly, counts as a qualifier",
            Call("{durable}", "Qualifier=$LATEST"),
            succeeds(ran),
        ),
        case(
            "durable/latest-arn",
            "So it does beside an ARN",
            Call(ARN + "{durable}", "Qualifier=$LATEST"),
            succeeds(ran),
        ),
        case(
            "durable/unqualified",
            "Without a qualifier the call is refused",
            Call("{durable}"),
            refused("durable/unqualified", 400, INVALID),
            expect("durable/unqualified-message", "error message", "matches", UNQUALIFIED),
            twin="durable/latest",
        ),
        case(
            "durable/unqualified-arn",
            "Nor does an ARN without a qualifier do",
            Call(ARN + "{durable}"),
            refused("durable/unqualified", 400, INVALID),
            twin="durable/latest-arn",
        ),
    )


def _long() -> tuple[Case, ...]:
    return (
        case(
            "durable/too-long-for-synchronous",
            "A function that may take hours is not called synchronously",
            Call("{durable_long}", "Qualifier=1"),
            refused("durable/too-long-for-synchronous", 400, INVALID),
            expect("durable/too-long-for-synchronous-message", "error message", "equals", TOO_LONG),
            twin="durable/version",
        ),
        case(
            "durable/long-event",
            "As an Event it is accepted",
            Call("{durable_long}", "Qualifier=1", headers=EVENT),
            accepted(),
            expect("durable/long-event", "status", "equals", 202),
        ),
    )


def _named() -> tuple[Case, ...]:
    same, other = "durable/same-name-same-payload", "durable/already-started"
    first = Call("{durable}", "Qualifier=1", _name("{run}-same"), b'{"n": 1}')
    begun = Call("{durable}", "Qualifier=1", _name("{run}-other"), b'{"n": 1}')
    another = Call("{durable}", "Qualifier=1", _name("{run}-other"), b'{"n": 2}')
    return (
        sequence(
            "durable/same-name-same-payload",
            "The same name and payload again is the same execution",
            step(first, succeeds()),
            step(
                first,
                expect(same, "status", "equals", 200),
                expect(same, EXECUTION, "is as", f"step 1 {EXECUTION}"),
                expect(same, "json", "is as", "step 1 json"),
            ),
        ),
        sequence(
            "durable/same-name-other-payload",
            "The same name with another payload is refused",
            step(begun, succeeds()),
            step(another, refused(other, 409, "DurableExecutionAlreadyStartedException")),
            twin="durable/version",
        ),
    )


def _constraints(longest: int) -> tuple[Case, ...]:
    rows = (*ILLEGAL, (f"{longest + 1}-characters", "n" * (longest + 1)))
    return (
        case(
            f"durable/name-{longest}-characters",
            "The longest name is accepted",
            Call("{durable}", "Qualifier=1", _name("n" * longest), b"{}"),
            succeeds("durable/name-constraints"),
        ),
        case(
            "durable/name-of-every-class",
            "A name with a character of each class is accepted",
            Call("{durable}", "Qualifier=1", _name("{run}_Of-Every-Class-7")),
            succeeds("durable/name-constraints"),
        ),
        *(
            case(
                f"durable/name-{name}",
                "A name that violates the model is refused",
                Call("{durable}", "Qualifier=1", _name(value)),
                invalid("durable/name-constraints"),
                twin="durable/version",
            )
            for name, value in rows
        ),
    )
