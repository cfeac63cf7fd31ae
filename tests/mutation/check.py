"""Holds the mutants that survived a run against those that are kept with a reason in survivors.yaml.

A survivor that is not kept is a claim that no test makes. One that is kept and survives no more is a line that nobody
needs. Both fail the check, so that the list says what is true.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Key = tuple[str, str, str, str]
"""Path of the module, function or table in it, the lines as they are, the lines as the mutant has them."""

KEPT = Path(__file__).parent / "survivors.yaml"
KINDS: Mapping[str, str] = {
    "equivalent": "no input tells it from the code",
    "types": "what it changes is there for the type checker; at run time the other way is never taken",
    "speed": "it takes longer, or needs more room, and does the same",
    "environment": "it differs only where a library or a system is another one",
}
"""Why a mutant may survive."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A mutant that may survive.

    Attributes:
        key: what names it.
        kind: one of KINDS.
        reason: why, in a sentence.
    """

    key: Key
    kind: str
    reason: str


def main() -> int:
    """Check; 0 when run and list agree, 1 when they don't."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, help="what mutation.run has written")
    given = parser.parse_args()
    head, *rows = [json.loads(line) for line in given.results.read_text(encoding="utf-8").splitlines()]
    outcomes: dict[Key, str] = {tuple(row["key"]): row["outcome"] for row in rows}
    kept = read_kept(KEPT)
    print(summary(outcomes, kept))
    complaints = disagreements(outcomes, kept, whole=head["whole"])
    print("\n".join(complaints), file=sys.stderr)
    return 1 if complaints else 0


def read_kept(path: Path) -> tuple[Kept, ...]:
    """Read the list.

    Raises:
        ValueError: an entry has an unknown kind, no reason, or stands twice.
    """
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    found: dict[Key, Kept] = {}
    for entry in entries:
        for now in entry["now"]:
            key: Key = (entry["path"], entry["where"], entry["was"], now)
            if entry["kind"] not in KINDS or not entry["reason"] or key in found:
                raise ValueError(f"{path}: {key}: unknown kind, no reason, or there twice")
            found[key] = Kept(key, entry["kind"], entry["reason"])
    return tuple(found.values())


def summary(outcomes: Mapping[Key, str], kept: Iterable[Kept]) -> str:
    """Return a run in a line: how many mutants there were, and what became of them."""
    counts = Counter(outcomes.values())
    kinds = Counter(one.kind for one in kept if outcomes.get(one.key) == "survived")
    listed = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    killed = counts["killed"] + counts["endless"]
    told = f"{len(outcomes)} mutants: {killed} killed, {counts['survived']} survived"
    return f"{told}; of these kept with a reason: {listed or 'none'}"


def disagreements(outcomes: Mapping[Key, str], kept: Iterable[Kept], *, whole: bool) -> list[str]:
    """Return what is to be done so that list and run agree; nothing when they do.

    Args:
        outcomes: what became of each mutant that was tried.
        kept: the list.
        whole: whether all mutants were tried; if not, nothing is said of those that were not.
    """
    listed = {one.key for one in kept}
    unlisted = [key for key, outcome in outcomes.items() if outcome == "survived" and key not in listed]
    killed = [key for key in listed if outcomes.get(key, "survived") != "survived"]
    gone = [key for key in listed if whole and key not in outcomes]
    return [
        *_complaint(
            unlisted, "survived, and no test noticed: write one, make the code plainer, or keep it with a reason"
        ),
        *_complaint(killed, "is killed now: take it off the list"),
        *_complaint(gone, "is no mutant any more: take it off the list, or write it anew if the code has moved"),
    ]


def _complaint(keys: Iterable[Key], what: str) -> list[str]:
    """Return the keys as entries of the list, under a heading."""
    entries = [
        {"path": path, "where": where, "was": was, "now": [now], "kind": "", "reason": ""}
        for path, where, was, now in sorted(keys)
    ]
    if not entries:
        return []
    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=1000)
    return [f"# {len(entries)} of these: {what}", text]


if __name__ == "__main__":
    sys.exit(main())
