"""Faults of the events of a streamed answer: chunks, completion, and the frames that they are in."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.exchange.eventstream import Frame, decode, encode
from conformance.reference.answer import Answer
from conformance.reference.faults.building import answer, header
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from conformance.exchange.message import Request
    from conformance.reference.faults.building import Change

    Told = dict[str, Any]

CHUNK, COMPLETE = "PayloadChunk", "InvokeComplete"
MEDIA_TYPE = ("Content-Type", "application/vnd.amazon.eventstream")
BEGIN = 64 << 10
"""Bytes of a result that come where only its begin does."""


def is_stream(_: Request, given: Answer) -> bool:
    """Tell streamed answers."""
    return MEDIA_TYPE in given.headers


def _frames(alter: Callable[[tuple[Frame, ...]], Iterable[Frame]]) -> Change:
    """Change the events of streams; the last one is the completion."""
    return answer(lambda given: replace(given, body=b"".join(map(encode, alter(decode(given.body))))), is_stream)


def _each(kind: str, alter: Callable[[Frame], Frame]) -> Change:
    """Change the events of one kind."""
    return _frames(lambda frames: [alter(one) if one.headers[":event-type"] == kind else one for one in frames])


def _complete(alter: Callable[[Told], Mapping[str, Any]]) -> Change:
    """Change what the completion says."""
    return _each(COMPLETE, lambda one: replace(one, payload=json.dumps(alter(json.loads(one.payload))).encode()))


def _told(given: Answer) -> Told:
    """Return what the completion of a stream says."""
    told: Told = json.loads(decode(given.body)[-1].payload)
    return told


def _with_header(name: str, make: Callable[[Told], str | None]) -> Change:
    """Give streams a header that is made of what the completion says."""

    def altered(given: Answer) -> Answer:
        value = make(_told(given))
        return given if value is None else replace(given, headers=(*given.headers, (name, value)))

    return answer(altered, is_stream)


def _without_frames(given: Answer) -> Answer:
    chunks = (one.payload for one in decode(given.body) if one.headers[":event-type"] == CHUNK)
    return replace(given, body=b"".join(chunks))


def _miscounted(given: Answer) -> Answer:
    return replace(given, body=given.body[:-1] + bytes([given.body[-1] ^ 1]))


def _error_500(given: Answer) -> Answer:
    """Answer 500 with the error of a function that failed, in place of the stream."""
    details = _told(given).get("ErrorDetails")
    if details is None:
        return given
    kept = tuple(pair for pair in given.headers if pair != MEDIA_TYPE)
    return Answer(500, (*kept, ("Content-Type", "application/json")), str(details).encode())


def _error_as_chunk(frames: tuple[Frame, ...]) -> Iterable[Frame]:
    """Send the error of a function that failed as if it were a result."""
    last = frames[-1]
    details = json.loads(last.payload).get("ErrorDetails")
    if details is None:
        return frames
    kind = {":message-type": "event", ":event-type": CHUNK, ":content-type": "application/octet-stream"}
    return (Frame(kind, str(details).encode()), replace(last, payload=b"{}"))


def _spelled_otherwise(told: Told) -> Mapping[str, Any]:
    return {name[:1].lower() + name[1:]: value for name, value in told.items()}


def _without_log(told: Told) -> Mapping[str, Any]:
    return {name: value for name, value in told.items() if name != "LogResult"}


def _plain_log(told: Told) -> Mapping[str, Any]:
    log = told.get("LogResult")
    return told if log is None else {**told, "LogResult": base64.b64decode(log).decode(errors="replace")}


def _typed(name: str, value: str) -> Callable[[Frame], Frame]:
    return lambda frame: replace(frame, headers={**frame.headers, name: value})


CHUNKS = (
    Fault(
        "streaming/no-frames",
        "streams the bare result, not in events",
        ("streaming/chunks-and-complete", "streaming/types"),
        answer(_without_frames, is_stream),
    ),
    Fault(
        "streaming/checksum-wrong",
        "miscalculates the checksum of the last event",
        ("streaming/chunks-and-complete",),
        answer(_miscounted, is_stream),
    ),
    Fault(
        "streaming/begin-alone",
        "streams the first 64 KiB of a result alone",
        ("streaming/chunks-and-complete",),
        _each(CHUNK, lambda one: replace(one, payload=one.payload[:BEGIN])),
    ),
    Fault(
        "streaming/chunks-in-base64",
        "encodes chunks in base64",
        ("streaming/chunks-and-complete",),
        _each(CHUNK, lambda one: replace(one, payload=base64.b64encode(one.payload))),
    ),
    Fault(
        "streaming/chunks-of-json",
        "says that chunks are JSON",
        ("streaming/frame-headers",),
        _each(CHUNK, _typed(":content-type", "application/json")),
    ),
    Fault(
        "streaming/no-message-type",
        "does not mark frames as events",
        ("streaming/frame-headers",),
        _frames(
            lambda frames: [
                replace(one, headers={name: value for name, value in one.headers.items() if name != ":message-type"})
                for one in frames
            ]
        ),
    ),
    Fault(
        "streaming/no-executed-version",
        "does not say which version streams",
        ("streaming/executed-version",),
        header("X-Amz-Executed-Version", None, is_stream),
        seen="ministack 1.5.33",
    ),
)

COMPLETION = (
    Fault(
        "streaming/no-completion",
        "ends a stream without InvokeComplete",
        ("streaming/chunks-and-complete", "streaming/one-complete"),
        _frames(lambda frames: frames[:-1]),
    ),
    Fault(
        "streaming/completion-first",
        "sends InvokeComplete before the chunks",
        ("streaming/chunks-and-complete",),
        _frames(lambda frames: (frames[-1], *frames[:-1])),
    ),
    Fault(
        "streaming/completion-twice",
        "sends InvokeComplete twice",
        ("streaming/one-complete",),
        _frames(lambda frames: (*frames, frames[-1])),
    ),
    Fault(
        "streaming/error-code-on-success",
        "has an empty ErrorCode where the function succeeds",
        ("streaming/no-error-code-on-success",),
        _complete(lambda told: {"ErrorCode": "", **told}),
    ),
    Fault(
        "streaming/error-500",
        "answers 500 where a function fails whose result is streamed",
        ("streaming/function-error",),
        answer(_error_500, is_stream),
    ),
    Fault(
        "streaming/error-as-result",
        "streams the error of a function as if it were a result",
        ("streaming/function-error",),
        _frames(_error_as_chunk),
    ),
    Fault(
        "streaming/members-spelled-otherwise",
        "begins the members of InvokeComplete with small letters",
        ("streaming/function-error",),
        _complete(_spelled_otherwise),
        seen="ministack 1.5.33",
    ),
    Fault(
        "streaming/error-in-header",
        "has X-Amz-Function-Error in the head of a stream",
        ("streaming/no-error-header",),
        _with_header("X-Amz-Function-Error", lambda told: told.get("ErrorCode")),
        seen="ministack 1.5.33",
    ),
    Fault(
        "streaming/log-in-header",
        "has X-Amz-Log-Result in the head of a stream",
        ("streaming/no-error-header",),
        _with_header("X-Amz-Log-Result", lambda told: told.get("LogResult")),
    ),
    Fault(
        "streaming/no-log",
        "streams no log",
        ("streaming/log",),
        _complete(_without_log),
        seen="ministack 1.5.33",
    ),
    Fault(
        "streaming/log-in-plain-text",
        "has the log in InvokeComplete as it is, not in base64",
        ("streaming/log",),
        _complete(_plain_log),
    ),
)

FAULTS = (*CHUNKS, *COMPLETION)
