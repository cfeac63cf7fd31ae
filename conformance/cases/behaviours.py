"""What functions do, as rows that several areas go through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.contract.model import Contract


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One way in which a function goes on.

    Attributes:
        name: part of an id.
        text: follows "a function that".
        call: leads to it, as a synchronous call.
        fails: whether it is a function error.
    """

    name: str
    text: str
    call: Call
    fails: bool = False


def behaviours(contract: Contract) -> tuple[Behaviour, ...]:
    """Return every way in which a function can go on, successes first."""
    too_much = contract.limits["sync-response"] + 1
    return (
        Behaviour("result", "returns a result", Call(body=b'{"greeting": "hello"}')),
        Behaviour("nothing", "returns nothing", Call("{nothing}")),
        Behaviour("exception", "raises an exception", Call("{raise}"), fails=True),
        Behaviour("exit", "ends its process", Call("{exit}"), fails=True),
        Behaviour("timeout", "runs past its timeout", Call("{sleep}"), fails=True),
        Behaviour("oversize", "returns too much", Call("{big}", body=b'{"size": %d}' % too_much), fails=True),
        Behaviour("loading", "raises an exception while it is loaded", Call("{init_raise}"), fails=True),
    )
