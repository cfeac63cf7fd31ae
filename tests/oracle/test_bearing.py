"""What a request shows by being taken, and in which respects it is only inferred that it is."""

from __future__ import annotations

import base64
import string
from typing import TYPE_CHECKING

import pytest
from support.asking import REQUEST_ID, request

from conformance.contract.requirements import load_requirements
from conformance.oracle.asked import read_request
from conformance.oracle.bearing import LOWER_HEX, PLAIN, RESPECTS, UNRESERVED, doubt, shown
from conformance.oracle.world import Deployed, Ran

if TYPE_CHECKING:
    from conformance.contract.model import Contract
    from conformance.exchange.message import Request

STREAM, OLD = "InvokeWithResponseStream", "InvokeAsync"
TYPE, TENANT, CONTEXT = "X-Amz-Invocation-Type", "X-Amz-Tenant-Id", "X-Amz-Client-Context"
EVENT, DRY_RUN = {TYPE: "Event"}, {TYPE: "DryRun"}
PARTIAL = "111111111111:function:echo"
ARN = f"arn:aws:lambda:us-east-1:{PARTIAL}"
VERSIONS = frozenset({"1", "2"})
ECHO = Deployed(versions=VERSIONS, aliases={"live": frozenset("1")})
DURABLE = Deployed(versions=VERSIONS, durable=True)
LONG = Deployed(versions=VERSIONS, durable=True, long=True)
BUSY = Deployed(versions=VERSIONS, exhausted=True)
FAILED = Ran({}, failed=True)


def context(text: str) -> dict[str, str]:
    """A header with a client context."""
    return {CONTEXT: base64.b64encode(text.encode()).decode()}


def text(size: int) -> bytes:
    """JSON of this many bytes."""
    return b'"' + b"a" * (size - 2) + b'"'


def call(
    name: str = "echo", query: str = "", headers: dict[str, str] | None = None, body: bytes = b"{}", op: str = "Invoke"
) -> Request:
    """A request with a body."""
    return request(name, query, headers, body, op)


DOUBTS: dict[str, tuple[Request, str]] = {
    "plain": (call(), ""),
    "known content type": (call(headers={"Content-Type": "application/json"}), ""),
    "empty content type": (call(headers={"Content-Type": ""}), ""),
    "other content type": (call(headers={"Content-Type": "text/plain"}), "payload/any-content-type"),
    "chunks": (call(headers={"Transfer-Encoding": "chunked"}), "payload/chunked"),
    "expecting": (call(headers={"Expect": "100-continue"}), "payload/expect-continue"),
    "in capitals": (call(headers={"X-AMZ-LOG-TYPE": "None"}), "routing/upper-case-headers"),
    "unknown in capitals": (call(headers={"X-OTHER": "None"}), ""),
    "old event with a query": (call(query="Qualifier=1", op=OLD), "invoke-async/no-other-members"),
    "old event with a header of Invoke": (call(headers=EVENT, op=OLD), "invoke-async/no-other-members"),
    "old event with other headers": (call(headers={"X-Amz-Date": "a", "X-Other": "b"}, op=OLD), ""),
    "old event": (call(op=OLD), ""),
    "known query": (call(query="Qualifier=1"), ""),
    "unknown query": (call(query="Other=1"), "routing/unknown-query"),
    "query in lower case": (call(query="Qualifier=1&qualifier=2"), "routing/unknown-query"),
    "encoded letter": (call("%65cho"), "routing/encoded-path"),
    "encoded colon": (call("echo%3A1"), ""),
    "encoded colon in lower case": (call("echo%3a1"), "names/hex-digits-of-either-case"),
    "stream": (call(op=STREAM), ""),
    "stream without a body": (call(op=STREAM, body=b""), "streaming/empty-body"),
    "stream of many bytes": (call(op=STREAM, body=text(1_000_000)), ""),
    "stream of more bytes": (call(op=STREAM, body=text(1_000_001)), "streaming/request-limit"),
    "no body": (call(body=b""), ""),
    "many bytes": (call(body=text(1_000_001)), ""),
    "context": (call(headers=context('{"custom": {}, "env": {}, "client": {}}')), ""),
    "empty context": (call(headers=context("{}")), "client-context/other-members"),
    "context of other members": (call(headers=context('{"env": {}, "a": {}}')), "client-context/other-members"),
    "context of another type": (call(headers=context('{"custom": 1}')), "client-context/other-members"),
    "context of no object": (call(headers=context("[]")), ""),
    "context of no base64": (call(headers={CONTEXT: "!"}), ""),
}
"""What is unusual about a request -> the request, and the requirement that it is taken all the same."""


@pytest.mark.parametrize(("asked", "requirement"), DOUBTS.values(), ids=DOUBTS)
def test_what_is_only_inferred_to_be_taken_is_a_doubt(asked: Request, requirement: str, contract: Contract) -> None:
    """Each respect in which no evidence says how a request is taken has its requirement, and that can't fail."""
    found = read_request(asked, contract)
    assert found is not None
    assert doubt(found) == requirement
    assert not requirement or not load_requirements()[requirement].can_fail


@pytest.mark.parametrize("code", range(256))
def test_letters_digits_and_the_like_need_no_percent_sign(code: int) -> None:
    """What RFC 3986 calls unreserved is told from what must be encoded, in digits of either case."""
    plain = chr(code) in f"{string.ascii_letters}{string.digits}-._~"

    assert {bool(UNRESERVED.search(one)) for one in (f"%{code:02X}", f"%{code:02x}")} == {plain}
    assert LOWER_HEX.search(f"%{code:02X}") is None
    assert bool(LOWER_HEX.search(f"%{code:02x}")) is (f"{code:02x}" != f"{code:02X}")


PLAINLY = "status-codes/synchronous-200 invocation-types/default-is-synchronous payload/sdk-content-types"
Row = tuple["Request", Deployed, Ran | None, str]
SYNCHRONOUS: dict[str, Row] = {
    "plain": (call(), ECHO, None, PLAINLY),
    "raw partial ARN": (call(PARTIAL), ECHO, None, "names/partial-arn names/raw-colons"),
    "partial ARN": (call(PARTIAL.replace(":", "%3A")), ECHO, None, "names/partial-arn names/encoded-colons"),
    "ARN": (call(ARN), ECHO, None, "names/arn names/raw-colons"),
    "unpublished": (call(query="Qualifier=$LATEST"), ECHO, None, "qualifiers/latest"),
    "version": (call(query="Qualifier=1"), ECHO, None, "qualifiers/version"),
    "alias": (call(query="Qualifier=live"), ECHO, None, "qualifiers/alias"),
    "suffix": (call("echo:live"), ECHO, None, "qualifiers/suffix names/raw-colons"),
    "unpublished by suffix": (call("echo%3A$LATEST"), ECHO, None, "qualifiers/suffix-latest names/encoded-colons"),
    "twice": (call("echo:1", "Qualifier=1"), ECHO, None, "qualifiers/agreeing names/raw-colons"),
    "suffix of an ARN": (call(f"{ARN}:1"), ECHO, None, "qualifiers/suffix names/arn names/raw-colons"),
    "durable": (call(query="Qualifier=1"), DURABLE, None, "durable/qualified"),
    "durable, named": (
        call(query="Qualifier=1", headers={"X-Amz-Durable-Execution-Name": "a"}),
        DURABLE,
        None,
        "durable/name-constraints",
    ),
    "explicit": (call(headers={TYPE: "RequestResponse"}), ECHO, None, "invocation-types/request-response"),
    "lower case": (call(headers={"x-amz-log-type": "None"}), ECHO, None, "routing/lower-case-headers"),
    "as in the model": (call(headers={"X-Amz-Log-Type": "None"}), ECHO, None, PLAINLY),
    "content type": (call(headers={"Content-Type": "application/json"}), ECHO, None, "payload/sdk-content-types"),
    "accept": (call(headers={"Accept": "text/plain"}), ECHO, None, "payload/any-accept"),
    "own id": (
        call(headers={"x-amzn-RequestId": REQUEST_ID}),
        ECHO,
        None,
        "request-errors/request-id-of-the-caller",
    ),
    "unknown headers": (call(headers={"X-A": "1", "X-B": "2"}), ECHO, None, "routing/unknown-headers"),
    "headers of two kinds": (
        call(headers={"Accept": "*/*", "X-B": "2"}),
        ECHO,
        None,
        "payload/any-accept routing/unknown-headers",
    ),
    "plumbing": (call(headers={"User-Agent": "a", "Host": "b"}), ECHO, None, PLAINLY),
    "context": (call(headers={CONTEXT: "a" * 1024}), ECHO, None, "client-context/round-trip"),
    "long context": (call(headers={CONTEXT: "a" * 1025}), ECHO, None, "client-context/longest"),
    "no body": (call(body=b""), ECHO, None, "payload/empty-body-is-object"),
    "many bytes": (call(body=text(1_000_000)), ECHO, None, PLAINLY),
    "more bytes": (call(body=text(1_000_001)), ECHO, None, "limits/synchronous-request"),
    "tenant": (call(headers={TENANT: "a"}), ECHO, None, "tenant/accepted tenant/constraints"),
    "failed": (call(), ECHO, FAILED, "status-codes/function-error-200"),
    "succeeded": (call(), ECHO, Ran({}), PLAINLY),
    "two respects": (call(query="Qualifier=1", body=b""), ECHO, None, "status-codes/synchronous-200"),
}
EVENTS: dict[str, Row] = {
    "plain": (call(headers=EVENT), ECHO, None, "status-codes/event-202"),
    "version": (call(query="Qualifier=1", headers=EVENT), ECHO, None, "invocation-types/event-of-version"),
    "durable": (call(query="Qualifier=1", headers=EVENT), DURABLE, None, "status-codes/event-202"),
    "durable for long": (call(query="Qualifier=1", headers=EVENT), LONG, None, "durable/long-event"),
    "ARN": (call(ARN, headers=EVENT), ECHO, None, "names/arn names/raw-colons"),
    "no body": (call(headers=EVENT, body=b""), ECHO, None, "payload/event-without-body"),
    "context": (call(headers={**EVENT, CONTEXT: "e30="}), ECHO, None, "client-context/accepted-for-events"),
    "tenant": (call(headers={**EVENT, TENANT: "a"}), ECHO, None, "tenant/event"),
    "many bytes": (call(headers=EVENT, body=text(262_144)), ECHO, None, "status-codes/event-202"),
    "more bytes": (
        call(headers=EVENT, body=text(262_145)),
        ECHO,
        None,
        "limits/event-request limits/event-limit-raised",
    ),
    "failing": (call(headers=EVENT), ECHO, FAILED, "invocation-types/event-accepted-though-function-fails"),
    "busy": (call(headers=EVENT), BUSY, None, "concurrency/event-accepted"),
    "lower case": (call(headers={"x-amz-invocation-type": "Event"}), ECHO, None, "routing/lower-case-headers"),
    "accept": (call(headers={**EVENT, "Accept": "*/*"}), ECHO, None, "payload/any-accept"),
    "two respects": (call(headers=EVENT, body=b""), BUSY, None, "status-codes/event-202"),
}
DRY_RUNS: dict[str, Row] = {
    "plain": (call(headers=DRY_RUN), ECHO, None, "status-codes/dry-run-204"),
    "version": (call(query="Qualifier=1", headers=DRY_RUN), ECHO, None, "invocation-types/dry-run-of-version"),
    "ARN": (call(ARN, headers=DRY_RUN), ECHO, None, "names/arn names/raw-colons"),
    "failing": (call(headers=DRY_RUN), ECHO, FAILED, "invocation-types/dry-run-of-failing-function"),
    "lower case": (call(headers={"x-amz-invocation-type": "DryRun"}), ECHO, None, "routing/lower-case-headers"),
    "unknown header": (call(headers={**DRY_RUN, "X-A": "1"}), ECHO, None, "routing/unknown-headers"),
    "two respects": (call(query="Qualifier=1", headers=DRY_RUN), ECHO, FAILED, "status-codes/dry-run-204"),
}
STREAMS: dict[str, Row] = {
    "plain": (call(op=STREAM), ECHO, None, "streaming/chunks-and-complete"),
    "ARN": (call(ARN, op=STREAM), ECHO, None, "streaming/route-by-arn"),
    "partial ARN": (call(PARTIAL, op=STREAM), ECHO, None, "streaming/route-by-arn"),
    "version": (call(query="Qualifier=1", op=STREAM), ECHO, None, "streaming/executed-version"),
    "suffix": (call("echo:1", op=STREAM), ECHO, None, "streaming/executed-version"),
    "explicit": (call(headers={TYPE: "RequestResponse"}, op=STREAM), ECHO, None, "streaming/types"),
    "context": (call(headers={CONTEXT: "e30="}, op=STREAM), ECHO, None, "streaming/client-context"),
    "tenant": (call(headers={TENANT: "a"}, op=STREAM), ECHO, None, "tenant/accepted tenant/constraints"),
    "failed": (call(op=STREAM), ECHO, FAILED, "streaming/function-error"),
    "lower case": (call(headers={"x-amz-log-type": "None"}, op=STREAM), ECHO, None, "routing/lower-case-headers"),
    "unknown header": (call(headers={"X-A": "1"}, op=STREAM), ECHO, None, "routing/unknown-headers"),
    "two respects": (call(query="Qualifier=1", op=STREAM), ECHO, FAILED, "streaming/chunks-and-complete"),
    "dry run": (call(query="Qualifier=1", headers=DRY_RUN, op=STREAM), ECHO, None, "streaming/dry-run"),
}
OLD_EVENTS: dict[str, Row] = {
    "plain": (call(op=OLD), ECHO, None, "status-codes/invoke-async-202"),
    "ARN": (call(ARN, op=OLD), ECHO, None, "invoke-async/names"),
    "suffix": (call("echo:1", op=OLD), ECHO, None, "invoke-async/qualifier-in-name"),
    "suffix of an ARN": (call(f"{ARN}:1", op=OLD), ECHO, None, "invoke-async/qualifier-in-name invoke-async/names"),
    "many bytes": (call(body=text(65_536), op=OLD), ECHO, None, "status-codes/invoke-async-202"),
    "more bytes": (call(body=text(65_537), op=OLD), ECHO, None, "invoke-async/limit"),
    "failing": (call(op=OLD), ECHO, FAILED, "invoke-async/accepted-though-function-fails"),
    "two respects": (call(ARN, op=OLD), ECHO, FAILED, "status-codes/invoke-async-202"),
}
SHOWN = {
    f"{way}: {name}": row
    for way, rows in (
        ("synchronous", SYNCHRONOUS),
        ("event", EVENTS),
        ("dry run", DRY_RUNS),
        ("stream", STREAMS),
        ("old event", OLD_EVENTS),
    )
    for name, row in rows.items()
}
"""In which respect a request is not the plainest -> request, function, what becomes of it, what its status shows."""


@pytest.mark.parametrize(("asked", "deployed", "ran", "requirements"), SHOWN.values(), ids=SHOWN)
def test_a_request_that_is_taken_shows_one_respect(
    asked: Request, deployed: Deployed, ran: Ran | None, requirements: str, contract: Contract
) -> None:
    """What differs from a plain request in one respect is judged by that; in several, by the way of calling alone."""
    found = read_request(asked, contract)
    assert found is not None
    assert shown(found, deployed, ran) == tuple(requirements.split())
    assert all(load_requirements()[one].can_fail for one in requirements.split())


def test_an_old_event_may_end_in_a_slash(contract: Contract) -> None:
    """The path that clients used to send is a respect of its own."""
    asked = read_request(type(call())(b"POST", call(op=OLD).target + b"/", (), b"{}"), contract)
    assert asked is not None
    assert shown(asked, ECHO, None) == ("invoke-async/trailing-slash",)


def test_each_way_of_calling_has_something_to_show(contract: Contract) -> None:
    """All ways with respects have what a plain request shows, and all of that are requirements that can fail."""
    assert RESPECTS.keys() <= PLAIN.keys()
    assert {operation for operation, _ in PLAIN} == contract.operations.keys()
    assert all(load_requirements()[one].can_fail for names in PLAIN.values() for one in names)
