"""The target ``ministack``: an emulator from PyPI that runs functions as processes of its own."""

from __future__ import annotations

import os
import shutil
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.errors import TargetUnreachable
from conformance.targets import endpoint
from conformance.targets.process import free_port, started

if TYPE_CHECKING:
    from collections.abc import Generator

    from conformance.targets.model import Target
    from conformance.targets.options import TargetOptions

PROGRAM_VARIABLE = "INVOKE_CONFORMANCE_MINISTACK"
"""Environment variable with the path of the program, for one that is not on PATH."""
CLAIMED = frozenset({"response-streaming"})
START = 60.0
"""Seconds that it may take to start."""


@contextmanager
def opened(options: TargetOptions) -> Generator[Target]:
    """Start ministack, or take the one at ``--endpoint-url``; make the fixtures and remove them.

    Raises:
        TargetUnreachable: it is not installed, does not start, or a fixture can't be made.
    """
    if options.endpoint_url:
        with endpoint.at(options, "ministack", "", CLAIMED) as target:
            yield target
        return
    program = os.environ.get(PROGRAM_VARIABLE) or shutil.which("ministack")
    if not program:
        hint = f"pip install ministack, or set {PROGRAM_VARIABLE}"
        raise TargetUnreachable("not-installed", "the program ministack is not on PATH", hint)
    url = f"http://127.0.0.1:{free_port()}"
    running = started([program], _environment(url), lambda _: url if _healthy(url) else None, START)
    with running, endpoint.at(replace(options, endpoint_url=url), "ministack", "", CLAIMED) as target:
        yield target


def _environment(url: str) -> dict[str, str]:
    return {
        "GATEWAY_PORT": url.rpartition(":")[2],
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "LAMBDA_EXECUTOR": "local",
        "DOCKER_HOST": "unix:///nonexistent.sock",
    }


def _healthy(url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever HTTP_PROXY says
    try:
        with direct.open(f"{url}/_ministack/health", timeout=1) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004  HTTP
    except (urllib.error.URLError, OSError):
        return False
