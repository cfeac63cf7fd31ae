"""What is under way is brought to its end, whatever signals come."""

from __future__ import annotations

import os
import signal

import pytest

from conformance.targets.removal import uninterrupted


def test_an_interruption_waits_for_the_end() -> None:
    """A signal in the middle is raised when all is done, not before."""
    done: list[str] = []

    def act() -> None:
        for step in ("one", "two"):
            os.kill(os.getpid(), signal.SIGINT)
            done.append(step)

    with pytest.raises(KeyboardInterrupt):
        uninterrupted(act)

    assert done == ["one", "two"]


def test_what_goes_wrong_is_raised() -> None:
    """A failure in the thread is one of whoever waits for it."""

    def act() -> None:
        message = "broken"
        raise ValueError(message)

    with pytest.raises(ValueError, match="broken"):
        uninterrupted(act)
