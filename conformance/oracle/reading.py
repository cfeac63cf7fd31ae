"""An answer as the judge reads it: each *subject* names one thing that can be observed in a response."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeGuard

from conformance.exchange import eventstream
from conformance.record import once

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.exchange.message import Response


class Nothing:
    """What is observed where there is nothing to observe; says why."""

    __slots__ = ("why",)

    def __init__(self, why: str) -> None:
        self.why = why

    def __repr__(self) -> str:
        return self.why


ABSENT: Final = Nothing("absent")


class Reading:
    """A response, decoded as far as the subjects asked for need it.

    Args:
        response: as it came in.
        mark: of messages in a queue, those alone count whose body has this text; a queue may outlast a run.
    """

    def __init__(self, response: Response, mark: str = "") -> None:
        self.response = response
        self._mark = mark

    @once
    def _headers(self) -> Mapping[str, list[str]]:
        """The values of each header, in order, by its name in lower case."""
        found: dict[str, list[str]] = {}
        for name, value in self.response.headers:
            found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        return found

    def headers(self, name: str) -> Sequence[str]:
        """Return the values of a header, in order."""
        return self._headers.get(name.lower(), ())

    def header(self, name: str) -> str | Nothing:
        """Return a header's value; several of one name are joined by ``, ``."""
        values = self.headers(name)
        return ", ".join(values) if values else ABSENT

    @once
    def json(self) -> Any:  # noqa: ANN401  any JSON value
        """The body as JSON, or :class:`Nothing` when it isn't."""
        return parse_json(self.response.body)

    def at(self, pointer: str) -> Any:  # noqa: ANN401  any JSON value
        """Return what stands at a JSON pointer of the body, such as ``/requestContext/requestId``."""
        return at_pointer(self.json, pointer)

    @once
    def error_type(self) -> str | Nothing:
        """The error's bare name, found as restJson1 clients do: header first, then ``code`` or ``__type``."""
        named = self.header("x-amzn-ErrorType")
        if isinstance(named, Nothing):
            found = [self.at("/code"), self.at("/__type")]
            named = next((one for one in found if isinstance(one, str)), ABSENT)
        return named if isinstance(named, Nothing) else named.partition(":")[0].rpartition("#")[2]

    @once
    def error_message(self) -> str | Nothing:
        """The error's text, under either spelling of its key."""
        found = [self.at("/message"), self.at("/Message")]
        return next((one for one in found if isinstance(one, str)), ABSENT)

    @once
    def log(self) -> bytes | Nothing:
        """The log that X-Amz-Log-Result carries, decoded."""
        return decode_log(self.header("X-Amz-Log-Result"))

    @once
    def complete(self) -> Any:  # noqa: ANN401  any JSON value
        """The payload of the last InvokeComplete of a streamed answer, as JSON."""
        return parse_json((self.events("InvokeComplete") or [b""])[-1])

    @once
    def streamed_log(self) -> bytes | Nothing:
        """The log that InvokeComplete carries, decoded."""
        return decode_log(at_pointer(self.complete, "/LogResult"))

    @once
    def frames(self) -> tuple[eventstream.Frame, ...] | Nothing:
        """The events of a streamed answer."""
        try:
            return eventstream.decode(self.response.body)
        except ValueError as error:
            return Nothing(f"not an event stream ({error})")

    @once
    def message(self) -> Any:  # noqa: ANN401  any JSON value
        """The body of the newest message that was received from a queue, as JSON."""
        body = at_pointer(self.newest, "/Body")
        return parse_json(body.encode()) if isinstance(body, str) else Nothing("no message")

    @once
    def newest(self) -> Any:  # noqa: ANN401  any JSON value
        """The message that was sent last of those that were received with the mark; None without any."""
        found = [one for one in self._messages if self._mark in str(at_pointer(one, "/Body"))]
        return max(found, key=_sent, default=None)

    @property
    def _messages(self) -> list[Any]:
        found = self.at("/Messages")
        return found if is_array(found) else []

    def events(self, kind: str) -> list[bytes]:
        """Return the payloads of the streamed events of one kind, in order."""
        frames = () if isinstance(self.frames, Nothing) else self.frames
        return [frame.payload for frame in frames if frame.headers.get(":event-type") == kind]


def decode_log(value: object) -> bytes | Nothing:
    """Return the log that stands in a header or a member in base64, or why there is none."""
    if not isinstance(value, str):
        return value if isinstance(value, Nothing) else Nothing("not a text")
    try:
        return base64.b64decode(value, validate=True)
    except ValueError as error:  # binascii's own, and that for text which is not ASCII
        return Nothing(f"not base64 ({error})")


def parse_json(data: bytes) -> Any:  # noqa: ANN401  any JSON value
    """Return the JSON value that bytes stand for, or :class:`Nothing` saying why they are none."""
    if not data:
        return Nothing("empty")
    try:
        return _DECODER.decode(data.decode("utf-8"))
    except UnicodeDecodeError:
        return Nothing("not UTF-8")
    except (ValueError, RecursionError) as error:
        return Nothing(f"not JSON ({error})")


def no_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python's parser takes for JSON; ValueError."""
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=no_constant)


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether a JSON value is an object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Tell whether a JSON value is an array."""
    return isinstance(value, list)


def at_pointer(value: Any, pointer: str) -> Any:  # noqa: ANN401  any JSON value
    """Return what stands at a JSON pointer, or ABSENT."""
    for key in pointer.split("/")[1:]:
        if is_object(value) and key in value:
            value = value[key]
        elif is_array(value) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return ABSENT
    return value


def _decoded(data: bytes | Nothing) -> str | Nothing:
    return data if isinstance(data, Nothing) else data.decode("utf-8", "replace")


def _size(data: bytes | Nothing) -> int | Nothing:
    return data if isinstance(data, Nothing) else len(data)


def _keys(value: Any) -> list[str] | Nothing:  # noqa: ANN401  any JSON value
    return sorted(value) if is_object(value) else Nothing("no JSON object")


def _sent(message: Any) -> int:  # noqa: ANN401  any JSON value
    """Return when a message was sent, in milliseconds; 0 where that is not told."""
    told = at_pointer(message, "/Attributes/SentTimestamp")
    return int(told) if isinstance(told, str) and told.isdecimal() else 0


def _attribute(member: str) -> Callable[[Reading, str], Any]:
    return lambda reading, name: at_pointer(reading.newest, f"/MessageAttributes/{name}/{member}")


def _messages(reading: Reading, _: str) -> int | Nothing:
    """Count the messages; an answer without any has no list of them."""
    found = reading.at("/Messages")
    return len(found) if is_array(found) else 0 if is_object(reading.json) else Nothing("no JSON object")


def _event_kinds(reading: Reading, _: str) -> list[str] | Nothing:
    if isinstance(reading.frames, Nothing):
        return reading.frames
    kinds = [frame.headers.get(":event-type", "") for frame in reading.frames]
    return [kind for index, kind in enumerate(kinds) if index == 0 or kinds[index - 1] != kind]


def _event_count(reading: Reading, kind: str) -> int | Nothing:
    return reading.frames if isinstance(reading.frames, Nothing) else len(reading.events(kind))


def _frame_header(reading: Reading, name: str) -> list[str] | Nothing:
    """Return the values that a header has in the frames, each once, in order; empty for a frame without it."""
    if isinstance(reading.frames, Nothing):
        return reading.frames
    return list(dict.fromkeys(frame.headers.get(name, "") for frame in reading.frames))


def _text(reading: Reading, _: str) -> str:
    return reading.response.body.decode("utf-8", "replace")


def _declared_size(reading: Reading, _: str) -> int | Nothing:
    value = reading.header("Content-Length")
    return int(value) if isinstance(value, str) and value.isdecimal() else ABSENT


def _persistent(reading: Reading, _: str) -> bool:
    """Tell whether the connection stays open after the answer (RFC 9112, section 9.3)."""
    tokens = {one.strip().lower() for value in reading.headers("Connection") for one in value.split(",")}
    return "close" not in tokens and (reading.response.version == b"HTTP/1.1" or "keep-alive" in tokens)


def _reaction(reading: Reading, _: str) -> str:
    """Tell what came of bytes that are no request: an answer, or what happened instead (see ``exchange/raw.py``)."""
    response = reading.response
    return "answered" if response.status else response.reason.decode("latin-1")


SUBJECTS: Mapping[str, Callable[[Reading, str], Any]] = {
    "status": lambda reading, _: reading.response.status,
    "header": lambda reading, name: reading.header(name),
    "body": lambda reading, _: reading.response.body,
    "text": _text,
    "body size": lambda reading, _: len(reading.response.body),
    "json": lambda reading, pointer: reading.at(pointer),
    "members": lambda reading, pointer: _keys(at_pointer(reading.json, pointer)),
    "declared size": _declared_size,
    "connection stays open": _persistent,
    "error type": lambda reading, _: reading.error_type,
    "error message": lambda reading, _: reading.error_message,
    "log": lambda reading, _: _decoded(reading.log),
    "log size": lambda reading, _: _size(reading.log),
    "events": _event_kinds,
    "event count": _event_count,
    "frame header": _frame_header,
    "stream": lambda reading, pointer: at_pointer(parse_json(b"".join(reading.events("PayloadChunk"))), pointer),
    "stream size": lambda reading, _: len(b"".join(reading.events("PayloadChunk"))),
    "streamed log": lambda reading, _: _decoded(reading.streamed_log),
    "streamed log size": lambda reading, _: _size(reading.streamed_log),
    "message count": _messages,
    "message": lambda reading, pointer: at_pointer(reading.message, pointer),
    "message members": lambda reading, pointer: _keys(at_pointer(reading.message, pointer)),
    "attribute": _attribute("StringValue"),
    "attribute type": _attribute("DataType"),
    "header count": lambda reading, name: len(reading.headers(name)),
    "complete": lambda reading, pointer: at_pointer(reading.complete, pointer),
    "reaction": _reaction,
}
"""What can be observed: name -> function of the reading and an argument (a header's name, a JSON pointer)."""


def split_subject(subject: str) -> tuple[str, str]:
    """Split ``header X-Amz-Log-Result`` into the subject's name and its argument.

    Raises:
        KeyError: there is no such subject.
    """
    if subject in SUBJECTS:
        return subject, ""
    name, _, argument = subject.rpartition(" ")
    if name not in SUBJECTS:
        raise KeyError(subject)
    return name, argument
