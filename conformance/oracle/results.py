"""What must hold of the result that a function returned, as clauses."""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from conformance.contract.names import function_arn
from conformance.oracle.clause import Clause, same_json
from conformance.oracle.reading import is_object, parse_json
from conformance.oracle.world import LATEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.model import Contract
    from conformance.oracle.asked import Asked
    from conformance.oracle.world import Deployed, Ran, World

Clauses = tuple[Clause, ...]

ID = "header x-amzn-RequestId"
VERSION = "header X-Amz-Executed-Version"
SIX_MIB = 6 * 1024 * 1024


def of_result(asked: Asked, ran: Ran, contract: Contract) -> Clauses:
    """Return what must hold of the body, where the function did not fail."""
    if ran.size is not None:
        return (Clause(_about_size(asked, ran.size, contract), "body size", "equals", ran.size),)
    if ran.slow:
        return (Clause("routing/waits-for-the-result", "json", "equals", ran.payload),)
    return (
        Clause(about_result(asked.body, ran.payload), "json", "equals", ran.payload),
        *_bytes(asked.body, ran.payload),
    )


def _about_size(asked: Asked, size: int, contract: Contract) -> str:
    if size == contract.limits["sync-response"]:
        return "limits/synchronous-response-of-the-limit"
    if size > SIX_MIB:
        return "limits/synchronous-response"
    return "limits/synchronous-request" if len(asked.body) == size > SIX_MIB // 2 else "payload/round-trip"


def about_result(body: bytes, result: Any) -> str:  # noqa: ANN401  any JSON value
    """Return the requirement that a result shows: by what is special about the event that comes back as it was."""
    if body and not same_json(parse_json(body), result):
        return "payload/nothing-returned-is-null" if result is None else "payload/round-trip"
    return next((requirement for requirement, test in _ABOUT if test(body.decode(), result)), "payload/round-trip")


def _odd(text: str, value: Any) -> bool:  # noqa: ANN401  any JSON value
    """Tell whether a value is one that is easily lost: escapes, many digits, names with a meaning, what is empty."""
    plain = json.dumps(value, ensure_ascii=False)
    odd = "\\" in text or not plain.isprintable() or any(map(unicodedata.combining, plain))
    empty = isinstance(value, list | dict) and not value
    return odd or empty or _ODD.search(text) is not None


_ODD = re.compile(r'\d\.\d{3}|\d[eE]|\[{8}|"(?:\$[^"]*|__proto__|Payload|StatusCode|statusCode|errorMessage)" *:')
_ABOUT: tuple[tuple[str, Callable[[str, Any], bool]], ...] = (
    ("payload/empty-body-is-object", lambda text, _: not text),
    ("payload/whitespace", lambda text, _: text.strip() != text),
    ("payload/any-json", _odd),
    ("payload/unicode", lambda text, _: not text.isascii()),
    ("payload/scalars", lambda _, value: not isinstance(value, list | dict)),
)
"""Requirement -> whether it is about an event, by its text and its value; the first counts."""


def _bytes(body: bytes, payload: Any) -> Clauses:  # noqa: ANN401  any JSON value
    """Return that a result of which the bytes are known comes as those."""
    if payload is None:
        return (Clause("payload/null-bytes", "text", "equals", "null"),)
    if body == b"0.0":
        return (Clause("payload/float-bytes", "text", "equals", "0.0"),)
    if isinstance(payload, str) and payload.isascii() and payload.isprintable():
        return (Clause("payload/string-bytes", "text", "equals", json.dumps(payload)),)
    return ()


def of_telling(asked: Asked, deployed: Deployed, world: World, root: str) -> Clauses:
    """Return what a function must say of its call that tells what it sees.

    Args:
        asked: what was asked for.
        deployed: the function.
        world: where it is.
        root: subject of the result: ``json`` or ``stream``.
    """
    reference = asked.reference
    if reference is None or not deployed.tells:
        return ()
    if root == "stream":
        return _streamed(asked, deployed)
    arn = function_arn(world.partition, world.region, world.account, reference.name, asked.qualifier)
    seen = Clause(_about_arn(asked, deployed), "json /invoked_function_arn", "equals", arn)
    told = () if asked.qualifier == LATEST else (seen,)
    if deployed.tells == "version":
        return (*_version(asked, deployed), *told)
    return (
        Clause("names/seen-by-function", "json /function_name", "equals", reference.name),
        Clause("response-headers/request-id-is-the-functions", "json /aws_request_id", "is as", ID),
        *told,
        *_context(asked, "json"),
        *_tenant(asked, "json"),
        *_trace(asked),
    )


def _streamed(asked: Asked, deployed: Deployed) -> Clauses:
    """Return what is known of what such a function says in a stream."""
    if deployed.tells == "context":
        return (*_context(asked, "stream"), *_tenant(asked, "stream"))
    requirement, found = "streaming/executed-version", sorted(deployed.resolve(asked.qualifier))
    return (
        Clause(requirement, "stream /version", "is one of", found),
        Clause(requirement, "stream /version", "is as", VERSION),
    )


def _about_arn(asked: Asked, deployed: Deployed) -> str:
    """Return the requirement about the ARN that a function sees; of $LATEST it is not on record."""
    if asked.qualifier is None:
        named = asked.reference is not None and asked.reference.text != asked.reference.name
        return "names/seen-by-function" if named else "qualifiers/unqualified-arn-seen-by-function"
    numbered = asked.qualifier in deployed.versions
    return "qualifiers/version-arn-seen-by-function" if numbered else "qualifiers/alias-arn-seen-by-function"


def _version(asked: Asked, deployed: Deployed) -> Clauses:
    """Return that the code which ran is that of the version which the answer names."""
    found = sorted(deployed.resolve(asked.qualifier))
    if len(found) > 1:
        weighted = "response-headers/executed-version-weighted"
        return (
            Clause(weighted, VERSION, "is one of", found),
            Clause(weighted, "json /version", "is as", VERSION),
        )
    ran, requirement = found[0], about_version(asked, deployed)
    if asked.qualifier is None and b'"Qualifier"' in asked.body:
        requirement = "payload/no-parameters"
    marker = Clause(requirement, "json /marker", "equals", f"code {ran}")
    return (Clause(requirement, "json /version", "equals", ran), *([marker] if ran.isdecimal() else []))


def about_version(asked: Asked, deployed: Deployed) -> str:
    """Return the requirement about the version that runs."""
    if not asked.qualifier:
        return "response-headers/executed-version"
    if asked.qualifier == LATEST:
        return "qualifiers/latest"
    return "qualifiers/version" if asked.qualifier in deployed.versions else "qualifiers/alias"


def _context(asked: Asked, root: str) -> Clauses:
    """Return that the function sees the client context that was sent, or none."""
    value, subject = asked.values.get("X-Amz-Client-Context"), f"{root} /client_context"
    if value is None:
        return (Clause("client-context/absent-is-null", subject, "equals", None),)
    sent: Any = parse_json(base64.b64decode(value))
    found = {name: sent[name] for name in ("custom", "env") if is_object(sent) and is_object(sent.get(name))}
    streamed = ("streaming/client-context", "client-context/streamed")
    return tuple(
        Clause(requirement, f"{subject}/{name}", "equals", member)
        for name, member in found.items()
        for requirement in (streamed if root == "stream" else (_about_context(member),))
    )


def _about_context(member: dict[str, Any]) -> str:
    text = json.dumps(member, ensure_ascii=False)
    if not text.isascii():
        return "client-context/beyond-ascii"
    flat = all(isinstance(one, str) for one in member.values())
    return "client-context/round-trip" if flat else "client-context/passed-as-it-is"


def _tenant(asked: Asked, root: str) -> Clauses:
    tenant = asked.values.get("X-Amz-Tenant-Id")
    return () if tenant is None else (Clause("tenant/seen-by-function", f"{root} /tenant_id", "equals", tenant),)


_WHOLE_TRACE = re.compile("Root=(1-[0-9a-f]{8}-[0-9a-f]{24});Parent=[0-9a-f]{16};Sampled=[01]")


def _trace(asked: Asked) -> Clauses:
    """Return that the root of the caller's trace is the one that the function sees."""
    trace = asked.others.get("x-amzn-trace-id", "")
    found = _WHOLE_TRACE.fullmatch(trace)
    if found is None:
        return ()
    pattern = f"(^|;)Root={found[1]}(;|$)"
    return (Clause("response-headers/trace-root-propagated", "json /trace_id", "matches", pattern),)
