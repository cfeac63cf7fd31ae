"""Refusals captured on the wire that no request alone brings about: they pass the clauses of the cases about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from conformance.cases.authored import authored_cases
from conformance.contract.requirements import Tier, load_requirements
from conformance.exchange.message import Response
from conformance.oracle.judge import judge
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading

if TYPE_CHECKING:
    from conformance.contract.model import Contract
    from conformance.oracle.judge import Check

MISMATCH = (
    b'{"message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret'
    b' Access Key and signing method. Consult the service documentation for details."}'
)
TOO_LARGE = b'{"Message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}'
CONTENT = b'{"Type":"User","message":"Could not parse request body into json: Unexpected end-of-input"}'


@dataclass(frozen=True)
class Capture:
    """A captured answer.

    Attributes:
        source: where it was published, and when it was captured.
        case: that is about it.
        status: of the answer.
        type: in x-amzn-ErrorType; empty where the capture shows the body alone.
        body: as captured; completed where it was cut off and the rest is known.
    """

    source: str
    case: str
    status: int
    type: str
    body: bytes

    @property
    def response(self) -> Response:
        """The answer."""
        headers = ((b"x-amzn-ErrorType", self.type.encode()),) if self.type else ()
        return Response(self.status, b"", b"HTTP/1.1", (*headers, (b"Content-Type", b"application/json")), self.body)


CAPTURES = (
    Capture(
        "https://github.com/erlcloud/erlcloud/issues/690, 2021-03-02",
        "signing/wrong-secret",
        403,
        "InvalidSignatureException",
        MISMATCH,
    ),
    Capture(
        "https://github.com/aws-beam/aws-elixir/issues/77, 2021-06-15",
        "signing/wrong-secret-for-invoke-async",
        403,
        "InvalidSignatureException",
        MISMATCH,
    ),
    Capture(
        "https://github.com/aws/aws-cli/issues/6433, 2021-09-29; the capture lacks the body",
        "payload/truncated",
        400,
        "InvalidRequestContentException",
        CONTENT,
    ),
    Capture(
        "https://github.com/soto-project/soto/issues/380, 2020-09-19; of ListFunctions",
        "names/arn-other-account",
        403,
        "AccessDeniedException",
        b'{"Message":"User: arn:aws:iam::xx:user/Joe is not authorized to perform: lambda:ListFunctions'
        b' on resource: *"}',
    ),
    Capture(
        "public source index 62698367749; of the front end of function URLs",
        "limits/synchronous-request-too-large",
        413,
        "RequestEntityTooLargeException",
        TOO_LARGE,
    ),
)
BODIES_ALONE = (
    Capture(
        "https://github.com/fyoorer/ShadowClone/issues/25, 2023-05-02; another reason",
        "concurrency/none",
        429,
        "",
        b'{"Reason":"CallerRateLimitExceeded","Type":"User","message":"Rate exceeded"}',
    ),
    Capture(
        "https://github.com/adobe-apiplatform/api-gateway-aws/issues/28",
        "names/arn-other-account",
        403,
        "",
        b'{"Message":"Cross-account log access is not allowed"}',
    ),
)
SHOWN = (
    "status",
    "error type",
    "header x-amzn-ErrorType",
    "error message",
    "members",
    "json /Message",
    "json /message",
)


def _judged(capture: Capture, response: Response, contract: Contract) -> list[Check]:
    """Apply what the case expects of what the capture shows; texts only where they are about the same operation."""
    shown = SHOWN if capture.type else ("status",)
    kept = [one for one in authored_cases(contract)[capture.case].clauses if one.subject in shown]
    if "of ListFunctions" in capture.source:
        kept = [one for one in kept if one.subject != "error message"]
    return judge(kept, [Reading(response)], load_requirements(), Tier.STRICT)


@pytest.mark.parametrize("capture", [*CAPTURES, *BODIES_ALONE], ids=lambda one: one.source[:50])
def test_a_captured_refusal_passes(capture: Capture, contract: Contract) -> None:
    """What was captured of the real service passes the case about it, as far as the capture goes."""
    checks = _judged(capture, capture.response, contract)

    assert [f"{one.clause.subject}: {one.observed}" for one in checks if one.outcome is not Outcome.PASS] == []
    assert checks


@pytest.mark.parametrize("capture", [*CAPTURES, *BODIES_ALONE], ids=lambda one: one.source[:50])
def test_an_altered_one_fails(capture: Capture, contract: Contract) -> None:
    """With another status, and with another type where it shows one, it fails."""
    altered = [replace(capture, status=500), *([replace(capture, type="ServiceException")] if capture.type else [])]

    for one in altered:
        assert any(check.outcome is Outcome.FAIL for check in _judged(capture, one.response, contract))
