"""docs/peers.md, the page that says what was measured, and docs/peers.json, the figures that it is made of."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined

from conformance import DISTRIBUTION
from conformance.cases.authored import authored_cases
from conformance.contract.reader import load_contract
from conformance.reference.faults.table import FAULTS
from peering.contestants import CONTESTANTS, ROOT
from peering.counting import Figures, Measured, area
from peering.trials import BOUND

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

PAGE, DATA = ROOT / "docs" / "peers.md", ROOT / "docs" / "peers.json"
TEMPLATE = Path(__file__).with_name("page.md.jinja")
OURS = "ours"
SHOWN = 40
"""Faults that the page names one by one; the figures have all of them."""


@dataclass(frozen=True)
class Shown(Figures):
    """Figures as the page needs them.

    Attributes:
        also: faults that our suite missed and this contestant caught.
    """

    also: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the contestant is called."""
        return CONTESTANTS[self.name].title

    @property
    def text(self) -> str:
        """What its set-up is."""
        return CONTESTANTS[self.name].text

    @property
    def typed(self) -> str:
        """Its command for one fault, as the page has one served."""
        return CONTESTANTS[self.name].typed.replace(" URL", " http://127.0.0.1:9000").replace(" SEED", " 1")

    @property
    def seen(self) -> list[str]:
        """The faults that it caught."""
        return [fault for fault, hit in self.results.items() if hit]

    @property
    def missed(self) -> list[str]:
        """The faults that it did not catch."""
        return [fault for fault, hit in self.results.items() if not hit]

    def of(self, name: str) -> list[bool]:
        """Return whether it caught each fault of an area that it met."""
        return [hit for fault, hit in self.results.items() if area(fault) == name]


def write(measured: Measured) -> None:
    """Write the figures and the page."""
    data = {
        "measured": datetime.now(UTC).date().isoformat(),
        "cases": len(authored_cases(load_contract())),
        "faults": len(FAULTS),
        "versions": dict(measured.versions),
        "contestants": [asdict(one) for one in measured.figures.values()],
    }
    DATA.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(render(load()), encoding="utf-8")


def load() -> dict[str, Any]:
    """Return the figures that are kept."""
    data: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return data


def render(data: Mapping[str, Any]) -> str:
    """Return the page that says what figures say."""
    every: list[dict[str, Any]] = data["contestants"]
    missed = [fault for one in every if one["name"] == OURS for fault, hit in one["results"].items() if not hit]
    figures = [Shown(**one, also=tuple(fault for fault in missed if one["results"].get(fault))) for one in every]
    areas = sorted({area(fault) for one in figures for fault in one.results})
    # A page of Markdown from our own figures: there is no HTML to escape.
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701  it writes Markdown
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    common = _either(figures)
    words = {
        "share": _share,
        "part": _part,
        "nth": _nth,
        "listed": _listed,
        "counted": _counted,
        "distribution": DISTRIBUTION,
    }
    return template.render(
        {**data, **words, "figures": figures, "areas": areas, "common": common, "bound": round(BOUND)}
    )


def _either(figures: Sequence[Shown]) -> dict[str, bool]:
    """Return whether any of the other tools caught a fault, for those that all of the usual ones met."""
    others = [one.results for one in figures if one.name != OURS and CONTESTANTS[one.name].chosen]
    met = [fault for fault in others[0] if all(fault in one for one in others)] if others else []
    return {fault: any(one[fault] for one in others) for fault in met}


def _share(hits: Collection[bool]) -> str:
    """Return how many of how many, and in percent."""
    return f"{_part(hits)} ({100 * sum(hits) / len(hits):.0f} %)" if hits else "-"


def _part(hits: Collection[bool]) -> str:
    return f"{sum(hits)} of {len(hits)}" if hits else "-"


def _nth(whole: int, part: int) -> str:
    """Return which one of the whole makes up a part: second, third, 4th and so on."""
    number = round(whole / part)
    return {1: "one, nearly", 2: "second", 3: "third"}.get(number, f"{number}th")


def _listed(faults: Sequence[str]) -> str:
    if not faults:
        return "none"
    shown = ", ".join(f"`{fault}`" for fault in faults[:SHOWN])
    return shown if len(faults) <= SHOWN else f"{shown} and {len(faults) - SHOWN} more"


def _counted(things: Sequence[object], word: str) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"
