"""Requests for functions that are known to be there, and answers to them, as data: nothing is sent."""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.contract.requirements import Tier, load_requirements
from conformance.exchange.message import Request, Response
from conformance.oracle.expectation import expectation
from conformance.oracle.judge import judge
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading
from conformance.oracle.world import Deployed, Ran, World
from support.calls import PATHS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.model import Contract

    Change = Callable[[Response], Response]

REQUEST_ID = "11111111-2222-3333-4444-555555555555"
DATE = "Wed, 25 Nov 2026 01:02:03 GMT"
TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0"
ALIVE = {"Connection": "keep-alive", "X-Amzn-Trace-Id": TRACE, "x-amzn-Remapped-Content-Length": "0"}
NO_ROUTE = (
    b"<AccessDeniedException>\n"
    b"  <Message>Unable to determine service/operation name to be authorized</Message>\n"
    b"</AccessDeniedException>\n"
)
VIOLATION = (
    "1 validation error detected: Value 'tail' at 'logType' failed to satisfy constraint: "
    "Member must satisfy enum value set: [None, Tail]"
)
BROKEN = {"errorMessage": "broken (on purpose)", "errorType": "Broken"}
VERSIONS = frozenset({"1", "2"})
WORLD = World(
    "us-east-1",
    "111111111111",
    {
        "echo": Deployed(versions=VERSIONS, aliases={"live": VERSIONS}, run=Ran, silent=True),
        "raise": Deployed(run=lambda _: Ran(BROKEN, failed=True)),
        "raise-without-type": Deployed(run=lambda _: Ran({"errorMessage": "broken"}, failed=True)),
        "untold": Deployed(),
        "busy": Deployed(exhausted=True),
        "tenants": Deployed(tenancy=True),
        "durable": Deployed(versions=VERSIONS, durable=True),
    },
)
"""Functions; of the last four nobody knows what comes of running them."""


def request(
    name: str = "echo",
    query: str = "",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    operation: str = "Invoke",
) -> Request:
    """Return a request; the name and the query are put in as they are, behind percent signs or not."""
    target = PATHS[operation].format(name) + (f"?{query}" if query else "")
    pairs = tuple((key.encode(), value.encode()) for key, value in (headers or {}).items())
    return Request(b"POST", target.encode(), pairs, body)


def reply(status: int, body: Any = b"", headers: dict[str, str] | None = None) -> Response:
    """Return an answer with a request id, a date and, if it has a body, its length; what is not bytes becomes JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    length = {} if status == HTTPStatus.NO_CONTENT else {"Content-Length": str(len(content))}
    pairs = {"x-amzn-RequestId": REQUEST_ID, "Date": DATE, **length, **(headers or {})}
    return Response(status, b"", b"HTTP/1.1", tuple((k.encode(), v.encode()) for k, v in pairs.items()), content)


def result(content: bytes, version: str = "$LATEST", **headers: str) -> Response:
    """Return the answer to a synchronous call."""
    named = {f"X-Amz-{name.replace('_', '-')}": value for name, value in headers.items()}
    return reply(
        200, content, {**ALIVE, "Content-Type": "application/json", "X-Amz-Executed-Version": version, **named}
    )


def refusal(status: int, kind: str, members: dict[str, str] | None = None) -> Response:
    """Return an answer that refuses, with these members in its body."""
    return reply(status, members or {}, {"x-amzn-ErrorType": kind, "Content-Type": "application/json"})


def broken(asked: Request, answer: Response, contract: Contract, content: bytes | None = None) -> list[str]:
    """Return the requirements that an answer breaks, or contradicts at least; of those of the strictest tier."""
    clauses = expectation(asked, contract, WORLD, content)
    checks = judge(clauses, [Reading(answer)], load_requirements(), Tier.STRICT)
    return sorted({check.clause.requirement for check in checks if check.outcome is not Outcome.PASS})


def status(value: int) -> Change:
    """Return the change that gives an answer another status."""
    return lambda response: replace(response, status=value)


def header(name: str, value: str | None) -> Change:
    """Return the change that gives an answer another header, or takes it away."""

    def changed(response: Response) -> Response:
        kept = tuple(pair for pair in response.headers if pair[0].lower() != name.lower().encode())
        return replace(response, headers=kept if value is None else (*kept, (name.encode(), value.encode())))

    return changed


def body(value: Any) -> Change:
    """Return the change that gives an answer another body; its Content-Length, if there is one, fits."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()

    def changed(response: Response) -> Response:
        sized = header("Content-Length", str(len(content)) if response.header("Content-Length") else None)
        return sized(replace(response, body=content))

    return changed
