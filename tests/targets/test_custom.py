"""Targets described by a file: what is read, and how a bad file is blamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.errors import UsageError
from conformance.exchange.endpoint import Endpoint
from conformance.targets.options import TargetOptions
from conformance.targets.table import open_target

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.targets.model import Target

GOOD = """\
name: mine
version: 1.5
url: http://127.0.0.1:9001/base
region: eu-west-1
account: "123456789012"
signed: false
capabilities: [response-streaming]
fixtures:
  echo: my-echo
  versioned:
    FunctionName: my-versioned
    url: http://127.0.0.1:9002
"""


def opened(folder: Path, text: str, endpoint_url: str = "", region: str = "") -> Target:
    """Open a target file with a text."""
    path = folder / "target.yaml"
    path.write_text(text)
    with open_target(TargetOptions(str(path), endpoint_url, region)) as target:
        return target


def test_a_file_says_all_about_a_target(tmp_path: Path) -> None:
    """Names, home, claims and URLs are those of the file; a fixture may have a URL of its own."""
    target = opened(tmp_path, GOOD)

    assert (target.name, target.version) == ("mine", "1.5")
    assert (target.site.region, target.site.account, target.site.partition) == ("eu-west-1", "123456789012", "aws")
    assert dict(target.site.names) == {"echo": "my-echo", "versioned": "my-versioned"}
    assert target.capabilities == {"response-streaming"}
    assert target.credentials is None
    assert target.endpoint_of("echo") == Endpoint("127.0.0.1", 9001, base_path="/base")
    assert target.endpoint_of("versioned") == Endpoint("127.0.0.1", 9002)


def test_what_is_not_said_has_defaults(tmp_path: Path) -> None:
    """The name is the file's, requests are signed, and nothing is claimed."""
    target = opened(tmp_path, 'url: http://127.0.0.1:1\naccount: "123456789012"\nfixtures: {echo: my-echo}\n')

    assert (target.name, target.version, target.site.region) == ("target", "", "us-east-1")
    assert target.credentials is not None
    assert target.capabilities == frozenset()


def test_options_win_over_the_file(tmp_path: Path) -> None:
    """--endpoint-url and --region win over what the file says."""
    target = opened(tmp_path, GOOD, endpoint_url="http://127.0.0.1:7", region="us-west-2")

    assert target.endpoint == Endpoint("127.0.0.1", 7)
    assert target.site.region == "us-west-2"


def test_one_function_per_port_needs_no_other_url(tmp_path: Path) -> None:
    """Where each fixture has a URL of its own, that of the first is where the rest goes."""
    target = opened(tmp_path, GOOD.replace("url: http://127.0.0.1:9001/base\n", ""))

    assert target.endpoint == Endpoint("127.0.0.1", 9002)


def test_marks_of_two_runs_do_not_meet(tmp_path: Path) -> None:
    """Each run on functions that stay there leaves marks under a word of its own."""
    assert opened(tmp_path, GOOD).site.run != opened(tmp_path, GOOD).site.run


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("fixtures:", "fixture:", ":8: fixture", "'fixture' was unexpected"),
        ('account: "123456789012"', "account: 123456789012", ":5: account", "is not of type 'string'"),
        ('account: "123456789012"', 'account: "12"', ":5: account", "does not match"),
        ('account: "123456789012"\n', "", ":1: account", "'account' is a required property"),
        ("signed: false", "signed: maybe", ":6: signed", "is not of type 'boolean'"),
        ("[response-streaming]", "[response-streaming, nonsense]", ":7: capabilities[1]", "nonsense is not known"),
        ("  echo: my-echo\n", "", ":8: fixtures.echo", "'echo' is a required property"),
        ("echo: my-echo", "echo: my-echo\n  ecko: my-ecko", ":10: fixtures.ecko", "ecko is not known"),
        ("echo: my-echo", "echo: 5", ":9: fixtures.echo", "is not"),
        ("echo: my-echo", "echo: my-echo:live", ":9: fixtures.echo", "not a plain function name"),
        (
            "echo: my-echo",
            'echo: "arn:aws:lambda:eu-west-1:123456789012:function:my-echo"',
            ":9: fixtures.echo",
            "not a plain function name",
        ),
        ("echo: my-echo", "echo: my echo", ":9: fixtures.echo", "not a plain function name"),
        ("region: eu-west-1", "region: moon", ":4: region", "moon can't be the region of an ARN"),
        ("url: http://127.0.0.1:9001/base", "url: ftp://127.0.0.1", ":3: url", "does not match"),
        ("url: http://127.0.0.1:9001/base", "url: http://", ":3: url", "not a URL of http or https"),
        ("url: http://127.0.0.1:9001/base", "url: http://127.0.0.1:99999", ":3: url", "out of range"),
        ("url: http://127.0.0.1:9002", "url: http://127.0.0.1:0", ":12: fixtures.versioned.url", "port 0"),
        ("    FunctionName: my-versioned\n", "", ":10: fixtures.versioned.FunctionName", "is a required"),
        ("    FunctionName: my-versioned", "    functionName: v", ":10: fixtures.versioned", "is not valid under"),
        ("name: mine", "name: mine\nname: yours", ":2: ", "name: stands twice"),
        ("name: mine", "name: [", ":3: ", "expected"),
        ("name: mine", "name: \x01", ":1: ", "control characters are not allowed"),
        ("name: mine", "name: &me [*me]", ":1: ", "an alias of what it stands in"),
        (GOOD, "", ":1: (the whole file)", "is not of type 'object'"),
        (GOOD, "just text", ":1: (the whole file)", "is not of type 'object'"),
    ],
)
def test_a_bad_file_is_blamed_by_line_and_key(tmp_path: Path, old: str, new: str, where: str, words: str) -> None:
    """What is wrong in a file is named with the file, the line and the key, and is the user's to mend."""
    assert old in GOOD

    with pytest.raises(UsageError) as caught:
        opened(tmp_path, GOOD.replace(old, new))

    assert caught.value.exit_code == 2
    assert caught.value.message.startswith(f"{tmp_path / 'target.yaml'}{where}")
    assert words in caught.value.message


def test_no_url_at_all(tmp_path: Path) -> None:
    """A file without any URL needs --endpoint-url, and says so."""
    text = 'account: "123456789012"\nfixtures: {echo: my-echo}\n'

    with pytest.raises(UsageError, match=r"target\.yaml:1: url: is missing") as caught:
        opened(tmp_path, text)

    assert "--endpoint-url" in caught.value.hint
    assert opened(tmp_path, text, endpoint_url="http://127.0.0.1:7").endpoint == Endpoint("127.0.0.1", 7)


@pytest.mark.parametrize("kind", ["missing", "folder", "latin-1"])
def test_an_unreadable_file(tmp_path: Path, kind: str) -> None:
    """A file that is not there, is a folder, or is no UTF-8 is named with the reason."""
    path = tmp_path / "target.yaml"
    if kind == "folder":
        path.mkdir()
    elif kind == "latin-1":
        path.write_bytes(b"name: \xe9\n")

    with pytest.raises(UsageError) as caught, open_target(TargetOptions(str(path))):
        pass

    assert caught.value.code == "file-unreadable"
    assert caught.value.message.startswith(f"{path}: ")
