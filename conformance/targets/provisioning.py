"""Makes the fixtures through the Lambda control plane with boto3, and removes them again."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from conformance.fixtures.table import FIXTURES
from conformance.targets.control_plane import CallFailed, ControlPlane
from conformance.targets.making import Maker
from conformance.targets.queues import make_queue
from conformance.targets.removal import PARALLEL, Removal, uninterrupted

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Mapping

    from conformance.exchange.endpoint import Endpoint
    from conformance.exchange.sigv4 import Credentials
    from conformance.fixtures.table import Fixture
    from conformance.targets.making import Created
    from conformance.targets.queues import Queue

_log = logging.getLogger(__name__)

FIRST = "echo"
"""The fixture that every run needs: made alone, before the others."""


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What was made.

    Attributes:
        names: the FunctionName of each fixture and the URL of each queue, by fixture and by the queue's word.
        missing: why a fixture or a queue could not be made.
        partition: of the functions' ARNs.
        region: of the functions' ARNs; some endpoints have one of their own, whatever they are called for.
        account: of the functions' ARNs.
    """

    names: Mapping[str, str]
    missing: Mapping[str, str]
    partition: str
    region: str
    account: str


@contextmanager
def provisioned(
    endpoint: Endpoint,
    credentials: Credentials,
    region: str,
    run: str,
    timeout: float,
    needed: Collection[str] | None = None,
    *,
    keep: bool = False,
) -> Generator[Provisioned]:
    """Make the fixtures under names that carry the run; remove whatever was made in the end, or keep it.

    A fixture that is optional and can't be made is left out, and what there is of it removed.

    Args:
        endpoint: of the control plane.
        credentials: to call it with.
        region: to call it for.
        run: a word that no other run uses.
        timeout: seconds that a call may take.
        needed: names of the fixtures to make beside ``echo``; None for all.
        keep: whether they stay, once all are made.

    Raises:
        UsageError: the region is none.
        TargetUnreachable: a fixture that is not optional can't be made; names the call and what to do, and leaves
            nothing behind.
    """
    plane = ControlPlane(endpoint, credentials, region, timeout)
    with ExitStack() as undo:
        undo.callback(plane.close)
        plane.reach()
        removal = Removal(plane)
        undo.callback(_say_what_is_left, removal)
        removing = undo.enter_context(ExitStack())
        removing.callback(removal.everything)
        made = _Crew(plane, removal, run).make(_wanted(needed))
        if keep:
            removing.pop_all()
        yield made


def _say_what_is_left(removal: Removal) -> None:
    if removal.left:
        _log.warning("left behind: %s", "; ".join(removal.left))


def _wanted(needed: Collection[str] | None) -> list[Fixture]:
    """Return the fixtures to make, those first without which there is no run, and of them those that take long."""
    wanted = [fixture for fixture in FIXTURES.values() if needed is None or fixture.name in {FIRST, *needed}]
    return sorted(wanted, key=lambda fixture: (fixture.name != FIRST, fixture.optional, -fixture.versions))


class _Crew:
    """Makes fixtures and queues, several at a time."""

    def __init__(self, plane: ControlPlane, removal: Removal, run: str) -> None:
        self._plane = plane
        self._removal = removal
        self._run = run
        self._maker = Maker(plane, removal, run)

    def make(self, wanted: list[Fixture]) -> Provisioned:
        """Create the first function; then make the queues and create the others; then give each what it is to have.

        No task waits for one that is begun after it, so that they never wait for each other.
        """
        names: dict[str, str] = {}
        missing: dict[str, str] = {}
        first: Future[Created] = Future()
        first.set_result(self._maker.create(wanted[0], {}))
        with ThreadPoolExecutor(PARALLEL) as pool:
            try:
                queues = self._queues(pool, wanted)
                created = [first, *(pool.submit(self._create, one, queues) for one in wanted[1:])]
                pairs = zip(wanted, created, strict=True)
                functions = [(one.name, pool.submit(self._finish, one, made, queues)) for one, made in pairs]
                for name, function in functions:
                    _gather(name, function, names, missing)
                for word, queue in queues.items():
                    _gather(word, queue, names, missing)
            finally:
                self._maker.stop()
                uninterrupted(partial(pool.shutdown, cancel_futures=True))
        return Provisioned(names, missing, *self._maker.home)

    def _queues(self, pool: ThreadPoolExecutor, fixtures: list[Fixture]) -> dict[str, Future[Queue]]:
        words = dict.fromkeys(word for fixture in fixtures for word in fixture.queues)
        return {
            word: pool.submit(make_queue, self._plane, self._removal, self._maker, self._run, word) for word in words
        }

    def _create(self, fixture: Fixture, queues: Mapping[str, Future[Queue]]) -> Created:
        if fixture.state != "Active":
            raise CallFailed("CreateFunction", fixture.name, f" can't be told to leave a function {fixture.state}")
        return self._maker.create(fixture, _arns(fixture, queues))

    def _finish(self, fixture: Fixture, created: Future[Created], queues: Mapping[str, Future[Queue]]) -> str:
        try:
            return self._maker.finish(fixture, created.result(), _arns(fixture, queues))
        except CallFailed:
            if fixture.optional:
                self._removal.remove("function", self._maker.name(fixture))
            raise


def _arns(fixture: Fixture, queues: Mapping[str, Future[Queue]]) -> dict[str, str]:
    return {word: queues[word].result().arn for word in fixture.queues}


def _gather(name: str, made: Future[str] | Future[Queue], names: dict[str, str], missing: dict[str, str]) -> None:
    """Take note of what was made, or of why it could not be; without a fixture that is not optional nothing can be."""
    try:
        found = made.result()
    except CallFailed as error:
        if name in FIXTURES and not FIXTURES[name].optional:
            raise
        missing[name] = error.reason
    else:
        names[name] = found if isinstance(found, str) else found.url
