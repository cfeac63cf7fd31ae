"""The database of failures: a folder, a Redis, one that is only read, or several."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pytest

from conformance.cases.model import Call, Sized
from conformance.errors import UsageError
from conformance.search.database import KEY, keep, known, open_database

if TYPE_CHECKING:
    from pathlib import Path

CALLS = [Call(), Call("{missing}", body=b"\xff"), Call(body=Sized(100)), Call(wire=b"\0")]


class Fake:
    """As much of redis.Redis as Hypothesis uses, within this process."""

    sets: ClassVar[dict[str, dict[bytes, set[bytes]]]] = {}

    def __init__(self, url: str) -> None:
        self.url = url
        self.kept = self.sets.setdefault(url, {})
        self.answer: Any = None

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Return a client."""
        return cls(url)

    def ping(self) -> None:
        """Fail where nobody listens."""
        if "dead" in self.url:
            raise RedisError("nobody there")

    def pipeline(self, **_: Any) -> Self:
        """Return what takes commands in a row."""
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is put off."""

    def execute(self) -> list[Any]:
        """Return what the two commands of a row gave."""
        return [self.answer, True]

    def smembers(self, key: bytes) -> None:
        """Look up a set."""
        self.answer = self.kept.get(key, set())

    def sadd(self, key: bytes, value: bytes) -> None:
        """Add to a set."""
        self.kept.setdefault(key, set()).add(value)
        self.answer = 1

    def expire(self, *_: object, **__: object) -> None:
        """Nothing expires here."""

    def publish(self, *_: object) -> None:
        """Nobody listens here."""


class RedisError(Exception):
    """As in redis."""


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package redis that needs no server."""
    package: Any = ModuleType("redis")
    package.Redis, package.RedisError = Fake, RedisError
    monkeypatch.setitem(sys.modules, "redis", package)
    monkeypatch.delitem(sys.modules, "hypothesis.extra.redis", raising=False)


def test_what_is_kept_is_known_again(tmp_path: Path) -> None:
    """Failures are known to whoever opens the folder, each once, in an order that is always the same."""
    for call in (*CALLS, *CALLS):
        keep(open_database(str(tmp_path / "new" / "folder"), None), call)

    found = known(open_database(str(tmp_path / "new" / "folder"), None))

    assert sorted(found, key=repr) == sorted(CALLS, key=repr)
    assert found == known(open_database(str(tmp_path / "new" / "folder"), None))


def test_no_database_knows_nothing() -> None:
    """Without a database nothing is kept, and nothing known."""
    keep(None, Call())

    assert known(open_database("", None)) == []


def test_what_is_read_only_is_not_written(tmp_path: Path) -> None:
    """A search reads both databases and keeps what it finds in the one alone."""
    keep(open_database(str(tmp_path / "theirs"), None), CALLS[0])
    both = open_database(str(tmp_path / "ours"), tmp_path / "theirs")
    keep(both, CALLS[1])

    assert sorted(known(both), key=repr) == sorted(CALLS[:2], key=repr)
    assert known(open_database("", tmp_path / "theirs")) == [CALLS[0]]
    assert known(open_database(str(tmp_path / "ours"), None)) == [CALLS[1]]


def test_what_others_keep_is_passed_over(tmp_path: Path) -> None:
    """A database may hold what another version, or another program, made of it."""
    database = open_database(str(tmp_path), None)
    assert database is not None
    database.save(KEY, b"\x00 no call of ours")
    keep(database, Call())

    assert known(database) == [Call()]


@pytest.mark.usefixtures("redis")
def test_a_redis_is_a_database() -> None:
    """Failures kept in a Redis are known to whoever opens the same."""
    keep(open_database("redis://127.0.0.1/1", None), CALLS[1])

    assert known(open_database("redis://127.0.0.1/1", None)) == [CALLS[1]]
    assert known(open_database("redis://127.0.0.1/2", None)) == []


@pytest.mark.usefixtures("redis")
def test_a_dead_redis_is_told() -> None:
    """Where no Redis answers, the user is told before anything is sent."""
    with pytest.raises(UsageError, match="no Redis answers there: nobody there") as caught:
        open_database("redis://dead", None)
    assert caught.value.code == "database-unreadable"


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package, the user is told how to install it."""
    monkeypatch.setitem(sys.modules, "redis", None)

    with pytest.raises(UsageError, match="needs the package redis") as caught:
        open_database("redis://127.0.0.1", None)
    assert "lambda-invoke-conformance[redis]" in caught.value.hint


def test_folders_that_are_none_are_told(tmp_path: Path) -> None:
    """A folder that can't be made, and one to read that is not there, are errors of the user."""
    (tmp_path / "file").touch()

    with pytest.raises(UsageError) as written:
        open_database(str(tmp_path / "file"), None)
    with pytest.raises(UsageError) as read:
        open_database("", tmp_path / "file")
    assert (written.value.code, read.value.code) == ("database-unwritable", "database-unreadable")
