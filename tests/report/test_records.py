"""What a report keeps of a run, and what it never does."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from support.reports import ALL, SECRET, TARGET, TOKEN, answered, judged, report_of, request, requirement

from conformance.exchange.sigv4 import Credentials, sign
from conformance.oracle.outcome import Outcome
from conformance.report.collect import FILES, Collector
from conformance.report.recording import SHOWN_BODY
from conformance.report.secrets import LEAST, Secrets
from conformance.run.session import RunOptions, Started
from conformance.targets.options import TargetOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from conformance.exchange.message import Headers
    from conformance.report.records import Message

SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "as it is": str,
    "percent-encoded": lambda value: quote(value, safe=""),
    "in JSON": lambda value: value.replace("/", "\\/"),
}


def received(body: bytes, headers: Headers = ()) -> Message:
    """Return how an answer is shown."""
    found = report_of(judged(Outcome.FAIL, exchange=answered(body, headers))).cases[0].exchanges[0].received
    assert found is not None
    return found


def test_a_short_body_is_kept_whole() -> None:
    """A body of text is kept as it is, with its size and no digest."""
    found = received("ü\u2028€".encode())

    assert (found.body, found.encoding, found.size, found.sha256) == ("ü\u2028€", "text", 8, "")


def test_a_long_body_is_cut_and_identified() -> None:
    """Of a long body the beginning is kept, with the size and digest of all of it."""
    body = b"x" * (SHOWN_BODY + 1)

    found = received(body)

    assert found.body == "x" * SHOWN_BODY
    assert (found.size, found.sha256) == (SHOWN_BODY + 1, hashlib.sha256(body).hexdigest())


def test_text_stays_text_where_a_character_is_cut_through() -> None:
    """A cut in the middle of a character leaves that character out; it does not make the text binary."""
    found = received(b"x" * (SHOWN_BODY - 1) + "€".encode())

    assert (found.encoding, found.body) == ("text", "x" * (SHOWN_BODY - 1))


@pytest.mark.parametrize("body", [b"\xff\x00", b"cut \xe2\x82"])
def test_a_binary_body_is_base64(body: bytes) -> None:
    """What is not UTF-8 is kept in base64."""
    found = received(body)

    assert (found.encoding, base64.b64decode(found.body)) == ("base64", body)


def test_lines_of_the_head_are_those_of_the_wire() -> None:
    """Start line and headers are kept in order, repeated and oddly spelt ones too, a character a byte."""
    found = received(b"", ((b"x-a", b"1"), (b"X-A", b"\xff")))

    assert found.head == "HTTP/1.1 404 Not Found\nx-a: 1\nX-A: \xff"


def test_credentials_in_headers_are_taken_out() -> None:
    """Authorization and X-Amz-Security-Token show that they were there, whatever their spelling, and nothing more."""
    headers = ((b"authorization", b"AWS4-HMAC-SHA256 Signature=abc"), (b"X-AMZ-SECURITY-TOKEN", b"short"))

    head = received(b"", headers).head

    assert head.splitlines()[1:] == ["authorization: [not shown]", "X-AMZ-SECURITY-TOKEN: [not shown]"]


@pytest.mark.parametrize("secret", [SECRET, TOKEN])
@pytest.mark.parametrize("spell", SPELLINGS, ids=SPELLINGS)
def test_no_secret_reaches_a_file(tmp_path: Path, secret: str, spell: str) -> None:
    """A target that sends the credentials back, anywhere and however spelt, does not get them into a report."""
    sent = SPELLINGS[spell](secret)
    exchange = answered(
        f'{{"said": "{sent}"}}'.encode(), ((b"X-Echo", sent.encode()), (b"X-Begin", sent[:30].encode()))
    )
    signed = sign(request(), Credentials("AKIDEXAMPLE", SECRET, TOKEN), "eu-west-1", now=datetime.now(UTC))

    report_of(
        judged(Outcome.FAIL, "names/a", observed=f"{sent[:200]}…", exchange=exchange),
        judged(
            Outcome.VOID, "names/b", reason=f"it said {sent}", exchange=answered(sent.encode() + b"\xff", sent=signed)
        ),
        folder=tmp_path,
    )

    texts = {name: (tmp_path / name).read_text(encoding="utf-8") for name in FILES}
    assert all(sent[:LEAST] not in text for text in texts.values())
    assert "[not shown]" in texts["report.jsonl"]


def test_public_words_are_no_secret() -> None:
    """An emulator that is called with the secret ``test`` does not lose that word from its answers."""
    assert Secrets(Credentials("test", "test", "test")).hide_in("a test") == "a test"


def test_text_that_is_no_unicode_can_be_written(tmp_path: Path) -> None:
    """A lone surrogate that a target sent in JSON is kept as its escape, so that each report can be written."""
    report = report_of(judged(Outcome.FAIL, observed="\ud800"), folder=tmp_path)

    assert report.cases[0].checks[0].observed == "\\ud800"


def test_totals_and_denominators() -> None:
    """The footer counts each outcome; a skip and a void are not judged."""
    report = report_of(*ALL)

    assert report.footer.totals == dict.fromkeys(map(str, Outcome), 1)
    assert (report.footer.judged, report.header.planned) == (4, 6)


def test_what_repeats_a_case() -> None:
    """A case carries a curl line for each exchange and the command that judges it alone."""
    case = report_of(judged(Outcome.FAIL)).cases[0]

    assert len(case.curl) == len(case.exchanges) == 1
    assert case.again == "invoke-conformance run --target emulator --only names/plain"


def test_a_target_that_could_not_be_opened() -> None:
    """Without a target there is a report all the same: of the name asked for, without cases, with the error."""
    report = report_of(target=None, error="unreachable: nobody there")

    assert report.header.target["name"] == "emulator"
    assert (report.cases, report.footer.error) == ((), "unreachable: nobody there")


def test_reports_of_an_earlier_run_are_removed(tmp_path: Path) -> None:
    """A run that never begins leaves no report, not even the one of the run before."""
    report_of(judged(Outcome.PASS), folder=tmp_path)

    with Collector(tmp_path):
        pass

    assert [one.name for one in tmp_path.iterdir()] == []


def test_each_verdict_is_on_disk_at_once(tmp_path: Path) -> None:
    """The line of a case is written when it is judged, so that a run that is killed loses nothing."""
    event = judged(Outcome.PASS)
    with Collector(tmp_path) as collector:
        options = RunOptions(TargetOptions())
        collector.started(Started(options, {"names/plain": requirement()}, TARGET, (event.planned,)))
        collector.judged(event)

        lines = (tmp_path / "report.jsonl").read_text(encoding="utf-8").splitlines()

    assert len(lines) == 2
