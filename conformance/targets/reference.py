"""The target ``reference``: our own endpoint, in a process of its own."""

from __future__ import annotations

import socket
import sys
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from conformance import DISTRIBUTION
from conformance.exchange.endpoint import Endpoint
from conformance.fixtures.table import FIXTURES, PREFIX
from conformance.oracle.site import Site
from conformance.targets.identity import ACCOUNT, CREDENTIALS, PARTITION, REGION
from conformance.targets.model import CAPABILITIES, Target
from conformance.targets.process import free_port, started

if TYPE_CHECKING:
    from collections.abc import Generator

    from conformance.targets.options import TargetOptions

START = 10.0
"""Seconds that it may take to start."""


@contextmanager
def opened(options: TargetOptions) -> Generator[Target]:
    """Start the reference on a free port, or take one that is running.

    Raises:
        TargetUnreachable: it does not start.
    """
    if options.endpoint_url:
        yield _target(options.endpoint_url, options)
        return
    port = free_port()
    command = [sys.executable, "-m", "conformance.reference", "--port", str(port)]
    with started(command, {}, lambda: _listens(port), START):
        yield _target(f"http://127.0.0.1:{port}", options)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _target(url: str, options: TargetOptions) -> Target:
    names = {name: PREFIX + name for name in FIXTURES}
    return Target(
        name="reference",
        version=version(DISTRIBUTION),
        endpoint=Endpoint.parse(url),
        site=Site(REGION, ACCOUNT, names, PARTITION, run=f"seed-{options.seed}"),
        credentials=CREDENTIALS,
        capabilities=frozenset(CAPABILITIES),
    )
