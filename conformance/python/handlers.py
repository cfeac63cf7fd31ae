"""The functions that make a target observable; one self-contained module, so that it can be deployed anywhere.

Runs on Python 3.9 and newer without anything else. Each handler says what it returns; ``conformance.fixtures.table``
describes them for the suite. ``raising.py`` and ``importing.py`` beside it fail while they are loaded, ``handlers.mjs``
is for Node.js.
"""

import hashlib
import json
import os
import sys
import tempfile
import time

LAST_LINE = "last line of the log"


def echo(event, context):
    """Return the event."""
    return event


def context(event, context):
    """Return what the context object says."""
    client = getattr(context, "client_context", None)
    return {
        "function_name": context.function_name,
        "function_version": context.function_version,
        "invoked_function_arn": context.invoked_function_arn,
        "aws_request_id": context.aws_request_id,
        "memory_limit_in_mb": context.memory_limit_in_mb,
        "log_stream_name": getattr(context, "log_stream_name", None),
        "remaining_time_is_positive": context.get_remaining_time_in_millis() > 0,
        "client_context": None if client is None else _client_context(client),
        "tenant_id": getattr(context, "tenant_id", None),
        "trace_id": os.environ.get("_X_AMZN_TRACE_ID"),
    }


def _client_context(client):
    if isinstance(client, dict):
        return {key: client.get(key) for key in ("custom", "env", "client")}
    return {"custom": client.custom, "env": client.env}


def raise_error(event, context):
    """Raise an exception with the message and of the class that the event asks for."""
    event = event if isinstance(event, dict) else {}
    kind = event.get("type", "Exception")
    error = Exception if kind == "Exception" else type(kind, (Exception,), {})
    raise error(event.get("message", "raised on purpose"))


def exit(event, context):
    """End the process."""
    sys.exit(0)


def sleep(event, context):
    """Sleep, by default longer than the function may run; then return nothing."""
    _sleep(context, event.get("seconds", 3))


def _sleep(context, seconds):
    """Sleep; where the platform runs us in its own process, it can wake us when our time is up."""
    getattr(context, "sleep", time.sleep)(seconds)


def log(event, context):
    """Print numbered lines, by default more than 4 KiB of them, and a last line that is known."""
    for number in range(event.get("lines", 200)):
        print(f"line {number:06d} of the log, padded to a fixed length")
    print(LAST_LINE)
    return {"last": LAST_LINE}


def big(event, context):
    """Return a string whose JSON has exactly the size that the event asks for."""
    return "b" * (event["size"] - 2)


def nothing(event, context):
    """Return nothing."""


def unserialisable(event, context):
    """Return a set, which JSON can't express."""
    return {"a", "set"}


def record(event, context):
    """Leave a mark under a key, and fail then if told to; or read how many there are and which requests left them."""
    marks = _marks(context, event["key"])
    if event["op"] != "mark":
        return _read(marks)
    marks.add(context.aws_request_id)
    if event.get("fail"):
        raise Exception(event.get("message", "marked, then raised on purpose"))
    return {"marked": True}


def busy(event, context):
    """Sleep as long as the event says, then leave a mark; or read the marks as ``record`` does."""
    marks = _marks(context, event["key"])
    if event.get("op") == "read":
        return _read(marks)
    _sleep(context, event.get("seconds", 0))
    marks.add(context.aws_request_id)
    return {"done": True}


def _read(marks):
    ids = marks.read()
    return {"count": len(ids), "request_ids": ids}


def _marks(context, key):
    """Return the marks under a key: those that the platform keeps, where it runs us in its process, or a file."""
    name = hashlib.sha256(json.dumps([context.function_name, key]).encode()).hexdigest()
    kept = getattr(context, "marks", None)
    return _File(name) if kept is None else kept(name)


class _File:
    """Marks as lines of a file of the function's machine; a digest names it, so that no key can lead elsewhere."""

    def __init__(self, name):
        self.path = os.path.join(tempfile.gettempdir(), "invoke-conformance-" + name[:32])

    def add(self, request_id):
        with open(self.path, "a") as file:
            file.write(request_id + "\n")

    def read(self):
        try:
            with open(self.path) as file:
                return file.read().split()
        except FileNotFoundError:
            return []


def versioned(event, context):
    """Return which version runs, through which ARN, and what marks its code."""
    return {
        "version": context.function_version,
        "invoked_function_arn": context.invoked_function_arn,
        "marker": os.environ.get("MARKER", "unpublished"),
    }
