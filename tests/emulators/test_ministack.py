"""A real emulator, judged from the outside: what is known to be wrong with it is found, and nothing is left behind.

``tox -e ministack`` installs ministack and says in an environment variable where it is; without it all of this fails.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import pytest
from support import aws

from conformance.fixtures.packing import package
from conformance.targets import ministack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COMMAND = str(Path(sys.executable).with_name("invoke-conformance"))
LIMIT = 300
"""Seconds that a run may take."""
MINE = "a-function-of-somebody-else"

ACCEPTED = "200"
WRONG = (
    ("invocation-types/unknown", "invocation-types/unknown", "status", ACCEPTED),
    ("invocation-types/wrong-case", "invocation-types/case-sensitive", "status", ACCEPTED),
    ("logs/unknown-type", "logs/unknown-type", "status", ACCEPTED),
    ("payload/bare-word", "payload/malformed-json", "status", ACCEPTED),
    ("payload/invalid-utf8", "payload/invalid-utf8", "status", "500"),
    (
        "invocation-types/event-of-result",
        "invocation-types/event-no-executed-version",
        "header X-Amz-Executed-Version",
        "$LATEST",
    ),
    (
        "invocation-types/dry-run-of-result",
        "invocation-types/dry-run-no-executed-version",
        "header X-Amz-Executed-Version",
        "$LATEST",
    ),
)
"""What ministack gets wrong and AWS was recorded to do otherwise: case, requirement, subject and what is observed."""


@dataclass(frozen=True)
class Judgement:
    """What a run left.

    Attributes:
        code: that the process ended with.
        printed: on both streams.
        header: of the report.
        cases: of the report, by id.
        footer: of the report.
        process: number of the ministack that was started for it; 0 where none was.
        left: names of what it left in the folder for temporary files.
    """

    code: int
    printed: str
    header: Mapping[str, Any]
    cases: Mapping[str, Mapping[str, Any]]
    footer: Mapping[str, Any]
    process: int
    left: tuple[str, ...]


def program() -> str:
    """Return the path of ministack; a test without it fails."""
    given = os.environ.get(ministack.PROGRAM_VARIABLE, "")
    if shutil.which(given) is None:
        pytest.fail(f"{ministack.PROGRAM_VARIABLE} names no program ({given!r}); tox -e ministack sets it")
    return given


def noting_its_number(folder: Path) -> Path:
    """Write a program that notes the number of its process and becomes ministack."""
    path = folder / "ministack"
    path.write_text(f"#!/bin/sh\necho $$ > {shlex.quote(str(folder / 'number'))}\nexec {shlex.quote(program())}\n")
    path.chmod(0o755)
    return path


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start a run on ministack whose reports go to the folder."""
    (folder / "temporary").mkdir()
    given = {ministack.PROGRAM_VARIABLE: str(noting_its_number(folder)), "TMPDIR": str(folder / "temporary")}
    return subprocess.Popen(
        [COMMAND, "run", "--target", "ministack", "--report-dir", str(folder / "report"), "--quiet", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=aws.environment(**given),
    )


def ended(process: subprocess.Popen[str], folder: Path) -> Judgement:
    """Wait for a run and return what it left."""
    with process:
        printed, _ = process.communicate(timeout=LIMIT)
    text = (folder / "report" / "report.jsonl").read_text(encoding="utf-8")
    header, *cases, footer = map(json.loads, text.splitlines())
    number = folder / "number"
    return Judgement(
        process.returncode,
        printed,
        header,
        {case["id"]: case for case in cases},
        footer,
        int(number.read_text()) if number.exists() else 0,
        tuple(sorted(one.name for one in (folder / "temporary").iterdir())),
    )


@pytest.fixture(scope="module")
def judgement(tmp_path_factory: pytest.TempPathFactory) -> Judgement:
    """What a run of the strictest tier says of a ministack that it starts itself."""
    folder = tmp_path_factory.mktemp("run")
    return ended(start(folder, "--tier", "strict"), folder)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where a ministack runs that somebody else uses, too: there is a function of theirs."""
    with ministack.running(program()) as (where, _):
        client(where).create_function(
            FunctionName=MINE,
            Runtime="python3.12",
            Handler="handlers.echo",
            Role="arn:aws:iam::000000000000:role/any",
            Code={"ZipFile": package()},
        )
        yield where


def client(url: str) -> Any:
    """Return a client of the control plane at a URL."""
    session: Any = boto3.Session("test", "test", region_name="us-east-1")
    return session.client("lambda", endpoint_url=url)


def functions(url: str) -> list[str]:
    """Return the names of all functions, as the control plane lists them."""
    pages = client(url).get_paginator("list_functions").paginate()
    return [function["FunctionName"] for page in pages for function in page["Functions"]]


def test_the_contract_is_broken(judgement: Judgement) -> None:
    """Ministack differs from AWS, so the run ends with 1 and says so in its one line."""
    assert (judgement.code, judgement.footer["exit_code"]) == (1, 1), judgement.printed
    assert judgement.printed.startswith("FAIL · ")
    assert judgement.printed.count("\n") == 1


def test_every_case_gets_a_verdict_or_says_why_not(judgement: Judgement) -> None:
    """No case is void, none is missing, and what ministack does not claim is skipped with that reason."""
    outcomes = {case["outcome"] for case in judgement.cases.values()}
    reasons = {case["reason"] for case in judgement.cases.values() if case["outcome"] == "skip"}

    assert [case["id"] for case in judgement.cases.values() if case["outcome"] == "void"] == []
    assert outcomes <= {"pass", "fail", "skip", "note"}
    assert len(judgement.cases) == judgement.header["planned"]
    assert all(reasons)
    assert "the target does not claim the capability invoke-async" in reasons
    assert all(bracket["holds"] for bracket in judgement.footer["brackets"])


def test_what_ministack_does_right_passes(judgement: Judgement) -> None:
    """The plain calls that every client makes pass: the failures are about ministack, not about us."""
    right = (
        "invocation-types/request-response",
        "invocation-types/event-runs",
        "names/plain",
        "names/arn",
        "qualifiers/alias",
        "payload/object",
        "logs/last-4-kib",
        "streaming/result",
    )

    assert {id_: judgement.cases[id_]["outcome"] for id_ in right} == dict.fromkeys(right, "pass")


@pytest.mark.parametrize(("case", "requirement", "subject", "observed"), WRONG, ids=[row[0] for row in WRONG])
def test_a_fault_is_found_with_the_recorded_answer_of_aws(
    judgement: Judgement, case: str, requirement: str, subject: str, observed: str
) -> None:
    """Each known fault fails its own case, for the declared reason, beside what AWS was recorded to do."""
    record = judgement.cases[case]
    failed = [check for check in record["checks"] if check["outcome"] == "fail"]
    evidence = judgement.header["requirements"][requirement]["evidence"]

    assert record["outcome"] == "fail"
    assert (requirement, subject, observed) in [(one["requirement"], one["subject"], one["observed"]) for one in failed]
    assert [one["answer"] for one in evidence if one["kind"] == "recorded" and one["source"] and one["answer"]]


def test_a_partial_arn_is_not_found(judgement: Judgement) -> None:
    """A partial ARN fails by what AWS documents and models: no recording of a call with one is known."""
    record = judgement.cases["names/partial-arn"]
    evidence = judgement.header["requirements"]["names/partial-arn"]["evidence"]

    assert record["outcome"] == "fail"
    assert ("names/partial-arn", "404") in [(check["requirement"], check["observed"]) for check in record["checks"]]
    assert {"documented", "modelled"} <= {one["kind"] for one in evidence}


def test_a_failure_can_be_repeated(judgement: Judgement) -> None:
    """A failure shows the request as sent, the answer as received, and a line of curl for it."""
    record = judgement.cases["payload/bare-word"]
    (exchange,) = record["exchanges"]

    assert exchange["sent"]["body"] == "test data"
    assert exchange["received"]["head"].startswith("HTTP/1.1 200")
    assert "curl" in record["curl"][0]
    assert "'test data'" in record["curl"][0]


def test_the_report_says_which_ministack_it_was(judgement: Judgement) -> None:
    """The report names the version that was judged, so that the next one can be told from it."""
    version = judgement.header["target"]["version"]

    assert [part.isdecimal() for part in version.split(".")] == [True] * 3


def test_the_program_that_was_started_is_gone(judgement: Judgement) -> None:
    """After the run the process has ended, nobody listens on its port, and no file of it or its functions is left."""
    address = urlsplit(str(judgement.header["target"]["url"]))

    with pytest.raises(ProcessLookupError):
        os.kill(judgement.process, 0)
    with socket.socket() as probe:
        assert probe.connect_ex((address.hostname, address.port)) != 0
    assert judgement.left == ()


def test_the_functions_are_gone_afterwards(url: str, tmp_path: Path) -> None:
    """On a ministack that was running before, exactly the functions of the run are removed again."""
    before = functions(url)

    judged = ended(start(tmp_path, "--endpoint-url", url, "--only", "names/*"), tmp_path)

    assert (judged.code, judged.process) == (1, 0), judged.printed
    assert judged.header["target"]["url"] == url
    assert before == [MINE]
    assert functions(url) == before


def test_the_functions_are_gone_after_an_interrupt(url: str, tmp_path: Path) -> None:
    """Ctrl-C between two verdicts ends the run with 130 and a partial report, and removes what it had made."""
    process = start(tmp_path, "--endpoint-url", url, "--tier", "strict", "--workers", "1")
    first_verdicts(process, tmp_path / "report" / "report.jsonl")
    during = functions(url)

    process.send_signal(signal.SIGINT)
    judged = ended(process, tmp_path)

    assert (judged.code, judged.footer["exit_code"], judged.footer["interrupted"]) == (130, 130, True), judged.printed
    assert 0 < judged.footer["judged"] < judged.header["planned"]
    assert len(during) > len([MINE])
    assert functions(url) == [MINE]


def test_the_program_is_gone_after_an_interrupt(tmp_path: Path) -> None:
    """Ctrl-C in a run that started ministack takes it down, too."""
    process = start(tmp_path, "--workers", "1")
    first_verdicts(process, tmp_path / "report" / "report.jsonl")

    process.send_signal(signal.SIGINT)
    judged = ended(process, tmp_path)

    assert judged.code == 130, judged.printed
    assert judged.left == ()
    with pytest.raises(ProcessLookupError):
        os.kill(judged.process, 0)


def first_verdicts(process: subprocess.Popen[str], report: Path) -> None:
    """Wait until a run has written its first verdicts; fail when it ends before."""
    for _ in range(LIMIT * 20):
        if report.exists() and '"outcome": "pass"' in report.read_text(encoding="utf-8"):
            return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"the run ended before its first verdicts: {process.communicate()[0]}")
    pytest.fail("no verdict was written in time")
