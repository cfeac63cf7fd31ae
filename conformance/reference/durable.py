"""The executions of durable functions: a name runs once, and whoever sends it again gets what came of it."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.contract.names import function_arn
from conformance.reference.answer import Refusal

if TYPE_CHECKING:
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome

NAME = "X-Amz-Durable-Execution-Name"
MOST = 1_000
"""Executions that are kept; the one that was asked for least recently is forgotten first."""


@dataclass(frozen=True, slots=True)
class Execution:
    """A durable execution.

    Attributes:
        arn: of the execution.
        digest: of the payload with which it was started.
        outcome: what came of it, once it is there.
    """

    arn: str
    digest: bytes
    outcome: asyncio.Future[Outcome]


class Executions:
    """All executions of a service, by function and name.

    The guide has names unique by account and region, the text of the error by function; here it is by function.

    Args:
        identity: partition, region and account of the functions.
    """

    def __init__(self, identity: tuple[str, str, str]) -> None:
        self._home = identity
        self._kept: OrderedDict[tuple[str, str], Execution] = OrderedDict()

    def enter(self, invocation: Invocation, name: str | None) -> tuple[Execution, bool]:
        """Return the execution of a name and whether it is a new one, which the caller has to run.

        Raises:
            Refusal: there is one of that name for another payload (409).
        """
        name = name or str(uuid.uuid4())
        key, digest = (invocation.function_name, name), hashlib.sha256(invocation.payload).digest()
        found = self._kept.get(key)
        if found is None:
            return self._begin(invocation, key, digest), True
        if found.digest != digest:
            text = f"A durable execution of the name {name} has already been started with another payload."
            raise Refusal("DurableExecutionAlreadyStartedException", text)  # the text is ours
        self._kept.move_to_end(key)
        return found, False

    def _begin(self, invocation: Invocation, key: tuple[str, str], digest: bytes) -> Execution:
        function_name, name = key
        function = function_arn(*self._home, function_name, invocation.version)
        arn = f"{function}/durable-execution/{name}/{uuid.uuid4()}"
        made = self._kept[key] = Execution(arn, digest, asyncio.get_running_loop().create_future())
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return made

    def forget(self, execution: Execution) -> None:
        """Forget an execution that was not run after all."""
        for key in [key for key, kept in self._kept.items() if kept is execution]:
            del self._kept[key]


def within(invocation: Invocation, execution: Execution) -> Invocation:
    """Return a run as part of an execution."""
    return replace(invocation, execution=execution.arn)
