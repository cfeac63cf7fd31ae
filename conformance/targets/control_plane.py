"""The control plane of a target: clients of boto3, and calls whose failures say which one, for what, and what to do."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from conformance.errors import TargetUnreachable, UsageError
from conformance.exchange.client import Client
from conformance.exchange.message import Request
from conformance.exchange.sigv4 import sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_lambda.client import LambdaClient

    from conformance.exchange.endpoint import Endpoint
    from conformance.exchange.message import Exchange
    from conformance.exchange.sigv4 import Credentials

FAULTS = (ClientError, BotoCoreError, ResponseParserError)
"""What a call through boto3 raises for what the target does."""
CONNECT = 3.0
"""Seconds for a connection, or less by the timeout of a call."""
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before a call is tried again that the target had no time for."""
SECRET = 16
"""Characters from which on a credential is a secret: emulators are called with words such as ``test``."""
LONGEST = 400
"""Characters of a target's own words that are shown."""
SUBJECTS = ("FunctionName", "RoleName", "QueueName", "QueueUrl")
"""The arguments that say what a call is for."""
GONE = frozenset({
    *("ResourceNotFoundException", "NoSuchEntity", "NoSuchEntityException", "QueueDoesNotExist", "404"),
    "AWS.SimpleQueueService.NonExistentQueue",
})  # fmt: skip
"""What a control plane says of something that is not there."""
BUSY = frozenset({"TooManyRequestsException", "Throttling", "ThrottlingException", "ResourceConflictException"})
"""What it says of a call that came too soon after others; the last one also of a name that is taken."""
HINTS = {
    "AccessDeniedException": (
        "allow lambda:* and sqs:* on what begins with invoke-conformance-, lambda:ListFunctions and iam:PassRole"
    ),
    "UnrecognizedClientException": "check the credentials, --profile and --region",
    "InvalidSignatureException": "check the credentials and --region",
    "ExpiredTokenException": "renew the session token",
}
OTHER_HINT = (
    "an endpoint without the Lambda control plane takes --target FILE.yaml, with functions made by hand; "
    "what `serve` started takes --target reference"
)
_AWS = re.compile(r"^lambda\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)$")


class CallFailed(TargetUnreachable):
    """A call of the control plane was refused, or not answered as it must be.

    Attributes:
        reason: the call and what came of it, without the name of what it was for.
        kind: of the error that was answered; empty where none was.
    """

    def __init__(self, call: str, name: str, said: str, kind: str = "") -> None:
        super().__init__("provisioning-failed", f"{call} for {name}{said}", HINTS.get(kind, OTHER_HINT))
        self.reason = f"{call}{said}"
        self.kind = kind


def busy(error: CallFailed) -> bool:
    """Tell whether a call may be tried again in a moment: it came too soon, and not for something that is there."""
    return error.kind in BUSY and "already exist" not in error.reason


def service_url(endpoint: Endpoint, service: str) -> str | None:
    """Return where a service of the target is; None leaves it to botocore.

    An emulator has all its services at one URL, AWS a host for each.
    """
    aws = _AWS.match(endpoint.host)
    if aws is None or service == "lambda":
        return endpoint.url
    return f"https://sqs.{aws[1]}.{aws[2]}" if service == "sqs" else None


class ControlPlane:
    """The clients of a target, each made when it is first needed; may be used by several threads.

    Args:
        endpoint: of Lambda's control plane.
        credentials: to call it with.
        region: to call it for.
        timeout: seconds that a call may take.

    Raises:
        UsageError: the region is none.
    """

    def __init__(self, endpoint: Endpoint, credentials: Credentials, region: str, timeout: float) -> None:
        self._endpoint, self._credentials, self._region, self._timeout = endpoint, credentials, region, timeout
        given = (credentials.secret_key, credentials.session_token or "")
        self._secrets = [one for one in given if len(one) >= SECRET]
        self._config = Config(
            connect_timeout=min(timeout, CONNECT), read_timeout=timeout, retries={"total_max_attempts": 1}, proxies={}
        )
        # Without the stubs of every service of AWS, the overloads of client() have no type.
        self._session: Any = boto3.Session(
            credentials.access_key, credentials.secret_key, credentials.session_token, region
        )
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()
        try:
            self.lambda_: LambdaClient = self.client("lambda")
        except (BotoCoreError, ValueError) as error:
            message = f"{region}: {error}"
            raise UsageError("region-invalid", message, "name one such as us-east-1 with --region") from error

    def client(self, service: str) -> Any:  # noqa: ANN401  boto3's
        """Return the client of a service."""
        with self._lock:
            if service not in self._clients:
                url = service_url(self._endpoint, service)
                self._clients[service] = self._session.client(service, endpoint_url=url, config=self._config)
            return self._clients[service]

    def close(self) -> None:
        """Give back the connections."""
        for client in self._clients.values():
            client.close()

    def reach(self) -> None:
        """Ask for the functions; whatever is answered, somebody answers.

        Over our own wire, since a timeout of boto3's is one of each read, not of the whole call.

        Raises:
            TargetUnreachable: no answer came.
        """
        target = f"{self._endpoint.base_path}/2015-03-31/functions/?MaxItems=1".encode()
        failure = asyncio.run(self._asked(target)).failure
        if failure is not None:
            message = f"ListFunctions at {self._endpoint.url} got no answer: {failure.kind.value}, {failure.detail}"
            raise TargetUnreachable("unreachable", message, "is it running there?")

    async def _asked(self, target: bytes) -> Exchange:
        request = Request(b"GET", target, ((b"Host", self._endpoint.authority),))
        client = Client(timeout=self._timeout)
        try:
            signed = sign(request, self._credentials, self._region, now=datetime.now(UTC))
            return await client.send(self._endpoint, signed)
        finally:
            await client.aclose()

    def call(
        self,
        call: Callable[..., Any],
        again: Callable[[CallFailed], bool] = busy,
        wait: Callable[[float], object] = time.sleep,
        **arguments: Any,  # noqa: ANN401  boto3's
    ) -> Any:  # noqa: ANN401  boto3's
        """Call a method of a client.

        Args:
            call: the method.
            again: tells whether it is tried again after a failure, a few times.
            wait: lets so many seconds pass before that.
            arguments: of the method.

        Raises:
            CallFailed: it failed, and was not to be tried again any more.
        """
        for pause in PAUSES:
            try:
                return self._once(call, arguments)
            except CallFailed as error:
                if not again(error):
                    raise
                wait(pause)
        return self._once(call, arguments)

    def _once(self, call: Callable[..., Any], arguments: dict[str, Any]) -> Any:  # noqa: ANN401  boto3's
        try:
            return call(**arguments)
        except FAULTS as error:
            raise self._failed(call.__name__, arguments, error) from error

    def _failed(self, call: str, arguments: dict[str, Any], error: Exception) -> CallFailed:
        """Return the error that names the call, as the API spells it, and what it was for."""
        subject = next((str(arguments[key]) for key in SUBJECTS if key in arguments), "all")
        said, kind = f": {error}", ""
        if isinstance(error, ClientError):
            told: Any = error.response.get("Error", {})
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
            kind = str(told.get("Code", ""))
            said = f" answered {status} {kind}: {told.get('Message', '')}"
        for secret in self._secrets:  # a target may repeat what it was sent
            said = said.replace(secret, "[not shown]")
        said = re.sub(r"\s+", " ", said).rstrip()
        return CallFailed(_spelt(call), subject.rpartition("/")[2], said[:LONGEST], kind)


def _spelt(call: str) -> str:
    """Return the operation of a client's method, as the API spells it."""
    return call.title().replace("_", "")
