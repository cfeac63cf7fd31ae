"""The target ``ministack``: an emulator from PyPI that runs functions as processes of its own."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

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
ASK = 1.0
"""Seconds that it may take to say how it is."""
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Asks without a proxy, which would not find what listens on this machine."""


@contextmanager
def opened(options: TargetOptions) -> Generator[Target]:
    """Start ministack, or take the one at ``--endpoint-url``; make the fixtures and remove them.

    Raises:
        TargetUnreachable: it is not installed, does not start, or a fixture can't be made.
    """
    if options.endpoint_url:
        version = version_at(options.endpoint_url, min(ASK, options.timeout)) or ""
        with endpoint.at(options, "ministack", version, CLAIMED) as target:
            yield target
        return
    with (
        running(_program()) as (url, version),
        endpoint.at(replace(options, endpoint_url=url), "ministack", version, CLAIMED) as target,
    ):
        yield target


@contextmanager
def running(program: str) -> Generator[tuple[str, str]]:
    """Run ministack on a free port until the block is left; yield its URL and its version.

    What it and its functions leave in the folder for temporary files goes with it.

    Args:
        program: path of the executable.

    Raises:
        TargetUnreachable: it does not start.
    """
    url = f"http://127.0.0.1:{free_port()}"
    with tempfile.TemporaryDirectory(prefix="invoke-conformance-", ignore_cleanup_errors=True) as scratch:
        environment = {
            "GATEWAY_PORT": url.rpartition(":")[2],
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "LAMBDA_EXECUTOR": "local",
            "DOCKER_HOST": "unix:///nonexistent.sock",
            "PERSIST_STATE": "0",
            "TMPDIR": scratch,
        }
        with started([program], environment, lambda _: version_at(url), START) as version:
            yield url, version


def version_at(url: str, seconds: float = ASK) -> str | None:
    """Return the version of the ministack at a URL, empty where it tells none; None when it does not answer in time."""
    try:
        with DIRECT.open(f"{url}/_ministack/health", timeout=seconds) as answer:
            health: Any = json.load(answer)
            return str(health["version"])
    except (LookupError, TypeError):
        return ""
    except (OSError, HTTPException, ValueError):
        return None


def _program() -> str:
    """Return the path of the executable.

    Raises:
        TargetUnreachable: there is none.
    """
    program = os.environ.get(PROGRAM_VARIABLE) or shutil.which("ministack")
    if not program:
        hint = f"pip install ministack, or set {PROGRAM_VARIABLE}"
        raise TargetUnreachable("not-installed", "the program ministack is not on PATH", hint)
    return program
