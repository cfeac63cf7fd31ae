"""The reference as a program: a second client understands it, it starts and stops in order, and leaves nothing."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from support import calls

from conformance.cli import main
from conformance.fixtures.table import FIXTURES, PREFIX, QUEUES
from conformance.targets.identity import PACE
from conformance.targets.options import TargetOptions
from conformance.targets.table import open_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_lambda.client import LambdaClient

    from conformance.targets.model import Target


@pytest.fixture(scope="module")
def sdk(reference: Target) -> Iterator[LambdaClient]:
    """A boto3 client of the reference."""
    client: LambdaClient = calls.sdk(reference, "lambda")
    yield client
    client.close()


def test_an_sdk_understands_a_result(sdk: LambdaClient) -> None:
    """boto3 signs, invokes by ARN and alias, and gets status, version, log and payload."""
    answer = sdk.invoke(
        FunctionName="arn:aws:lambda:us-east-1:123456789012:function:invoke-conformance-versioned",
        Qualifier="live",
        LogType="Tail",
        Payload=b"{}",
    )

    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "1")
    assert "FunctionError" not in answer
    assert json.loads(answer["Payload"].read())["version"] == "1"


def test_an_sdk_understands_a_function_error(sdk: LambdaClient) -> None:
    """boto3 sees FunctionError and its payload."""
    answer = sdk.invoke(FunctionName="invoke-conformance-raise")

    assert (answer["StatusCode"], answer.get("FunctionError")) == (200, "Unhandled")


@pytest.mark.parametrize(("kind", "status"), [("Event", 202), ("DryRun", 204)])
def test_an_sdk_understands_the_other_types(sdk: LambdaClient, kind: str, status: int) -> None:
    """boto3 sees the status of Event and DryRun, and an empty payload."""
    answer = sdk.invoke(FunctionName="invoke-conformance-echo", InvocationType=kind)  # pyright: ignore[reportArgumentType]  # a literal

    assert (answer["StatusCode"], answer["Payload"].read()) == (status, b"")


def test_an_sdk_understands_a_refusal(sdk: LambdaClient) -> None:
    """boto3 makes the modelled exception of a refusal, with its Type."""
    with pytest.raises(ClientError) as caught:
        sdk.invoke(FunctionName="nobody")

    assert type(caught.value).__name__ == "ResourceNotFoundException"
    assert caught.value.response.get("Type") == "User"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_in_order(number: int) -> None:
    """``python -m conformance.reference`` says where it listens and ends with 0 when told to stop."""
    command = [sys.executable, "-m", "conformance.reference", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        line = program.stdout.readline()
        program.send_signal(number)
        code = program.wait(5)
        errors = program.stderr.read()

    assert line.startswith("listening on http://127.0.0.1:")
    assert (code, errors) == (0, "")


def test_it_stops_while_it_is_at_work() -> None:
    """A function that runs, an Event that waits to be retried and a client that waits for a message hold nothing up."""
    poll = {"QueueUrl": f"http://h/123456789012/{PREFIX}queue_dead", "WaitTimeSeconds": 20}
    pending = (
        calls.signed(calls.request(PREFIX + "sleep", body=b'{"seconds": 60}')),
        calls.signed(calls.request(PREFIX + "raise", headers=calls.EVENT)),
        calls.signed(
            calls.request(
                path="/", headers={"X-Amz-Target": "AmazonSQS.ReceiveMessage"}, body=json.dumps(poll).encode()
            ),
            service="sqs",
        ),
        calls.signed(calls.request()),
    )
    command = [sys.executable, "-W", "error", "-m", "conformance.reference", "--time-scale", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        port = int(program.stdout.readline().rpartition(":")[2])
        with ExitStack() as connections:
            opened = [
                connections.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5)) for _ in pending
            ]
            for connection, asked in zip(opened, pending, strict=True):
                connection.sendall(asked.encode())
            calls.until(opened[-1], b"{}")  # the others are at work by then
            program.send_signal(signal.SIGTERM)
            code = program.wait(5)
        errors = program.stderr.read()

    assert (code, errors) == (0, "")


def test_a_taken_port_is_a_clear_error(reference: Target) -> None:
    """A port that is taken ends it with code 2 and one line."""
    command = [sys.executable, "-m", "conformance.reference", "--port", str(reference.endpoint.port)]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"port-taken: can't listen on 127.0.0.1:{reference.endpoint.port}")
    assert ended.stderr.count("\n") == 1


def test_it_keeps_marks_for_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second process sees no marks that the first one kept under the same key, and neither leaves a file behind."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    counts: list[list[int]] = []
    for _ in range(2):
        with open_target(TargetOptions("reference", seed=1)) as target:
            before = calls.result(target, "record", {"op": "read", "key": "the same"})["count"]
            calls.result(target, "record", {"op": "mark", "key": "the same"})
            counts.append([before, calls.result(target, "record", {"op": "read", "key": "the same"})["count"]])
            assert [path for path in tmp_path.iterdir() if path.name.startswith(PREFIX)] == []

    assert counts == [[0, 1], [0, 1]]
    assert list(tmp_path.iterdir()) == []


def test_a_running_one_gets_a_word_for_each_run(reference: Target) -> None:
    """Runs on a reference that goes on have words of their own, so that none sees marks of another."""
    words: set[str] = set()
    for _ in range(2):
        with open_target(TargetOptions("reference", endpoint_url=reference.endpoint.url, seed=1)) as target:
            words.add(target.site.run)

    assert len(words | {reference.site.run}) == 3
    assert reference.site.run == "seed-1"


def test_the_target_knows_functions_and_queues(reference: Target) -> None:
    """The site has a name for each fixture and a URL for each queue; time is scaled, and SQS is at hand."""
    assert {*reference.site.names} == {*FIXTURES, *QUEUES}
    for word in QUEUES:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\d{12}/" + PREFIX + word, reference.site.names[word])
    assert reference.pace == PACE
    assert reference.endpoint_of("sqs") == reference.endpoint


def test_the_command_line_has_the_same_pace() -> None:
    """``serve`` runs at the pace that a run of the reference counts on."""
    options = {one.name: one.default for one in main.commands["serve"].params}

    assert (options["time_scale"], options["function_scale"]) == (PACE.waits, PACE.functions)
