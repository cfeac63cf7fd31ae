"""What all tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from conformance.contract.reader import load_contract
from conformance.contract.requirements import load_requirements
from conformance.oracle.site import Site
from conformance.targets.table import TargetOptions, open_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement
    from conformance.targets.model import Target

settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
settings.load_profile("fixed")


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The shipped contract."""
    return load_contract()


@pytest.fixture(scope="session")
def requirements() -> Mapping[str, Requirement]:
    """The shipped requirements."""
    return load_requirements()


@pytest.fixture
def site() -> Site:
    """A site with two fixtures."""
    return Site("eu-west-1", "210987654321", {"echo": "my-echo", "versioned": "my-versioned"}, run="one")


@pytest.fixture(scope="session")
def reference() -> Iterator[Target]:
    """The reference, running in a process of its own."""
    with open_target(TargetOptions("reference", seed=1)) as target:
        yield target
