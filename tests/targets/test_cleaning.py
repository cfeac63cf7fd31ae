"""What aborted runs left is found by its name and removed; nothing else is touched."""

from __future__ import annotations

import pytest
from support.background import fails, in_background
from support.control_plane import ControlPlane, Function

from conformance.errors import TargetUnreachable
from conformance.targets.cleaning import clean
from conformance.targets.options import TargetOptions

RUN = "invoke-conformance-0123abcd"
LEFT = (f"{RUN}-echo", f"{RUN}-raise", "invoke-conformance-ffffffff-node_echo")
KEPT = ("my-function", "invoke-conformance-echo", "invoke-conformance-0123abc-echo", f"x-{RUN}-echo")
DENIED = (403, "AccessDeniedException", "not for you")


def full(failing: dict[tuple[str, int], tuple[int, str, str]] | None = None) -> ControlPlane:
    """A control plane with things of aborted runs beside others."""
    plane = ControlPlane(failing)
    plane.made = {name: Function({}) for pair in zip(LEFT, KEPT, strict=False) for name in pair}
    plane.made |= {name: Function({}) for name in KEPT}
    plane.queues = [f"{RUN}-queue_once", "invoke-conformance-queue_once", "queue"]
    plane.roles = {RUN, "invoke-conformance", "admin"}
    plane.policies = {RUN}
    return plane


def cleaned(plane: ControlPlane) -> list[str]:
    """What is said of a clean-up."""
    said: list[str] = []
    with in_background(plane.behave) as server:
        clean(TargetOptions(endpoint_url=server.endpoint.url, timeout=5), said.append)
    return said


def test_what_runs_left_is_removed() -> None:
    """Functions, queues and roles with a run's word in their names go and are listed; those made by hand stay."""
    plane = full()

    said = cleaned(plane)

    assert sorted(plane.made) == sorted(KEPT)
    assert plane.queues == ["invoke-conformance-queue_once", "queue"]
    assert plane.roles == {"invoke-conformance", "admin"}
    assert sorted(said) == sorted([
        *(f"removed the function {name}" for name in LEFT),
        f"removed the queue {RUN}-queue_once",
        f"removed the role {RUN}",
        f"removed the role policy {RUN}",
    ])  # fmt: skip


def test_nothing_to_remove_is_said() -> None:
    """Where no run has left anything, that is what is said."""
    assert cleaned(ControlPlane()) == ["there was nothing to remove"]


def test_what_can_not_be_looked_for_is_said() -> None:
    """A target without queues and roles, or that shows them to nobody, is cleaned of functions all the same."""
    plane = full({("ListQueues", 0): DENIED, ("ListRoles", 0): DENIED})

    said = cleaned(plane)

    assert sorted(plane.made) == sorted(KEPT)
    assert "not looked for: ListQueues answered 403 AccessDeniedException: not for you" in said
    assert "not looked for: ListRoles answered 403 AccessDeniedException: not for you" in said


def test_what_can_not_be_removed_is_an_error() -> None:
    """What stays is named with the reason, and the others are removed all the same."""
    plane = full({("DeleteQueue", 1): DENIED})

    with pytest.raises(TargetUnreachable, match=rf"left behind: {RUN}-queue_once \(DeleteQueue"):
        cleaned(plane)

    assert sorted(plane.made) == sorted(KEPT)


def test_without_a_list_of_functions_nothing_is_done() -> None:
    """A target that does not list its functions is named, with the call."""
    with in_background(fails) as server, pytest.raises(TargetUnreachable, match="ListFunctions for all answered 500"):
        clean(TargetOptions(endpoint_url=server.endpoint.url), print)
