"""A fake of the control planes of Lambda, SQS and IAM on a real socket, which fails or forgets where it is told to."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from support.background import read_request, response

if TYPE_CHECKING:
    import asyncio

FUNCTIONS = r"/2015-03-31/functions"
NAME = r"functions/(?P<name>[^/?]+)"
ROUTES = (
    ("GET", rf"{FUNCTIONS}/?(\?.*)?", "ListFunctions"),
    ("POST", FUNCTIONS, "CreateFunction"),
    ("DELETE", rf"/2015-03-31/{NAME}", "DeleteFunction"),
    ("GET", rf"/2015-03-31/{NAME}/configuration(\?.*)?", "GetFunctionConfiguration"),
    ("PUT", rf"/2015-03-31/{NAME}/configuration", "UpdateFunctionConfiguration"),
    ("POST", rf"/2015-03-31/{NAME}/versions", "PublishVersion"),
    ("POST", rf"/2015-03-31/{NAME}/aliases", "CreateAlias"),
    ("GET", rf"/2015-03-31/{NAME}/aliases/\w+", "GetAlias"),
    ("PUT", rf"/2017-10-31/{NAME}/concurrency", "PutFunctionConcurrency"),
    ("GET", rf"/2019-09-30/{NAME}/concurrency", "GetFunctionConcurrency"),
    ("PUT", rf"/2019-09-25/{NAME}/event-invoke-config", "PutFunctionEventInvokeConfig"),
    ("GET", rf"/2019-09-25/{NAME}/event-invoke-config", "GetFunctionEventInvokeConfig"),
)
READS = {
    "GetAlias": "CreateAlias",
    "GetFunctionConcurrency": "PutFunctionConcurrency",
    "GetFunctionEventInvokeConfig": "PutFunctionEventInvokeConfig",
}
"""What reads a setting -> what writes it."""
NOT_FOUND = (404, "ResourceNotFoundException", "Function not found")


@dataclass
class Function:
    """A function of the fake.

    Attributes:
        given: the parameters of CreateFunction, with the variables that were set last.
        markers: the variable MARKER of each version.
        settings: what was set by an operation.
    """

    given: dict[str, Any]
    markers: list[str] = field(default_factory=list[str])
    settings: dict[str, Any] = field(default_factory=dict[str, Any])

    def publish(self) -> None:
        """Add a version."""
        self.markers.append(self.given["Environment"]["Variables"].get("MARKER", ""))


class ControlPlane:
    """Keeps functions, queues and roles, and what was called.

    Args:
        failing: (operation, number of the call from 1) -> status, error type and message; number 0 is each call.
        arn: of a function, with ``{name}`` in it.
        state: of functions that were created.
        forgetting: operations that are answered well and have no effect.
        page: functions and queues that a list gives at a time.
    """

    def __init__(
        self,
        failing: dict[tuple[str, int], tuple[int, str, str]] | None = None,
        arn: str = "arn:aws:lambda:eu-west-1:210987654321:function:{name}",
        state: str = "Active",
        forgetting: frozenset[str] = frozenset(),
        page: int = 2,
    ) -> None:
        self.failing = failing or {}
        self.arn = arn
        self.state = state
        self.forgetting = forgetting
        self.page = page
        self.made: dict[str, Function] = {}
        self.queues: list[str] = []
        self.roles: set[str] = set()
        self.policies: set[str] = set()
        self.calls: list[str] = []

    @property
    def functions(self) -> dict[str, int]:
        """The functions that are there, each with the number of its versions."""
        return {name: len(function.markers) for name, function in self.made.items()}

    async def behave(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of a connection."""
        while True:
            head, body = await read_request(reader)
            method, target, _ = head.decode().split("\r\n")[0].split(" ")
            writer.write(self.answer(method, target, body, head.decode()))

    def answer(self, method: str, target: str, body: bytes, head: str = "") -> bytes:
        """Return the answer to a request."""
        asked = re.search(r"x-amz-target: AmazonSQS\.(\w+)", head, re.IGNORECASE)
        if asked:
            return self._sqs(asked[1], json.loads(body))
        if (method, target) == ("POST", "/"):
            return self._iam(body)
        for verb, pattern, operation in ROUTES:
            match = re.fullmatch(pattern, target)
            if verb == method and match:
                return self._lambda(operation, match, body)
        return response(404, b"{}")

    def _lambda(self, operation: str, match: re.Match[str], body: bytes) -> bytes:
        given: dict[str, Any] = json.loads(body or b"{}")
        failure = self._called(operation)
        if operation == "ListFunctions" and failure is None:
            marker = re.search(r"Marker=(\d+)", match[0])
            functions = [{"FunctionName": name} for name in self.made]
            return _page("Functions", functions, int(marker[1]) if marker else 0, self.page, "NextMarker")
        name: str = match.groupdict().get("name") or given.get("FunctionName", "")
        if failure is None and operation not in {"CreateFunction", "ListFunctions"} and name not in self.made:
            failure = NOT_FOUND
        return _refusal(failure) if failure else self._done(operation, name, given)

    def _done(self, operation: str, name: str, given: dict[str, Any]) -> bytes:
        if operation == "DeleteFunction":
            del self.made[name]
            return response(204, b"")
        if operation == "CreateFunction":
            self.made[name] = Function(given)
        function, kept = self.made[name], operation not in self.forgetting
        if operation == "UpdateFunctionConfiguration":
            function.given.update(given)
        if operation == "PublishVersion" or (operation == "CreateFunction" and given.get("Publish") and kept):
            function.publish()
        if operation in READS:
            return _json(function.settings.get(READS[operation], {}))
        if operation in READS.values():
            function.settings |= {operation: given} if kept else {}
            return _json(given)
        return _json(self._configuration(operation, name, function))

    def _configuration(self, operation: str, name: str, function: Function) -> dict[str, Any]:
        published = operation == "PublishVersion" or (operation == "CreateFunction" and function.markers)
        given = {} if "CreateFunction" in self.forgetting else function.given
        return {
            **{key: given[key] for key in ("DeadLetterConfig", "TenancyConfig", "DurableConfig") if key in given},
            "FunctionName": name,
            "FunctionArn": self.arn.format(name=name),
            "Version": str(len(function.markers)) if published else "$LATEST",
            "State": self.state,
            "LastUpdateStatus": "Successful",
        }

    def _sqs(self, operation: str, given: dict[str, Any]) -> bytes:
        failure = self._called(operation)
        if failure:
            status, kind, message = failure
            return _json({"__type": f"com.amazonaws.sqs#{kind}", "message": message}, status)
        if operation == "CreateQueue":
            self.queues.append(given["QueueName"])
            return _json({"QueueUrl": _url(given["QueueName"])})
        if operation == "ListQueues":
            urls = [_url(name) for name in self.queues if name.startswith(given.get("QueueNamePrefix", ""))]
            return _page("QueueUrls", urls, int(given.get("NextToken", 0)), self.page, "NextToken")
        name = given["QueueUrl"].rpartition("/")[2]
        if operation == "DeleteQueue":
            self.queues.remove(name)
            return _json({})
        return _json({"Attributes": {"QueueArn": f"arn:aws:sqs:eu-west-1:210987654321:{name}"}})

    def _iam(self, body: bytes) -> bytes:
        form = {key: values[0] for key, values in parse_qs(body.decode()).items()}
        operation, name = form.get("Action", ""), form.get("RoleName", "")
        failure = self._called(operation)
        if failure is not None:
            status, kind, message = failure
            error = f"<ErrorResponse><Error><Code>{kind}</Code><Message>{message}</Message></Error></ErrorResponse>"
            return response(status, error.encode(), "Content-Type: text/xml")
        if operation in {"CreateRole", "DeleteRole"}:
            (self.roles.add if operation == "CreateRole" else self.roles.remove)(name)
        if operation in {"PutRolePolicy", "DeleteRolePolicy"}:
            (self.policies.add if operation == "PutRolePolicy" else self.policies.remove)(name)
        result = f"<Role>{_role(name)}</Role>" if operation == "CreateRole" else ""
        if operation == "ListRoles":
            members = "".join(f"<member>{_role(one)}</member>" for one in self.roles)
            result = f"<IsTruncated>false</IsTruncated><Roles>{members}</Roles>"
        text = f"<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"
        return response(200, text.encode(), "Content-Type: text/xml")

    def _called(self, operation: str) -> tuple[int, str, str] | None:
        self.calls.append(operation)
        number = self.calls.count(operation)
        return self.failing.get((operation, number)) or self.failing.get((operation, 0))


def _url(queue: str) -> str:
    """A queue's URL, whose host is none that can be reached."""
    return f"http://sqs.eu-west-1.invalid/210987654321/{queue}"


def _role(name: str) -> str:
    return f"<RoleName>{name}</RoleName><Arn>arn:aws:iam::210987654321:role/{name}</Arn>"


def _json(data: dict[str, Any], status: int = 200) -> bytes:
    return response(status, json.dumps(data).encode(), "Content-Type: application/json")


def _page(key: str, items: list[Any], start: int, size: int, token: str) -> bytes:
    """A part of a list, and where the next one begins."""
    data: dict[str, Any] = {key: items[start : start + size]}
    if start + size < len(items):
        data[token] = str(start + size)
    return _json(data)


def _refusal(failure: tuple[int, str, str]) -> bytes:
    status, kind, message = failure
    return response(status, json.dumps({"message": message}).encode(), f"x-amzn-ErrorType: {kind}")
