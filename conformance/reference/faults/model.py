"""A fault, and the seam at which it is applied: the stages of the service, and the bytes before a body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract.model import Contract
    from conformance.fixtures.table import Fixture
    from conformance.reference.records import Letter
    from conformance.reference.service import Stages


@dataclass(frozen=True, slots=True)
class Setting:
    """What a fault may need to know of the service that it breaks.

    Attributes:
        contract: that the unbroken service obeys.
        identity: partition, region and account.
        functions: by the names under which they are deployed.
        send: puts a message into one of the fixtures' queues.
    """

    contract: Contract
    identity: tuple[str, str, str]
    functions: Mapping[str, Fixture]
    send: Callable[[str, Letter], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One single deviation.

    Attributes:
        id: stable, ``area/name``.
        breaks: what the broken service does, in a sentence.
        requirements: of which at least one must go red.
        change: from the unbroken stages to the broken ones.
        seen: in which emulator or old version such a fault was really seen; empty where in none.
    """

    id: str
    breaks: str
    requirements: tuple[str, ...]
    change: Callable[[Stages, Setting], Stages]
    seen: str = ""
