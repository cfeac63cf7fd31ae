"""Which requirement a refusal is about: by the very value that is refused, and what is recorded of the words for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.oracle.asked import SYNCHRONOUS
from conformance.oracle.clause import Clause

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.contract.model import Violation
    from conformance.contract.names import FunctionReference
    from conformance.oracle.asked import Asked
    from conformance.oracle.bodies import Kind

Clauses = tuple[Clause, ...]

WORDED: Mapping[str, str] = {
    "minLength": "Member must have length greater than or equal to {}",
    "maxLength": "Member must have length less than or equal to {}",
    "pattern": "Member must satisfy regular expression pattern: {}",
    "enum": "Member must satisfy enum value set: [",
}
"""How a message words a violated constraint; the order of an enumeration's values differs between recordings."""

VIOLATED: Mapping[tuple[str, str], str] = {
    ("functionName", "maxLength"): "names/too-long",
    ("qualifier", "pattern"): "qualifiers/illegal-character",
    ("qualifier", "maxLength"): "qualifiers/too-long",
    ("logType", "enum"): "logs/unknown-type",
    ("tenantId", "pattern"): "tenant/constraints",
    ("tenantId", "maxLength"): "tenant/constraints",
    ("durableExecutionName", "pattern"): "durable/name-constraints",
    ("durableExecutionName", "maxLength"): "durable/name-constraints",
}
"""The requirement that a constraint is checked, by member and keyword."""
EMPTY = "qualifiers/empty"
"""What a text that is too short rests on: no recording shows one."""
TOLD: Mapping[tuple[str, str], str] = {
    ("functionName", "pattern"): "names/pattern-message",
    ("functionName", "maxLength"): "names/too-long-message",
    ("qualifier", "pattern"): "qualifiers/pattern-message",
    ("qualifier", "maxLength"): "qualifiers/too-long-message",
    ("invocationType", "enum"): "invocation-types/unknown-message",
    ("logType", "enum"): "logs/unknown-type-message",
}
"""The requirement about the message of a single violation, by member and keyword."""
LONG_ARN = 140
"""Characters of an ARN beyond which it is told that its length is no violation."""
BARE_LIMIT = 65
"""Characters of the shortest bare name that exceeds the limit which is documented and not enforced."""

_PREFIX = r"(?:arn:aws[A-Za-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:|[0-9]{12}:function:)?"
_NAMED = re.compile(rf"{_PREFIX}([^:]*)(?::[A-Za-z0-9_$.-]*)?", re.DOTALL)
"""A FunctionName whose prefix is right, whatever its name is."""
_SERVICE, _REGION, _ACCOUNT, _LONGEST = 2, 3, 4, 8
"""Parts of an ARN between its colons, and how many there are at most."""


def counted(broken: Sequence[Violation]) -> list[str]:
    """Return how a message begins that counts violations, and how it tells each of them."""
    each = (
        f"Value '{one.value}' at '{one.member}' failed to satisfy constraint: " + WORDED[one.keyword].format(one.limit)
        for one in broken
    )
    return [f"{len(broken)} validation {'error' if len(broken) == 1 else 'errors'} detected: ", *each]


def about_violation(asked: Asked) -> str:
    """Return the requirement about the constraints that a request violates."""
    broken = asked.violations
    if len({one.member for one in broken}) > 1:
        return "request-errors/several-violations"
    first = broken[0]
    if (first.member, first.keyword) == ("functionName", "pattern"):
        return about_pattern(first.value)
    if first.member == "invocationType":
        known = asked.operation.parameter("X-Amz-Invocation-Type").enum
        spelled = first.value.lower() in map(str.lower, known)
        return "invocation-types/case-sensitive" if spelled else "invocation-types/unknown"
    return VIOLATED.get((first.member, first.keyword), EMPTY)


def about_pattern(named: str) -> str:
    """Return the requirement about a FunctionName that the pattern does not match, by what is wrong with it."""
    if not named.strip():
        return "names/white-space" if named else EMPTY
    if re.search("%[0-9A-Fa-f]{2}", named):
        return "names/decoded-once"
    found = _NAMED.fullmatch(named)
    if found is not None and re.search(r"[^A-Za-z0-9_.-]", found[1]):
        return "names/illegal-character"
    return "names/malformed-arn" if _recorded(named.split(":")) else "names/pattern"


def _recorded(parts: Sequence[str]) -> bool:
    """Tell whether an ARN is wrong in a way that is recorded: service, region, account, or two qualifiers."""
    if parts[0] != "arn" or len(parts) <= _ACCOUNT + 1:
        return False
    service, region, account = parts[_SERVICE], parts[_REGION], parts[_ACCOUNT]
    return service != "lambda" or not region or not account or len(parts) > _LONGEST or not region[-1:].isdigit()


def about_message(broken: Sequence[Violation]) -> tuple[str, ...]:
    """Return the requirements about the message of violations, beside that about its form."""
    members = {one.member for one in broken}
    if len(broken) == 1:
        found = TOLD.get((broken[0].member, broken[0].keyword), "")
        long = found == "names/pattern-message" and len(broken[0].value) > LONG_ARN
        return tuple(filter(None, (found, "names/one-violation" if long else "")))
    return (
        "request-errors/all-violations",
        *(["names/every-constraint"] if members == {"functionName"} else []),
        *(["qualifiers/all-violations-together"] if {"functionName", "qualifier"} <= members else []),
    )


def joined(broken: Sequence[Violation]) -> Clauses:
    """Return that several violations stand in one line, joined by semicolons."""
    if len(broken) == 1 or any("\n" in one.value for one in broken):
        return ()
    text = f"^[^;]*: Value '.*{'; Value .*' * (len(broken) - 1)}$"
    return (Clause("request-errors/violation-format", "error message", "matches", text),)


def about_name(reference: FunctionReference, known: Iterable[str]) -> str:
    """Return the requirement about a function that is not there, by what is special about its name.

    Args:
        reference: FunctionName taken apart.
        known: names of functions that are there; what is special about those says nothing about a name made of them.
    """
    name, whole = reference.name, reference.text
    if name != "function" and "." not in name and any(one in name for one in known):
        return "names/unknown-function"
    special = {
        "names/word-function-is-a-name": name == "function",
        "names/dots": "." in name,
        "names/one-character": len(whole) == 1,
        "names/bare-65-characters": whole == name and len(name) == BARE_LIMIT,
        "names/up-to-the-longest": len(whole) >= BARE_LIMIT - 1,
        "names/well-formed": re.search("[A-Z_]", name) is not None,
    }
    return next((requirement for requirement, it_is in special.items() if it_is), "names/unknown-function")


LITERALS = ("true", "false", "null", "nan", "infinity", "undefined")
_WORD = re.compile(rb"\s*([A-Za-z][A-Za-z0-9]*)")
_BEHIND = re.compile(rb"[0-9]+[A-DF-WYZa-df-wyz]")
"""A number with a letter right behind it that belongs to no way to write numbers."""


def about_body(body: bytes, kind: Kind) -> str:
    """Return the requirement about a body that is no JSON, or no UTF-8, by what is wrong with it."""
    if kind == "not UTF-8":
        return "payload/invalid-utf8-in-string" if body[:1] in (b"{", b"[", b'"') else "payload/invalid-utf8"
    if _BEHIND.match(body):
        return "payload/trailing-garbage"
    cut = body.startswith(b"{") and body.count(b"{") > body.count(b"}")
    return "payload/malformed-json" if kind == "unclear" or cut or _word(body) else "payload/grammar"


def _word(body: bytes) -> str:
    """Return the bare word that a body begins with, where it is not the begin of a literal of JSON or JavaScript."""
    found = _WORD.match(body)
    word = found[1].decode() if found else ""
    return "" if any(one.startswith(word.lower()) for one in LITERALS) else word


def messages_of_body(body: bytes) -> Clauses:
    """Return the words that are recorded for such a body."""
    start, rest = "^Could not parse request body into json: ", r"(Could not parse payload into json: )?"
    word = _word(body) if body.isascii() else ""
    if word and not body[:1].isspace():
        text = rf"{start}{rest}Unrecognized token '{word}': was expecting \("
        return (Clause("payload/unrecognized-token-message", "error message", "matches", text),)
    if _BEHIND.match(body):
        text = "Expected space separating root-level values"
        return (Clause("payload/trailing-garbage-message", "error message", "matches", text),)
    return ()


def messages_of_size(asked: Asked, limit: int) -> Clauses:
    """Return the words that are recorded for a body that is too large."""
    kind, size = asked.InvocationType, len(asked.body)
    text = rf"^{size} byte payload is too large for the {kind} invocation type \(limit {limit} bytes\)$"
    if kind == SYNCHRONOUS:
        text += rf"|^Request must be smaller than {limit} bytes for the InvokeFunction operation$"
    return (
        Clause("request-errors/too-large-has-a-message", "error message", "matches", "."),
        Clause("limits/too-large-message", "error message", "matches", text),
    )


THROTTLED: Clauses = (
    Clause(
        "concurrency/throttled-reason",
        "json /Reason",
        "equals",
        "ReservedFunctionConcurrentInvocationLimitExceeded",
    ),
    Clause("concurrency/throttled-members", "members", "equals", ["Reason", "Type", "message"]),
)
"""What is recorded of the body of a refusal above the reserved concurrency of a function."""
