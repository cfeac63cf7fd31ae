"""Cases of the area routing: methods, paths and spellings. Those about connections stand in ``connections``."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from conformance.cases.building import EVENT, accepted, case, expect, sequence, step, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

NO_ROUTE = (
    r"(?s)^\s*<AccessDeniedException>\s*<Message>Unable to determine service/operation name to be authorized</Message>"
)
BODY = b'{"routed": true}'
LATEST = "$LATEST"
VERSION = "header X-Amz-Executed-Version"
PREFLIGHT = (
    ("Origin", "https://app.example"),
    ("Access-Control-Request-Method", "POST"),
    ("Access-Control-Request-Headers", "authorization,content-type,x-amz-date,x-amz-invocation-type"),
)
FROM_API_GATEWAY = (
    ("Accept", "application/json"),
    ("User-Agent", "AmazonAPIGateway_abcdef0123"),
    ("X-Amz-Content-Sha256", hashlib.sha256(BODY).hexdigest()),
    ("X-Amz-Source-Arn", "arn:{partition}:execute-api:{region}:{account}:abcdef0123/prod/GET/"),
    ("x-amzn-apigateway-api-id", "abcdef0123"),
    ("x-amzn-lambda-integration-tag", "Request"),
    ("X-Amzn-Trace-Id", "Root=1-67ea8f00-0123456789abcdef01234567"),
)
"""What API Gateway was seen to send to Invoke, with values of nobody."""


INFERRED = frozenset({"routing/double-slash-within", "routing/version-of-another-operation", "routing/path-case"})
"""Unknown routes that nobody recorded, so that nothing can be asked of their bodies."""


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area, but for those about connections."""
    path = contract.operations["Invoke"].path.replace("{FunctionName}", "{echo}")
    other = contract.operations["InvokeAsync"].path.split("/")[1]
    return (
        *_methods(),
        *_preflight(),
        *_paths(path, other),
        _trailing_slash(path),
        _encoded_name(path),
        *_queries(path),
        *_headers(),
    )


def _unrouted(requirement: str) -> Expectation:
    """A refusal because method and path belong to no operation."""
    status = expect(requirement, "status", "equals", 403)
    body = expect("routing/unknown-route-body", "text", "matches", NO_ROUTE)
    return status if requirement in INFERRED else status + body


def _methods() -> tuple[Case, ...]:
    bodies = {"GET": b"", "PUT": BODY, "PATCH": BODY, "DELETE": b""}
    refused = tuple(
        case(
            f"routing/{method.lower()}",
            f"{method} on the path of Invoke is an unknown route",
            Call(method=method, body=body),
            _unrouted("routing/only-post"),
            twin="names/plain",
        )
        for method, body in bodies.items()
    )
    head = case(
        "routing/head",
        "HEAD on the path of Invoke is an unknown route",
        Call(method="HEAD", body=b""),
        expect("routing/head", "status", "equals", 403),
        twin="names/plain",
    )
    return (*refused, head)


def _preflight() -> tuple[Case, ...]:
    allowed, exposed = "routing/preflight", "routing/preflight-exposes"
    call = Call(method="OPTIONS", headers=PREFLIGHT, body=b"", signing="unsigned")
    # A lone asterisk stands for every method and header but Authorization (Fetch standard, CORS protocol).
    return (
        case(
            "routing/preflight",
            "OPTIONS, as a browser sends it before a call, allows the call",
            call,
            expect(allowed, "status", "equals", 200),
            expect(allowed, "header Access-Control-Allow-Origin", "equals", "*"),
            expect(allowed, "header Access-Control-Allow-Methods", "matches", r"^\*$|(^|[ ,])POST($|[ ,])"),
            expect(allowed, "header Access-Control-Allow-Headers", "matches", r"(?i)(^|[ ,])authorization($|[ ,])"),
        ),
        case(
            "routing/preflight-exposes",
            "The answer to OPTIONS lets scripts read function errors and logs, for two days",
            call,
            expect(exposed, "header Access-Control-Expose-Headers", "matches", r"(?i)^\*$|x-amz-function-error"),
            expect(exposed, "header Access-Control-Expose-Headers", "matches", r"(?i)^\*$|x-amz-log-result"),
            expect(exposed, "header Access-Control-Expose-Headers", "matches", r"(?i)^\*$|x-amzn-errortype"),
            expect(exposed, "header Access-Control-Max-Age", "equals", "172800"),
        ),
    )


def _paths(path: str, other: str) -> tuple[Case, ...]:
    """Paths that belong to no operation: id -> (purpose, path, requirement)."""
    version, unknown, spelled = path.split("/")[1], "routing/unknown-route", "routing/path-case"
    versionless = path.removeprefix(f"/{version}")
    table = {
        "unknown-path": ("A path of which the last letter is missing", path[:-1], unknown),
        "root": ("The path /", "/", unknown),
        "function-only": ("The path of a function, without what to do with it", path.rpartition("/")[0], unknown),
        "segment-behind": ("The path of Invoke with a segment behind it", f"{path}/more", unknown),
        "no-version": ("The path of Invoke without the version", versionless, unknown),
        "unknown-version": ("The path of Invoke under a version that never was", f"/1999-12-31{versionless}", unknown),
        "version-of-another-operation": (
            "The path of Invoke under the version of InvokeAsync",
            f"/{other}{versionless}",
            "routing/version-of-another-operation",
        ),
        "double-slash": ("A path that begins with two slashes", f"/{path}", "routing/double-slash"),
        "double-slash-within": (
            "A path with two slashes in a row",
            path.replace("/functions/", "//functions/"),
            "routing/double-slash-within",
        ),
        "upper-case-collection": ("FUNCTIONS in the path", path.replace("/functions/", "/FUNCTIONS/"), spelled),
        "upper-case-action": ("Invocations in the path", path.replace("/invocations", "/Invocations"), spelled),
    }
    return tuple(
        case(f"routing/{id_}", f"{what} is an unknown route", Call(path=at), _unrouted(requirement), twin="names/plain")
        for id_, (what, at, requirement) in table.items()
    )


def _trailing_slash(path: str) -> Case:
    return case(
        "routing/trailing-slash",
        "A slash behind the path of Invoke does no harm, or makes it an unknown route",
        Call(path=f"{path}/", body=BODY),
        expect("routing/trailing-slash", "status", "is one of", [200, 403]),
    )


def _encoded_name(path: str) -> Case:
    arn = "%61rn:{partition}:lambda:{region}:{account}:%66unction:{echo}"
    encoded = "routing/encoded-path"
    return case(
        "routing/encoded-letters-in-name",
        "Percent-encoding letters of an ARN in the path changes nothing",
        Call(path=path.replace("{echo}", arn), body=BODY),
        expect(encoded, "status", "equals", 200),
        expect(encoded, "json", "equals", {"routed": True}),
    )


def _queries(path: str) -> tuple[Case, ...]:
    """Spellings of the query: id -> (purpose, call, requirement, the version that runs)."""
    ignored, encoded = "routing/unknown-query", "routing/encoded-query"
    versioned = path.replace("{echo}", "{versioned}")
    table = {
        "unknown-query": (
            "A query parameter that nobody knows is ignored",
            Call("{versioned}", "x-id=Invoke"),
            ignored,
            LATEST,
        ),
        "unknown-query-beside-qualifier": (
            "Query parameters that nobody knows are ignored before and behind Qualifier",
            Call("{versioned}", "a=1&Qualifier=2&b"),
            ignored,
            "2",
        ),
        "encoded-query-value": (
            "live means the same when all of its letters are percent-encoded",
            Call("{versioned}", "Qualifier=%6C%69%76%65"),
            encoded,
            "1",
        ),
        "encoded-query-key": (
            "Qualifier means the same when a letter of it is percent-encoded",
            Call("{versioned}", "%51ualifier=2"),
            encoded,
            "2",
        ),
        "empty-query": (
            "A question mark with nothing behind it changes nothing",
            Call(path=f"{versioned}?"),
            "routing/empty-query",
            LATEST,
        ),
        "lower-case-qualifier-key": (
            "?qualifier= is not ?Qualifier= and is ignored",
            Call("{versioned}", "qualifier=1"),
            "routing/lower-case-qualifier-key",
            LATEST,
        ),
    }
    return tuple(
        case(f"routing/{id_}", purpose, call, expect(requirement, VERSION, "equals", version))
        for id_, (purpose, call, requirement, version) in table.items()
    )


def _headers() -> tuple[Case, ...]:
    unknown = "routing/unknown-headers"
    return (
        case(
            "routing/api-gateway-headers",
            "The headers that API Gateway sends along change nothing",
            Call(headers=FROM_API_GATEWAY, body=BODY),
            succeeds(unknown),
            expect(unknown, "json", "equals", {"routed": True}),
        ),
        *(
            sequence(
                f"routing/{case_}-case-headers",
                f"A header's name in {case_} case means the same as in the model's spelling",
                step(Call(headers=EVENT, body=BODY), accepted()),
                step(
                    Call(headers=((name, "Event"),), body=BODY),
                    expect(f"routing/{case_}-case-headers", "status", "is as", "step 1 status"),
                ),
            )
            for case_, name in (("lower", "x-amz-invocation-type"), ("upper", "X-AMZ-INVOCATION-TYPE"))
        ),
    )
