"""The command line, end to end: what it prints, what it writes, what it ends with, whatever the target does."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from support import aws
from support.background import babbles, closes, echoes, fails, hangs, in_background, read_request, trickles
from support.control_plane import ControlPlane
from support.programs import PROGRAM, Ended, program, records, started
from support.running import PROBED, answering_bodies, echo

from conformance.cli import main
from conformance.contract.source import spec_folder
from conformance.run import session
from conformance.run.exit_codes import EXIT_CODES, ExitCode
from conformance.targets.model import CAPABILITIES

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from pathlib import Path

    from support.servers import Behaviour

    from conformance.targets.model import Target

FILES = {"report.jsonl", "report.html", "junit.xml", "summary.md"}
TRACEBACK = "Traceback"
SECRETS = {
    "AWS_ACCESS_KEY_ID": "AKIDMARKEDMARKEDMARK",
    "AWS_SECRET_ACCESS_KEY": "secret/marked+secret/marked+secret/marked",
    "AWS_SESSION_TOKEN": "token/marked+token/marked+token/marked==",
}


class Cli(Protocol):
    """Calls the command line in this process."""

    def __call__(self, *arguments: str) -> Ended:
        """Return how it ended."""
        ...


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Cli:
    """The command line in this process and in a folder of its own, for what needs no process."""
    aws.forget(monkeypatch)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", [PROGRAM, *arguments])
        with pytest.raises(SystemExit) as caught:
            main(list(arguments))
        printed = capsys.readouterr()
        return Ended(int(caught.value.code or 0), printed.out, printed.err)

    return call


@pytest.fixture
def dead_url() -> Iterator[str]:
    """The URL of a port on which nobody listens, nor can begin to."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def target_file(folder: Path, url: str, *, signed: bool = False) -> str:
    """Write a target file for functions that were made by hand, none of which takes its time; return its name."""
    names = "".join(f"  {name}: my-{name}\n" for name in ("echo", "context", "raise", "versioned"))
    home = f'url: {url}\naccount: "123456789012"\nsigned: {str(signed).lower()}\n'
    (folder / "mine.yaml").write_text(f"{home}capabilities: [{', '.join(CAPABILITIES)}]\nfixtures:\n{names}")
    return "mine.yaml"


def totals(folder: Path) -> dict[str, int]:
    """The totals of the report that was written, as far as they are not 0."""
    footer = records(folder / "reports")[-1]
    assert footer["kind"] == "footer"
    return {outcome: number for outcome, number in footer["totals"].items() if number}


def test_the_reference_holds(tmp_path: Path) -> None:
    """``run`` alone judges the reference: exit 0, four files that agree, nothing on stderr, nothing left behind."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    ended = program("run", cwd=tmp_path, environment={"TMPDIR": str(scratch)})

    header, *cases, footer = records(tmp_path / "reports")
    assert (ended.code, ended.err) == (0, ""), ended.out
    assert ended.last_line.startswith("PASS · ")
    assert ended.last_line.endswith(" · exit 0")
    assert {path.name for path in (tmp_path / "reports").iterdir()} == FILES
    assert (header["kind"], footer["kind"], footer["exit_code"]) == ("header", "footer", 0)
    assert header["planned"] == len(cases) == sum(footer["totals"].values())
    assert footer["totals"]["fail"] == footer["totals"]["void"] == 0
    assert list(scratch.iterdir()) == []


def test_a_dead_port_is_one_clear_line(tmp_path: Path, dead_url: str) -> None:
    """Where nobody listens: exit 3, a line that says where and why, a report that says so, no traceback."""
    ended = program("run", "--endpoint-url", dead_url, cwd=tmp_path)

    said = [line for line in ended.out.splitlines() if dead_url in line]
    assert (ended.code, ended.err) == (3, "")
    assert len(said) == 1
    assert said[0].startswith(f"unreachable: ListFunctions at {dead_url} got no answer: refused")
    assert ended.last_line.startswith("NOT JUDGED · ")
    assert records(tmp_path / "reports")[-1]["exit_code"] == 3


def test_a_dead_port_of_functions_made_by_hand(cli: Cli, tmp_path: Path, dead_url: str) -> None:
    """Without a control plane it is the known-good Invoke that finds nobody: exit 3, no case has a verdict."""
    ended = cli("run", "--target", target_file(tmp_path, dead_url))

    assert ended.code == 3
    assert "the known-good Invoke got no answer: refused" in ended.out
    assert sum(line.startswith("void") for line in ended.out.splitlines()) == 1
    assert set(totals(tmp_path)) <= {"void", "skip"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "--nonsense"), "No such option"),
        (("nonsense",), "No such command"),
        (("run", "--tier", "extreme"), "'extreme' is not one of"),
        (("run", "--timeout", "nan"), "not a number of seconds"),
        (("run", "--timeout", "0"), "not in the range"),
        (("run", "--workers", "0"), "not in the range"),
        (("run", "--target", "minstack"), "target-unknown: --target minstack: there is no such target (did you mean"),
        (("run", "--target", "none.yaml"), "file-unreadable: none.yaml: No such file or directory"),
        (("run", "--target", "endpoint"), "endpoint-missing"),
        (("run", "--endpoint-url", "ftp://127.0.0.1"), "url-invalid: ftp://127.0.0.1: not a URL of http or https"),
        (("run", "--endpoint-url", "http://127.0.0.1:9", "--profile", "nobody"), "credentials-unusable"),
        (("run", "--spec", "nowhere"), "nowhere/requirements: no requirement files"),
        (("run", "--report-dir", "taken"), "report-dir-unwritable: --report-dir taken"),
        (("run", "--only", "names/nonsense"), "case-unknown: --only names/nonsense: no case matches"),
        (("list", "nonsense"), "'nonsense' is not one of"),
        (("explain", "names/plaim"), "did you mean names/plain"),
        (("explain",), "Missing argument"),
        (("serve", "--port", "70000"), "not in the range"),
    ],
)
def test_a_mistake_of_the_user_is_exit_2(cli: Cli, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """A bad option, name or file is exit 2 with a message that says what and, where there is one, what was meant."""
    (tmp_path / "taken").write_text("a file, no folder")

    ended = cli(*arguments)

    assert ended.code == 2
    assert words in ended.err
    assert TRACEBACK not in ended.err


def test_a_password_in_a_url_is_not_repeated(cli: Cli) -> None:
    """A URL with a password is refused without showing it."""
    ended = cli("run", "--endpoint-url", "http://me:pass-word@127.0.0.1:9")

    assert ended.code == 2
    assert "pass-word" not in ended.out + ended.err


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("openapi.yaml", "operationId: Invoke\n", "operationId: [\n", r"openapi\.yaml:\d+: .*expected"),
        (
            "openapi.yaml",
            "maxLength: 256",
            "maxLength: long",
            r"openapi\.yaml:\d+: components\.\S*maxLength: is 'long'",
        ),
        ("openapi.yaml", "operationId: Invoke\n", "operationId: Call\n", r"openapi\.yaml:1: Invoke: is missing"),
        (
            "requirements/names.yaml",
            "tier: core",
            "tier: hard",
            r"names\.yaml:\d+: requirements\[\d+\]\.tier: 'hard' is",
        ),
        ("requirements/names.yaml", "area: names", "area: [names]", r"names\.yaml:1: area: \['names'\] is not of type"),
        ("requirements/names.yaml", "area: names", "\tarea", r"names\.yaml:1: .*cannot start any token"),
    ],
)
def test_a_bad_spec_is_named_by_file_line_and_key(
    cli: Cli, tmp_path: Path, file: str, old: str, new: str, where: str
) -> None:
    """A contract or a requirement file that can't be used is exit 2, with its path, the line and the key."""
    shutil.copytree(spec_folder(), tmp_path / "spec")
    path = tmp_path / "spec" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    ended = cli("run", "--spec", "spec")

    assert ended.code == 2
    assert re.search(where, ended.err)
    assert ended.err.count("\n") == 1


def test_a_bad_target_file_is_named_by_file_line_and_key(cli: Cli, tmp_path: Path, dead_url: str) -> None:
    """A target file that can't be used is exit 2, with its path, the line and the key."""
    name = target_file(tmp_path, dead_url)
    (tmp_path / name).write_text((tmp_path / name).read_text().replace("echo: my-echo", "echo: 1"))

    ended = cli("run", "--target", name)

    assert ended.code == 2
    assert ended.err.startswith("invoke-conformance: file-invalid: mine.yaml:6: fixtures.echo: ")


def test_a_target_that_always_fails_is_judged(tmp_path: Path) -> None:
    """A target that answers 500 to everything breaks the contract: exit 1, no void, and not one case passes on it."""
    with in_background(fails) as server:
        name = target_file(tmp_path, server.endpoint.url, signed=True)
        ended = program("run", "--target", name, "--tier", "strict", "--skip", "limits/*", cwd=tmp_path)

    assert (ended.code, ended.err) == (1, "")
    assert ended.last_line.startswith("FAIL · ")
    assert totals(tmp_path)["fail"] > 50
    assert set(totals(tmp_path)) <= {"fail", "skip", "note"}


def after_a_good_start(misbehave: Behaviour) -> Behaviour:
    """Give the first known-good Invoke its right answer, and misbehave from then on."""
    first = [True]

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if first.pop() if first else False:
            _, body = await read_request(reader)
            writer.write(echo(body))
        await misbehave(reader, writer)

    return behave


@pytest.mark.parametrize("behave", [hangs, closes, trickles, babbles])
@pytest.mark.parametrize("good_start", [False, True])
def test_a_target_that_does_not_answer_is_void(cli: Cli, tmp_path: Path, behave: Behaviour, good_start: bool) -> None:  # noqa: FBT001  a table
    """A target that hangs, closes, trickles or sends garbage, from the start or later: no verdict, and exit 3 or 4."""
    with in_background(after_a_good_start(behave) if good_start else behave) as server:
        name = target_file(tmp_path, server.endpoint.url)
        ended = cli("run", "--target", name, "--only", "names/*", "--timeout", "0.15", "--workers", "16")

    assert ended.code in {3, 4}
    assert set(totals(tmp_path)) <= {"void", "skip"}
    assert TRACEBACK not in ended.out + ended.err


@pytest.mark.parametrize("behave", [hangs, trickles])
def test_a_hanging_control_plane_is_given_up_after_the_timeout(cli: Cli, behave: Behaviour) -> None:
    """A target that hangs is given up after --timeout, before fixtures are made: exit 3 and one clear line."""
    with in_background(behave) as server:
        ended = cli("run", "--endpoint-url", server.endpoint.url, "--timeout", "0.2")

    said = f"unreachable: ListFunctions at {server.endpoint.url} got no answer: timeout"
    assert (ended.code, ended.err) == (3, "")
    assert sum(line.startswith(said) for line in ended.out.splitlines()) == 1
    assert server.received.count(b"HTTP/1.1\r\n") == 1


def test_a_run_on_a_hanging_target_is_bounded_by_the_timeout(tmp_path: Path) -> None:
    """However many cases there are, a target that begins to hang costs a few timeouts, not one for each case."""
    with in_background(after_a_good_start(hangs)) as server:
        name = target_file(tmp_path, server.endpoint.url)
        ended = program("run", "--target", name, "--timeout", "0.1", "--workers", "32", cwd=tmp_path, bound=0.1 * 4 + 8)

    assert (ended.code, ended.err) == (3, "")
    assert ended.last_line.startswith("NOT JUDGED · ")


def test_fixtures_that_can_not_be_made(cli: Cli) -> None:
    """Where a fixture can't be made: exit 3, the call and what to do, and nothing left behind."""
    plane = ControlPlane({("PublishVersion", 0): (500, "ServiceException", "out of versions")})
    with in_background(plane.behave) as server:
        ended = cli("run", "--endpoint-url", server.endpoint.url)

    assert ended.code == 3
    assert re.search(r"PublishVersion for invoke-conformance-\w+-versioned answered 500 .*: out of versions", ended.out)
    assert "--target FILE.yaml" in ended.out
    assert plane.functions == {}


def test_fixtures_that_are_left_out(cli: Cli, tmp_path: Path) -> None:
    """Where an optional fixture can't be made, its cases are skipped with the reason, and the rest is judged."""
    plane = ControlPlane({("PutFunctionConcurrency", 0): (501, "NotImplemented", "not here")})
    with in_background(plane.behave) as server:
        cli("run", "--endpoint-url", server.endpoint.url, "--only", "concurrency/none", "--only", "names/plain")

    skipped = {one["id"]: one["reason"] for one in records(tmp_path / "reports") if one.get("outcome") == "skip"}
    why = "PutFunctionConcurrency answered 501 NotImplemented: not here"
    assert skipped == {"concurrency/none": f"the target has no fixture closed: {why}"}


def test_fixtures_are_exported(cli: Cli, tmp_path: Path) -> None:
    """The files that are written are listed; those of somebody else are a mistake of the user."""
    ended = cli("fixtures", "export", "zip", "there")

    (tmp_path / "there" / "target.yaml").write_text("mine")
    again = cli("fixtures", "export", "zip", "there")

    assert ended.code == 0
    assert ended.out.splitlines() == [
        f"there/{name}" for name in ("python.zip", "node.zip", "target.yaml", "README.md")
    ]
    assert again.code == 2
    assert again.err.startswith("invoke-conformance: file-exists: there/target.yaml was changed since it was exported")


def test_fixtures_are_cleaned(cli: Cli) -> None:
    """What aborted runs left is removed and listed; a target that does not answer is unreachable."""
    plane = ControlPlane()
    plane.queues = ["invoke-conformance-0123abcd-queue_once"]
    with in_background(plane.behave) as server:
        ended = cli("fixtures", "clean", "--endpoint-url", server.endpoint.url)

    assert (ended.code, ended.out) == (0, "removed the queue invoke-conformance-0123abcd-queue_once\n")
    assert cli("fixtures", "clean", "--endpoint-url", server.endpoint.url).code == 3


def test_fewer_cases_than_asked_for_is_exit_6(cli: Cli, reference: Target) -> None:
    """Less than --min-cases is no run, though all pass."""
    arguments = ("run", "--target", "reference", "--endpoint-url", reference.endpoint.url, "--only", "names/plain")

    assert cli(*arguments, "--min-cases", "1").code == 0
    assert cli(*arguments, "--min-cases", "2").code == 6


def test_quiet_is_one_line(cli: Cli, reference: Target) -> None:
    """--quiet prints the last line and nothing else."""
    ended = cli(
        "run", "--target", "reference", "--endpoint-url", reference.endpoint.url, "--only", "names/plain", "--quiet"
    )

    assert ended.out.count("\n") == 1
    assert ended.out.startswith("PASS · 1 pass · ")


def test_a_report_says_how_to_run_again(cli: Cli, tmp_path: Path, reference: Target) -> None:
    """The command that a report repeats has all options but those that narrowed it or say where reports go."""
    url = reference.endpoint.url
    cli("run", "--target=reference", "--endpoint-url", url, "--only", "names/plain", "--report-dir", "reports")

    header, case, _ = records(tmp_path / "reports")
    assert header["command"] == f"invoke-conformance run --target=reference --endpoint-url {url}"
    assert case["again"] == f"{header['command']} --only names/plain"


def test_an_interrupted_run_keeps_what_it_has(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a run: exit 130, and a report of what was judged that says it is partial."""
    reached = threading.Event()
    asked = [0]

    async def answer(body: bytes) -> bytes:
        asked[0] += body != PROBED
        if asked[0] < 5 or body == PROBED:
            return echo(body)
        reached.set()
        return await never()

    with in_background(answering_bodies(answer)) as server:
        name = target_file(tmp_path, server.endpoint.url)
        options = ("--workers", "1", "--skip", "routing/keep-alive-100")  # each of the others makes a call or two
        with started("run", "--target", name, *options, cwd=tmp_path) as run:
            assert reached.wait(10)
            run.send_signal(signal.SIGINT)
            out, err = run.communicate(timeout=10)

    footer = records(tmp_path / "reports")[-1]
    assert (run.returncode, err) == (130, "")
    assert out.rstrip().rpartition("\n")[2].startswith("INTERRUPTED · ")
    assert footer["interrupted"] is True
    assert footer["exit_code"] == 130
    assert footer["judged"] == 4
    assert re.match(r"interrupted when 4 of \d+ cases had been sent", footer["stopped"])
    assert {path.name for path in (tmp_path / "reports").iterdir()} == FILES


async def never() -> bytes:
    """Wait for what doesn't come."""
    import asyncio  # noqa: PLC0415  only here

    return await asyncio.get_running_loop().create_future()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_says_one_line_and_stops_in_order(tmp_path: Path, number: int) -> None:
    """``serve`` prints where it listens when it does, nothing else, and ends with 0 when told to."""
    with started("serve", cwd=tmp_path, TMPDIR=str(tmp_path)) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        found = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)\n", line)
        assert found is not None
        with socket.create_connection(("127.0.0.1", int(found[1])), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            assert connection.recv(12).startswith(b"HTTP/1.1 4")
        server.send_signal(number)
        out, err = server.communicate(timeout=10)

    assert (server.returncode, out, err) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_serve_on_a_taken_port(cli: Cli, reference: Target) -> None:
    """A port that is taken is exit 2 and one line that says so."""
    ended = cli("serve", "--port", str(reference.endpoint.port))

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"invoke-conformance: port-taken: can't listen on 127.0.0.1:{reference.endpoint.port}")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("table", ["cases", "requirements", "fixtures", "targets"])
def test_list_is_for_people_and_programs(cli: Cli, table: str) -> None:
    """``list`` prints a line a row, and with --json an array of as many objects."""
    text, data = cli("list", table), cli("list", table, "--json")

    rows: list[Any] = json.loads(data.out)
    assert (text.code, data.code, text.err, data.err) == (0, 0, "", "")
    assert len(text.out.splitlines()) == len(rows) > 1


def test_list_into_a_closed_pipe(tmp_path: Path) -> None:
    """Output that nobody reads to its end, as with ``| head``, is no reason for a traceback."""
    with started("list", "cases", "--json", cwd=tmp_path) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.readline()
        listing.stdout.close()
        assert listing.stderr.read() == ""


def test_explain_explains(cli: Cli) -> None:
    """``explain`` says all about an id."""
    ended = cli("explain", "names/plain")

    assert ended.code == 0
    assert "case names/plain" in ended.out


def test_help_tells_the_exit_codes(cli: Cli) -> None:
    """The codes that --help lists mean what the table of exit codes says."""
    told = dict(re.findall(r"^ +(\d+)  (\S.*)$", cli("--help").out, re.MULTILINE))

    assert {int(code) for code in told} >= set(ExitCode) - {ExitCode.STALE_BASELINE}
    for code, text in told.items():
        assert EXIT_CODES[ExitCode(int(code))].startswith(text)


def test_a_fault_of_ours_is_exit_4(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is no verdict on the target: exit 4, not Python's own 1, and all that a report of it needs."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(session, "run", broken)

    ended = cli("run")

    assert ended.code == 4
    assert "ZeroDivisionError: a fault of ours" in ended.err
    assert "internal-error" in ended.err


def test_secrets_stay_secret(tmp_path: Path) -> None:
    """Neither secret key nor session token get into a report or onto the terminal, though the target repeats it."""
    with in_background(echoes) as server:
        name = target_file(tmp_path, server.endpoint.url, signed=True)
        only = ("--only", "names/*", "--only", "request-errors/*")
        ended = program("run", "--target", name, "--tier", "strict", *only, cwd=tmp_path, environment=SECRETS)
        assert SECRETS["AWS_SESSION_TOKEN"].encode() in server.received

    written = {path.name: path.read_bytes() for path in (tmp_path / "reports").iterdir()}
    assert ended.code == 1
    assert set(written) == FILES
    for secret in (SECRETS["AWS_SECRET_ACCESS_KEY"], SECRETS["AWS_SESSION_TOKEN"]):
        assert secret not in ended.out + ended.err
        assert [name for name, data in written.items() if secret[:16].encode() in data] == []


def test_secrets_stay_secret_when_fixtures_can_not_be_made(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the control plane that repeats the session token is shown without it."""
    token = SECRETS["AWS_SESSION_TOKEN"]
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    plane = ControlPlane({("CreateFunction", 0): (403, "Denied", f"bad token {token}")})
    with in_background(plane.behave) as server:
        ended = cli("run", "--endpoint-url", server.endpoint.url)

    assert ended.code == 3
    assert "403 Denied: bad token [not shown]" in ended.out
    assert [path for path in (tmp_path / "reports").iterdir() if token.encode() in path.read_bytes()] == []


def test_the_program_and_the_module_are_one(tmp_path: Path) -> None:
    """``python -m conformance.cli`` is the program, too."""
    command = [sys.executable, "-m", "conformance.cli", "--version"]

    module = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=20, check=True)

    assert module.stdout == program("--version", cwd=tmp_path).out
