"""Cases about what functions do: each fixture with events of several kinds, in each way to call it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.cases.model import Call
from conformance.generation.drafts import Draft
from conformance.generation.placing import ARN, NEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Contract

TYPE, LOG, TENANT = "X-Amz-Invocation-Type", "X-Amz-Log-Type", "X-Amz-Tenant-Id"
NAME = "X-Amz-Durable-Execution-Name"
STREAM, ASYNC = "InvokeWithResponseStream", "InvokeAsync"


@dataclass(frozen=True, slots=True)
class Tried:
    """A call of a fixture.

    Attributes:
        name: part of an id.
        call: as it is made to Invoke, synchronously.
        ways: in which it is made, of WAYS.
        capabilities: what the target must claim.
    """

    name: str
    call: Call
    ways: tuple[str, ...] = ("synchronous",)
    capabilities: tuple[str, ...] = ()


WAYS: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "synchronous": ("Invoke", ()),
    "tail": ("Invoke", ((LOG, "Tail"),)),
    "Event": ("Invoke", ((TYPE, "Event"),)),
    "DryRun": ("Invoke", ((TYPE, "DryRun"),)),
    "stream": (STREAM, ()),
    "stream-tail": (STREAM, ((LOG, "Tail"),)),
    "async": (ASYNC, ()),
}
"""Ways to call: operation and headers."""
ALL, WAITING = tuple(WAYS), ("synchronous", "tail", "stream", "stream-tail")
LOOKED = ("synchronous", "tail", "stream")
TWIN = "functions/nothing/event/synchronous"


def functions(contract: Contract) -> Iterator[Draft]:
    """Yield the cases."""
    for tried in (*_results(), *_failures(), *_logs(), *_sizes(contract), *_versions(), *_configured()):
        for way in tried.ways:
            operation, headers = WAYS[way]
            fixture = tried.call.fixture
            yield Draft(
                id=f"functions/{fixture}/{tried.name}/{way}",
                purpose=f"A call of {fixture} ({tried.name.replace('-', ' ')}), {way.replace('-', ' with ')}",
                call=replace(tried.call, operation=operation, headers=(*headers, *tried.call.headers)),
                twin=TWIN,
                capabilities=(*NEEDS[operation], *tried.capabilities),
                whole=tried.name == "event",
            )


def _results() -> Iterator[Tried]:
    yield Tried("event", Call("{nothing}"), ALL)
    yield Tried("event", Call("{context}"), WAITING)
    yield Tried("event", Call("{node_nothing}"), ("synchronous",))
    yield Tried("event", Call("{node_echo}", body=b'{"errorMessage": "no error", "errorType": "none"}'))
    for name, prefix, escape in (
        ("partial-arn", "{account}:function:", "percent"),
        ("arn", ARN, "percent"),
        ("arn-raw", ARN, "raw"),
    ):
        yield Tried(name, Call(f"{prefix}{{context}}", escape=escape), ("synchronous", "stream"))


def _failures() -> Iterator[Tried]:
    raised = {
        "event": b"{}",
        "message": b'{"message": "told on purpose"}',
        "own-class": b'{"type": "OutOfStock", "message": "none left"}',
        "no-message": b'{"type": "OutOfStock", "message": ""}',
        "beyond-ascii": '{"message": "für 漢 🥳"}'.encode(),
        "lines": b'{"message": "first\\nsecond"}',
        "quotes": b'{"message": "\\"quoted\\" and \\\\"}',
        "wide-letters": ('{"message": "%s"}' % ("é" * 3000)).encode(),
        "long-message": b'{"message": "%b"}' % (b"long " * 200),
    }
    for name, body in raised.items():
        yield Tried(name, Call("{raise}", body=body), ALL if name == "event" else LOOKED)
    for fixture in ("exit", "sleep", "init_raise"):
        yield Tried("event", Call(f"{{{fixture}}}"), ALL)
    for fixture in ("missing_module", "unserialisable", "node_no_handler"):
        yield Tried("event", Call(f"{{{fixture}}}"), LOOKED)
    yield Tried("event", Call("{node_raise}"), LOOKED)
    yield Tried("message", Call("{node_raise}", body=b'{"message": "thrown on purpose"}'), LOOKED)


LINES = (0, 1, 2, 10, 40, 70, 73, 76, 79, 82, 85, 88, 200, 1000)
"""Lines of logs that fit into 4 KiB, of those that nearly do, and of longer ones."""


def _logs() -> Iterator[Tried]:
    yield Tried("event", Call("{log}"), WAITING)
    for count in LINES:
        yield Tried(f"{count}-lines", Call("{log}", body=b'{"lines": %d}' % count), ("tail", "stream-tail"))


def _sizes(contract: Contract) -> Iterator[Tried]:
    most = contract.limits["sync-response"]
    sizes = {2: LOOKED, 70_000: LOOKED, 1_000_000: ("synchronous", "stream")}
    request = contract.operations["Invoke"].body_limits["RequestResponse"]
    large = {request + 2: ("synchronous",), most: ("synchronous",), most + 1: ("synchronous", "tail")}
    for size, ways in {**sizes, **large}.items():
        yield Tried(f"{size}-bytes", Call("{big}", body=b'{"size": %d}' % size), ways)


def _versions() -> Iterator[Tried]:
    queries = {"event": "", "version-1": "1", "version-2": "2", "alias": "live", "latest": "$LATEST"}
    for name, qualifier in queries.items():
        query = f"Qualifier={qualifier}" if qualifier else ""
        yield Tried(name, Call("{versioned}", query), ALL if name in {"event", "alias"} else LOOKED)
        if qualifier:
            for form, prefix in (("name", ""), ("partial-arn", "{account}:function:"), ("arn", ARN)):
                for escape in ("percent", "raw"):
                    suffix = Call(f"{prefix}{{versioned}}:{qualifier}", escape=escape)
                    yield Tried(f"suffix-{name}-of-{form}-{escape}", suffix, ("synchronous",))
            both = Call(f"{{versioned}}:{qualifier}", f"Qualifier={qualifier}")
            yield Tried(f"{name}-twice", both, ("synchronous", "stream"))
            yield Tried(f"suffix-{name}", Call(f"{{versioned}}:{qualifier}"), ("Event", "DryRun", "stream", "async"))
    encoded = Call("{versioned}", "Qualifier=%24LATEST")
    yield Tried("qualifier-like", Call("{versioned}", body=b'{"Qualifier": "1", "qualifier": "1"}'), LOOKED)
    yield Tried("latest-encoded", encoded, LOOKED)


def _configured() -> Iterator[Tried]:
    """Yield calls of functions that are configured in their own way, or not as the call wants it."""
    closed = Call("{closed}", body=b'{"op": "read", "key": "{run}-generated"}')
    yield Tried("event", closed, ("synchronous", "tail", "Event"))
    yield Tried("short", Call("{sleep}", body=b'{"seconds": 0.3}'), ("synchronous",))
    for fixture in ("pending", "failed"):
        for name, prefix in (("event", ""), ("partial-arn", "{account}:function:"), ("arn", ARN)):
            yield Tried(name, Call(f"{prefix}{{{fixture}}}"), ("synchronous",), ("function-states",))
    for name, headers in (("event", ()), ("named", ((TENANT, "blue"),)), ("in-capitals", ((TENANT, "Blue"),))):
        yield Tried(name, Call("{tenant}", headers=headers), ("synchronous", "tail"))
    yield Tried("named-by-arn", Call(ARN + "{tenant}", headers=((TENANT, "blue"),)))
    yield Tried("later", Call("{tenant}", headers=((TENANT, "blue"),)), ("Event",))
    yield Tried("with-tenant", Call(headers=((TENANT, "blue"),)), ("synchronous",), ("tenancy",))
    for name, prefix in (("event", ""), ("partial-arn", "{account}:function:"), ("arn", ARN)):
        yield Tried(name, Call(f"{prefix}{{durable}}"))
        yield Tried(f"{name}-at-latest", Call(f"{prefix}{{durable}}", "Qualifier=$LATEST"))
        yield Tried(f"{name}-at-version", Call(f"{prefix}{{durable}}", "Qualifier=1"))
        yield Tried(f"{name}-with-suffix", Call(f"{prefix}{{durable}}:1"))
    yield Tried("at-version", Call("{durable_long}", "Qualifier=1"), ("synchronous", "Event"))
    yield Tried("with-suffix", Call("{durable_long}:1"), ("synchronous", "Event"))
