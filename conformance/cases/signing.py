"""Cases of the area signing, for targets that claim to check signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import ARN, case, expect, invocation_type, refused, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

NEEDS = ("signatures",)
TWIN = "names/plain"
BODY = b'{"signed": true}'
MISMATCH = "InvalidSignatureException"
MISSING = "MissingAuthenticationTokenException"
STAMP = r"\d{8}T\d{6}Z"


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    return (
        *_missing(),
        *_credentials(contract),
        *_times(),
        *_covered(),
        *_paths(),
        *_incomplete(),
        *_scopes(),
        *_before_validation(),
    )


def _missing() -> tuple[Case, ...]:
    whole, elsewhere = "signing/missing", "signing/all-operations"
    return (
        case(
            "signing/missing",
            "A request without a signature is refused",
            Call(signing="unsigned"),
            refused(whole, 403, MISSING),
            expect("signing/missing-message", "error message", "equals", "Missing Authentication Token"),
            expect("signing/missing-body", "members", "equals", ["message"]),
            twin=TWIN,
            needs=NEEDS,
        ),
        case(
            "signing/missing-for-invoke-async",
            "InvokeAsync without a signature is refused",
            Call(operation="InvokeAsync", signing="unsigned"),
            refused(elsewhere, 403, MISSING),
            twin="invoke-async/accepted",
            needs=(*NEEDS, "invoke-async"),
        ),
        case(
            "signing/missing-for-response-stream",
            "InvokeWithResponseStream without a signature is refused",
            Call(operation="InvokeWithResponseStream", signing="unsigned"),
            refused(elsewhere, 403, MISSING),
            twin="streaming/result",
            needs=(*NEEDS, "response-streaming"),
        ),
    )


def _credentials(contract: Contract) -> tuple[Case, ...]:
    wrong, form = "signing/wrong-secret", "signing/refusal-form"
    slashed = contract.operations["InvokeAsync"].path.replace("{FunctionName}", "{echo}") + "/"
    return (
        case(
            "signing/wrong-secret",
            "A signature made with another secret is refused",
            Call(signing="wrong-secret"),
            _mismatch(wrong),
            expect(form, "header Content-Type", "equals", "application/json"),
            expect(form, "header x-amzn-RequestId", "is present"),
            expect(form, "members", "equals", ["message"]),
            twin=TWIN,
            needs=NEEDS,
        ),
        case(
            "signing/wrong-secret-for-invoke-async",
            "A signature of InvokeAsync made with another secret is refused, on the path of older clients",
            Call(operation="InvokeAsync", path=slashed, signing="wrong-secret"),
            _mismatch("signing/invoke-async"),
            twin="invoke-async/trailing-slash",
            needs=(*NEEDS, "invoke-async"),
        ),
        case(
            "signing/unknown-key",
            "An access key that nobody has is refused",
            Call(signing="unknown-key"),
            refused("signing/unknown-key", 403, "UnrecognizedClientException"),
            expect(
                "signing/unknown-key-message",
                "error message",
                "matches",
                r"^The security token included in the request is invalid\.?$",
            ),
            twin=TWIN,
            needs=NEEDS,
        ),
        case(
            "signing/invented-token",
            "A session token that nobody issued is refused",
            Call(signing="invented-token"),
            refused("signing/invented-token", 403, "UnrecognizedClientException"),
            twin=TWIN,
            needs=NEEDS,
        ),
    )


def _mismatch(requirement: str) -> Expectation:
    """The refusal of a signature that is not the one that the service calculates."""
    message = (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details."
    )
    return refused(requirement, 403, MISMATCH) + expect(
        "signing/wrong-secret-message", "error message", "equals", message
    )


def _times() -> tuple[Case, ...]:
    recent, future = "signing/recent", "signing/not-yet-current"
    return (
        case(
            "signing/recent",
            "A signature that is three minutes old is accepted",
            Call(body=BODY, signing="3-minutes-ago"),
            succeeds(recent),
            expect(recent, "json", "equals", {"signed": True}),
            needs=NEEDS,
        ),
        case(
            "signing/expired",
            "A signature that is ten minutes old is refused",
            Call(body=BODY, signing="10-minutes-ago"),
            refused("signing/expired", 403, MISMATCH),
            expect(
                "signing/expired-message",
                "error message",
                "matches",
                rf"^Signature expired: {STAMP} is now earlier than {STAMP} \({STAMP} - 5 min\.\)$",
            ),
            twin=TWIN,
            needs=NEEDS,
        ),
        case(
            "signing/not-yet-current",
            "A signature of ten minutes ahead is refused",
            Call(body=BODY, signing="10-minutes-ahead"),
            refused(future, 403, MISMATCH),
            expect(
                future,
                "error message",
                "matches",
                rf"^Signature not yet current: {STAMP} is still later than {STAMP} \({STAMP} \+ 5 min\.\)$",
            ),
            twin=TWIN,
            needs=NEEDS,
        ),
    )


def _covered() -> tuple[Case, ...]:
    """Requests of which something else was signed than is sent."""
    documented = "signing/covers-query-and-host"
    table = {
        "tampered-body": (
            "Another body than the signed one",
            Call(body=BODY, signing="other-body"),
            "signing/covers-body",
            TWIN,
        ),
        "tampered-query": (
            "A query that was not signed",
            Call("{versioned}", "Qualifier=1", signing="other-query"),
            documented,
            "qualifiers/version-1",
        ),
        "tampered-host": (
            "Another host than the signed one",
            Call(body=BODY, signing="other-host"),
            documented,
            TWIN,
        ),
        "unsigned-payload": (
            "A body that was left out of the signature, as S3 allows it,",
            Call(body=BODY, signing="unsigned-payload"),
            "signing/unsigned-payload",
            TWIN,
        ),
    }
    return tuple(
        case(f"signing/{id_}", f"{what} is refused", call, refused(requirement, 403, MISMATCH), twin=twin, needs=NEEDS)
        for id_, (what, call, requirement, twin) in table.items()
    )


def _paths() -> tuple[Case, ...]:
    encoding = "signing/path-encoding"
    return (
        case(
            "signing/arn-raw",
            "The signature of a raw ARN in the path is accepted",
            Call(ARN + "{echo}", body=BODY, escape="raw"),
            succeeds(encoding),
            needs=NEEDS,
        ),
        case(
            "signing/arn-encoded",
            "The signature of an encoded ARN in the path is accepted",
            Call(ARN + "{echo}", body=BODY),
            succeeds(encoding),
            needs=NEEDS,
        ),
        case(
            "signing/arn-encoded-once",
            "A signature whose canonical path has the encoded ARN as it is sent is refused",
            Call(ARN + "{echo}", body=BODY, signing="path-encoded-once"),
            refused("signing/path-encoded-once", 403, MISMATCH),
            twin="signing/arn-encoded",
            needs=NEEDS,
        ),
    )


def _incomplete() -> tuple[Case, ...]:
    """Authorization headers that are no signature: signer -> (what is wrong, what the message has to name)."""
    whole, message = "signing/incomplete", "signing/incomplete-message"
    date = "existence of either a 'X-Amz-Date' or a 'Date' header"
    table = {
        "no-credential": ("An Authorization header without Credential", "'Credential' parameter"),
        "no-signed-headers": ("An Authorization header without SignedHeaders", "'SignedHeaders' parameter"),
        "no-signature": ("An Authorization header without Signature", "'Signature' parameter"),
        "no-date": ("A signature without a date", date),
        "other-scheme": ("An Authorization header of the scheme Basic", "'Credential' parameter"),
        "no-parts": ("An Authorization header of which only the algorithm can be understood", ""),
    }
    return tuple(
        case(
            f"signing/{signer}",
            f"{what} is refused",
            Call(body=BODY, signing=signer),
            expect(whole, "status", "is one of", [403, 400]),
            expect(whole, "error type", "matches", "^IncompleteSignature(Exception)?$"),
            expect(message, "error message", "matches", rf"(?:^|\. )Authorization header requires {named}\.")
            if named
            else (),
            twin=TWIN,
            needs=NEEDS,
        )
        for signer, (what, named) in table.items()
    )


def _scopes() -> tuple[Case, ...]:
    scope = "signing/scope"
    table = {"region": "to a valid region, not '{other_region}'", "service": "to correct service: 'lambda'"}
    return tuple(
        case(
            f"signing/other-{part}",
            f"A signature for another {part} is refused",
            Call(body=BODY, signing=f"other-{part}"),
            refused(scope, 403, MISMATCH),
            expect(scope, "error message", "matches", rf"^Credential should be scoped {text}\. ?$"),
            twin=TWIN,
            needs=NEEDS,
        )
        for part, text in table.items()
    )


def _before_validation() -> tuple[Case, ...]:
    """Requests with a second fault, which the signature's comes before: id -> (the other fault, call)."""
    context = (("X-Amz-Client-Context", "not base64!"),)
    table = {
        "type": ("an unknown invocation type", Call(headers=invocation_type("Bogus"), signing="wrong-secret")),
        "client-context": ("a bad client context", Call(headers=context, signing="wrong-secret")),
        "function": ("an unknown function", Call("{missing}", signing="wrong-secret")),
        "body": ("a malformed body", Call(body=b"{", signing="wrong-secret")),
    }
    return tuple(
        case(
            f"signing/wrong-secret-and-{id_}",
            f"Of a wrong signature and {what} the signature is reported",
            call,
            refused("signing/before-validation", 403, MISMATCH),
            twin=TWIN,
            needs=NEEDS,
        )
        for id_, (what, call) in table.items()
    )
