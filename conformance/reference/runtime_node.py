"""The Node.js runtime, played: what ``handlers.mjs`` returns and throws, in the form in which AWS's runtime says it.

The reference is one process of Python; a test compares it with what Node.js makes of the module, where there is one.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.fixtures import packing
from conformance.reference.outcomes import Outcome, failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.reference.functions import Invocation

DEFAULT_MESSAGE = "raised on purpose"
THROWS = "throw new Error"


class Thrown(Exception):  # noqa: N818  it is what JavaScript throws
    """An Error that a handler throws."""


def _raise(event: Any) -> None:  # noqa: ANN401  any JSON value
    given = event.get("message") if isinstance(event, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  any JSON value
    raise Thrown(DEFAULT_MESSAGE if given is None else str(given))  # pyright: ignore[reportUnknownArgumentType]  the same


def _nothing(event: Any) -> None:  # noqa: ANN401, ARG001  any JSON value
    return None


def _echo(event: Any) -> Any:  # noqa: ANN401  any JSON value
    return event


EXPORTS: Mapping[str, Callable[[Any], Any]] = {"echo": _echo, "raise": _raise, "nothing": _nothing}
"""What the module exports."""


def run(invocation: Invocation) -> Outcome:
    """Run a function of Node.js."""
    handler = EXPORTS.get(invocation.fixture.handler.partition(".")[2])
    if handler is None:
        text = f"{invocation.fixture.handler} is undefined or not exported"
        return _failure(invocation, "Runtime.HandlerNotFound", text, f"Runtime.HandlerNotFound: {text}")
    try:
        result = handler(invocation.event)
    except Thrown as error:
        at = f"    at Runtime.handler (file:///var/task/handlers.mjs:{_line_that_throws()}:9)"
        head = f"Error: {error}" if str(error) else "Error"
        return _failure(invocation, "Error", str(error), head, at)
    return Outcome(json.dumps(result, separators=(",", ":")).encode(), failed=False)


def _failure(invocation: Invocation, kind: str, message: str, *trace: str) -> Outcome:
    lines = [line for entry in trace for line in entry.split("\n")]
    error = {"errorType": kind, "errorMessage": message, "trace": lines}
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    shown = json.dumps({"errorType": kind, "errorMessage": message, "stack": lines})
    return failure(error, f"{now}\t{invocation.request_id}\tERROR\tInvoke Error \t{shown}")


def _line_that_throws() -> int:
    source = Path(packing.FOLDER / "handlers.mjs").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(source, 1) if THROWS in line)
