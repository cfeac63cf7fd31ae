"""The kill matrix as one HTML file: no network, no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from conformance.selftest.proof import FATES

if TYPE_CHECKING:
    from conformance.selftest.proof import Proof

CELL = 3
"""Pixels of a cell of the picture."""


def render_page(proof: Proof) -> str:
    """Return the page."""
    environment = Environment(
        loader=PackageLoader("conformance.selftest", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    columns = sorted({case for one in proof.results for case in one.killers})
    at = {case: index for index, case in enumerate(columns)}
    cells = [
        (at[case] * CELL, row * CELL, f"{one.fault.id} — {case}")
        for row, one in enumerate(proof.results)
        for case in one.killers
    ]
    size = (len(columns) * CELL, len(proof.results) * CELL)
    page = environment.get_template("matrix.html.j2")
    return page.render(proof=proof, fates=FATES, cells=cells, size=size, cell=CELL)
