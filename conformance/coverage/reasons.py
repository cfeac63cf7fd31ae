"""Why something is not covered, where a reason is known."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from conformance.coverage.items import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.holes import Hole
    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement
    from conformance.coverage.items import Item, Way


class Reasons:
    """The reasons: what is untested of a requirement that names an error, and the table of holes.

    Args:
        contract: says which errors come with which status.
        requirements: by id; one that is untested gives its reason for the errors that it names.
        holes: the others.
    """

    def __init__(self, contract: Contract, requirements: Mapping[str, Requirement], holes: Sequence[Hole]) -> None:
        self._holes = holes
        self._untested = {
            name: f"{one.untested} ({one.id})"
            for one in requirements.values()
            if one.untested
            for name in contract.errors
            if name in one.text
        }
        self._errors = {
            (operation.id, str(answer.status)): answer.errors
            for operation in contract.operations.values()
            for answer in operation.rejections
        }

    def of(self, item: Item, way: Way) -> str:
        """Return the reason for a hole; empty where none is known."""
        told = next((one.reason for one in self._holes if _matches(one, item, way)), "")
        if told or item.kind is Kind.CONSTRAINT:
            return told
        if item.kind is Kind.ERROR:
            return self._untested.get(item.keyword, "")
        errors = self._errors.get((item.operation, item.subject), ())
        if errors and all(name in self._untested for name in errors):
            return f"comes only with errors that no case can bring about: {', '.join(errors)}"
        return ""


def _matches(hole: Hole, item: Item, way: Way) -> bool:
    return way in hole.ways and any(fnmatchcase(item.id, glob) for glob in hole.items)
