"""A case: what is sent and what must hold, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from conformance.oracle.site import placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.oracle.clause import Clause

SITE_WORDS = frozenset({"partition", "region", "account", "other_region", "other_account", "missing", "run"})
"""Words in braces that every site knows; all others name fixtures."""
QUEUE = "queue_"
"""What the words of queues begin with; such a word stands for the queue's URL."""

Framing: TypeAlias = Literal["length", "chunked", "none"]


@dataclass(frozen=True, slots=True)
class Sized:
    """A body that is a JSON string, made only when it is sent.

    Attributes:
        size: of the body in bytes, both quotes among them.
        letter: of which the string is made; may be of several bytes, as long as these fill the string.
    """

    size: int
    letter: str = "a"

    def __bytes__(self) -> bytes:
        return b'"' + self.letter.encode() * self.letters + b'"'

    @property
    def letters(self) -> int:
        """How many letters the string has."""
        return (self.size - 2) // len(self.letter.encode())


@dataclass(frozen=True, slots=True)
class Call:
    """A request before it is bound to a target. Texts and bodies may hold ``{echo}`` and other words of the site.

    Attributes:
        FunctionName: put into the operation's path.
        query: behind the ``?``, exactly as sent.
        headers: name and value, in order, beside Host, the framing of the body and the signature; a character of
            a value is a byte (latin-1).
        body: as sent, but for the framing.
        operation: an operation of the contract.
        method: instead of the operation's.
        path: instead of the operation's path, exactly as sent.
        escape: how FunctionName is put into the path, ``percent`` as SDKs do or ``raw``.
        signing: a key of the signers' table; ``valid`` signs as an SDK does.
        framing: how the body's end is told: ``length`` by Content-Length, ``chunked``, or ``none``.
        version: of HTTP.
        service: that is called; ``sqs`` reads what was sent to a queue.
        wire: in place of all this, bytes that are no proper request, sent as they are over a connection of their own.
    """

    FunctionName: str = "{echo}"
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Sized = b"{}"
    operation: str = "Invoke"
    method: str = ""
    path: str = ""
    escape: str = "percent"
    signing: str = "valid"
    framing: Framing = "length"
    version: str = "HTTP/1.1"
    service: str = "lambda"
    wire: bytes = b""

    @property
    def words(self) -> frozenset[str]:
        """The words in braces that are needed; in a body, those of queues alone."""
        texts = [self.FunctionName, self.query, self.path, *(value for _, value in self.headers)]
        texts += [self.wire.decode("latin-1")]
        queues = {word for word in placeholders(self._text) if word.startswith(QUEUE)}
        return frozenset(queues).union(*map(placeholders, texts))

    @property
    def _text(self) -> str:
        return "" if isinstance(self.body, Sized) else self.body.decode("latin-1")

    @property
    def fixture(self) -> str:
        """The fixture that is addressed, echo where none is; the service where it is another one."""
        return _addressed(self.FunctionName + self.path) if self.service == "lambda" else self.service


@lru_cache(maxsize=1024)
def _addressed(name: str) -> str:
    """Return the fixture that a name or a path is of; echo without one."""
    return min(placeholders(name) - SITE_WORDS, default="echo")


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a case and what its answer must be.

    Attributes:
        call: what is sent.
        expect: what must hold.
        within: seconds, as AWS counts them, for which the call is repeated until the expectation holds, for effects
            that come about later; 0 for a single call.
        tries: how often it is called at least within that time, even if that makes it longer, for effects that come
            about by chance: a busy machine must not leave them fewer chances.
        repeat: how often the call is sent, each answer judged.
        pipelined: sent in one write with the step before, without waiting for its answer.
        aside: sent over another connection than the case's own.
        background: sent over a connection of its own; its answer is waited for when all other steps are done.
        pause: seconds, as AWS counts them, before it is sent, so that a background step is under way.
    """

    call: Call
    expect: tuple[Clause, ...]
    within: float = 0.0
    repeat: int = 1
    pipelined: bool = False
    background: bool = False
    pause: float = 0.0
    tries: int = 1
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """What is sent and what must hold.

    Attributes:
        id: stable, ``area/name``.
        purpose: one sentence.
        steps: sent one after the other, over one connection.
        twin: id of the case that is the same request without the one fault, for a negative case.
        capabilities: what the target must claim for the case to apply.
        group: a case of a group, such as ``async``, is planned only where a run includes the group.
        classes: parameter -> the class of its value, for a case that combines some.
    """

    id: str
    purpose: str
    steps: tuple[Step, ...]
    twin: str = ""
    capabilities: tuple[str, ...] = ()
    group: str = ""
    classes: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    @property
    def area(self) -> str:
        """The first part of the id."""
        return self.id.partition("/")[0]

    @property
    def clauses(self) -> Iterator[Clause]:
        """All expectations, step by step."""
        return (clause for step in self.steps for clause in step.expect)

    @property
    def requirements(self) -> tuple[str, ...]:
        """Ids of the requirements that are checked, in order, each once."""
        return tuple(dict.fromkeys(clause.requirement for clause in self.clauses))

    @property
    def fixtures(self) -> frozenset[str]:
        """The fixtures that must be on the target."""
        return frozenset[str]().union(*(step.call.words for step in self.steps)) - SITE_WORDS


def as_data(case: Case) -> dict[str, Any]:
    """Return a case as JSON values, for other harnesses: the same requests and expectations."""
    return {
        "id": case.id,
        "purpose": case.purpose,
        "requirements": list(case.requirements),
        "fixtures": sorted(case.fixtures),
        "capabilities": list(case.capabilities),
        "twin": case.twin or None,
        "group": case.group or None,
        "classes": dict(case.classes),
        "steps": [
            {
                "call": call_as_data(step.call),
                "within": step.within,
                "tries": step.tries,
                "repeat": step.repeat,
                "pipelined": step.pipelined,
                "aside": step.aside,
                "background": step.background,
                "pause": step.pause,
                "expect": [clause_as_data(one) for one in step.expect],
            }
            for step in case.steps
        ],
    }


def call_as_data(call: Call) -> dict[str, Any]:
    """Return a call as JSON values."""
    return {
        "operation": call.operation,
        "method": call.method or None,
        "path": call.path or None,
        "FunctionName": call.FunctionName,
        "escape": call.escape,
        "query": call.query,
        "headers": [list(pair) for pair in call.headers],
        "body": {"json_string_of_bytes": call.body.size, "letter": call.body.letter}
        if isinstance(call.body, Sized)
        else {"latin1": call.body.decode("latin-1")},
        "signing": call.signing,
        "framing": call.framing,
        "version": call.version,
        "service": call.service,
        **({"wire": {"latin1": call.wire.decode("latin-1")}} if call.wire else {}),
    }


def call_of_data(data: Mapping[str, Any]) -> Call:
    """Return the call of which :func:`call_as_data` made JSON values.

    Raises:
        KeyError: a member is missing.
    """
    body = data["body"]
    return Call(
        **{name: data[name] for name in ("operation", "FunctionName", "escape", "query", "signing", "framing")},
        **{name: data[name] for name in ("version", "service")},
        method=data["method"] or "",
        path=data["path"] or "",
        headers=tuple((name, value) for name, value in data["headers"]),
        body=Sized(body["json_string_of_bytes"])
        if "json_string_of_bytes" in body
        else body["latin1"].encode("latin-1"),
        wire=data.get("wire", {"latin1": ""})["latin1"].encode("latin-1"),
    )


def clause_as_data(clause: Clause) -> dict[str, Any]:
    """Return a clause as JSON values."""
    return {
        "requirement": clause.requirement,
        "subject": clause.subject,
        "rule": clause.rule,
        "value": clause.value,
    }
