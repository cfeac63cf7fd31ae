"""Where requests go."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from conformance.errors import UsageError


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host and port, with or without TLS, and what stands before each path."""

    host: str
    port: int
    tls: bool = False
    base_path: str = ""

    @classmethod
    def parse(cls, url: str) -> Endpoint:
        """Read a URL such as ``http://127.0.0.1:4566`` or ``https://lambda.eu-west-1.amazonaws.com``.

        Raises:
            UsageError: it is no URL of http or https with a host.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise UsageError("url-invalid", f"{url}: {error}", "expected http://HOST:PORT") from error
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError("url-invalid", f"{url}: not a URL of http or https", "expected http://HOST:PORT")
        tls = parts.scheme == "https"
        return cls(parts.hostname, port or (443 if tls else 80), tls, parts.path.rstrip("/"))

    @property
    def authority(self) -> bytes:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == (443 if self.tls else 80)
        return host.encode("idna" if not host.isascii() else "ascii") + (b"" if usual else b":%d" % self.port)

    @property
    def origin(self) -> str:
        """The URL without a path."""
        return f"http{'s' if self.tls else ''}://{self.authority.decode()}"

    @property
    def url(self) -> str:
        """The whole URL, without a slash at its end."""
        return self.origin + self.base_path
