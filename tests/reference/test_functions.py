"""What each function of the reference returns to a synchronous call, in the forms that AWS was recorded to use."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from support.calls import ARN, invoke, result

from conformance.fixtures.packing import FOLDER
from conformance.fixtures.table import FIXTURES, PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.exchange.message import Response
    from conformance.targets.model import Target

NODE = shutil.which("node")
PYTHON = ["errorMessage", "errorType", "requestId", "stackTrace"]
PLATFORM = ["errorMessage", "errorType"]
ID = "RequestId: [0-9a-f-]{36} Error: "

FAILURES: Mapping[str, tuple[str, Mapping[str, object], list[str], str, str]] = {
    # fact: (fixture, event, members of the error, its type, its message)
    "fe-python-exception": ("raise", {"message": "Handler fails"}, PYTHON, "Exception", "Handler fails"),
    "fe-python-empty-message": ("raise", {"type": "CustomException", "message": ""}, PYTHON, "CustomException", ""),
    "fe-python-init-exception": ("init_raise", {}, PYTHON, "Exception", "Runtime startup fails"),
    "fe-import-module": (
        "missing_module",
        {},
        PYTHON,
        "Runtime.ImportModuleError",
        "Unable to import module 'importing': No module named 'invoke_conformance_no_such_module'",
    ),
    "fe-marshal": (
        "unserialisable",
        {},
        PYTHON,
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type set is not JSON serializable",
    ),
    "fe-nodejs": ("node_raise", {"message": "words"}, ["errorMessage", "errorType", "trace"], "Error", "words"),
    "fe-node-handler-not-found": (
        "node_no_handler",
        {},
        ["errorMessage", "errorType", "trace"],
        "Runtime.HandlerNotFound",
        "handlers.absent is undefined or not exported",
    ),
    "fe-sys-exit-handler": (
        "exit",
        {},
        PLATFORM,
        "Runtime.ExitError",
        ID + "Runtime exited without providing a reason",
    ),
    "fe-timeout-new": ("sleep", {}, PLATFORM, "Sandbox.Timedout", ID + r"Task timed out after 1\.00 seconds"),
    "fe-response-too-large": (
        "big",
        {"size": 7340032},
        PLATFORM,
        "Function.ResponseSizeTooLarge",
        r"Response payload size exceeded maximum allowed payload size \(6291556 bytes\)\.",
    ),
}
"""Fact id -> what it says."""


def log_of(answer: Response) -> str:
    """The log result of an answer."""
    return base64.b64decode(answer.header("X-Amz-Log-Result")[0], validate=True).decode()


@pytest.mark.parametrize("fact", FAILURES)
def test_failures(reference: Target, fact: str) -> None:
    """A function that fails is 200 and Unhandled, with its version, its log and the error in the recorded form."""
    fixture, event, members, kind, message = FAILURES[fact]

    answer = invoke(reference, fixture, body=json.dumps(event).encode(), headers={"X-Amz-Log-Type": "Tail"})

    error = json.loads(answer.body)
    assert (answer.status, answer.header("X-Amz-Function-Error")) == (200, ("Unhandled",))
    assert (answer.header("X-Amz-Executed-Version"), answer.header("Content-Type")) == (
        ("$LATEST",),
        ("application/json",),
    )
    assert (sorted(error), error["errorType"]) == (members, kind)
    assert re.fullmatch(message, error["errorMessage"])
    assert "END RequestId: " in log_of(answer)


@pytest.mark.parametrize(
    ("fixture", "request_id", "stack"),
    [
        ("raise", None, r"  File \"/var/task/handlers\.py\", line \d+, in raise_error\n    raise error\("),
        ("init_raise", "", r"  File \"/var/task/raising\.py\", line \d+, in <module>\n    raise Exception\("),
        ("missing_module", "", None),
        ("unserialisable", None, None),
    ],
)
def test_errors_of_python(reference: Target, fixture: str, request_id: str | None, stack: str | None) -> None:
    """Errors while loading have no request id, and those that the runtime finds no stack (fe-python-*, fe-import-*)."""
    answer = invoke(reference, fixture)

    error = json.loads(answer.body)
    assert error["requestId"] == (answer.header("x-amzn-RequestId")[0] if request_id is None else request_id)
    if stack is None:
        assert error["stackTrace"] == []
    else:
        assert re.match(stack, error["stackTrace"][-1])


def test_an_error_while_loading_shows_how_it_was_loaded(reference: Target) -> None:
    """The stack of an error at import begins in importlib, whose frames have no code (fe-python-init-exception)."""
    stack = json.loads(invoke(reference, "init_raise").body)["stackTrace"]

    assert re.match(
        r'  File "/var/lang/lib/python3\.\d+/importlib/__init__\.py", line \d+, in import_module\n', stack[0]
    )
    assert re.fullmatch(r'  File "<frozen importlib\._bootstrap>", line \d+, in _gcd_import\n', stack[1])
    assert all("conformance" not in frame for frame in stack)


def test_a_traceback_in_the_log(reference: Target) -> None:
    """The log has the error and its traceback, indented by no-break spaces (log-tail-on-error, recorded log lines)."""
    log = log_of(invoke(reference, "raise", headers={"X-Amz-Log-Type": "Tail"}))

    assert "\n[ERROR] Exception: raised on purpose\nTraceback (most recent call last):\n\u00a0\u00a0File " in log


def test_log_tail(reference: Target) -> None:
    """The log result is the last 4096 bytes: it ends with REPORT and has lost its START (log-tail-4kb)."""
    answer = invoke(reference, "log", headers={"X-Amz-Log-Type": "Tail"})

    log = log_of(answer)
    assert len(log.encode()) == 4096
    assert "START" not in log
    assert log.splitlines()[-1].startswith("REPORT RequestId: " + answer.header("x-amzn-RequestId")[0])


def test_a_large_response_is_sent_whole(reference: Target) -> None:
    """Six MiB and 100 bytes is the largest response (li-sync-response)."""
    assert len(invoke(reference, "big", body=b'{"size": 6291556}').body) == 6291556
    assert invoke(reference, "big", body=b'{"size": 6291557}').header("X-Amz-Function-Error") == ("Unhandled",)


def test_the_context(reference: Target) -> None:
    """The function sees its name, version, ARN and request id; without a tenant and a client context null."""
    answer = invoke(reference, "context")

    seen = json.loads(answer.body)
    assert seen["invoked_function_arn"] == f"{ARN}{PREFIX}context"
    assert (seen["function_name"], seen["function_version"]) == (f"{PREFIX}context", "$LATEST")
    assert seen["aws_request_id"] == answer.header("x-amzn-RequestId")[0]
    assert (seen["client_context"], seen["tenant_id"]) == (None, None)


def test_a_weighted_alias_shares_its_calls(reference: Target) -> None:
    """Both versions get a share; the header and the function agree on which one ran (qual-alias-weighted)."""
    ran: set[str] = set()
    for _ in range(60):  # one of the two would be missing once in 2 to the power of 59
        answer = invoke(reference, "weighted", "Qualifier=split")
        seen = json.loads(answer.body)
        assert answer.header("X-Amz-Executed-Version") == (seen["version"],)
        assert seen["marker"] == f"code {seen['version']}"
        assert seen["invoked_function_arn"].endswith(":split")
        ran.add(seen["version"])
        if len(ran) > 1:
            break

    assert ran == {"1", "2"}


def test_node_returns(reference: Target) -> None:
    """Functions of Node.js return their event, or null where they return nothing (pl-handler-returns-nothing)."""
    assert result(reference, "node_echo", {"a": [1, None, "é"]}) == {"a": [1, None, "é"]}
    assert result(reference, "node_nothing", {}) is None


SCRIPT = """
import(process.argv[1]).then(async (module) => {
  const name = process.argv[2];
  if (typeof module[name] !== "function") return console.log(JSON.stringify({absent: true}));
  try { console.log(JSON.stringify({result: (await module[name](JSON.parse(process.argv[3]))) ?? null})); }
  catch (error) { console.log(JSON.stringify({type: error.name, message: error.message, stack: error.stack})); }
});
"""


@pytest.mark.skipif(NODE is None, reason="there is no Node.js on this machine")
@pytest.mark.parametrize("event", [{}, {"message": "words"}, None, [1]])
@pytest.mark.parametrize("fixture", [one.name for one in FIXTURES.values() if one.language == "node"])
def test_node_is_played_as_it_is(reference: Target, fixture: str, event: object) -> None:
    """What the reference says for functions of Node.js is what Node.js makes of the module that is deployed."""
    name = FIXTURES[fixture].handler.partition(".")[2]
    command = [str(NODE), "-e", SCRIPT, (FOLDER / "handlers.mjs").as_uri(), name, json.dumps(event)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)

    played: Any = result(reference, fixture, event)

    real = json.loads(ended.stdout)
    if "result" in real:
        assert played == real["result"]
    elif "absent" in real:
        assert played["errorType"] == "Runtime.HandlerNotFound"
    else:
        assert (played["errorType"], played["errorMessage"]) == (real["type"], real["message"])
        line = re.search(r"handlers\.mjs:(\d+)", real["stack"])
        assert line is not None
        assert [played["trace"][0], f"handlers.mjs:{line[1]}:" in played["trace"][1]] == [
            real["stack"].split("\n")[0],
            True,
        ]
