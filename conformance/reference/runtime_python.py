"""The Python runtime: loads a handler, calls it with a context object, and words what goes wrong as AWS's does."""

from __future__ import annotations

import importlib
import json
import linecache
import os
import sys
import time
import traceback
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.reference.functions import LATEST
from conformance.reference.logs import MEMORY, log_stream
from conformance.reference.outcomes import Outcome, exited, failure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.reference.functions import Invocation
    from conformance.reference.marks import Marks

PACKAGE = "conformance.fixtures"
FOLDERS = (
    (f"{os.sep}fixtures{os.sep}", "/var/task/"),
    (f"{os.sep}importlib{os.sep}", "/var/lang/lib/python3.13/importlib/"),
)
"""Where a module lies here, and where it lies on AWS."""


class Context:
    """The context object, as the Python runtime makes it; besides it says how to leave marks and to sleep here.

    Args:
        invocation: that runs.
        marks: where its marks go.
        sleep: how it sleeps.
    """

    memory_limit_in_mb = str(MEMORY)
    identity = None

    def __init__(self, invocation: Invocation, marks: Marks, sleep: Callable[[float], object]) -> None:
        self.function_name = invocation.function_name
        self.function_version = invocation.version
        self.invoked_function_arn = invocation.arn
        self.aws_request_id = invocation.request_id
        self.client_context = invocation.client_context
        self.tenant_id = invocation.tenant
        self.marks = marks
        self.sleep = sleep
        self._invocation = invocation
        self._deadline = time.monotonic() + invocation.fixture.timeout

    @property
    def log_group_name(self) -> str:
        """Where the function's log would be."""
        return f"/aws/lambda/{self.function_name}"

    @property
    def log_stream_name(self) -> str:
        """Where the log of the environment would be."""
        return log_stream(self._invocation)

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still run."""
        return max(int((self._deadline - time.monotonic()) * 1000), 0)


def run(invocation: Invocation, marks: Marks, sleep: Callable[[float], object]) -> Outcome:
    """Run a function of Python; what it prints is the caller's affair."""
    try:
        handler = _load(invocation.fixture.handler)
    except ImportError as error:
        module = invocation.fixture.handler.partition(".")[0]
        return _failure("Runtime.ImportModuleError", f"Unable to import module '{module}': {error}", "")
    except Exception as error:  # noqa: BLE001  whatever a module raises is the answer
        return _failure(type(error).__name__, str(error), "", _stack())
    _prepare(invocation)
    try:
        result = handler(invocation.event, Context(invocation, marks, sleep))
    except SystemExit:
        return exited(invocation)
    except Exception as error:  # noqa: BLE001  whatever a handler raises is its answer
        return _failure(type(error).__name__, str(error), invocation.request_id, _stack())
    return _marshalled(result, invocation.request_id)


@lru_cache
def _load(handler: str) -> Callable[[Any, Context], Any]:
    """Return a handler; a module that fails is loaded anew each time, as each new environment does."""
    module, _, name = handler.partition(".")
    found: Callable[[Any, Context], Any] = getattr(importlib.import_module(f"{PACKAGE}.{module}"), name)
    return found


def _prepare(invocation: Invocation) -> None:
    """Set the variables that a function finds in its environment."""
    os.environ["_X_AMZN_TRACE_ID"] = invocation.trace
    if invocation.fixture.versions:
        os.environ["MARKER"] = "unpublished" if invocation.version == LATEST else f"code {invocation.version}"


def _marshalled(result: object, request_id: str) -> Outcome:
    try:
        return Outcome(json.dumps(result).encode(), failed=False)
    except (TypeError, ValueError, RecursionError) as error:
        return _failure("Runtime.MarshalError", f"Unable to marshal response: {error}", request_id)


def _failure(kind: str, message: str, request_id: str, stack: Sequence[str] = ()) -> Outcome:
    """Return the outcome and the log of an error; a stack is empty where the runtime itself found it."""
    error = {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": list(stack)}
    # In the log the indentation is of no-break spaces (recorded 2025-11-24).
    lines = [line for entry in stack for line in entry.splitlines()]
    shown = ["\u00a0" * (len(line) - len(line.lstrip())) + line.lstrip() for line in lines]
    return failure(error, "\n".join([f"[ERROR] {kind}: {message}", "Traceback (most recent call last):", *shown]))


def _stack() -> list[str]:
    """Return the frames of the exception that is being handled, without ours, as on AWS."""
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(sys.exc_info()[2])]
    ours = [index for index, (code, _) in enumerate(frames) if code.co_filename == __file__]
    return [_frame(code.co_filename, line, code.co_name) for code, line in frames[max(ours) + 1 :]]


@lru_cache
def _frame(path: str, line: int, name: str) -> str:
    """Return a frame as Python shows it, with the path that it has on AWS."""
    text = linecache.getline(path, line).strip()
    for here, there in FOLDERS:
        path = there + Path(path).name if here in path else path
    code = f"    {text}\n" if text else ""
    return f'  File "{path}", line {line}, in {name}\n{code}'
