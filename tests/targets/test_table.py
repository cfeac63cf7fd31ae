"""The table of targets, and how one is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.errors import TargetUnreachable, UsageError
from conformance.targets import ministack
from conformance.targets.options import TargetOptions
from conformance.targets.table import TARGETS, open_target

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.targets.model import Target


def refused(options: TargetOptions) -> UsageError:
    """The error with which a target is refused."""
    with pytest.raises(UsageError) as caught, open_target(options):
        pass
    return caught.value


def test_a_typo_is_answered_with_the_name_that_was_meant() -> None:
    """A name that is nearly one of the table gets that one as a hint."""
    error = refused(TargetOptions("minstack"))

    assert (error.code, error.hint) == ("target-unknown", "did you mean ministack?")


def test_an_unknown_name_is_answered_with_all_names() -> None:
    """A name that is like none gets the whole table as a hint."""
    error = refused(TargetOptions("xyzzy"))

    assert all(name in error.hint for name in TARGETS)


def test_an_endpoint_needs_its_url() -> None:
    """``endpoint`` says nothing about where it is, so a URL must."""
    assert refused(TargetOptions("endpoint")).code == "endpoint-missing"


def test_a_url_alone_is_an_endpoint() -> None:
    """With nothing but a URL the fixtures are made there."""
    with (
        pytest.raises(TargetUnreachable, match=r"ListFunctions at http://127\.0\.0\.1:9"),
        open_target(TargetOptions(endpoint_url="http://127.0.0.1:9")),
    ):
        pass


@pytest.mark.parametrize("name", ["target.yaml", "target.yml"])
def test_a_yaml_file_is_a_target(tmp_path: Path, name: str) -> None:
    """A path to a YAML file is read, even when there is none."""
    error = refused(TargetOptions(str(tmp_path / name)))

    assert (error.code, error.message) == ("file-unreadable", f"{tmp_path / name}: No such file or directory")


def test_a_running_reference_is_taken(reference: Target) -> None:
    """The reference at a URL is used as it is, under a word of its own, since it may keep marks of earlier runs."""
    options = TargetOptions("reference", reference.endpoint.url, seed=7)

    with open_target(options) as one, open_target(options) as other:
        assert one.endpoint == reference.endpoint
        assert one.site.run != other.site.run
        assert one.site.run.startswith("seed-7-")


def test_a_program_that_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ministack that is nowhere to be found is named, with how to get it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(ministack.PROGRAM_VARIABLE, raising=False)

    with pytest.raises(TargetUnreachable) as caught, open_target(TargetOptions("ministack")):
        pass

    assert (caught.value.code, caught.value.exit_code) == ("not-installed", 3)
    assert "pip install ministack" in caught.value.hint


def test_a_program_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ministack that ends at once is an unreachable target with what it said last."""
    monkeypatch.setenv(ministack.PROGRAM_VARIABLE, "/bin/false")

    with pytest.raises(TargetUnreachable, match="/bin/false ended with 1"), open_target(TargetOptions("ministack")):
        pass
