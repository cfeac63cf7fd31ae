"""Cases of the area signing, for targets that claim to check signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import ARN, case, expect, invocation_type, refused, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

NEEDS = ("signatures",)
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    wrong, early = "signing/wrong-secret", "signing/before-validation"
    mismatch = "InvalidSignatureException"
    return (
        case(
            "signing/missing",
            "A request without a signature is refused",
            Call(signing="unsigned"),
            refused("signing/missing", 403, "MissingAuthenticationTokenException"),
            twin="names/plain",
            needs=NEEDS,
        ),
        case(
            "signing/wrong-secret",
            "A signature made with another secret is refused",
            Call(signing="wrong-secret"),
            refused(wrong, 403, mismatch),
            expect("signing/wrong-secret-message", "error message", "equals", MISMATCH),
            twin="names/plain",
            needs=NEEDS,
        ),
        case(
            "signing/unknown-key",
            "An access key that nobody has is refused",
            Call(signing="unknown-key"),
            refused("signing/unknown-key", 403, "UnrecognizedClientException"),
            twin="names/plain",
            needs=NEEDS,
        ),
        case(
            "signing/arn-raw",
            "The signature of a raw ARN in the path is accepted",
            Call(ARN + "{echo}", escape="raw"),
            succeeds("signing/path-encoding"),
            needs=NEEDS,
        ),
        case(
            "signing/arn-encoded",
            "The signature of an encoded ARN in the path is accepted",
            Call(ARN + "{echo}"),
            succeeds("signing/path-encoding"),
            needs=NEEDS,
        ),
        case(
            "signing/wrong-secret-and-type",
            "Of a wrong signature and an unknown invocation type the signature is reported",
            Call(headers=invocation_type("Bogus"), signing="wrong-secret"),
            refused(early, 403, mismatch),
            twin="names/plain",
            needs=NEEDS,
        ),
    )
