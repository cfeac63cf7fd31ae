"""The page: true, complete, linkable, and unharmed by what a target sends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from support.reports import ALL, EVIL, GOOD, TARGET, answered, judged, named, report_of, request, unanswered

from conformance.contract.requirements import EVIDENCE_KINDS
from conformance.coverage.items import KINDS
from conformance.oracle.outcome import OUTCOMES, Outcome
from conformance.report.html import write_html
from conformance.report.jsonl import read_report
from conformance.report.words import sentence
from conformance.run.events import Bracket, Ended
from conformance.run.exit_codes import EXIT_CODES, ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.report.records import Report

VOID = {"meta", "br", "img", "link", "input", "hr"}
Attributes = dict[str, str | None]


@dataclass
class Element:
    """An element of a page."""

    tag: str
    attributes: Attributes
    parent: Element | None = None
    children: list[Element] = field(default_factory=list["Element"])
    pieces: list[str] = field(default_factory=list[str])

    def walk(self) -> Iterator[Element]:
        """Yield the element and all within it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, tag: str) -> list[Element]:
        """Return the elements of a name within."""
        return [one for one in self.walk() if one.tag == tag]

    @property
    def text(self) -> str:
        """The text within, spaces folded."""
        return " ".join("".join(piece for one in self.walk() for piece in one.pieces).split())


class Page(HTMLParser):
    """A page as a tree; raises where tags are not closed as they were opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]
        self.feed(text)
        self.close()
        assert [one.tag for one in self.open] == [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Add an element."""
        assert len(dict(attrs)) == len(attrs), "an attribute stands twice"
        element = Element(tag, dict(attrs), self.open[-1])
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close the element that is open."""
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        """Add text, where it stands."""
        piece = Element("#text", {}, self.open[-1], pieces=[data])
        self.open[-1].children.append(piece)


def page(report: Report) -> Element:
    """Return the page of a report as a tree."""
    return Page(written(report)).root


def written(report: Report) -> str:
    """Return the page of a report as it is written."""
    with TemporaryDirectory() as folder:
        write_html(report, Path(folder) / "report.html")
        return (Path(folder) / "report.html").read_text(encoding="utf-8")


def by_id(root: Element, id_: str) -> Element:
    """Return the element with an id."""
    (found,) = [one for one in root.walk() if one.attributes.get("id") == id_]
    return found


def shape(root: Element) -> list[tuple[str, tuple[str, ...]]]:
    """Return tags and names of attributes, in order: what markup there is, whatever the text."""
    return [(one.tag, tuple(one.attributes)) for one in root.walk() if one.tag != "#text"]


def hostile(text: str) -> Report:
    """Return a report in which every text that a target or its file can choose is this one."""
    data = text.encode()
    exchange = answered(data, ((b"X-Evil", data),), sent=request(data, b"/" + data, ((b"X-Sent", data),)))
    events = (
        judged(Outcome.FAIL, "names/a", observed=text, exchange=exchange),
        judged(Outcome.NOTE, "names/b", observed=text, exchange=exchange),
        judged(Outcome.VOID, "names/c", reason=text, exchange=unanswered()),
        judged(Outcome.SKIP, "names/d", reason=text),
    )
    target = replace(named(TARGET, text), version=text)
    ended = Ended((GOOD, Bracket(answered=True, holds=False, detail=text)), stopped=text)
    report = report_of(*events, target=target, ended=ended, code=ExitCode.HARNESS, error=text)
    return replace(report, header=replace(report.header, command=text, target={**report.header.target, "url": text}))


@pytest.mark.parametrize(
    "text",
    [
        EVIL.replace("\r\n", " "),
        "</pre></div></details><h1>PASS</h1>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "<!-- ",
        "]]></style><style>*{display:none}",
        "{{ 7 * 7 }}{% raw %}",
        "&lt;b&gt; &amp;",
    ],
)
def test_what_a_target_sends_stays_text(text: str) -> None:
    """The page has the very same markup whatever a target sends, and shows what was sent as it is."""
    root = page(hostile(text))

    assert shape(root) == shape(page(hostile("harmless")))
    shown = text.replace("\x1b", "\\x1b").replace("\x07", "\\x07")
    assert " ".join(shown.split()) in by_id(root, "names/a").text


def test_control_characters_are_shown_not_sent() -> None:
    """Terminal escapes and other control characters, direction marks too, are written as escapes."""
    text = "".join(map(chr, [*range(9), *range(14, 32), 0x7F, 0x9B, 0x202E]))

    shown = written(hostile(text))

    assert [one for one in shown if not one.isprintable() and one not in "\n\t"] == []
    assert "\\x1b" in shown
    assert "\\u202e" in shown


@pytest.fixture(scope="module")
def everything() -> Element:
    """The page of a report with each outcome."""
    return page(report_of(*ALL))


@pytest.fixture(scope="module", params=["reference_run", "broken_run"])
def real(request: pytest.FixtureRequest) -> tuple[Report, Element]:
    """The report of a real run, and the page that the run wrote."""
    folder: Path = request.getfixturevalue(request.param)
    return read_report(folder / "report.jsonl"), Page((folder / "report.html").read_text(encoding="utf-8")).root


def check_structure(root: Element, report: Report) -> None:
    """Hold a page against what every page must be."""
    ids = [value for one in root.walk() if (value := one.attributes.get("id")) is not None]
    levels = [int(one.tag[1]) for one in root.walk() if re.fullmatch("h[1-6]", one.tag)]
    assert len(ids) == len(set(ids))
    assert {case.id for case in report.cases} < set(ids)
    assert (levels.count(1), levels[0]) == (1, 1)
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert [len(root.all(tag)) for tag in ("header", "main", "footer", "title")] == [1] * 4
    for one in root.walk():
        assert one.tag not in {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
        for name, value in one.attributes.items():
            assert not name.startswith("on")
            assert name not in {"src", "srcset", "action", "style", "data", "ping"}
            assert name != "href" or (value or "").removeprefix("#") in ids
            assert name != "aria-labelledby" or value in ids
    style = "".join(one.text for one in root.all("style"))
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("code", ExitCode)
def test_structure_of_a_page(code: ExitCode) -> None:
    """One h1, no level of headings left out, unique ids, each link to a place of the page, nothing from elsewhere."""
    report = report_of(*ALL, code=code)

    check_structure(page(report), report)


def test_structure_of_real_pages(real: tuple[Report, Element]) -> None:
    """The same holds for pages of real runs."""
    check_structure(real[1], real[0])


def test_it_forbids_itself_the_network(everything: Element) -> None:
    """The page's own policy lets it load and run nothing."""
    (policy,) = [one for one in everything.all("meta") if one.attributes.get("http-equiv")]

    assert policy.attributes["content"] == "default-src 'none'; style-src 'unsafe-inline'"


@pytest.mark.parametrize("code", ExitCode)
def test_verdict_and_reason_come_first(code: ExitCode) -> None:
    """The first words are the verdict, why, and what was judged, by which suite, when."""
    report = report_of(*ALL, code=code, error="it was gone" if code is ExitCode.UNREACHABLE else "")

    (header,) = page(report).all("header")

    assert header.text.startswith(
        f"{header.all('h1')[0].text} {sentence(report)} emulator 1.0 at http://127.0.0.1:4566"
    )
    for word in ("lambda-invoke-conformance 0.1.0", "2026.11", "tier full", "2026-11-24 08:00:00 UTC", "1.2 s"):
        assert word in header.text


def test_totals_with_denominators(everything: Element) -> None:
    """The table counts each outcome by tier and in all, and how many of how many were judged."""
    (table,) = [one for one in everything.all("table") if one.attributes.get("class") == "numbers"]

    rows = [[cell.text for cell in row.walk() if cell.tag in {"th", "td"}] for row in table.all("tr")]

    assert rows == [
        ["cases", "core", "strict", "all"],
        ["pass", "1", "0", "1"],
        ["fail", "1", "0", "1"],
        ["known", "1", "0", "1"],
        ["note", "0", "1", "1"],
        ["judged", "3 of 5", "1 of 1", "4 of 6"],
        ["skip", "1", "0", "1"],
        ["void", "1", "0", "1"],
    ]


def test_totals_of_real_pages(real: tuple[Report, Element]) -> None:
    """The last column of a real run's table is what its footer says."""
    report, root = real
    (table,) = [one for one in root.all("table") if one.attributes.get("class") == "numbers"]

    last = {row.all("th")[0].text: row.all("td")[-1].text for row in table.all("tr")[1:]}

    assert last.pop("judged") == f"{report.footer.judged} of {len(report.cases)}"
    assert last == {name: str(number) for name, number in report.footer.totals.items()}


def test_failures_by_cause_with_evidence() -> None:
    """A cause is shown once, with the requirement, how we know it, expected and observed, and links to its cases."""
    section = _section(page(report_of(judged(Outcome.FAIL, observed="404"), judged(Outcome.PASS, "names/b"))), "causes")

    assert "1 failure from 1 cause" in section.text
    (cause,) = section.all("li")[:1]
    assert cause.all("h3")[0].text == "The text of names/plain."
    assert [one.text for one in cause.all("dd")] == ["status", "200", "404"]
    assert "recorded 2025-11-25: 404 — a capture" in cause.text
    assert [one.attributes["href"] for one in cause.all("a")] == ["#names/plain"]


def test_notes_and_what_was_not_judged(everything: Element) -> None:
    """Notes stand apart from failures; each reason for having no verdict is given with its cases."""
    assert [one.text for one in _section(everything, "notes").all("a")] == ["payload/noted"]
    assert [one.text for one in _section(everything, "unjudged").all("a")] == ["payload/void", "payload/skipped"]
    assert "the target has no fixture <echo>" in _section(everything, "unjudged").text


def test_a_section_without_content_is_left_out() -> None:
    """A run that passes has no empty lists of failures, notes and reasons, and no links to them."""
    root = page(report_of(judged(Outcome.PASS), code=ExitCode.HOLDS))

    ids = {one.attributes.get("id") for one in root.walk()}
    assert ids & {"causes", "notes", "unjudged"} == set()
    assert {"numbers", "cases", "trust", "legend"} < ids


def test_what_a_case_shows() -> None:
    """Expected beside observed, request and answer as they were, evidence, and the lines that repeat it."""
    report = report_of(judged(Outcome.FAIL, observed="404", exchange=answered(b'{"a": "<b>"}', ((b"X-A", b"1"),))))
    root = page(report)

    case = by_id(root, "names/plain")

    cells = [one.text for one in case.all("td")]
    assert cells == ["fail", "names/plain", "status", "200", "404"]
    blocks = [_raw(one) for one in case.all("pre")]
    assert blocks[0] == (
        "POST /2015-03-31/functions/my-echo/invocations HTTP/1.1\nHost: 127.0.0.1:4566\nContent-Length: 2\n\n{}"
    )
    assert blocks[1] == 'HTTP/1.1 404 Not Found\nX-A: 1\n\n{"a": "<b>"}'
    assert blocks[2:] == [*report.cases[0].curl, report.cases[0].again]
    assert "recorded 2025-11-25: 404 — a capture" in case.text


@pytest.mark.parametrize("outcome", Outcome)
def test_a_link_to_a_case_opens_it(outcome: Outcome) -> None:
    """The permalink's place is within the part that is folded, since that is what makes browsers unfold it."""
    root = page(report_of(judged(outcome, reason="why")))

    place = by_id(root, "names/plain")

    parent = place.parent
    assert parent is not None
    assert parent.tag == "details"
    assert parent.all("summary")[0].text == f"{outcome} names/plain What names/plain is for"


def test_bodies_that_are_cut_binary_or_missing() -> None:
    """A long body says how long it is and which; a binary one that it is in base64; none is said to be none."""
    events = (
        judged(Outcome.FAIL, "names/a", exchange=answered(b"x" * 5000)),
        judged(Outcome.FAIL, "names/b", exchange=answered(b"\xff\xfe")),
        judged(Outcome.FAIL, "names/c", exchange=answered(b"")),
    )
    root = page(report_of(*events))

    assert "… 5,000 bytes in all, SHA-256 " in by_id(root, "names/a").text
    assert "(base64) //4=" in by_id(root, "names/b").text
    assert "HTTP/1.1 404 Not Found (no body)" in by_id(root, "names/c").text


def test_a_request_that_curl_cannot_send() -> None:
    """Where there is no curl line the page says so, and still gives the command."""
    sent = replace(request(), headers=())

    case = by_id(page(report_of(judged(Outcome.FAIL, exchange=answered(sent=sent)))), "names/plain")

    assert "curl can't send this request as it was sent." in case.text
    assert "--only names/plain" in case.text


def test_no_case_at_all() -> None:
    """A run that could not begin has a page as well, which says why."""
    report = report_of(target=None, code=ExitCode.UNREACHABLE, ended=Ended(()), error="unreachable: nobody there")
    root = page(report)

    check_structure(root, replace(report, cases=()))
    assert "NOT JUDGED unreachable: nobody there; exit code 3" in root.text
    assert "No case was sent." in root.text
    assert "0 of 0" in root.text


def test_a_partial_report_says_so() -> None:
    """An interrupted run, or one with fewer cases than planned, is called partial with both numbers."""
    report = report_of(*ALL, ended=Ended((GOOD,), interrupted=True, stopped="early"), code=ExitCode.INTERRUPTED)
    short = replace(report, cases=report.cases[:1], footer=replace(report.footer, interrupted=False))

    partly = "This report is partial: {} of 6 planned cases {} in it"
    assert f"{partly.format(6, 'are')}, and the run was interrupted." in page(report).text
    assert f"{partly.format(1, 'is')}." in page(short).text


def test_coverage_links_what_fails() -> None:
    """Each kind of item says how much of it was judged; a cell with failures links the first of them."""
    section = _section(page(report_of(judged(Outcome.FAIL, "names/257-characters"))), "coverage")

    (row,) = [one for one in section.all("tr") if "Invoke/FunctionName/maxLength" in one.text]
    summaries = [one.text for one in section.all("summary")]

    assert "1 fail of 1" in row.text
    assert row.all("a")[0].attributes["href"] == "#names/257-characters"
    assert [one.partition(",")[0] for one in summaries] == list(KINDS)
    assert all("judged in each way" in one for one in summaries)
    assert "broken on purpose" in section.text


def test_the_legend_is_the_tables(everything: Element) -> None:
    """Outcomes, kinds of evidence and exit codes are explained, all of them, in the words of their tables."""
    legend = _section(everything, "legend")

    terms = dict(zip([one.text for one in legend.all("dt")], [one.text for one in legend.all("dd")], strict=True))

    assert terms == {
        **{str(key): text for key, text in OUTCOMES.items()},
        **{str(key): text for key, text in EVIDENCE_KINDS.items()},
        **{f"exit {code.value}": text for code, text in EXIT_CODES.items()},
    }


def _section(root: Element, id_: str) -> Element:
    (found,) = [one for one in root.all("section") if one.attributes.get("aria-labelledby") == id_]
    return found


def _raw(pre: Element) -> str:
    return "".join(piece for one in pre.walk() for piece in one.pieces)
