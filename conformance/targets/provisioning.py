"""Makes the fixtures through the Lambda control plane with boto3, and removes them again."""

from __future__ import annotations

import contextlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from conformance.errors import TargetUnreachable
from conformance.fixtures.packing import package
from conformance.fixtures.table import FIXTURES, PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from mypy_boto3_iam.client import IAMClient
    from mypy_boto3_lambda.client import LambdaClient

    from conformance.exchange.sigv4 import Credentials
    from conformance.fixtures.table import Fixture

RUNTIME = "python3.12"
TAGS = {"created-by": "invoke-conformance"}
PLACEHOLDER_ROLE = "arn:aws:iam::000000000000:role/invoke-conformance"
"""What emulators that look at no role are given."""
PATIENCE = {"Delay": 1, "MaxAttempts": 30}
CONFIG = Config(connect_timeout=3, read_timeout=30, retries={"total_max_attempts": 1})
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
        account: of the functions' ARNs.
    """

    names: Mapping[str, str]
    partition: str
    account: str


@contextmanager
def provisioned(url: str, credentials: Credentials, region: str, run: str) -> Generator[Provisioned]:
    """Make all fixtures under names that carry the run; remove whatever was made in the end.

    Args:
        url: of the control plane.
        credentials: to call it with.
        region: to call it for.
        run: a word that no other run uses.

    Raises:
        TargetUnreachable: a call failed; names the call and what to do, and leaves nothing behind.
    """
    # Without the stubs of every service of AWS, the overloads of client() have no type.
    session: Any = boto3.Session(credentials.access_key, credentials.secret_key, credentials.session_token, region)
    lambda_: LambdaClient = session.client("lambda", endpoint_url=url, config=CONFIG)
    iam: IAMClient = session.client("iam", endpoint_url=url, config=CONFIG)
    with ExitStack() as undo:
        maker = _Maker(lambda_, iam, run, undo)
        names = {name: maker.make(fixture) for name, fixture in FIXTURES.items()}
        yield Provisioned(names, maker.arn.split(":")[1], maker.arn.split(":")[4])


class _Maker:
    """Makes one fixture after the other, noting how each is undone."""

    def __init__(self, lambda_: LambdaClient, iam: IAMClient, run: str, undo: ExitStack) -> None:
        self._lambda = lambda_
        self._iam = iam
        self._run = run
        self._undo = undo
        self._role = PLACEHOLDER_ROLE
        self.arn = ""

    def make(self, fixture: Fixture) -> str:
        """Make a function with its versions and aliases; return its name once it can be invoked."""
        name = f"{PREFIX}{self._run}-{fixture.name}"
        self._create(name, fixture)
        self._settle(name)
        for number in range(1, fixture.versions + 1):
            marked = {"Variables": {**fixture.environment, "MARKER": f"code {number}"}}
            self._call(self._lambda.update_function_configuration, FunctionName=name, Environment=marked)
            self._settle(name)
            self._call(self._lambda.publish_version, FunctionName=name)
        for alias, version in fixture.aliases.items():
            self._call(self._lambda.create_alias, FunctionName=name, Name=alias, FunctionVersion=version)
        return name

    def _create(self, name: str, fixture: Fixture) -> None:
        """Create a function; where the placeholder role is refused, with a role made for it."""
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
        self._undo.callback(self._quietly, self._lambda.delete_function, FunctionName=name)
        try:
            made = self._lambda.create_function(**arguments, Role=self._role)
        except ClientError as error:
            if "role" not in str(error).lower():
                raise _failed("create_function", name, error) from error
            self._role = self._make_role()
            made = self._call(self._lambda.create_function, **arguments, Role=self._role)
        except BotoCoreError as error:
            raise _failed("create_function", name, error) from error
        self.arn = made["FunctionArn"]

    def _make_role(self) -> str:
        name = f"{PREFIX}{self._run}"
        self._undo.callback(self._quietly, self._iam.delete_role, RoleName=name)
        made = self._call(self._iam.create_role, RoleName=name, AssumeRolePolicyDocument=ASSUMED_BY_LAMBDA)
        arn: str = made["Role"]["Arn"]
        return arn

    def _settle(self, name: str) -> None:
        """Wait until a function is Active and its last update is done."""
        for waiter in ("function_active_v2", "function_updated_v2"):
            self._call(self._lambda.get_waiter(waiter).wait, FunctionName=name, WaiterConfig=PATIENCE)

    @staticmethod
    def _call(call: Callable[..., Any], **arguments: Any) -> Any:  # noqa: ANN401  boto3's
        try:
            return call(**arguments)
        except (ClientError, BotoCoreError) as error:
            name = arguments.get("FunctionName") or arguments.get("RoleName", "")
            raise _failed(call.__name__, name, error) from error

    @staticmethod
    def _quietly(call: Callable[..., object], **arguments: Any) -> None:  # noqa: ANN401  boto3's
        """Undo something; what is not there, or can't be reached any more, is no error of its own."""
        with contextlib.suppress(ClientError, BotoCoreError):
            call(**arguments)


HINTS = {
    "AccessDeniedException": "allow lambda:* on function:invoke-conformance-* and iam:PassRole",
    "UnrecognizedClientException": "check the credentials, --profile and --region",
    "InvalidSignatureException": "check the credentials and --region",
    "ExpiredTokenException": "renew the session token",
}
OTHER_HINT = "an endpoint without the Lambda control plane takes --target FILE.yaml, with functions made by hand"


def _failed(call: str, name: str, error: Exception) -> TargetUnreachable:
    """Return the error that names the call, as the API spells it, and what to do."""
    what = call.title().replace("_", "") if call != "wait" else "waiting until it is active"
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
        message = error.response.get("Error", {}).get("Message", "")
        return TargetUnreachable(
            "provisioning-failed",
            f"{what} for {name} answered {status} {code}: {message}",
            HINTS.get(code, OTHER_HINT),
        )
    unreachable = type(error).__name__ in {
        "EndpointConnectionError",
        "ConnectTimeoutError",
        "ConnectionClosedError",
    }
    code, hint = ("unreachable", "is it running there?") if unreachable else ("provisioning-failed", OTHER_HINT)
    return TargetUnreachable(code, f"{what} for {name}: {error}", hint)
