"""The outcomes of a case, each with its meaning in words."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Outcome(StrEnum):
    """What came of a case."""

    PASS = "pass"  # noqa: S105  an outcome, no password
    FAIL = "fail"
    KNOWN = "known"
    SKIP = "skip"
    VOID = "void"
    NOTE = "note"

    @property
    def judged(self) -> bool:
        """Tell whether the target was judged: a skip and a void say nothing about it."""
        return self not in {Outcome.SKIP, Outcome.VOID}


OUTCOMES: Mapping[Outcome, str] = {
    Outcome.PASS: "every check of the case holds",
    Outcome.FAIL: "the target breaks a requirement that evidence stands behind",
    Outcome.KNOWN: "fails exactly as the baseline says",
    Outcome.SKIP: "was not judged, for the reason given; a skip is never a pass",
    Outcome.VOID: "no verdict: no answer came, or the harness or the network is at fault",
    Outcome.NOTE: "contradicts only what is inferred, not known, of AWS",
}
