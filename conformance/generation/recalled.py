"""The way back: from the bytes of a request to the call of a case that sends them again, to any target."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from conformance.cases.model import Call
from conformance.oracle.asked import operation_at

if TYPE_CHECKING:
    from conformance.contract.model import Contract, Operation
    from conformance.exchange.message import Request
    from conformance.oracle.site import Site

MADE_ANEW = frozenset({b"host", b"content-length", b"authorization", b"x-amz-date", b"x-amz-security-token"})
"""Headers that rendering and signing add."""


def call_of(request: Request, contract: Contract, site: Site) -> Call:
    """Return the call that a request is of, with the site's words in braces in the place of names and ARNs.

    Args:
        request: below no base path; its body, where there is one, is framed by its length.
        contract: says which operations there are.
        site: to which it was sent.
    """
    path, _, query = request.target.decode("latin-1").partition("?")
    operation = operation_at(request.target, contract)
    FunctionName, escape, other = _named(path, operation, site)
    method = request.method.decode("latin-1")
    return Call(
        FunctionName=FunctionName,
        query=query,
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in request.headers
            if name.lower() not in MADE_ANEW
        ),
        body=request.body,
        operation=operation.id if operation else "Invoke",
        method="" if operation and method == operation.method else method,
        path=other,
        escape=escape,
    )


def _named(path: str, operation: Operation | None, site: Site) -> tuple[str, str, str]:
    """Return FunctionName and how it is put into the path, and the path where that is not of this form."""
    before, after = operation.path.split("{FunctionName}") if operation is not None else ("", "")
    if path.endswith(after or "?"):  # nothing ends in what begins a query
        segment = path[len(before) : len(path) - len(after)]
        name = unquote(segment)
        for escape, spelled in (("percent", quote(name, safe="")), ("raw", name)):
            if spelled == segment:
                return _braced(name, site), escape, ""
    return "{echo}", "percent", _braced(path, site)


def _braced(FunctionName: str, site: Site) -> str:
    """Put the words of a site into a name or an ARN."""
    words = {site.words[word]: f"{{{word}}}" for word in ("account", "region", "missing", *site.names)}
    found = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    text = re.sub(rf"(?<![A-Za-z0-9_-])({found})(?![A-Za-z0-9_-])", lambda match: words[match[1]], FunctionName)
    return re.sub(rf"^arn:{re.escape(site.partition)}:", "arn:{partition}:", text)
