"""A place for what Hypothesis likes to keep, in place of the current folder."""

from __future__ import annotations

from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis.configuration import set_hypothesis_home_dir

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def scratch() -> Generator[None]:
    """Let Hypothesis write what it likes to keep into a folder that is removed, not into the current one."""
    with TemporaryDirectory() as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
