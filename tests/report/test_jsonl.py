"""The machine-readable report: its published schema, and reading it back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import jsonschema
import pytest
from support.reports import ALL, judged, report_of

from conformance.errors import UsageError
from conformance.oracle.outcome import Outcome
from conformance.report.jsonl import read_report, report_schema
from conformance.run.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SCHEMA = cast("Any", jsonschema).Draft202012Validator(report_schema())


def lines(folder: Path) -> list[dict[str, Any]]:
    """Return the objects of a report."""
    return [json.loads(line) for line in (folder / "report.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the reports of a run with each outcome."""
    report_of(*ALL, folder=tmp_path)
    return tmp_path


def test_the_schema_is_one() -> None:
    """What is published is a valid JSON Schema of Draft 2020-12."""
    cast("Any", jsonschema).Draft202012Validator.check_schema(report_schema())


def test_real_runs_are_as_the_schema_says(reference_run: Path, broken_run: Path) -> None:
    """Every line of a run that passes, and of one that fails, voids and skips, validates."""
    found = [*lines(reference_run), *lines(broken_run)]

    outcomes = {line["outcome"] for line in found if line["kind"] == "case"}
    assert outcomes >= {"pass", "fail", "skip", "void"}
    assert [error.message for line in found for error in SCHEMA.iter_errors(line)] == []


@pytest.mark.parametrize("code", ExitCode)
def test_each_outcome_and_exit_code_is_as_the_schema_says(tmp_path: Path, code: ExitCode) -> None:
    """Every line of a report with each outcome validates, whatever the run ended with."""
    report_of(*ALL, folder=tmp_path, code=code)

    assert [error.message for line in lines(tmp_path) for error in SCHEMA.iter_errors(line)] == []


def test_each_object_is_closed_and_complete(folder: Path) -> None:
    """A member too many or too few, at any depth of any line, is refused."""
    for line in lines(folder):
        for path in _objects(line):
            if path and path[-1] in {"requirements", "totals"}:
                continue
            assert _refused(line, path, lambda found: {**found, "surplus": 1}), path
            for key in _at(line, path):
                assert _refused(line, path, lambda found, key=key: {k: v for k, v in found.items() if k != key}), (
                    path,
                    key,
                )


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("header", ("schema",), 2),
        ("header", ("started",), "yesterday"),
        ("header", ("tier",), "all"),
        ("header", ("planned",), -1),
        ("header", ("target", "name"), ""),
        ("case", ("outcome",), "ok"),
        ("case", ("id",), "no-area"),
        ("case", ("seconds",), "1"),
        ("case", ("checks", 0, "outcome"), "void"),
        ("case", ("exchanges", 0, "received"), None),
        ("case", ("exchanges", 0, "sent", "encoding"), "hex"),
        ("case", ("exchanges", 0, "sent", "sha256"), "abc"),
        ("case", ("exchanges",), []),
        ("footer", ("exit_code",), 7),
        ("footer", ("totals", "pass"), 1.5),
        ("footer", ("totals", "error"), 0),
        ("footer", ("interrupted",), 0),
        ("line", ("kind",), "line"),
    ],
)
def test_a_wrong_value_is_refused(folder: Path, kind: str, path: tuple[str | int, ...], value: object) -> None:
    """A value outside its type, range or enumeration does not validate."""
    line = next(line for line in lines(folder) if line["kind"] == kind or kind == "line")
    holder = _at(line, path[:-1])
    holder[path[-1]] = value

    assert not SCHEMA.is_valid(line)


def test_a_case_that_was_not_judged_says_why(folder: Path) -> None:
    """A skip and a void without a reason do not validate."""
    for line in lines(folder):
        if line.get("outcome") in {"skip", "void"}:
            assert not SCHEMA.is_valid({**line, "reason": ""})


def test_a_report_reads_back(tmp_path: Path, reference_run: Path, broken_run: Path) -> None:
    """What was written is what is read, for real runs too."""
    assert read_report(_written(tmp_path)) == report_of(*ALL)
    assert {case.outcome for case in read_report(reference_run / "report.jsonl").cases} == {Outcome.PASS}
    assert read_report(broken_run / "report.jsonl").footer.exit_code == ExitCode.HARNESS


def test_no_character_ends_a_line_early(tmp_path: Path) -> None:
    """U+2028 and its like, which some readers take for the end of a line, are written as escapes."""
    report = report_of(judged(Outcome.FAIL, observed="a\u2028b\x85c\x0bd"), folder=tmp_path)

    text = (tmp_path / "report.jsonl").read_text(encoding="utf-8")
    assert len(text.splitlines()) == 3
    assert read_report(tmp_path / "report.jsonl") == report


def _written(folder: Path) -> Path:
    report_of(*ALL, folder=folder)
    return folder / "report.jsonl"


WRONG_FILES: Sequence[tuple[Callable[[list[str]], list[str]], str, str]] = [
    (lambda found: found[:-1], "report-truncated", "no footer"),
    (lambda found: [*found[:-1], found[-1][:40]], "report-truncated", "no footer"),
    (lambda found: [found[0], found[1][:40]], "report-truncated", "no footer"),
    (lambda found: found[:1], "report-truncated", "no footer"),
    (lambda found: found[1:], "report-invalid", ":1: kind: no header"),
    (lambda _: [], "report-invalid", ":1: kind: no header"),
    (lambda found: [*found, found[1]], "report-invalid", "behind the footer"),
    (lambda found: [*found, found[-1]], "report-invalid", "behind the footer"),
    (lambda found: [found[0], *found], "report-invalid", ":2: kind: a second header"),
    (lambda found: [found[0], "nonsense", *found[1:]], "report-invalid", ":2: not JSON"),
    (lambda found: [found[0], "[]", *found[1:]], "report-invalid", ":2: not a JSON object"),
    (lambda found: [found[0], '{"kind": []}', *found[1:]], "report-invalid", ":2: kind: expected one of"),
    (lambda found: [found[0], '{"kind": "case"}', *found[1:]], "report-invalid", ":2: "),
    (lambda found: [found[0].replace("core", "hard"), *found[1:]], "report-invalid", ":1: requirements."),
    (
        lambda found: [found[0].replace("names/passing", "names/other"), *found[1:]],
        "report-invalid",
        ":2: requirements: ",
    ),
    (lambda _: ["nonsense"], "report-invalid", ":1: not JSON"),
]
"""What is done to the lines of a report, the code of the error, and what its message says."""


@pytest.mark.parametrize(("change", "code", "where"), WRONG_FILES)
def test_a_wrong_file_is_blamed(
    tmp_path: Path, change: Callable[[list[str]], list[str]], code: str, where: str
) -> None:
    """A report that is truncated, or not as it must be, is told apart and named with line and key."""
    path = _written(tmp_path)
    found = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(change(found)), encoding="utf-8")

    with pytest.raises(UsageError) as caught:
        read_report(path)

    assert caught.value.code == code
    assert f"{path}" in caught.value.message
    assert where in caught.value.message


@pytest.mark.parametrize(("data", "what"), [(None, "No such file"), (b"\xff", "not UTF-8 at byte 0")])
def test_an_unreadable_file_is_blamed(tmp_path: Path, data: bytes | None, what: str) -> None:
    """A file that is not there, or no text, is a usage error that names it."""
    path = tmp_path / "report.jsonl"
    if data is not None:
        path.write_bytes(data)

    with pytest.raises(UsageError, match=what) as caught:
        read_report(path)

    assert caught.value.code == "report-unreadable"


def _objects(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return where in a JSON value there are objects."""
    if isinstance(value, dict):
        items: list[tuple[str | int, Any]] = list(cast("dict[str | int, Any]", value).items())
    elif isinstance(value, list):
        items = list(enumerate(cast("list[Any]", value)))
    else:
        return []
    own = [path] if isinstance(value, dict) else []
    return [*own, *(one for key, child in items for one in _objects(child, (*path, key)))]


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _refused(line: dict[str, Any], path: tuple[str | int, ...], change: Callable[[Any], Any]) -> bool:
    changed = json.loads(json.dumps({"line": line}))
    holder = _at(changed, ("line", *path)[:-1])
    holder[("line", *path)[-1]] = change(_at(line, path))
    return not SCHEMA.is_valid(changed["line"])
