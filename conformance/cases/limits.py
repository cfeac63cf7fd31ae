"""Cases of the area limits; the sizes come from the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import EVENT, accepted, case, expect, refused, succeeds
from conformance.cases.model import Call, Sized

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

TOO_LARGE = "RequestEntityTooLargeException"
IDENTIFIED = expect("response-headers/request-id", "header x-amzn-RequestId", "is present")
"""Recorded where the size is just above a limit; not where the front end refuses what is far beyond it."""
FAR = 7_000_002
"""Bytes of the recorded request that is far beyond the limit."""


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    limits = contract.operations["Invoke"].body_limits
    former = contract.operations["InvokeAsync"].body_limits["Event"]  # which InvokeAsync still has
    return (
        *_synchronous(limits["RequestResponse"]),
        *_event(limits["Event"], former),
        *_responses(limits["RequestResponse"], contract.limits["sync-response"]),
    )


def _synchronous(limit: int) -> tuple[Case, ...]:
    exact = "limits/synchronous-request-of-the-limit"
    return (
        case(
            "limits/synchronous-request",
            "A synchronous request of a byte less than the limit is accepted",
            Call(body=Sized(limit - 1)),
            succeeds("limits/synchronous-request"),
            expect("limits/synchronous-request", "body size", "equals", limit - 1),
        ),
        case(
            exact,
            "A synchronous request of as many bytes as the limit gets an orderly answer",
            Call(body=Sized(limit)),
            expect(exact, "status", "is one of", [200, 413]),
        ),
        *(
            case(
                f"limits/synchronous-request-{id_}",
                f"A synchronous request {what} is refused",
                Call(body=body),
                refused("limits/synchronous-request-too-large", 413, TOO_LARGE),
                identified,
                expect(
                    "limits/too-large-message",
                    "error message",
                    "matches",
                    f"{_counted(body.size, 'RequestResponse', limit)}"
                    f"|^Request must be smaller than {limit} bytes for the InvokeFunction operation$",
                ),
                twin="limits/synchronous-request",
            )
            for id_, what, body, identified in (
                ("too-large", "of a byte more than the limit", Sized(limit + 1), IDENTIFIED),
                ("far-too-large", "far beyond the limit", Sized(FAR), ()),
                ("of-few-characters", "of more bytes than the limit, but fewer characters", Sized(FAR, "é"), ()),
            )
        ),
    )


def _counted(size: int, kind: str, limit: int) -> str:
    return rf"^{size} byte payload is too large for the {kind} invocation type \(limit {limit} bytes\)$"


def _event(limit: int, former: int) -> tuple[Case, ...]:
    return (
        *(
            case(
                f"limits/event-{id_}",
                f"An Event {what} is accepted",
                Call(headers=EVENT, body=Sized(size)),
                accepted(),
                expect(requirement, "status", "equals", 202),
            )
            for id_, what, size, requirement in (
                ("limit-raised", "of a byte more than the limit of old", former + 1, "limits/event-limit-raised"),
                ("below-the-limit", "of a byte less than the limit", limit - 1, "limits/event-request"),
                ("request", "of as many bytes as the limit", limit, "limits/event-request"),
            )
        ),
        case(
            "limits/event-request-too-large",
            "An Event of a byte more than the limit is refused",
            Call(headers=EVENT, body=Sized(limit + 1)),
            refused("limits/event-request-too-large", 413, TOO_LARGE),
            IDENTIFIED,
            expect("request-errors/too-large-has-a-message", "error message", "matches", "."),
            expect("limits/too-large-message", "error message", "matches", _counted(limit + 1, "Event", limit)),
            twin="limits/event-request",
        ),
    )


def _responses(six_mib: int, most: int) -> tuple[Case, ...]:
    huge = "limits/synchronous-response-too-large"
    return (
        *(
            case(
                requirement,
                f"A result {what} comes back whole",
                Call("{big}", body=b'{"size": %d}' % size),
                succeeds(requirement),
                expect(requirement, "body size", "equals", size),
            )
            for requirement, what, size in (
                ("limits/synchronous-response", "of 6 MiB and two quotes", six_mib + 2),
                ("limits/synchronous-response-of-the-limit", "of as many bytes as the limit", most),
            )
        ),
        case(
            huge,
            "A result of a byte more than the limit is a function error",
            Call("{big}", body=b'{"size": %d}' % (most + 1)),
            expect(huge, "header X-Amz-Function-Error", "is present"),
            expect(huge, "json /errorType", "equals", "Function.ResponseSizeTooLarge"),
            expect(
                "limits/synchronous-response-too-large-message",
                "json /errorMessage",
                "equals",
                f"Response payload size exceeded maximum allowed payload size ({most} bytes).",
            ),
        ),
    )
