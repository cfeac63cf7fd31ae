"""The database of failures: Hypothesis's own, so that machines can share what they found.

What is kept is the request as data, not Hypothesis's choices, which mean something else to another version of it.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis.database import DirectoryBasedExampleDatabase, MultiplexedDatabase, ReadOnlyDatabase

from conformance.errors import UsageError
from conformance.generation.capsules import packed, unpacked

if TYPE_CHECKING:
    from hypothesis.database import ExampleDatabase

    from conformance.cases.model import Call

KEY = b"invoke-conformance/fuzz/1"
"""Under which all failures are kept, whatever the target: what one gets wrong, another may."""
REDIS = ("redis://", "rediss://", "unix://")


def open_database(place: str, read_only: Path | None) -> ExampleDatabase | None:
    """Return the database of failures, or None where none is wanted.

    Args:
        place: a folder, which is made, or the URL of a Redis; empty for none.
        read_only: a folder that is read but not written, such as one out of the artefact of a CI run.

    Raises:
        UsageError: it can't be read or written.
    """
    found: list[ExampleDatabase] = [_opened(place)] if place else []
    if read_only is not None:
        if not read_only.is_dir():
            raise UsageError("database-unreadable", f"--read-only-database {read_only}: no such folder")
        found.append(ReadOnlyDatabase(DirectoryBasedExampleDatabase(read_only)))
    return MultiplexedDatabase(*found) if len(found) > 1 else found[0] if found else None


def _opened(place: str) -> ExampleDatabase:
    if place.startswith(REDIS):
        return _redis(place)
    folder = Path(place)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".writable").touch()
        (folder / ".writable").unlink()
    except OSError as error:
        raise UsageError("database-unwritable", f"--database {place}: {error.strerror}") from error
    return DirectoryBasedExampleDatabase(folder)


def _redis(url: str) -> ExampleDatabase:
    try:
        redis: Any = import_module("redis")  # optional, so that its types may be missing
        from hypothesis.extra.redis import RedisExampleDatabase  # noqa: PLC0415  needs it
    except ImportError as error:
        hint = "pip install 'lambda-invoke-conformance[redis]'"
        raise UsageError("database-unavailable", f"--database {url}: needs the package redis", hint) from error
    try:
        client = redis.Redis.from_url(url)
        client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise UsageError("database-unreadable", f"--database: no Redis answers there: {error}") from error
    return RedisExampleDatabase(client)


def known(database: ExampleDatabase | None) -> list[Call]:
    """Return the failures that were found before, in an order of their own; what is none of ours is passed over."""
    entries = sorted(set(database.fetch(KEY))) if database is not None else []
    return [call for call in map(unpacked, entries) if call is not None]


def keep(database: ExampleDatabase | None, call: Call) -> None:
    """Keep a failure; none is ever removed, since a request that is harmless here may be a failure elsewhere."""
    if database is not None:
        database.save(KEY, packed(call))
