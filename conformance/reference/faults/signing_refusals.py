"""Faults of how signatures are refused: by which name, with which status, in which words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.answer import Refusal
from conformance.reference.faults.building import answer, around, header, status
from conformance.reference.faults.model import Fault
from conformance.reference.faults.signing import EXPIRED, UNKNOWN, WRONG
from conformance.reference.signature import MISMATCH

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.exchange.message import Request
    from conformance.reference.answer import Answer
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.signing import Verify

MISSING, INCOMPLETE = "MissingAuthenticationTokenException", "IncompleteSignatureException"
MISMATCH_OF_S3 = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)
UNKNOWN_OF_S3 = "The AWS Access Key Id you provided does not exist in our records."


def _refusing(when: str, name: str = "", text: str = "") -> Change:
    """Refuse by another name or in other words what is refused by a name, or in words that begin so."""

    def wrap(unbroken: Verify) -> Verify:
        def verify(request: Request) -> None:
            try:
                unbroken(request)
            except Refusal as found:
                if found.name != when and not found.message.startswith(when):
                    raise
                raise Refusal(name or found.name, text or found.message) from found

        return verify

    return around("verify", wrap)


def _refused_as(*names: str) -> Callable[[Request, Answer], bool]:
    return lambda _, given: any(value in names for key, value in given.headers if key == "x-amzn-ErrorType")


def _expired(_: Request, given: Answer) -> bool:
    return EXPIRED.encode() in given.body


def _in_capitals(given: Answer) -> Answer:
    return replace(given, body=given.body.replace(b'"message"', b'"Message"', 1))


FAULTS = (
    Fault(
        "signing/missing-500",
        "answers 500 to a request without a signature",
        ("signing/missing", "signing/all-operations"),
        status(500, _refused_as(MISSING)),
        seen="moto 5.2.5",
    ),
    Fault(
        "signing/missing-text",
        "words the refusal of a request without a signature in another way",
        ("signing/missing-message",),
        _refusing(MISSING, text="Missing authentication token."),
    ),
    Fault(
        "signing/incomplete-as-missing",
        "takes an Authorization header that it can't read for none",
        ("signing/incomplete",),
        _refusing(INCOMPLETE, MISSING, "Missing Authentication Token"),
    ),
    Fault(
        "signing/incomplete-text",
        "does not say what an Authorization header lacks",
        ("signing/incomplete-message",),
        _refusing(INCOMPLETE, text="The Authorization header is malformed."),
    ),
    Fault(
        "signing/type-of-other-services",
        "refuses a wrong signature as SignatureDoesNotMatch",
        ("signing/wrong-secret", "signing/covers-body"),
        header("x-amzn-ErrorType", "SignatureDoesNotMatch", _refused_as(WRONG)),
    ),
    Fault(
        "signing/text-of-other-services",
        "refuses a wrong signature in the words of S3",
        ("signing/wrong-secret-message",),
        _refusing(MISMATCH, text=MISMATCH_OF_S3),
    ),
    Fault(
        "signing/message-in-capitals",
        "spells the member message of refused signatures with a capital",
        ("signing/refusal-form",),
        answer(_in_capitals, _refused_as(WRONG, MISSING, INCOMPLETE, UNKNOWN)),
    ),
    Fault(
        "signing/unknown-key-as-mismatch",
        "refuses an access key that it does not know as a wrong signature",
        ("signing/unknown-key",),
        _refusing(UNKNOWN, WRONG, MISMATCH),
    ),
    Fault(
        "signing/unknown-key-text",
        "refuses an access key that it does not know in the words of S3",
        ("signing/unknown-key-message",),
        _refusing(UNKNOWN, text=UNKNOWN_OF_S3),
    ),
    Fault(
        "signing/expired-400",
        "answers 400 to a signature that is too old, as the list of common errors has it",
        ("signing/expired",),
        status(400, _expired),
    ),
    Fault(
        "signing/expired-text",
        "does not say of a signature that is too old by how much",
        ("signing/expired-message",),
        _refusing(EXPIRED, text=f"{EXPIRED}."),
    ),
)
