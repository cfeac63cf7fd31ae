"""The contract as typed, frozen data: what spec/openapi.yaml says, and nothing that it doesn't.

Only ``Parameter.violations`` computes anything: the constraints of AWS's service model are so plain
(two lengths, one pattern, one enum, all checked, all reported) that they are best kept beside their data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Location = Literal["path", "query", "header"]
Keyword = Literal["minLength", "maxLength", "pattern", "enum"]
Body = Literal["payload", "empty", "eventstream", "unrecorded"]
Fault = Literal["client", "server"]
MessageKey = Literal["message", "Message"]


@dataclass(frozen=True, slots=True)
class Violation:
    """A constraint that a value breaks.

    Attributes:
        member: the parameter as messages name it: ``functionName``.
        keyword: which constraint.
        limit: what AWS prints of it: a length, the pattern in AWS's spelling, or the enum in brackets.
        value: the value that breaks it.
    """

    member: str
    keyword: Keyword
    limit: str | int
    value: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A part of the request outside its body.

    Attributes:
        name: on the wire: ``X-Amz-Log-Type``.
        location: where on the wire.
        member: in messages: ``logType``.
        required: whether a request without it is none of this operation.
        min_length: in characters.
        max_length: in characters.
        pattern: for ``re.fullmatch`` with ``re.ASCII``.
        wire_pattern: the pattern in AWS's spelling.
        enum: the values allowed; empty for any.
        max_bytes: a limit in bytes that is not reported as a violation.
        encoding: in which the value is, such as ``base64``; empty for none. Not reported as a violation either.
        media_type: of what is encoded; empty for any.
        groups: what the groups of the pattern capture, by name.
    """

    name: str
    location: Location
    member: str
    required: bool
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    wire_pattern: str | None = None
    enum: tuple[str, ...] = ()
    max_bytes: int | None = None
    encoding: str = ""
    media_type: str = ""
    groups: Mapping[str, int] = field(default_factory=dict[str, int], hash=False)

    def violations(self, value: str) -> tuple[Violation, ...]:
        """Return every constraint that a value breaks, as AWS reports all of them at once."""
        broken: list[tuple[Keyword, str | int]] = []
        if self.min_length is not None and len(value) < self.min_length:
            broken.append(("minLength", self.min_length))
        if self.max_length is not None and len(value) > self.max_length:
            broken.append(("maxLength", self.max_length))
        if self.pattern is not None and re.fullmatch(self.pattern, value, re.ASCII) is None:
            broken.append(("pattern", self.wire_pattern or self.pattern))
        if self.enum and value not in self.enum:
            broken.append(("enum", f"[{', '.join(self.enum)}]"))
        return tuple(Violation(self.member, keyword, limit, value) for keyword, limit in broken)


@dataclass(frozen=True, slots=True)
class Success:
    """An answer to a request that was taken.

    Attributes:
        status: the HTTP status.
        InvocationType: that leads to it; InvokeAsync counts as ``Event``.
        body: what the body is; ``unrecorded`` where nobody knows.
        required_headers: must be there.
        optional_headers: may be there, some on a condition.
        forbidden_headers: must not be there.
    """

    status: int
    InvocationType: str
    body: Body
    required_headers: tuple[str, ...]
    optional_headers: tuple[str, ...]
    forbidden_headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """An answer to a request that was not taken.

    Attributes:
        status: the HTTP status.
        headers: that it may have, beside Content-Type.
        errors: names of the errors that come with it.
    """

    status: int
    headers: tuple[str, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ErrorShape:
    """A refusal.

    Attributes:
        name: as in ``x-amzn-ErrorType``.
        status: the HTTP statuses it comes with; more than one where the evidence is split.
        fault: who is to blame.
        members: the keys that its JSON body may have.
        message_key: the key of its message; None where either has to be taken.
        modelled: whether AWS's service model lists it.
    """

    name: str
    status: tuple[int, ...]
    fault: Fault
    members: tuple[str, ...]
    message_key: MessageKey | None
    modelled: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the API.

    Attributes:
        id: ``Invoke``.
        method: the HTTP method.
        path: with ``{FunctionName}`` in it.
        parameters: in the order of the contract.
        success: its good answers, by status.
        rejections: its other answers, by status.
        errors: names of the errors that it answers with.
        body_limits: InvocationType -> most bytes of a request body.
        body_types: media types of a request body.
        body_required: whether a request has to have a body.
    """

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    success: tuple[Success, ...]
    rejections: tuple[Rejection, ...]
    errors: tuple[str, ...]
    body_limits: Mapping[str, int] = field(hash=False)
    body_types: tuple[str, ...]
    body_required: bool

    def __hash__(self) -> int:
        """Return a hash at once: what is remembered by operation is looked up for each request."""
        return hash(self.id)

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of that name on the wire; KeyError when the operation has none."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Contract:
    """All of it.

    Attributes:
        version: of the contract.
        operations: by id.
        errors: by name.
        limits: in bytes: ``client-context``, ``log-result``, ``sync-response``, ``streamed-response``.
    """

    version: str
    operations: Mapping[str, Operation] = field(hash=False)
    errors: Mapping[str, ErrorShape] = field(hash=False)
    limits: Mapping[str, int] = field(hash=False)
