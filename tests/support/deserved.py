"""Requests that deserve a refusal, each with the one that AWS gives."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

from support.asking import refusal, request

if TYPE_CHECKING:
    from conformance.exchange.message import Request, Response

ARN = "arn:aws:lambda:{}:{}:function:{}"
HERE = "arn:aws:lambda:us-east-1:111111111111:function"
DERIVED = "The derived qualifier from the function name does not match the specified qualifier."
UNREACHABLE = "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')"
CONTEXT = "Client context must be a valid Base64-encoded JSON object."
UNPARSED = "Could not parse request body into json: Unexpected end-of-input"
EVENT = {"X-Amz-Invocation-Type": "Event"}
DRY_RUN = {"X-Amz-Invocation-Type": "DryRun"}
MIB = 1024 * 1024


class Deserved(NamedTuple):
    """A request, and the refusal that it deserves.

    Attributes:
        request: that fails one check.
        status: of the refusal.
        type: its bare name.
        key: of its message.
        message: as AWS words it; any where no wording is known.
        requirement: that says so.
        wording: the requirements about the message; empty where no wording is known.
        open: whether of the message only the beginning is known.
        order: the requirement that this refusal comes before that of another check, which the request fails, too.
        more: members of the body beside the message.
    """

    request: Request
    status: int
    type: str
    key: str
    message: str
    requirement: str
    wording: str = ""
    open: bool = False
    order: str = ""
    more: tuple[tuple[str, str], ...] = (("Type", "User"),)

    @property
    def answer(self) -> Response:
        """The refusal."""
        return self.worded(self.message)

    def worded(self, message: str) -> Response:
        """The refusal in these words."""
        return refusal(self.status, self.type, {**dict(self.more), self.key: message})


def text(size: int) -> bytes:
    """JSON of this many bytes."""
    return b'"' + b"a" * (size - 2) + b'"'


FORMAT, LOOKED_UP = "request-errors/violation-format", "request-errors/constraints-before-look-up"


def violation(asked: Request, requirement: str, *violated: str, wording: str = "", order: str = "") -> Deserved:
    """A request that violates constraints; its body has nothing but the message."""
    noun = "error" if len(violated) == 1 else "errors"
    message = f"{len(violated)} validation {noun} detected: {'; '.join(violated)}"
    told = f"{wording} {FORMAT}".strip()
    return Deserved(asked, 400, "ValidationException", "message", message, requirement, told, True, order, ())


def violated(member: str, value: str, constraint: str) -> str:
    """What AWS prints of a violated constraint."""
    return f"Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"


def pattern(wanted: str) -> str:
    """How AWS words that a pattern is not matched."""
    return f"satisfy regular expression pattern: {wanted}"


def context(content: bytes) -> dict[str, str]:
    """A header that carries a client context."""
    return {"X-Amz-Client-Context": base64.b64encode(content).decode()}


def no_context(headers: dict[str, str], requirement: str) -> Deserved:
    """A client context that is none."""
    wording = "client-context/refusal-message"
    asked = request(headers=headers)
    return Deserved(asked, 400, "InvalidRequestContentException", "message", CONTEXT, requirement, wording)


def unparsed(content: bytes, requirement: str) -> Deserved:
    """A body that is no JSON."""
    wording = "payload/malformed-json-message"
    asked = request(body=content)
    kind = "InvalidRequestContentException"
    return Deserved(asked, 400, kind, "message", UNPARSED, requirement, wording, open=True)


def not_found(asked: Request, requirement: str, arn: str) -> Deserved:
    """A function, version or alias that is not there."""
    message = f"Function not found: {HERE}:{arn}"
    of_qualifier = requirement.startswith("qualifiers/")
    wording = "qualifiers/unknown-message" if of_qualifier else "names/unknown-function-message"
    return Deserved(asked, 404, "ResourceNotFoundException", "Message", message, requirement, wording)


QUALIFIER = r"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+"
TENANT = r"[a-zA-Z0-9\._:\/=+\-@ ]+"
DURABLE = "[a-zA-Z0-9-_]+"
LONG = "a" * 257
TENANT_ID, DURABLE_NAME = "X-Amz-Tenant-Id", "X-Amz-Durable-Execution-Name"

DESERVED: dict[str, Deserved] = {
    "name-too-long": violation(
        request(LONG),
        "names/too-long",
        violated("functionName", LONG, "have length less than or equal to 256"),
        wording="names/too-long-message",
        order=LOOKED_UP,
    ),
    "qualifier-too-long": violation(
        request(query=f"Qualifier={LONG}"),
        "qualifiers/too-long",
        violated("qualifier", LONG, "have length less than or equal to 128"),
        wording="qualifiers/too-long-message",
        order=LOOKED_UP,
    ),
    "qualifier-of-other-characters": violation(
        request(query="Qualifier=live!"),
        "qualifiers/illegal-character",
        violated("qualifier", "live!", pattern(QUALIFIER)),
        wording="qualifiers/pattern-message",
        order=LOOKED_UP,
    ),
    "unknown-type": violation(
        request(headers={"X-Amz-Invocation-Type": "Later"}),
        "invocation-types/unknown",
        violated("invocationType", "Later", "satisfy enum value set: [RequestResponse, Event, DryRun]"),
        wording="invocation-types/unknown-message",
    ),
    "type-in-other-case": violation(
        request(headers={"X-Amz-Invocation-Type": "event"}),
        "invocation-types/case-sensitive",
        violated("invocationType", "event", "satisfy enum value set: [RequestResponse, Event, DryRun]"),
        wording="invocation-types/unknown-message",
    ),
    "unknown-log-type": violation(
        request(headers={"X-Amz-Log-Type": "tail"}),
        "logs/unknown-type",
        violated("logType", "tail", "satisfy enum value set: [Tail, None]"),
        wording="logs/unknown-type-message",
    ),
    "tenant-too-long": violation(
        request("tenants", headers={TENANT_ID: LONG}),
        "tenant/constraints",
        violated("tenantId", LONG, "have length less than or equal to 256"),
    ),
    "tenant-of-other-characters": violation(
        request("tenants", headers={TENANT_ID: "a,b"}),
        "tenant/constraints",
        violated("tenantId", "a,b", pattern(TENANT)),
    ),
    "execution-too-long": violation(
        request("durable:1", headers={DURABLE_NAME: "a" * 65}),
        "durable/name-constraints",
        violated("durableExecutionName", "a" * 65, "have length less than or equal to 64"),
    ),
    "execution-of-other-characters": violation(
        request("durable:1", headers={DURABLE_NAME: "a.b"}),
        "durable/name-constraints",
        violated("durableExecutionName", "a.b", pattern(DURABLE)),
    ),
    "several-violations": violation(
        request(query="Qualifier=live!", headers={"X-Amz-Log-Type": "tail"}),
        "request-errors/several-violations",
        violated("logType", "tail", "satisfy enum value set: [Tail, None]"),
        violated("qualifier", "live!", pattern(QUALIFIER)),
        wording="request-errors/all-violations",
        order=LOOKED_UP,
    ),
    "two-qualifiers": Deserved(
        request("echo:1", "Qualifier=2"),
        400,
        "InvalidParameterValueException",
        "message",
        DERIVED,
        "qualifiers/disagreeing",
        "qualifiers/disagreeing-message",
    ),
    "other-region": Deserved(
        request(ARN.format("eu-west-1", "111111111111", "echo")),
        404,
        "ResourceNotFoundException",
        "Message",
        UNREACHABLE,
        "names/wrong-region",
        "names/wrong-region-message",
    ),
    "other-account": Deserved(
        request(ARN.format("us-east-1", "222222222222", "echo")),
        403,
        "AccessDeniedException",
        "Message",
        "whatever",
        "names/other-account",
    ),
    "too-large": Deserved(
        request(body=text(6 * MIB + 1)),
        413,
        "RequestEntityTooLargeException",
        "message",
        "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)",
        "limits/synchronous-request-too-large",
        "limits/too-large-message",
    ),
    "no-json": unparsed(b"{", "payload/malformed-json"),
    "no-utf-8": unparsed(b"\xff", "payload/invalid-utf8"),
    "text-of-no-utf-8": unparsed(b'"\xff"', "payload/invalid-utf8-in-string"),
    "no-tenant": Deserved(
        request("tenants"),
        400,
        "InvalidParameterValueException",
        "message",
        "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request",
        "tenant/missing",
        "tenant/missing-message",
        open=True,
    ),
    "unexpected-tenant": Deserved(
        request(headers={TENANT_ID: "a"}),
        400,
        "InvalidParameterValueException",
        "message",
        "whatever",
        "tenant/unexpected",
    ),
    "unqualified-durable-function": Deserved(
        request("durable"),
        400,
        "InvalidParameterValueException",
        "message",
        "You cannot invoke a durable function using an unqualified ARN",
        "durable/unqualified",
        "durable/unqualified-message",
        open=True,
    ),
    "context-in-no-base64": no_context({"X-Amz-Client-Context": "e30=!"}, "client-context/not-base64"),
    "context-of-no-json": no_context(context(b"{"), "client-context/not-json"),
    "context-of-no-json-without-padding": no_context({"X-Amz-Client-Context": "ew"}, "client-context/not-base64"),
    "context-of-no-utf-8": no_context(context(b'{"a": "\xff"}'), "client-context/not-json"),
    "unknown-function": not_found(request("nobody"), "names/unknown-function", "nobody"),
    "unknown-function-at-latest": not_found(request("nobody"), "names/unknown-function", "nobody:$LATEST"),
    "unknown-function-at-a-version": not_found(request("nobody:7"), "names/unknown-function", "nobody:7"),
    "unknown-version": not_found(request(query="Qualifier=3"), "qualifiers/unknown-version", "echo:3"),
    "unknown-alias": not_found(request(query="Qualifier=dead"), "qualifiers/unknown-alias", "echo:dead"),
    "other-case": not_found(request("Echo"), "names/case-sensitive", "Echo"),
    "zero-before-a-version": not_found(request(query="Qualifier=01"), "qualifiers/leading-zero", "echo:01"),
    "alias-in-other-case": not_found(request("echo:LIVE"), "qualifiers/alias-case-sensitive", "echo:LIVE"),
    "latest-in-other-case": not_found(request(query="Qualifier=$latest"), "qualifiers/case-sensitive", "echo:$latest"),
    "zero-before-no-version": not_found(request(query="Qualifier=03"), "qualifiers/unknown-version", "echo:03"),
    "exhausted": Deserved(
        request("busy"),
        429,
        "TooManyRequestsException",
        "message",
        "Rate Exceeded.",
        "concurrency/throttled",
        "concurrency/throttled-message",
        more=(("Type", "User"), ("Reason", "ReservedFunctionConcurrentInvocationLimitExceeded")),
    ),
    "own-request-id": Deserved(
        request(headers={"x-amzn-RequestId": "42"}),
        400,
        "InvalidRequestContentException",
        "message",
        "whatever",
        "request-errors/request-id-not-a-uuid",
    ),
}
"""What is wrong with a request -> the request, and the refusal that it deserves."""
