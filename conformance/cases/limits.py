"""Cases of the area limits; the sizes come from the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import EVENT, accepted, case, expect, fails_in_the_function, refused, succeeds
from conformance.cases.model import Call, Sized

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

TOO_LARGE = "RequestEntityTooLargeException"


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    limits = contract.operations["Invoke"].body_limits
    return (
        *_requests(limits["RequestResponse"], limits["Event"]),
        *_responses(limits["RequestResponse"], contract.limits["sync-response"]),
    )


def _requests(synchronous: int, event: int) -> tuple[Case, ...]:
    message = "limits/too-large-message"
    return (
        case(
            "limits/synchronous-request",
            "A synchronous request of a byte less than the limit is accepted",
            Call(body=Sized(synchronous - 1)),
            succeeds("limits/synchronous-request"),
            expect("limits/synchronous-request", "body size", "equals", synchronous - 1),
        ),
        case(
            "limits/synchronous-request-too-large",
            "A synchronous request of a byte more than the limit is refused",
            Call(body=Sized(synchronous + 1)),
            refused("limits/synchronous-request-too-large", 413, TOO_LARGE),
            expect(
                message,
                "error message",
                "matches",
                rf"^{synchronous + 1} byte payload is too large for the RequestResponse invocation type "
                rf"\(limit {synchronous} bytes\)$"
                rf"|^Request must be smaller than {synchronous} bytes for the InvokeFunction operation$",
            ),
            twin="limits/synchronous-request",
        ),
        case(
            "limits/event-request",
            "An Event of as many bytes as the limit is accepted",
            Call(headers=EVENT, body=Sized(event)),
            accepted(),
            expect("limits/event-request", "status", "equals", 202),
        ),
        case(
            "limits/event-request-too-large",
            "An Event of a byte more than the limit is refused",
            Call(headers=EVENT, body=Sized(event + 1)),
            refused("limits/event-request-too-large", 413, TOO_LARGE),
            expect(
                message,
                "error message",
                "matches",
                rf"^{event + 1} byte payload is too large for the Event invocation type \(limit {event} bytes\)$",
            ),
            twin="limits/event-request",
        ),
    )


def _responses(six_mib: int, most: int) -> tuple[Case, ...]:
    large, huge = "limits/synchronous-response", "limits/synchronous-response-too-large"
    return (
        case(
            "limits/synchronous-response",
            "A result of 6 MiB and two quotes comes back whole",
            Call("{big}", body=b'{"size": %d}' % (six_mib + 2)),
            succeeds(large),
            expect(large, "body size", "equals", six_mib + 2),
        ),
        case(
            "limits/synchronous-response-too-large",
            "A result of a byte more than the limit is a function error",
            Call("{big}", body=b'{"size": %d}' % (most + 1)),
            fails_in_the_function(),
            expect(huge, "json /errorType", "equals", "Function.ResponseSizeTooLarge"),
            expect(
                "limits/synchronous-response-too-large-message",
                "json /errorMessage",
                "equals",
                f"Response payload size exceeded maximum allowed payload size ({most} bytes).",
            ),
        ),
    )
