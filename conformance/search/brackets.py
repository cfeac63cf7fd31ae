"""The known-good Invoke beside what an engine does not send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.run.engine import Engine, Settings

if TYPE_CHECKING:
    import asyncio

    from conformance.run.caller import Caller
    from conformance.run.events import Ended


def bracket(caller: Caller, runner: asyncio.Runner) -> Ended:
    """Send the known-good Invoke, as an engine does that has no cases."""
    return runner.run(Engine((), caller, Settings(1), lambda _: None).run())
