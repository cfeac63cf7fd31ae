"""Where requests go: what a URL says, and what is none."""

from __future__ import annotations

import pytest

from conformance.errors import UsageError
from conformance.exchange.endpoint import Endpoint


@pytest.mark.parametrize(
    ("text", "authority", "url"),
    [
        ("http://127.0.0.1:4566", b"127.0.0.1:4566", "http://127.0.0.1:4566"),
        ("http://127.0.0.1:80/", b"127.0.0.1", "http://127.0.0.1"),
        ("https://lambda.eu-west-1.amazonaws.com/", b"lambda.eu-west-1.amazonaws.com", None),
        ("https://h:80", b"h:80", "https://h:80"),
        ("http://[::1]:80/base/", b"[::1]", "http://[::1]/base"),
        ("http://m\u00fcnchen.example:81", b"xn--mnchen-3ya.example:81", "http://xn--mnchen-3ya.example:81"),
    ],
)
def test_endpoints(text: str, authority: bytes, url: str | None) -> None:
    """A URL gives host, port, TLS and base path; usual ports are left out of Host."""
    endpoint = Endpoint.parse(text)

    assert (endpoint.authority, endpoint.url) == (authority, url or text.rstrip("/"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "127.0.0.1:4566",
        "ftp://host",
        "http://",
        "http://:80",
        "http://host:0",
        "http://host:65536",
        "http://host:port",
        "http://[::1",
        "http://a host",
        "http://a\0host",
        "http://user:password@host",
        "http://host?query",
        "http://host#fragment",
        "http://" + "\u00fc" * 64,
    ],
)
def test_what_is_no_endpoint(text: str) -> None:
    """What is no URL of an endpoint is the user's error, and the message repeats it but for a password."""
    with pytest.raises(UsageError) as caught:
        Endpoint.parse(text)

    assert caught.value.code == "url-invalid"
    assert caught.value.message.startswith(f"{text.replace('user:password', '[not shown]')}: ")
