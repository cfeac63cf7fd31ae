"""The target ``reference``: our own endpoint, in a process of its own."""

from __future__ import annotations

import re
import secrets
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from conformance import DISTRIBUTION
from conformance.exchange.endpoint import Endpoint
from conformance.fixtures.table import FIXTURES, PREFIX, QUEUES
from conformance.oracle.site import Site
from conformance.targets.beginning import REFERENCE
from conformance.targets.identity import ACCOUNT, CREDENTIALS, PACE, PARTITION, REGION
from conformance.targets.model import CAPABILITIES, Target
from conformance.targets.process import running

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from conformance.targets.options import TargetOptions

START = 10.0
"""Seconds that it may take to start."""


@contextmanager
def opened(options: TargetOptions) -> Generator[Target]:
    """Start the reference on a free port, or take one that is running (at the usual pace).

    Raises:
        TargetUnreachable: it does not start.
    """
    if options.endpoint_url:
        # It may keep the marks of an earlier run, so that this one needs a word of its own for its marks.
        yield target_at(options.endpoint_url, f"seed-{options.seed}-{secrets.token_hex(4)}")
        return
    with ExitStack() as stack:
        program = options.program or stack.enter_context(running(REFERENCE, {}))
        try:
            yield target_at(program.wait(_listening, START), f"seed-{options.seed}")
        finally:
            program.ask_to_stop()  # whoever began it waits for it, and has other things to do meanwhile


def _listening(printed: str) -> str | None:
    """Return the URL of the line that says where it listens, once it is there."""
    found = re.search(r"^listening on (http://\S+)\n", printed, re.MULTILINE)
    return None if found is None else found[1]


def target_at(url: str, run: str) -> Target:
    """Return the reference that listens at a URL.

    Args:
        url: where it listens, at the usual pace.
        run: a word for the marks that functions leave.
    """
    endpoint = Endpoint.parse(url)
    return Target(
        name="reference",
        version=version(DISTRIBUTION),
        endpoint=endpoint,
        site=Site(REGION, ACCOUNT, _names(endpoint), PARTITION, run),
        credentials=CREDENTIALS,
        capabilities=frozenset(CAPABILITIES),
        endpoints={"sqs": endpoint},
        pace=PACE,
    )


def _names(endpoint: Endpoint) -> Mapping[str, str]:
    """Return the names of the functions and the URLs of the queues, by their words."""
    functions = {name: PREFIX + name for name in FIXTURES}
    return functions | {word: f"{endpoint.url}/{ACCOUNT}/{PREFIX}{word}" for word in QUEUES}
