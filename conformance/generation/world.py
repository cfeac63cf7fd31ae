"""The fixtures of a target as the oracle knows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from conformance.fixtures.handlers import LAST_LINE
from conformance.fixtures.table import FIXTURES
from conformance.oracle.reading import is_array, is_object
from conformance.oracle.world import Deployed, Ran, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.fixtures.table import Fixture
    from conformance.oracle.site import Site
    from conformance.oracle.world import Cause

SHORT_SLEEP = 0.5
"""Seconds that the fixture may sleep without being ended."""
LONGEST_WAIT = 900
"""Seconds that a durable function may take which is waited for."""
PLAIN_CLASS = re.compile(r"[A-Z][A-Za-z]{0,40}")
"""Names of classes that can be nothing else in Python."""
LINES = 200
"""Lines that the fixture prints unless told otherwise."""
GREATEST_DOUBLE = 2**1023
"""Beyond which no number of JavaScript need be; JSON that Node.js reads and writes keeps doubles alone."""
MOST_LINES = 2000
"""Lines of a log beyond which an expectation is not to hold them."""


def _raised(event: Any) -> Ran | None:  # noqa: ANN401  any JSON value
    """Say what becomes of an exception; None where the event asks for one that is none, or not plain text."""
    asked = event if is_object(event) else {}
    kind, message = asked.get("type", "Exception"), asked.get("message", "raised on purpose")
    known = isinstance(kind, str) and PLAIN_CLASS.fullmatch(kind) and isinstance(message, str) and _plain(message)
    return Ran({"errorMessage": message, "errorType": kind}, failed=True, cause="exception") if known else None


def _plain(text: str) -> bool:
    """Tell whether a text is one that every runtime can write: without halves of a pair of surrogates."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _printed(event: Any) -> Ran | None:  # noqa: ANN401  any JSON value
    """Say what is printed; None where the event asks for no number of lines, or for too many."""
    count = event.get("lines", LINES) if is_object(event) else None
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MOST_LINES:
        return None
    lines = (f"line {number:06d} of the log, padded to a fixed length\n" for number in range(count))
    return Ran({"last": LAST_LINE}, printed=f"{''.join(lines)}{LAST_LINE}\n")


def _large(event: Any) -> Ran | None:  # noqa: ANN401  any JSON value
    """Say how large the result is; None where the event asks for no size that a text can have."""
    size = event.get("size") if is_object(event) else None
    known = isinstance(size, int) and not isinstance(size, bool) and 2 <= size <= LARGEST  # noqa: PLR2004  two quotes
    return Ran(None, size=size, printed="") if known else None


def _thrown(event: Any) -> Ran | None:  # noqa: ANN401  any JSON value
    message = event.get("message") if is_object(event) else None
    told = {"errorMessage": message} if isinstance(message, str) and _plain(message) else {}
    return Ran({**told, "errorType": "Error"}, failed=True, cause="node exception")


def _through_node(event: Any) -> Ran | None:  # noqa: ANN401  any JSON value
    """Say what Node.js makes of an event that comes back; None where it has a number that is no double, or no text."""
    return Ran(event) if _is_exact(event) else None


def _is_exact(value: Any) -> bool:  # noqa: ANN401  any JSON value
    if is_object(value):
        return all(_plain(name) and _is_exact(one) for name, one in value.items())
    if is_array(value):
        return all(map(_is_exact, value))
    if isinstance(value, str):
        return _plain(value)
    return not isinstance(value, int) or (abs(value) <= GREATEST_DOUBLE and int(float(value)) == value)


def _failed(cause: Cause, **payload: str) -> Callable[[Any], Ran]:
    return lambda _: Ran(payload, failed=True, cause=cause)


def _slept(event: Any) -> Ran | None:  # noqa: ANN401  any JSON value
    """Say what becomes of a function that sleeps: it is ended, unless the event asks for a short sleep."""
    seconds = event.get("seconds") if is_object(event) else None
    if event == {}:
        return Ran({}, failed=True, cause="timeout")
    short = isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds <= SHORT_SLEEP
    return Ran(None, printed="", slow=True) if short else None


RUNS: Mapping[str, Callable[[Any], Ran | None]] = {
    "echo": lambda event: Ran(event, printed=""),
    "nothing": lambda _: Ran(None, printed=""),
    "raise": _raised,
    "log": _printed,
    "big": _large,
    "exit": _failed("exit"),
    "sleep": _slept,
    "init_raise": _failed("loading", errorMessage="Runtime startup fails", errorType="Exception"),
    "missing_module": _failed("missing module", module="importing"),
    "unserialisable": _failed("unserialisable"),
    "node_echo": _through_node,
    "node_nothing": lambda _: Ran(None),
    "node_raise": _thrown,
    "node_no_handler": _failed("node handler not found", handler="handlers.absent"),
}
"""What comes of running a fixture with an event, by fixture, where the event alone decides."""
TELLS: Mapping[str, Literal["context", "version"]] = {
    "context": "context",
    "tenant": "context",
    "versioned": "version",
    "weighted": "version",
}
"""Fixtures whose result says what they see of the call."""
SILENT = frozenset({"versioned", "weighted", "context", "tenant", "durable"})
"""Fixtures of which it is known that they print nothing, and not what they return."""
LARGEST = 8_000_000
"""Bytes of a result beyond which nobody asks for one."""


def world_of(site: Site) -> World:
    """Return what the oracle has to know of a target with the fixtures that its site names."""
    there = {site.names[name]: _deployed(one) for name, one in FIXTURES.items() if name in site.names}
    return World(site.region, site.account, there, site.partition)


def _deployed(fixture: Fixture) -> Deployed:
    versions = frozenset(str(number) for number in range(1, fixture.versions + 1))
    aliases = {
        alias: frozenset({version, *fixture.weights.get(alias, {})}) for alias, version in fixture.aliases.items()
    }
    return Deployed(
        versions=versions,
        aliases=aliases,
        run=RUNS.get(fixture.name),
        tells=TELLS.get(fixture.name, ""),
        exhausted=fixture.reserved == 0,
        silent=fixture.name in SILENT,
        tenancy=fixture.tenancy,
        durable=fixture.durable is not None,
        long=(fixture.durable or 0) > LONGEST_WAIT,
        timeout=fixture.timeout,
        state=fixture.state,
    )
