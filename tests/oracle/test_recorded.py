"""The oracle against the real service: no recorded answer fails it, and any recorded answer that is altered does."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.reader import load_contract
from conformance.contract.requirements import Tier, load_requirements
from conformance.exchange.message import Request, Response
from conformance.oracle.expectation import expectation
from conformance.oracle.judge import judge
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading
from conformance.oracle.world import Deployed, Ran, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.oracle.clause import Clause
    from conformance.oracle.judge import Check

ANSWERS = Path(__file__).parent.parent / "data" / "recorded" / "answers.jsonl"
SHOWN_BY_SDK = {"x-amz-executed-version", "x-amz-function-error", "x-amz-log-result", "x-amzn-errortype"}
"""Headers that a recording holds which shows only what an SDK makes of an answer."""
HIDDEN_BY_SDK = {"members", "json /Type", "json /Reason"}
"""What such a recording does not hold of the body of a refusal, of which it has the message alone."""
LEFT_OUT = {"Date"}
"""Headers that a recording may leave out though it shows all others: state machines do not keep the date."""


@dataclass(frozen=True)
class Recorded:
    """A recorded answer, rebuilt, with what was asked."""

    source: str
    request: Request
    world: World
    response: Response
    all_headers: bool
    redacted: frozenset[str]

    @property
    def clauses(self) -> list[Clause]:
        """What must hold, without what the recording doesn't show."""
        found = expectation(self.request, load_contract(), self.world)
        return [one for one in found if self._shows(one.subject)]

    def _shows(self, subject: str) -> bool:
        kind, _, argument = subject.partition(" ")
        if kind == "header":
            known = (self.all_headers and argument not in LEFT_OUT) or argument.lower() in SHOWN_BY_SDK
            return known and argument not in self.redacted
        if subject.startswith("json") and "payload" in self.redacted:
            return False
        if subject in HIDDEN_BY_SDK and not self.all_headers:
            return False
        return subject != "declared size" or (self.all_headers and "Content-Length" not in self.redacted)

    def judged(self) -> list[Check]:
        """The oracle's checks of the response, all tiers."""
        return judge(self.clauses, [Reading(self.response)], load_requirements(), Tier.STRICT)

    def altered(self, what: str) -> Recorded:
        """The same with one field of the response changed."""
        return replace(self, response=ALTERATIONS[what](self.response))


def _with_header(response: Response, name: bytes, value: bytes | None) -> Response:
    kept = tuple(pair for pair in response.headers if pair[0].lower() != name.lower())
    return replace(response, headers=kept if value is None else (*kept, (name, value)))


def _with_member(response: Response, name: str, value: object) -> Response:
    found = json.loads(response.body)
    changed = json.dumps({**found, name: value} if name in found else found).encode()
    return _resized(replace(response, body=changed))


def _resized(response: Response) -> Response:
    """Let Content-Length fit a changed body, where it is there: one field is changed, not two."""
    sized = bool(response.header("Content-Length"))
    return _with_header(response, b"Content-Length", b"%d" % len(response.body)) if sized else response


ALTERATIONS: Mapping[str, Callable[[Response], Response]] = {
    "status": lambda response: replace(response, status={200: 202, 202: 200, 204: 200}.get(response.status, 500)),
    "executed version": lambda response: _with_header(response, b"X-Amz-Executed-Version", b"7"),
    "no executed version": lambda response: _with_header(response, b"X-Amz-Executed-Version", None),
    "no function error": lambda response: _with_header(response, b"X-Amz-Function-Error", None),
    "function error": lambda response: _with_header(response, b"X-Amz-Function-Error", b"Broken"),
    "log": lambda response: _with_header(response, b"X-Amz-Log-Result", b"bm8gbG9n"),
    "no log": lambda response: _with_header(response, b"X-Amz-Log-Result", None),
    "error type": lambda response: _with_header(response, b"x-amzn-ErrorType", b"ServiceException"),
    "message": lambda response: _with_member(response, "message", "something went wrong"),
    "Message": lambda response: _with_member(response, "Message", "something went wrong"),
    "key of message": lambda response: replace(response, body=response.body.replace(b'"message"', b'"Message"')),
    "key of Message": lambda response: replace(response, body=response.body.replace(b'"Message"', b'"message"')),
    "Type": lambda response: _with_member(response, "Type", "Service"),
    "payload": lambda response: _resized(replace(response, body=b'{"another": "payload"}')),
    "body": lambda response: replace(response, body=b"{}"),
    "content type": lambda response: _with_header(response, b"Content-Type", b"text/plain"),
    "content length": lambda response: _with_header(response, b"Content-Length", b"999999"),
    "request id": lambda response: _with_header(response, b"x-amzn-RequestId", b"42"),
    "trace id": lambda response: _with_header(response, b"X-Amzn-Trace-Id", b"none"),
    "remapped length": lambda response: _with_header(response, b"x-amzn-Remapped-Content-Length", b"7"),
}
"""What is changed of an answer: name -> function of the response."""


def _changes(one: Recorded) -> Iterator[str]:
    """Yield the alterations that change something of which the recording shows that it was so."""
    response, kinds = one.response, {clause.subject for clause in one.clauses}
    for name, change in ALTERATIONS.items():
        fits = {
            "executed version": response.status == 200 and "header X-Amz-Executed-Version" in kinds,
            "no executed version": response.status == 200 and "header X-Amz-Executed-Version" in kinds,
            "function error": response.status == 200 and "header X-Amz-Function-Error" in kinds,
            "no function error": bool(response.header("X-Amz-Function-Error")),
            "no log": bool(response.header("X-Amz-Log-Result")),
            "log": response.status in {200, 202} and not response.header("X-Amz-Log-Result"),
            "error type": bool(response.header("x-amzn-ErrorType")),
            "message": b'"message"' in response.body and "error message" in kinds,
            "Message": b'"Message"' in response.body and "error message" in kinds,
            "key of message": response.status >= 400,
            "key of Message": response.status >= 400 and "error message" in kinds,
            "Type": b'"Type"' in response.body and response.status >= 400,
            "payload": response.status == 200 and "json" in kinds,
            "body": response.status in {202, 204},
            "content type": one.all_headers and response.status != 204 and "header Content-Type" in kinds,
            "content length": "declared size" in kinds,
            "request id": "header x-amzn-RequestId" in kinds,
            "trace id": "header X-Amzn-Trace-Id" in kinds,
            "remapped length": "header x-amzn-Remapped-Content-Length" in kinds,
        }
        if fits.get(name, True) and change(response) != response:
            yield name


@cache
def _recorded() -> tuple[Recorded, ...]:
    return tuple(_rebuilt(json.loads(line)) for line in ANSWERS.read_text().splitlines())


def _rebuilt(row: Mapping[str, Any]) -> Recorded:
    asked, answer = row["request"], row["response"]
    return Recorded(
        source=row["source"],
        request=Request(
            asked["method"].encode(),
            asked["target"].encode(),
            _pairs(asked["headers"]),
            asked["body"].encode("latin-1"),
        ),
        world=World("us-east-1", "111111111111", {name: _deployed(one) for name, one in row["functions"].items()}),
        response=Response(answer["status"], b"", b"HTTP/1.1", _pairs(answer["headers"]), answer["body"].encode()),
        all_headers=row["headers"] == "all",
        redacted=frozenset(row["redacted"]),
    )


def _pairs(headers: list[list[str]]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.encode(), value.encode()) for name, value in headers)


def _deployed(row: Mapping[str, Any]) -> Deployed:
    aliases = {alias: frozenset(versions) for alias, versions in row["aliases"].items()}
    ran = Ran(**row["ran"]) if "ran" in row else None
    return Deployed(
        versions=frozenset(row["versions"]),
        aliases=aliases,
        run=None if ran is None else lambda _: ran,
        exhausted=row.get("exhausted", False),
    )


def _id(one: Recorded) -> str:
    return one.source.rpartition("/")[2][-60:]


@pytest.mark.parametrize("one", _recorded(), ids=_id)
def test_no_recorded_answer_fails(one: Recorded) -> None:
    """What the real service was seen to answer passes every check of every tier, and there are checks."""
    checks = one.judged()
    assert [f"{check.clause.subject}: {check.observed}" for check in checks if check.outcome is not Outcome.PASS] == []
    assert len(checks) >= 2


@pytest.mark.parametrize("one", _recorded(), ids=_id)
def test_each_altered_answer_fails(one: Recorded) -> None:
    """Whichever field of a recorded answer is changed, the oracle says so."""
    changes = list(_changes(one))
    unseen = [
        what for what in changes if not any(check.outcome is Outcome.FAIL for check in one.altered(what).judged())
    ]
    assert unseen == []
    assert "status" in changes
