"""Cases that combine the parameters: all ways in which N of them can go together, and each fault alone among them."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from testflows.combinatorics import Covering  # pyright: ignore[reportMissingTypeStubs]  it has none

from conformance.cases.model import Call
from conformance.generation.drafts import Draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

STRENGTH = 3
"""Parameters that meet in every combination of their classes, by default."""
NAME, PARTIAL, ARN = "{name}", "{account}:function:{name}", "arn:{partition}:lambda:{region}:{account}:function:{name}"
CONTEXT = base64.b64encode(b'{"custom": {"combined": true}}').decode()
LONG_CONTEXT = base64.b64encode(b'{"custom": {"combined": "%b"}}' % (b"a" * 2600)).decode()


@dataclass(frozen=True, slots=True)
class Parts:
    """What a combined request is made of.

    Attributes:
        form: of FunctionName, with ``{name}`` where the function's name goes.
        name: of the function; empty for the fixture that the qualifier needs.
        escape: how FunctionName goes into the path.
        suffix: the qualifier behind the name.
        Qualifier: that in the query.
        headers: in the case of the contract.
        lower: whether header names go in lower case.
        body: of the request.
    """

    form: str = NAME
    name: str = ""
    escape: str = "percent"
    suffix: str = ""
    Qualifier: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    lower: bool = False
    body: bytes = b"{}"

    def call(self) -> Call:
        """Return the request."""
        published = {self.suffix, self.Qualifier} & {"1", "live"}
        name = self.name or ("{versioned}" if published else "{echo}")
        suffix = f":{self.suffix}" if self.suffix else ""
        query = f"Qualifier={self.Qualifier}" if self.Qualifier else ""
        headers = tuple((key.lower() if self.lower else key, value) for key, value in self.headers.items())
        FunctionName = self.form.replace("{name}", name) + suffix
        return Call(FunctionName, query, headers, self.body, escape=self.escape)


def _header(name: str, value: str | None) -> Callable[[Parts], Parts]:
    return lambda parts: parts if value is None else replace(parts, headers={**parts.headers, name: value})


def _set(**changes: object) -> Callable[[Parts], Parts]:
    return lambda parts: replace(parts, **changes)  # pyright: ignore[reportArgumentType]  fields by name


CLASSES: Mapping[str, Mapping[str, Callable[[Parts], Parts]]] = {
    "FunctionName": {
        "name": _set(form=NAME),
        "partial ARN": _set(form=PARTIAL),
        "partial ARN, bare colons": _set(form=PARTIAL, escape="raw"),
        "ARN": _set(form=ARN),
        "ARN, bare colons": _set(form=ARN, escape="raw"),
    },
    "Qualifier": {
        "none": _set(),
        "$LATEST": _set(Qualifier="$LATEST"),
        "version": _set(Qualifier="1"),
        "alias": _set(Qualifier="live"),
        "suffix $LATEST": _set(suffix="$LATEST"),
        "suffix version": _set(suffix="1"),
        "suffix alias": _set(suffix="live"),
        "alias twice": _set(suffix="live", Qualifier="live"),
    },
    "InvocationType": {
        name or "none": _header("X-Amz-Invocation-Type", name) for name in (None, "RequestResponse", "Event", "DryRun")
    },
    "LogType": {name or "none": _header("X-Amz-Log-Type", name) for name in (None, "None", "Tail")},
    "ClientContext": {
        "none": _set(),
        "short": _header("X-Amz-Client-Context", CONTEXT),
        "long": _header("X-Amz-Client-Context", LONG_CONTEXT),
    },
    "body": {
        "none": _set(body=b""),
        "object": _set(body=b'{"combined": [1, 2]}'),
        "array": _set(body=b'[null, true, "x"]'),
        "text": _set(body='"é漢🥳"'.encode()),
        "number": _set(body=b"-1.5"),
        "null": _set(body=b"null"),
        "long": _set(body=b'"%b"' % (b"a" * 10_000)),
    },
    "Content-Type": {
        "none": _set(),
        "JSON": _header("Content-Type", "application/json"),
        "octets": _header("Content-Type", "application/octet-stream"),
        "binary": _header("Content-Type", "binary/octet-stream"),
    },
    "header names": {"as modelled": _set(), "lower case": _set(lower=True)},
}
"""The classes of values of each parameter, all of them taken: parameter -> class -> what it makes of a request."""

FAULTS: Mapping[str, Mapping[str, Callable[[Parts], Parts]]] = {
    "FunctionName": {
        "illegal character": lambda parts: replace(parts, name="no!such"),
        "too long": lambda parts: replace(parts, form=NAME, name="n" * 257),
        "unknown": lambda parts: replace(parts, name="{missing}"),
        "other region": lambda parts: replace(parts, form=ARN.replace("{region}", "{other_region}")),
    },
    "Qualifier": {
        "illegal character": _set(Qualifier="live!"),
        "too long": _set(Qualifier="q" * 129),
        "unknown alias": _set(Qualifier="no-such-alias", suffix="", name="{versioned}"),
        "unknown version": _set(Qualifier="4711", suffix="", name="{versioned}"),
        "disagreeing": _set(Qualifier="1", suffix="2", name="{versioned}"),
    },
    "InvocationType": {"unknown": _header("X-Amz-Invocation-Type", "Sync")},
    "LogType": {"unknown": _header("X-Amz-Log-Type", "Head")},
    "ClientContext": {"no JSON": _header("X-Amz-Client-Context", base64.b64encode(b"no json").decode())},
    "body": {"no JSON": _set(body=b'{"combined": '), "no UTF-8": _set(body=b'"\xff"')},
}
"""The classes of values that are refused: parameter -> class -> what it makes of a request."""


def combined(strength: int) -> Iterator[Draft]:
    """Yield the rows of a covering array over the classes that are taken, then each fault alone in some of the rows."""
    rows = covering(strength)
    for number, row in enumerate(rows, 1):
        call = _parts(row).call()
        yield Draft(f"combinations/{strength}-wise/{number:04d}", _said(row), call, classes=row, whole=True)
    for parameter, faults in FAULTS.items():
        few = _each_once(rows, parameter)
        for fault, change in faults.items():
            for number in few:
                row = {**rows[number], parameter: fault}
                id_ = f"combinations/fault/{parameter}/{fault.replace(' ', '-')}/{number + 1:04d}"
                call = change(_parts(rows[number])).call()
                twin = f"combinations/{strength}-wise/{number + 1:04d}"
                yield Draft(id_, _said(row), call, twin, classes=row, whole=True)


def covering(strength: int) -> Sequence[Mapping[str, str]]:
    """Return rows in which each combination of the classes of so many parameters occurs."""
    classes = {name: list(known) for name, known in CLASSES.items()}
    # The library puts values into a set; of numbers the order there is always the same, of texts it is not.
    numbers = {name: list(range(len(known))) for name, known in classes.items()}
    rows = cast("Iterable[Mapping[str, int]]", Covering(numbers, strength=strength))
    return [{name: classes[name][number] for name, number in row.items()} for row in rows]


def _parts(row: Mapping[str, str]) -> Parts:
    parts = Parts()
    for parameter, name in row.items():
        parts = CLASSES[parameter][name](parts)
    return parts


def _said(row: Mapping[str, str]) -> str:
    return "; ".join(f"{parameter}: {name}" for parameter, name in row.items())


def _each_once(rows: Sequence[Mapping[str, str]], parameter: str) -> list[int]:
    """Return a few rows in which each class of the other parameters occurs."""
    missing = {(name, one) for name, known in CLASSES.items() if name != parameter for one in known}
    chosen: list[int] = []
    while missing:
        best = max(range(len(rows)), key=lambda number: (len(missing & set(rows[number].items())), -number))
        chosen.append(best)
        missing -= set(rows[best].items())
    return chosen
