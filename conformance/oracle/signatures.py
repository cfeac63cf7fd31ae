"""What must hold of the answer to a request whose signature is not as it should be, by how it was signed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.oracle.asked import operation_at, read_request
from conformance.oracle.clause import Clause
from conformance.oracle.expectation import expectation
from conformance.oracle.refusals import refusals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.model import Contract
    from conformance.exchange.message import Request
    from conformance.oracle.world import World

Clauses = tuple[Clause, ...]
STAMP = r"\d{8}T\d{6}Z"
GOOD = frozenset({"valid", "3-minutes-ago"})
"""Ways to sign that are as they should be."""
MISMATCH = "InvalidSignatureException"
WRONG = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
FORM: Clauses = (
    Clause("signing/refusal-form", "header Content-Type", "equals", "application/json"),
    Clause("signing/refusal-form", "header x-amzn-RequestId", "is present"),
    Clause("signing/refusal-form", "members", "equals", ["message"]),
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a signature, and what becomes of it.

    Attributes:
        requirement: that it is refused.
        type: of the error.
        statuses: of the answer.
        words: what else is recorded of the answer.
        elsewhere: operation -> the requirement about it; of others it is known only that they want a signature.
    """

    requirement: str
    type: str = MISMATCH
    statuses: tuple[int, ...] = (403,)
    words: Clauses = ()
    elsewhere: Mapping[str, str] | None = None


def _message(requirement: str, rule: str, value: Any) -> Clauses:  # noqa: ANN401  any JSON value
    return (Clause(requirement, "error message", rule, value),)


def _incomplete(*named: str) -> Flaw:
    """Return what becomes of an Authorization header that lacks something, which the message has to name."""
    pattern = r"(?:^|\. )Authorization header requires {}\."
    words = tuple(
        Clause("signing/incomplete-message", "error message", "matches", pattern.replace("{}", one)) for one in named
    )
    return Flaw("signing/incomplete", r"^IncompleteSignature(Exception)?$", (403, 400), words)


_SAID = _message("signing/wrong-secret-message", "equals", WRONG)
FLAWS: Mapping[str, Flaw] = {
    "unsigned": Flaw(
        "signing/missing",
        "MissingAuthenticationTokenException",
        words=_message("signing/missing-message", "equals", "Missing Authentication Token"),
        elsewhere=dict.fromkeys(("InvokeAsync", "InvokeWithResponseStream"), "signing/all-operations"),
    ),
    "wrong-secret": Flaw(
        "signing/wrong-secret", words=(*_SAID, *FORM), elsewhere={"InvokeAsync": "signing/invoke-async"}
    ),
    "unknown-key": Flaw(
        "signing/unknown-key",
        "UnrecognizedClientException",
        words=_message(
            "signing/unknown-key-message", "matches", r"^The security token included in the request is invalid\.?$"
        ),
    ),
    "invented-token": Flaw("signing/invented-token", "UnrecognizedClientException"),
    "other-region": Flaw("signing/scope"),
    "other-service": Flaw("signing/scope"),
    "10-minutes-ago": Flaw(
        "signing/expired",
        words=_message(
            "signing/expired-message",
            "matches",
            rf"^Signature expired: {STAMP} is now earlier than {STAMP} \({STAMP} - 5 min\.\)$",
        ),
    ),
    "10-minutes-ahead": Flaw("signing/not-yet-current"),
    "other-body": Flaw("signing/covers-body"),
    "other-query": Flaw("signing/covers-query-and-host"),
    "other-host": Flaw("signing/covers-query-and-host"),
    "path-encoded-once": Flaw("signing/path-encoded-once"),
    "unsigned-payload": Flaw("signing/unsigned-payload"),
    "no-credential": _incomplete("'Credential' parameter"),
    "no-signed-headers": _incomplete("'SignedHeaders' parameter"),
    "no-signature": _incomplete("'Signature' parameter"),
    "no-date": _incomplete("existence of either a 'X-Amz-Date' or a 'Date' header"),
    "other-scheme": _incomplete("'Credential' parameter", "'SignedHeaders' parameter", "'Signature' parameter"),
    "no-parts": _incomplete(),
}
"""How a request was signed -> what becomes of it."""
REASONED = frozenset({"invented-token", "other-region", "other-service", "10-minutes-ahead", "unsigned-payload"})
"""Ways to sign of which it is only reasoned that they are refused: nothing is sure of what they are refused before."""
WANTED = "signing/all-operations"

_PREFLIGHT = (
    ("routing/preflight", "status", "equals", 200),
    ("routing/preflight", "header Access-Control-Allow-Origin", "equals", "*"),
    ("routing/preflight", "header Access-Control-Allow-Methods", "matches", r"^\*$|(^|[ ,])POST($|[ ,])"),
    ("routing/preflight", "header Access-Control-Allow-Headers", "matches", r"(?i)(^|[ ,])authorization($|[ ,])"),
    ("routing/preflight-exposes", "header Access-Control-Expose-Headers", "matches", r"(?i)^\*$|x-amz-function-error"),
    ("routing/preflight-exposes", "header Access-Control-Expose-Headers", "matches", r"(?i)^\*$|x-amz-log-result"),
    ("routing/preflight-exposes", "header Access-Control-Expose-Headers", "matches", r"(?i)^\*$|x-amzn-errortype"),
    ("routing/preflight-exposes", "header Access-Control-Max-Age", "equals", "172800"),
)
"""What a browser is answered that asks whether it may call; a lone star does not stand for Authorization (Fetch)."""
PREFLIGHT: Clauses = tuple(Clause(*one) for one in _PREFLIGHT)


def signed_expectation(signing: str, request: Request, contract: Contract, world: World) -> Clauses:
    """Return what must hold of the answer to a request that was signed in some way.

    Args:
        signing: a key of the signers' table.
        request: before it was signed.
        contract: all constraints.
        world: what is deployed on the target.

    Returns:
        As :func:`conformance.oracle.expectation.expectation`; nothing where nothing is known.
    """
    context = request.header("X-Amz-Client-Context")
    if signing in GOOD and not all(map(str.isascii, context)):
        early = "client-context/beyond-ascii-unencoded"
        return (Clause(early, "status", "equals", 403), Clause(early, "error type", "equals", MISMATCH))
    if signing in GOOD:
        return _recent(signing, request, expectation(request, contract, world))
    operation = operation_at(request.target, contract)
    if operation is None or (request.method != operation.method.encode()):
        return PREFLIGHT if signing == "unsigned" and _asks_first(request) and operation is not None else ()
    flaw = FLAWS[signing]
    requirement = flaw.requirement if operation.id == "Invoke" else (flaw.elsewhere or {}).get(operation.id, "")
    statuses = list(flaw.statuses)
    if not requirement:
        return (Clause(WANTED, "status", "is one of", statuses),)
    rule = "matches" if flaw.type.startswith("^") else "equals"
    asked = read_request(request, contract)
    wrong = asked is not None and operation.id == "Invoke" and any(one.sure for one in refusals(asked, world))
    first = (Clause("signing/before-validation", "error type", rule, flaw.type),)
    return (
        Clause(requirement, "status", "is one of", statuses),
        Clause(requirement, "error type", rule, flaw.type),
        *(first if wrong and signing not in REASONED else ()),
        *flaw.words,
    )


def _recent(signing: str, request: Request, clauses: Clauses) -> Clauses:
    """Return what must hold of a request that was signed rightly, with what that shows of the signature."""
    taken = [one for one in clauses if one.subject == "status" and one.rule == "equals" and one.value < REFUSAL]
    if signing == "valid" or not taken:
        return clauses
    colons = re.search(rb":|%3A", request.target.partition(b"?")[0]) is not None
    shown = ("signing/recent", *(("signing/path-encoding",) if colons else ()))
    return (*(Clause(one, "status", "equals", taken[0].value) for one in shown), *clauses)


def _asks_first(request: Request) -> bool:
    """Tell whether a browser asks whether a page of another origin may call."""
    return request.method == b"OPTIONS" and [*request.header("Access-Control-Request-Method")] == ["POST"]


REFUSAL = 400
