"""Cases of the area routing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import case, expect, sequence, step, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

NO_ROUTE = (
    r"(?s)^\s*<AccessDeniedException>\s*<Message>Unable to determine service/operation name to be authorized</Message>"
)


def _unrouted(requirement: str) -> Expectation:
    return expect(requirement, "status", "equals", 403) + expect(
        "routing/unknown-route-body", "text", "matches", NO_ROUTE
    )


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area."""
    path = contract.operations["Invoke"].path.replace("{FunctionName}", "{echo}")
    ignored, open_ = "routing/unknown-query-and-headers", "routing/keep-alive"
    return (
        case(
            "routing/get",
            "GET on the path of Invoke is an unknown route",
            Call(method="GET", body=b""),
            _unrouted("routing/only-post"),
            twin="names/plain",
        ),
        case(
            "routing/put",
            "PUT on the path of Invoke is an unknown route",
            Call(method="PUT"),
            _unrouted("routing/only-post"),
            twin="names/plain",
        ),
        case(
            "routing/double-slash",
            "A path that begins with two slashes is an unknown route",
            Call(path="/" + path),
            _unrouted("routing/double-slash"),
            twin="names/plain",
        ),
        case(
            "routing/unknown-query-and-header",
            "A query parameter and a header that nobody knows are ignored",
            Call(query="x-id=Invoke", headers=(("x-amzn-apigateway-api-id", "abcdef"),)),
            succeeds(ignored),
            expect(ignored, "json", "equals", {}),
        ),
        case(
            "routing/lower-case-qualifier-key",
            "?qualifier= is not ?Qualifier= and is ignored",
            Call("{versioned}", "qualifier=1"),
            expect("routing/lower-case-qualifier-key", "header X-Amz-Executed-Version", "equals", "$LATEST"),
        ),
        sequence(
            "routing/keep-alive",
            "Two calls go over one connection",
            step(Call(), succeeds(), expect(open_, "connection stays open", "equals", True)),
            step(Call(), expect(open_, "status", "equals", 200)),
        ),
    )
