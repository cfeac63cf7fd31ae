"""A fake of the Lambda and IAM control planes on a real socket, which fails where it is told to."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from support.background import read_request, response

if TYPE_CHECKING:
    import asyncio

FUNCTIONS = r"/2015-03-31/functions"
NAME = rf"{FUNCTIONS}/(?P<name>[^/?]+)"
ROUTES = (
    ("GET", rf"{FUNCTIONS}/(\?.*)?", "ListFunctions"),
    ("POST", FUNCTIONS, "CreateFunction"),
    ("GET", NAME, "GetFunction"),
    ("DELETE", NAME, "DeleteFunction"),
    ("PUT", rf"{NAME}/configuration", "UpdateFunctionConfiguration"),
    ("POST", rf"{NAME}/versions", "PublishVersion"),
    ("POST", rf"{NAME}/aliases", "CreateAlias"),
    ("POST", r"/", "IAM"),
)
NOT_FOUND = (404, "ResourceNotFoundException", "Function not found")


class ControlPlane:
    """Keeps functions and roles, and what was called.

    Args:
        failing: (operation, number of the call from 1) -> status, error type and message; number 0 is each call.
        arn: of a function, with ``{name}`` in it.
        state: of functions that were created.
    """

    def __init__(
        self,
        failing: dict[tuple[str, int], tuple[int, str, str]] | None = None,
        arn: str = "arn:aws:lambda:eu-west-1:210987654321:function:{name}",
        state: str = "Active",
    ) -> None:
        self.failing = failing or {}
        self.arn = arn
        self.state = state
        self.functions: dict[str, int] = {}
        self.roles: set[str] = set()
        self.calls: list[str] = []

    async def behave(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of a connection."""
        while True:
            head, body = await read_request(reader)
            method, target, _ = head.decode().split("\r\n")[0].split(" ")
            writer.write(self.answer(method, target, body))

    def answer(self, method: str, target: str, body: bytes) -> bytes:
        """Return the answer to a request."""
        for verb, pattern, operation in ROUTES:
            match = re.fullmatch(pattern, target)
            if verb == method and match:
                return self._iam(body) if operation == "IAM" else self._lambda(operation, match, body)
        return response(404, b"{}")

    def _lambda(self, operation: str, match: re.Match[str], body: bytes) -> bytes:
        given: dict[str, Any] = json.loads(body or b"{}")
        name: str = match.groupdict().get("name") or given.get("FunctionName", "")
        failure = self._called(operation)
        if failure is None and operation not in {"CreateFunction", "ListFunctions"} and name not in self.functions:
            failure = NOT_FOUND
        if failure is not None:
            status, kind, message = failure
            return response(status, json.dumps({"message": message}).encode(), f"x-amzn-ErrorType: {kind}")
        return self._done(operation, name)

    def _done(self, operation: str, name: str) -> bytes:
        if operation == "CreateFunction":
            self.functions[name] = 0
        if operation == "PublishVersion":
            self.functions[name] += 1
        version = str(self.functions.get(name, 0) or "$LATEST")
        if operation == "DeleteFunction":
            del self.functions[name]
            return response(204, b"")
        configuration = {
            "FunctionName": name,
            "FunctionArn": self.arn.format(name=name),
            "Version": version,
            "State": self.state,
            "LastUpdateStatus": "Successful",
        }
        data = {"Configuration": configuration} if operation == "GetFunction" else configuration
        return response(200, json.dumps(data).encode(), "Content-Type: application/json")

    def _iam(self, body: bytes) -> bytes:
        form = parse_qs(body.decode())
        (operation,), (name,) = form["Action"], form["RoleName"]
        failure = self._called(operation)
        if failure is not None:
            status, kind, message = failure
            error = f"<ErrorResponse><Error><Code>{kind}</Code><Message>{message}</Message></Error></ErrorResponse>"
            return response(status, error.encode(), "Content-Type: text/xml")
        arn = f"arn:aws:iam::210987654321:role/{name}"
        if operation == "CreateRole":
            self.roles.add(name)
        else:
            self.roles.remove(name)
        role = f"<Role><RoleName>{name}</RoleName><Arn>{arn}</Arn></Role>"
        text = f"<{operation}Response><{operation}Result>{role}</{operation}Result></{operation}Response>"
        return response(200, text.encode(), "Content-Type: text/xml")

    def _called(self, operation: str) -> tuple[int, str, str] | None:
        self.calls.append(operation)
        number = self.calls.count(operation)
        return self.failing.get((operation, number)) or self.failing.get((operation, 0))
