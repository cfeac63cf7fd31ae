"""The reference as a server: connections, pipelining, hostile clients, stopping."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from conformance.exchange.message import Request
from conformance.exchange.sigv4 import sign
from conformance.targets.identity import CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_lambda.client import LambdaClient

    from conformance.targets.model import Target


@pytest.fixture(scope="module")
def sdk(reference: Target) -> Iterator[LambdaClient]:
    """A boto3 client of the reference."""
    session: Any = boto3.Session()  # without the stubs of every service of AWS, client() has no type
    client: LambdaClient = session.client(
        "lambda",
        region_name="us-east-1",
        endpoint_url=reference.endpoint.url,
        aws_access_key_id=CREDENTIALS.access_key,
        aws_secret_access_key=CREDENTIALS.secret_key,
        config=Config(retries={"total_max_attempts": 1}),
    )
    yield client
    client.close()


def signed(function: str, body: bytes = b"{}", extra: tuple[tuple[bytes, bytes], ...] = ()) -> bytes:
    """The bytes of a signed Invoke."""
    path = f"/2015-03-31/functions/invoke-conformance-{function}/invocations".encode()
    headers = ((b"Host", b"h"), *extra, (b"Content-Length", b"%d" % len(body)))
    return sign(Request(b"POST", path, headers, body), CREDENTIALS, "us-east-1", now=datetime.now(UTC)).encode()


def talk(target: Target, data: bytes, enough: bytes) -> bytes:
    """Send bytes over a socket of their own and read until ``enough`` came, or the end."""
    with socket.create_connection((target.endpoint.host, target.endpoint.port), timeout=5) as connection:
        connection.sendall(data)
        seen = b""
        while enough not in seen and (chunk := connection.recv(65536)):
            seen += chunk
        return seen


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


def test_pipelined_requests_are_answered_in_order(reference: Target) -> None:
    """Requests that are sent without waiting, a slow one first, are answered in their order."""
    data = signed("sleep", b'{"seconds": 0.1}') + b"".join(signed("echo", b'"%d"' % number) for number in range(5))

    seen = talk(reference, data, b'"4"')

    assert seen.index(b"null") < seen.index(b'"0"') < seen.index(b'"1"') < seen.index(b'"4"')


def test_continue_is_sent_when_expected(reference: Target) -> None:
    """A client that waits for 100 Continue gets it, then the answer."""
    seen = talk(reference, signed("echo", b'"body"', ((b"Expect", b"100-continue"),)), b'"body"')

    assert seen.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"no http at all\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 100_000, b"431"),
    ],
)
def test_hostile_requests_end_the_connection(reference: Target, data: bytes, status: bytes) -> None:
    """What is no proper request, or too large, is answered once and the connection closed."""
    seen = talk(reference, data, b"never sent")

    assert seen.startswith(b"HTTP/1.1 " + status)


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


def test_a_taken_port_is_a_clear_error(reference: Target) -> None:
    """A port that is taken ends it with code 2 and one line."""
    command = [sys.executable, "-m", "conformance.reference", "--port", str(reference.endpoint.port)]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"port-taken: can't listen on 127.0.0.1:{reference.endpoint.port}")
    assert ended.stderr.count("\n") == 1
