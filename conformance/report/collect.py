"""Listens to a run and writes its reports: JSON Lines as it goes on, the others when it is over."""

from __future__ import annotations

from importlib.metadata import version
from typing import IO, TYPE_CHECKING, Self

from conformance import DISTRIBUTION
from conformance.contract.requirements import REQUIREMENT_SET
from conformance.errors import UsageError
from conformance.report.jsonl import line
from conformance.report.recording import Recorder, header_record
from conformance.report.records import Report
from conformance.run.exit_codes import EXIT_CODES

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.records import CaseRecord, Header
    from conformance.run.events import Judged
    from conformance.run.session import Started, Summary

FILES = ("report.jsonl", "report.html", "junit.xml", "summary.md")


class Collector:
    """Writes ``report.jsonl``, ``report.html``, ``junit.xml`` and ``summary.md`` into a folder.

    Reports of an earlier run are removed first, so that none is taken for this run's.

    Args:
        folder: made where it is missing.

    Raises:
        UsageError: the folder can't be written to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.report: Report | None = None
        self._cases: list[CaseRecord] = []
        self._header: Header | None = None
        self._recorder = Recorder("", None)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in FILES:
                (folder / name).unlink(missing_ok=True)
            self._file: IO[str] = (folder / FILES[0]).open("w", encoding="utf-8")
        except OSError as error:
            raise UsageError("report-dir-unwritable", f"--report-dir {folder}: {error.strerror}") from error

    def started(self, event: Started) -> None:
        """Write the header."""
        self._recorder = Recorder(event.options.command, event.target)
        self._header = header_record(event, f"{DISTRIBUTION} {version(DISTRIBUTION)}", REQUIREMENT_SET)
        self._write(line(self._header))

    def judged(self, event: Judged) -> None:
        """Write a case's line at once, so that nothing judged is lost."""
        if self._header is None:
            raise ValueError("a case was judged before the run started")
        record = self._recorder.case(event)
        self._cases.append(record)
        self._write(line(record))

    def ended(self, event: Summary) -> None:
        """Write the footer and the other formats."""
        if self._header is None:
            raise ValueError("the run ended before it started")
        footer = self._recorder.footer(event, EXIT_CODES[event.exit_code])
        self._write(line(footer))
        self._file.close()
        self.report = Report(self._header, tuple(self._cases), footer)
        write_all(self.report, self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if self._header is None:
            (self.folder / FILES[0]).unlink(missing_ok=True)  # a run that never began leaves no report

    def _write(self, text: str) -> None:
        self._file.write(text)
        self._file.flush()


def write_all(report: Report, folder: Path) -> None:
    """Write the formats that need the whole report."""
    from conformance.report.html import write_html  # noqa: PLC0415  heavy, and only needed now
    from conformance.report.junit import write_junit  # noqa: PLC0415  slow to import
    from conformance.report.markdown import write_markdown  # noqa: PLC0415  slow to import

    write_html(report, folder / FILES[1])
    write_junit(report, folder / FILES[2])
    write_markdown(report, folder / FILES[3])
