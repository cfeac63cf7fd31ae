"""A second opinion: botocore reads every answer that we call conforming as we do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.awsrequest import HeadersDict
from botocore.eventstream import EventStream
from botocore.parsers import EventStreamJSONParser, create_parser

from conformance.contract.requirements import Tier
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Nothing, Reading
from conformance.run.session import RunOptions, run
from conformance.targets.options import TargetOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.cases.model import Step
    from conformance.exchange.message import Response
    from conformance.run.events import Judged
    from conformance.run.session import Started, Summary


@dataclass
class Kept:
    """Keeps what a run judged."""

    judged_cases: list[Judged] = field(default_factory=list["Judged"])

    def started(self, event: Started) -> None:
        """Nothing to keep."""

    def judged(self, event: Judged) -> None:
        """Keep it."""
        self.judged_cases.append(event)

    def ended(self, event: Summary) -> None:
        """Nothing to keep."""


@pytest.fixture(scope="module")
def answers() -> list[tuple[str, Step, Response]]:
    """Every answer of the reference that belongs to a passing case: case, step, response."""
    kept = Kept()
    run(RunOptions(TargetOptions("reference"), Tier.STRICT, include=("async",)), (kept,))
    return list(_answers(kept.judged_cases))


def _answers(cases: list[Judged]) -> Iterator[tuple[str, Step, Response]]:
    for judged in cases:
        steps = judged.planned.case.steps
        if judged.outcome is Outcome.PASS and len(judged.exchanges) == len(steps):
            for step, exchange in zip(steps, judged.exchanges, strict=True):
                if exchange.response is not None and step.call.service == "lambda":
                    yield judged.planned.case.id, step, exchange.response


@pytest.fixture(scope="module")
def parse() -> Callable[[Step, Response], Mapping[str, Any]]:
    """Botocore's reading of an answer to a step."""
    model: Any = botocore.session.Session().get_service_model("lambda")
    parser: Any = create_parser("rest-json")

    def parsed(step: Step, response: Response) -> Mapping[str, Any]:
        headers = HeadersDict({name.decode("latin-1"): value.decode("latin-1") for name, value in response.headers})
        raw: dict[str, Any] = {"headers": headers, "status_code": response.status, "body": response.body, "context": {}}
        shape: Any = model.operation_model(step.call.operation).output_shape
        found: Mapping[str, Any] = parser.parse(raw, shape)
        return found

    return parsed


def _of_stream(step: Step) -> bool:
    return step.call.operation == "InvokeWithResponseStream"


def test_botocore_sees_the_same_status(
    answers: list[tuple[str, Step, Response]], parse: Callable[[Step, Response], Mapping[str, Any]]
) -> None:
    """The status of each answer is the one that botocore gives its users."""
    plain = [one for one in answers if not (_of_stream(one[1]) and one[2].status < 300)]
    assert len(plain) > 100
    for id_, step, response in plain:
        metadata = parse(step, response)["ResponseMetadata"]
        assert (id_, metadata["HTTPStatusCode"]) == (id_, response.status)


def test_botocore_sees_the_same_error(
    answers: list[tuple[str, Step, Response]], parse: Callable[[Step, Response], Mapping[str, Any]]
) -> None:
    """The type of each refusal, and its text where botocore can tell, are what botocore raises."""
    refused = [one for one in answers if one[2].status >= 300]
    assert len(refused) > 30
    for id_, step, response in refused:
        reading, error = Reading(response), parse(step, response)["Error"]
        if isinstance(reading.error_type, Nothing):
            assert (id_, error["Code"]) == (id_, str(response.status))
        else:
            assert (id_, error["Code"], error["Message"]) == (id_, reading.error_type, reading.error_message)


def test_botocore_sees_the_same_result(
    answers: list[tuple[str, Step, Response]], parse: Callable[[Step, Response], Mapping[str, Any]]
) -> None:
    """Executed version, function error, log and payload of each result are what botocore gives its users."""
    results = [one for one in answers if one[2].status < 300 and one[1].call.operation == "Invoke"]
    assert len(results) > 50
    members = {
        "ExecutedVersion": "X-Amz-Executed-Version",
        "FunctionError": "X-Amz-Function-Error",
        "LogResult": "X-Amz-Log-Result",
    }
    for id_, step, response in results:
        found, reading = parse(step, response), Reading(response)
        for member, header in members.items():
            value = reading.header(header)
            assert (id_, found.get(member)) == (id_, None if isinstance(value, Nothing) else value)
        assert (id_, (found["Payload"] or "").encode()) == (id_, response.body)


def test_botocore_sees_the_same_events(answers: list[tuple[str, Step, Response]]) -> None:
    """The events of each streamed result, and what they carry, are what botocore gives its users."""
    streams = [one for one in answers if _of_stream(one[1]) and one[2].status == 200]
    assert len(streams) > 20
    model: Any = botocore.session.Session().get_service_model("lambda")
    reader: Any = EventStream
    shape: Any = model.operation_model("InvokeWithResponseStream").output_shape.members["EventStream"]
    for id_, _, response in streams:
        events: list[Any] = list(
            reader(_Raw(response.body), shape, EventStreamJSONParser(), "InvokeWithResponseStream")
        )
        reading = Reading(response)
        chunks = [event["PayloadChunk"]["Payload"] for event in events if "PayloadChunk" in event]
        complete = [event["InvokeComplete"] for event in events if "InvokeComplete" in event]
        assert (id_, chunks) == (id_, reading.events("PayloadChunk"))
        assert (id_, complete) == (id_, [reading.complete])


class _Raw:
    """A body as botocore takes it: something that is read in parts."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        """Yield the body in small parts."""
        yield from (self._body[at : at + 100] for at in range(0, len(self._body), 100))
