"""Cases that send one request again and again over one connection: the answers are alike, but of other ids."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.cases.model import Call
from conformance.generation.drafts import Draft
from conformance.generation.functions import WAYS
from conformance.generation.placing import NEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TIMES = 40
REPEATED: Mapping[str, Call] = {
    "echo": Call(body=b'{"repeated": true}'),
    "nothing": Call("{nothing}"),
    "alias": Call("{versioned}", "Qualifier=live"),
    "unknown-function": Call("{missing}"),
    "constraint": Call("no!such"),
    "malformed-body": Call(body=b"{"),
    "exception": Call("{raise}"),
    "shared-alias": Call("{weighted}", "Qualifier=split"),
}
"""Part of an id -> the request."""
LATER: Mapping[str, tuple[str, ...]] = {"echo": ("Event", "DryRun", "async", "stream", "tail")}
"""Which of them are sent in other ways, too."""


def repeated() -> Iterator[Draft]:
    """Yield the cases."""
    for name, call in REPEATED.items():
        for way in ("synchronous", *LATER.get(name, ())):
            operation, headers = WAYS[way]
            yield Draft(
                id=f"repeated/{name}/{way}",
                purpose=f"The same request {TIMES} times over one connection: {name.replace('-', ' ')}, {way}",
                call=replace(call, operation=operation, headers=headers),
                twin="repeated/echo/synchronous",
                capabilities=NEEDS[operation],
                whole=True,
                times=TIMES,
            )
