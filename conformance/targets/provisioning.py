"""Makes the fixtures through the Lambda control plane with boto3, and removes them again."""

from __future__ import annotations

import asyncio
import logging
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from conformance.contract.names import parse_name
from conformance.contract.reader import load_contract
from conformance.errors import TargetUnreachable, UsageError
from conformance.exchange.client import Client
from conformance.exchange.message import Request
from conformance.exchange.sigv4 import sign
from conformance.fixtures.packing import package
from conformance.fixtures.table import FIXTURES, PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from mypy_boto3_iam.client import IAMClient
    from mypy_boto3_lambda.client import LambdaClient

    from conformance.exchange.endpoint import Endpoint
    from conformance.exchange.message import Exchange
    from conformance.exchange.sigv4 import Credentials
    from conformance.fixtures.table import Fixture

_log = logging.getLogger(__name__)

FAULTS = (ClientError, BotoCoreError, ResponseParserError)
"""What a call through boto3 raises for what the target does."""
RUNTIME = "python3.12"
TAGS = {"created-by": "invoke-conformance"}
PLACEHOLDER_ROLE = "arn:aws:iam::000000000000:role/invoke-conformance"
"""What emulators that look at no role are given."""
CONNECT = 3.0
"""Seconds for a connection, or less by the timeout of a call."""
PATIENCE: Any = {"Delay": 0.1, "MaxAttempts": 300}
"""For a function to become active; boto3's stubs know no fractions of a second."""
SECRET = 16
"""Characters from which on a credential is a secret: emulators are called with words such as ``test``."""
ASSUMED_BY_LAMBDA = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
    ' "Principal": {"Service": "lambda.amazonaws.com"}}]}'
)


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What was made.

    Attributes:
        names: the FunctionName of each fixture, by fixture.
        partition: of the functions' ARNs.
        region: of the functions' ARNs; some endpoints have one of their own, whatever they are called for.
        account: of the functions' ARNs.
    """

    names: Mapping[str, str]
    partition: str
    region: str
    account: str


@contextmanager
def provisioned(
    endpoint: Endpoint, credentials: Credentials, region: str, run: str, timeout: float
) -> Generator[Provisioned]:
    """Make all fixtures under names that carry the run; remove whatever was made in the end.

    Args:
        endpoint: of the control plane.
        credentials: to call it with.
        region: to call it for.
        run: a word that no other run uses.
        timeout: seconds that a call may take.

    Raises:
        UsageError: the region is none.
        TargetUnreachable: a call failed; names the call and what to do, and leaves nothing behind.
    """
    lambda_, iam_later = _clients(endpoint.url, credentials, region, timeout)
    _reach(endpoint, credentials, region, timeout)
    with ExitStack() as undo:
        undo.callback(lambda_.close)
        maker = _Maker(lambda_, iam_later, run, undo, credentials)
        wanted = [fixture for fixture in FIXTURES.values() if not fixture.optional]
        names = {fixture.name: maker.create(fixture) for fixture in wanted}
        for fixture in wanted:
            maker.publish(fixture, names[fixture.name])
        yield Provisioned(names, *maker.home)


def _reach(endpoint: Endpoint, credentials: Credentials, region: str, timeout: float) -> None:
    """Ask for the functions: whatever is answered, somebody answers. Over the wire, where a timeout is a whole one."""
    target = f"{endpoint.base_path}/2015-03-31/functions/?MaxItems=1".encode()
    request = Request(b"GET", target, ((b"Host", endpoint.authority),))

    async def ask() -> Exchange:
        client = Client(timeout=timeout)
        try:
            return await client.send(endpoint, sign(request, credentials, region, now=datetime.now(UTC)))
        finally:
            await client.aclose()

    failure = asyncio.run(ask()).failure
    if failure is not None:
        message = f"ListFunctions at {endpoint.url} got no answer: {failure.kind.value}, {failure.detail}"
        raise TargetUnreachable("unreachable", message, "is it running there?")


def _clients(
    url: str, credentials: Credentials, region: str, timeout: float
) -> tuple[LambdaClient, Callable[[], IAMClient]]:
    """Return a client of Lambda, and what makes one of IAM, which few targets need."""
    config = Config(
        connect_timeout=min(timeout, CONNECT), read_timeout=timeout, retries={"total_max_attempts": 1}, proxies={}
    )
    # Without the stubs of every service of AWS, the overloads of client() have no type.
    session: Any = boto3.Session(credentials.access_key, credentials.secret_key, credentials.session_token, region)
    client = partial(session.client, endpoint_url=url, config=config)
    try:
        return client("lambda"), partial(client, "iam")
    except (BotoCoreError, ValueError) as error:
        raise UsageError("region-invalid", f"{region}: {error}", "name one such as us-east-1 with --region") from error


class _Maker:
    """Makes one fixture after the other, noting how each is undone."""

    def __init__(
        self,
        lambda_: LambdaClient,
        iam_later: Callable[[], IAMClient],
        run: str,
        undo: ExitStack,
        credentials: Credentials,
    ) -> None:
        self._lambda = lambda_
        self._iam_later = iam_later
        self._run = run
        self._undo = undo
        given = (credentials.secret_key, credentials.session_token or "")
        self._secrets = [one for one in given if len(one) >= SECRET]
        self._role = PLACEHOLDER_ROLE
        self._refused = ""
        self._left: list[str] = []
        self.home = ("", "", "")
        undo.callback(self._say_what_is_left)

    def publish(self, fixture: Fixture, name: str) -> None:
        """Wait until a function can be invoked, and give it its versions and aliases."""
        self._settle(name)
        for number in range(1, fixture.versions + 1):
            marked = {"Variables": {**fixture.environment, "MARKER": f"code {number}"}}
            self._call(self._lambda.update_function_configuration, FunctionName=name, Environment=marked)
            self._settle(name)
            self._call(self._lambda.publish_version, FunctionName=name)
        for alias, version in fixture.aliases.items():
            self._call(self._lambda.create_alias, FunctionName=name, Name=alias, FunctionVersion=version)

    def create(self, fixture: Fixture) -> str:
        """Create a function, where the placeholder role is refused with a role made for it; return its name."""
        name = f"{PREFIX}{self._run}-{fixture.name}"
        arguments: dict[str, Any] = {
            "FunctionName": name,
            "Runtime": RUNTIME,
            "Handler": fixture.handler,
            "Code": {"ZipFile": package()},
            "Timeout": fixture.timeout,
            "MemorySize": 256,
            "Environment": {"Variables": dict(fixture.environment)},
            "Tags": TAGS,
        }
        self._undo.callback(self._remove, self._lambda.delete_function, FunctionName=name)
        try:
            made = self._lambda.create_function(**arguments, Role=self._role)
        except ClientError as error:
            if "role" not in str(error).lower():
                self._refused = name
                raise self._failed("create_function", name, error) from error
            self._role = self._make_role()
            made = self._call(self._lambda.create_function, **arguments, Role=self._role)
        except FAULTS as error:
            raise self._failed("create_function", name, error) from error
        self.home = _home(str(made.get("FunctionArn", "")))
        return name

    def _make_role(self) -> str:
        name = f"{PREFIX}{self._run}"
        iam = self._iam_later()
        self._undo.callback(iam.close)
        self._undo.callback(self._remove, iam.delete_role, RoleName=name)
        made = self._call(iam.create_role, RoleName=name, AssumeRolePolicyDocument=ASSUMED_BY_LAMBDA)
        arn: str = made["Role"]["Arn"]
        return arn

    def _settle(self, name: str) -> None:
        """Wait until a function is Active and its last update is done."""
        for waiter in ("function_active_v2", "function_updated_v2"):
            self._call(self._lambda.get_waiter(waiter).wait, FunctionName=name, WaiterConfig=PATIENCE)

    def _call(self, call: Callable[..., Any], **arguments: Any) -> Any:  # noqa: ANN401  boto3's
        try:
            return call(**arguments)
        except FAULTS as error:
            name = arguments.get("FunctionName") or arguments.get("RoleName", "")
            raise self._failed(call.__name__, name, error) from error

    def _remove(self, call: Callable[..., object], **arguments: Any) -> None:  # noqa: ANN401  boto3's
        """Undo something; that it can't be undone changes no verdict."""
        (name,) = arguments.values()
        try:
            call(**arguments)
        except FAULTS as error:
            gone = isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") in GONE
            if not gone and name != self._refused:
                self._left.append(f"{name} ({self._failed(call.__name__, name, error).message})")

    def _failed(self, call: str, name: str, error: Exception) -> TargetUnreachable:
        """Return the error that names the call, as the API spells it, and what to do."""
        what = call.title().replace("_", "") if call != "wait" else "waiting until it is active"
        hint, said = OTHER_HINT, f": {error}"
        if isinstance(error, ClientError):
            code = error.response.get("Error", {}).get("Code", "")
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
            said = f" answered {status} {code}: {error.response.get('Error', {}).get('Message', '')}"
            hint = HINTS.get(code, OTHER_HINT)
        for secret in self._secrets:  # a target may repeat what it was sent
            said = said.replace(secret, "[not shown]")
        return TargetUnreachable("provisioning-failed", f"{what} for {name}{said}", hint)

    def _say_what_is_left(self) -> None:
        if self._left:
            _log.warning("left behind: %s", "; ".join(self._left))


def _home(arn: str) -> tuple[str, str, str]:
    """Return partition, region and account of a function's ARN."""
    found = parse_name(arn, load_contract().operations["Invoke"].parameter("FunctionName"))
    if found is None or not (found.partition and found.region and found.account):
        message = f"CreateFunction answered no FunctionArn: {arn or 'there is none'}"
        raise TargetUnreachable("provisioning-failed", message, OTHER_HINT)
    return found.partition, found.region, found.account


GONE = frozenset({"ResourceNotFoundException", "NoSuchEntity", "NoSuchEntityException", "404"})
"""What a control plane says of something that is not there."""
HINTS = {
    "AccessDeniedException": "allow lambda:* on function:invoke-conformance-* and iam:PassRole",
    "UnrecognizedClientException": "check the credentials, --profile and --region",
    "InvalidSignatureException": "check the credentials and --region",
    "ExpiredTokenException": "renew the session token",
}
OTHER_HINT = "an endpoint without the Lambda control plane takes --target FILE.yaml, with functions made by hand"
