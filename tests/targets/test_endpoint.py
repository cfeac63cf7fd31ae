"""An endpoint at a URL: region and credentials."""

from __future__ import annotations

import pytest

from conformance.errors import TargetUnreachable, UsageError
from conformance.exchange.endpoint import Endpoint
from conformance.exchange.sigv4 import Credentials
from conformance.targets.endpoint import PLACEHOLDER, credentials_of, region_of
from conformance.targets.options import TargetOptions

HERE = ["http://127.0.0.1:4566", "http://127.8.9.1:4566", "http://localhost:80", "http://a.localhost", "http://[::1]:1"]
ELSEWHERE = [
    "https://lambda.eu-west-1.amazonaws.com",
    "http://10.0.0.1",
    "http://localhost.example",
    "http://[2001:db8::1]",
]


@pytest.mark.parametrize("url", HERE)
def test_placeholders_serve_on_this_machine(url: str) -> None:
    """An endpoint on this machine is signed for with placeholders when nothing is configured."""
    assert credentials_of(TargetOptions(), Endpoint.parse(url)) == PLACEHOLDER


@pytest.mark.parametrize("url", ELSEWHERE)
def test_elsewhere_credentials_are_needed(url: str) -> None:
    """An endpoint elsewhere is not asked with invented credentials; the error says how to give some."""
    with pytest.raises(TargetUnreachable) as caught:
        credentials_of(TargetOptions(), Endpoint.parse(url))

    assert (caught.value.code, caught.value.exit_code) == ("credentials-missing", 3)
    assert "--profile" in caught.value.hint


@pytest.mark.parametrize("url", [HERE[0], ELSEWHERE[0]])
def test_configured_credentials_come_first(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """What the environment configures signs for every endpoint."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDGIVEN")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "given")

    assert credentials_of(TargetOptions(), Endpoint.parse(url)) == Credentials("AKIDGIVEN", "given")


def test_an_unknown_profile_is_an_error() -> None:
    """A profile that no file has is a mistake of the user, not a reason for placeholders."""
    with pytest.raises(UsageError, match="nobody"):
        credentials_of(TargetOptions(profile="nobody"), Endpoint.parse(HERE[0]))


@pytest.mark.parametrize(
    ("option", "region", "default", "expected"),
    [
        ("eu-central-1", "eu-west-1", "eu-north-1", "eu-central-1"),
        ("", "eu-west-1", "eu-north-1", "eu-west-1"),
        ("", "", "eu-north-1", "eu-north-1"),
        ("", "", "", "us-east-1"),
    ],
)
def test_the_region_is_the_first_that_is_given(
    monkeypatch: pytest.MonkeyPatch, option: str, region: str, default: str, expected: str
) -> None:
    """The option wins over AWS_REGION, that over AWS_DEFAULT_REGION; without any it is us-east-1."""
    monkeypatch.setenv("AWS_REGION", region)
    monkeypatch.setenv("AWS_DEFAULT_REGION", default)

    assert region_of(TargetOptions(region=option)) == expected
