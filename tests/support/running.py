"""Cases, targets and servers of the simplest kind, to see what a run makes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.cases.model import Call, Case, Step
from conformance.contract.reader import load_contract
from conformance.contract.requirements import Evidence, EvidenceKind, Tier, load_requirements
from conformance.exchange.client import Client
from conformance.oracle.clause import Clause
from conformance.oracle.site import Site
from conformance.run.caller import Caller
from conformance.run.engine import PROBE
from conformance.run.plan import Planned
from conformance.targets.model import CAPABILITIES, Target
from support.background import read_request, response

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Mapping

    from conformance.contract.requirements import Requirement
    from conformance.exchange.endpoint import Endpoint
    from conformance.exchange.sigv4 import Credentials

PROBED = bytes(PROBE.body)


def requirement(id_: str, tier: Tier = Tier.CORE) -> Requirement:
    """A requirement with recorded evidence."""
    shipped = next(iter(load_requirements().values()))
    recorded = (Evidence(EvidenceKind.RECORDED, "source"),)
    return replace(shipped, id=id_, area=id_.partition("/")[0], tier=tier, evidence=recorded)


REQUIREMENTS: Mapping[str, Requirement] = {
    one.id: one
    for one in (requirement("a/core"), requirement("a/full", Tier.FULL), requirement("a/strict", Tier.STRICT))
}


def expecting(status: int, body: bytes = b"{}", requirement_id: str = "a/core", within: float = 0.0) -> Step:
    """A step that sends a body and expects a status."""
    return Step(Call(body=body), (Clause(requirement_id, "status", "equals", status),), within)


def simple(id_: str, *steps: Step, twin: str = "") -> Case:
    """A case that sends its own id and expects 200, or of the given steps."""
    return Case(id_, "purpose", steps or (expecting(200, id_.encode()),), twin)


def planned(*cases: Case, skip: str = "") -> list[Planned]:
    """A plan of all cases."""
    return [Planned(case, Tier.CORE, skip) for case in cases]


def target_at(
    endpoint: Endpoint,
    credentials: Credentials | None = None,
    *,
    fixtures: tuple[str, ...] = ("echo",),
    capabilities: frozenset[str] = frozenset(CAPABILITIES),
) -> Target:
    """A target with some fixtures."""
    site = Site("eu-west-1", "210987654321", {name: f"my-{name}" for name in fixtures})
    return Target("scripted", "", endpoint, site, credentials, capabilities)


def caller_at(target: Target, timeout: float = 5.0, tier: Tier = Tier.CORE) -> Caller:
    """A caller of a target that judges by REQUIREMENTS."""
    return Caller(target, load_contract(), REQUIREMENTS, tier, Client(timeout=timeout))


def answering_bodies(
    answer: Callable[[bytes], bytes | Awaitable[bytes]],
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """A server that answers by the body of a request."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            _, body = await read_request(reader)
            given = answer(body)
            writer.write(given if isinstance(given, bytes) else await given)
            await writer.drain()

    return behave


def echo(body: bytes) -> bytes:
    """Answer 200 with the body."""
    return response(200, body)
