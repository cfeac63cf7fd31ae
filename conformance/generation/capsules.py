"""Capsules: found failures as small JSON files, to be sent again by anybody, at any time, to any target."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from conformance.cases.model import Case, Step, call_as_data, call_of_data, clause_as_data
from conformance.contract.source import key_path, spec_folder
from conformance.errors import UsageError
from conformance.generation.drafts import clauses_of, refused
from conformance.generation.moves import MOVES
from conformance.generation.placing import NEEDS
from conformance.generation.sequences import Play, case_of_plays, replayed
from conformance.generation.sequences import digest_of as digest_of_plays
from conformance.oracle.clause import Clause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.cases.model import Call
    from conformance.contract.model import Contract

SCHEMA_VERSION = 1
"""Of ``spec/schemas/capsule.schema.json``; goes up with each change that breaks a reader."""
GROUP = "capsule/"
"""What the ids of cases made of capsules begin with."""
DIGITS = 12
"""Of a digest; ids are short."""
TWINS: Mapping[str, str] = {
    "Invoke": "generated/FunctionName/seed/name",
    "InvokeWithResponseStream": "generated/InvokeWithResponseStream/FunctionName/seed/name",
    "InvokeAsync": "generated/InvokeAsync/FunctionName/seed/name",
}
"""Operation -> a case that is taken, with which a refusal is compared."""
SHOWN = 3
"""Clauses that are told of a changed expectation."""


@dataclass(frozen=True, slots=True)
class Capsule:
    """A request that was judged, and all that is needed to judge it again.

    Attributes:
        call: the request, with the words of a site in braces, unsigned; it is signed anew when it is sent.
        expect: what had to hold of the answer then.
        found: when and how: JSON values.
        request: the bytes as sent, without signature: JSON values.
        observed: what came back: JSON values.
    """

    call: Call
    expect: tuple[Clause, ...]
    found: Mapping[str, Any] = field(default_factory=dict[str, Any])
    request: Mapping[str, Any] = field(default_factory=dict[str, Any])
    observed: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def digest(self) -> str:
        """What its id and the name of its file are made of; the same request has the same on every machine."""
        return digest_of(self.call)


@dataclass(frozen=True, slots=True)
class SequenceCapsule:
    """Calls in a row that were judged, and all that is needed to judge them again.

    Attributes:
        plays: the moves, from which the calls follow.
        steps: the calls and what had to hold of each then: JSON values.
        found: when and how: JSON values.
        observed: what came back of the last: JSON values.
    """

    plays: tuple[Play, ...]
    steps: Sequence[Mapping[str, Any]] = ()
    found: Mapping[str, Any] = field(default_factory=dict[str, Any])
    observed: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def digest(self) -> str:
        """What its id and the name of its file are made of; the same plays have the same on every machine."""
        return digest_of_plays(self.plays)


def digest_of(call: Call) -> str:
    """Return the short digest of a request."""
    return hashlib.sha256(packed(call)).hexdigest()[:DIGITS]


def packed(call: Call) -> bytes:
    """Return a call as bytes, for a database of failures; the same call gives the same bytes."""
    return json.dumps(call_as_data(call), sort_keys=True, separators=(",", ":")).encode()


def unpacked(data: bytes) -> Call | None:
    """Return the call of which :func:`packed` made bytes; None where something else made them."""
    try:
        found: Any = json.loads(data)
        return call_of_data(found)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def write_capsule(capsule: Capsule | SequenceCapsule, folder: Path) -> Path:
    """Write a capsule into a folder, and return the file; one of the same request, or plays, is overwritten.

    Raises:
        UsageError: the folder can't be written to (``save-unwritable``).
    """
    sent = (
        {"plays": list(map(asdict, capsule.plays)), "steps": capsule.steps}
        if isinstance(capsule, SequenceCapsule)
        else {
            "call": call_as_data(capsule.call),
            "request": capsule.request,
            "expect": [clause_as_data(clause) for clause in capsule.expect],
        }
    )
    head = {"schema": SCHEMA_VERSION, "id": GROUP + capsule.digest, "found": capsule.found}
    data = {**head, **sent, "observed": capsule.observed}
    path = folder / f"{capsule.digest}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError("save-unwritable", f"{path}: {error.strerror}") from error
    return path


def read_capsule(path: Path) -> Capsule | SequenceCapsule:
    """Read a capsule.

    Raises:
        UsageError: the file is unreadable (``file-unreadable``) or none of a capsule (``capsule-invalid``, which names
            the key).
    """
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError("file-unreadable", f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise UsageError("capsule-invalid", f"{path}: not JSON: {error}") from error
    _valid(path, data)
    if "plays" in data:
        plays = tuple(Play(**one) for one in data["plays"])
        unknown = [one.move for one in plays if one.move not in MOVES]
        if unknown:
            raise UsageError("capsule-invalid", f"{path}: plays: there is no move {unknown[0]!r} any more")
        return SequenceCapsule(plays, data["steps"], data["found"], data["observed"])
    clauses = tuple(Clause(**one) for one in data["expect"])
    return Capsule(call_of_data(data["call"]), clauses, data["found"], data["request"], data["observed"])


def _valid(path: Path, data: object) -> None:
    import jsonschema  # noqa: PLC0415  slow to import, and only needed here

    library = cast("Any", jsonschema)  # its types are incomplete
    text = (spec_folder() / "schemas" / "capsule.schema.json").read_text(encoding="utf-8")
    error = library.exceptions.best_match(library.Draft202012Validator(json.loads(text)).iter_errors(data))
    if error is not None:
        where = key_path(tuple(error.absolute_path))
        raise UsageError("capsule-invalid", f"{path}: {f'{where}: ' if where else ''}{error.message[:200]}")


def capsule_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files, and those of the folders, in order.

    Raises:
        UsageError: a folder has no capsule (``capsule-missing``).
    """
    for path in paths:
        found = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not found:
            raise UsageError("capsule-missing", f"{path}: no capsule in this folder", "fuzz --save DIR writes some")
        yield from found


def capsule_cases(paths: Sequence[Path], contract: Contract) -> list[Case]:
    """Return the cases of capsules, as today's oracle judges them.

    Args:
        paths: files, and folders with files.
        contract: all constraints.

    Raises:
        UsageError: as :func:`read_capsule` and :func:`capsule_files`.
    """
    return [case_of(read_capsule(path), contract) for path in capsule_files(paths)]


def case_of(capsule: Capsule | SequenceCapsule, contract: Contract) -> Case:
    """Return the case of a capsule: what was sent then, and what must hold by today's oracle."""
    if isinstance(capsule, SequenceCapsule):
        state = replayed(capsule.plays, contract, f"capsule-{capsule.digest}")
        case = case_of_plays(GROUP + capsule.digest, state)
        return replace(case, purpose=f"{_story(capsule)}. {case.purpose}")
    call = capsule.call
    clauses = clauses_of(call, contract)
    return Case(
        id=GROUP + capsule.digest,
        purpose=f"{_story(capsule)}{_changed(capsule.expect, clauses)}",
        steps=(Step(call, clauses),),
        twin=TWINS.get(call.operation, "") if refused(clauses) else "",
        capabilities=() if call.wire else NEEDS[call.operation],
    )


def _story(capsule: Capsule | SequenceCapsule) -> str:
    found, what = capsule.found, "A request" if isinstance(capsule, Capsule) else "Calls in a row,"
    target = found.get("target", {})
    where = f"{target.get('name', '')} {target.get('version', '')}".strip()
    return f"{what} drawn at random, kept on {found.get('date', 'an unknown day')} for {where or 'some target'}"


def _changed(then: tuple[Clause, ...], now: tuple[Clause, ...]) -> str:
    """Say how an expectation has changed; nothing where it hasn't."""
    gone, new = ([one for one in some if one not in others] for some, others in ((then, now), (now, then)))
    if not gone and not new:
        return ""
    return f"; what must hold has changed since: then {_said(gone)}, now {_said(new)}"


def _said(clauses: Sequence[Clause]) -> str:
    words = [f"{one.subject} {one.rule} {'' if one.value is None else one.value}".strip() for one in clauses[:SHOWN]]
    words += [f"{len(clauses) - SHOWN} more"] if len(clauses) > SHOWN else []
    return ", ".join(words) or "nothing beside the rest"
