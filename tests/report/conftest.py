"""Runs whose reports are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.background import in_background, read_request, response

from conformance.contract.requirements import Tier
from conformance.report.collect import Collector
from conformance.run.session import RunOptions, run
from conformance.targets.options import TargetOptions

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from conformance.targets.model import Target

AREAS = ("names/*", "invocation-types/*")
"""The cases that are run: refusals and successes, of one step and of several."""


@pytest.fixture(scope="session")
def reference_run(tmp_path_factory: pytest.TempPathFactory, reference: Target) -> Path:
    """The folder with the reports of a run on the reference."""
    return _run(tmp_path_factory.mktemp("reference"), TargetOptions("reference", reference.endpoint.url, seed=2))


@pytest.fixture(scope="session")
def broken_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the reports of a run on a target that does a few things, some of them wrongly.

    It knows two functions, answers what is not meant for a function with 404, and hangs up on an Event.
    """
    folder = tmp_path_factory.mktemp("broken")
    with in_background(_behave) as server:
        file = folder / "target.yaml"
        file.write_text(
            f"{{url: '{server.endpoint.url}', account: '123456789012', signed: false, fixtures: {{echo: e, raise: r}}}}"
        )
        return _run(folder, TargetOptions(str(file)))


async def _behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        head, body = await read_request(reader)
        if b"X-Amz-Invocation-Type: Event" in head:
            return
        known = b"/e/" in head or b"/r/" in head
        kind = f"x-amzn-ErrorType: {'' if known else 'ResourceNotFoundException'}"
        answer = body if known else b'{"Message": "<script>alert(1)</script>\\u001b[31m", "Type": "User"}'
        writer.write(response(200 if known else 404, answer, "Content-Type: application/json", kind))


def _run(folder: Path, target: TargetOptions) -> Path:
    options = RunOptions(target, Tier.STRICT, AREAS, command="invoke-conformance run")
    with Collector(folder) as collector:
        run(options, (collector,))
    return folder
