"""The reference comes up while the rest is read in, and does not stay behind."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from conformance.errors import TargetUnreachable
from conformance.exchange.endpoint import Endpoint
from conformance.targets import beginning, reference
from conformance.targets.beginning import REFERENCE, begun
from conformance.targets.options import TargetOptions
from conformance.targets.table import open_target

if TYPE_CHECKING:
    from pathlib import Path


def answers(endpoint: Endpoint) -> bool:
    """Whether somebody listens at an endpoint."""
    with socket.socket() as probe:
        return probe.connect_ex((endpoint.host, endpoint.port)) == 0


@pytest.mark.parametrize("name", ["", "reference"])
def test_the_reference_is_there_from_the_beginning(name: str) -> None:
    """What was begun is what is opened, and it is gone after the block."""
    with begun(TargetOptions(name)) as options:
        assert options.program is not None
        with open_target(options) as target:
            assert answers(target.endpoint)

    assert not answers(target.endpoint)


def test_it_is_stopped_though_nobody_opened_it() -> None:
    """Where the run comes to nothing, such as for a bad option, the program ends all the same."""
    with begun(TargetOptions()) as options:
        assert options.program is not None
        url = options.program.wait(lambda printed: printed.removeprefix("listening on ").strip() or None, 10)
        assert answers(Endpoint.parse(url))

    assert not answers(Endpoint.parse(url))


@pytest.mark.parametrize("options", [TargetOptions("endpoint", "http://127.0.0.1:9"), TargetOptions("mine.yaml")])
def test_no_other_target_is_begun(options: TargetOptions) -> None:
    """What runs already, or makes fixtures, is left alone until it is opened."""
    with begun(options) as given:
        assert given == options


def test_who_opens_it_is_told_why_it_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A program that isn't there, or ends at once, is reported by ``open_target``, as if it had not been begun."""
    missing = str(tmp_path / "no-such-program")
    for module in (beginning, reference):
        monkeypatch.setattr(module, "REFERENCE", (missing, *REFERENCE[1:]))

    with begun(TargetOptions()) as options:
        assert options.program is None
        with pytest.raises(TargetUnreachable, match="no-such-program can't be started"), open_target(options):
            pass
