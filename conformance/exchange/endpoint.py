"""Where requests go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from conformance.errors import UsageError

USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host and port, with or without TLS, and what stands before each path.

    Attributes:
        host: name or address, IPv6 without brackets.
        port: TCP.
        tls: whether to speak TLS.
        base_path: such as ``/base``; empty for most.
    """

    host: str
    port: int
    tls: bool = False
    base_path: str = ""

    @classmethod
    def parse(cls, url: str) -> Endpoint:
        """Read a URL such as ``http://127.0.0.1:4566`` or ``https://lambda.eu-west-1.amazonaws.com``.

        Raises:
            UsageError: it is no URL of http or https with a host (code ``url-invalid``), or has more than a path.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
            host.encode("ascii" if host.isascii() else "idna")
        except ValueError as error:
            raise _invalid(url, str(error)) from error
        if parts.scheme not in USUAL_PORTS or not host or not host.isprintable() or " " in host:
            raise _invalid(url, "not a URL of http or https")
        if port == 0:
            raise _invalid(url, "port 0 can't be reached")
        if parts.query or parts.fragment or "@" in parts.netloc:
            raise _invalid(url, "an endpoint has no user, query or fragment")
        return cls(host, port or USUAL_PORTS[parts.scheme], parts.scheme == "https", parts.path.rstrip("/"))

    @property
    def authority(self) -> bytes:
        """What the Host header says."""
        return _authority(self.host, self.port, tls=self.tls)

    @property
    def origin(self) -> str:
        """The URL without a path."""
        return f"http{'s' if self.tls else ''}://{self.authority.decode()}"

    @property
    def url(self) -> str:
        """The whole URL, without a slash at its end."""
        return self.origin + self.base_path


@lru_cache(maxsize=64)
def _authority(host: str, port: int, *, tls: bool) -> bytes:
    name = f"[{host}]" if ":" in host else host
    usual = port == USUAL_PORTS["https" if tls else "http"]
    return name.encode("ascii" if name.isascii() else "idna") + (b"" if usual else b":%d" % port)


def _invalid(url: str, what: str) -> UsageError:
    shown = re.sub(r"//[^/]*@", "//[not shown]@", url)  # who stands there may have a password
    return UsageError("url-invalid", f"{shown}: {what}", "expected http://HOST:PORT")
