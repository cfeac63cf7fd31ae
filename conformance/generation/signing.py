"""Cases about signatures: each way to sign that there is, with each operation and with requests of several kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.cases.model import Call
from conformance.generation.answers import REFUSED
from conformance.generation.drafts import Draft
from conformance.generation.placing import ARN, NEEDS
from conformance.oracle.signatures import FLAWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Operation

PLAIN = Call(body=b'{"signed": true}')
SHAPES: Mapping[str, Call] = {
    "plain": PLAIN,
    "no-body": replace(PLAIN, body=b""),
    "query": Call("{versioned}", "Qualifier=1", body=b'{"signed": true}'),
    "arn": replace(PLAIN, FunctionName=ARN + "{echo}"),
    "arn-raw": replace(PLAIN, FunctionName=ARN + "{echo}", escape="raw"),
    "suffix": replace(PLAIN, FunctionName="{versioned}:1"),
    "Tail": replace(PLAIN, headers=(("X-Amz-Log-Type", "Tail"),)),
    "Event": replace(PLAIN, headers=(("X-Amz-Invocation-Type", "Event"),)),
    "DryRun": replace(PLAIN, headers=(("X-Amz-Invocation-Type", "DryRun"),)),
}
"""Requests of several kinds, all of them taken where the signature is right."""
ELSEWHERE = ("plain", "arn")
"""Those that are tried with other operations, too."""
ONLY: Mapping[str, frozenset[str]] = {
    "other-query": frozenset({"query"}),
    "path-encoded-once": frozenset({"arn", "suffix"}),
    "unsigned-payload": frozenset({"plain", "arn"}),
}
"""Ways to sign that differ from the right one with some of the requests alone."""
RECENT = "3-minutes-ago"
NEEDED = ("signatures",)


def signatures(operation: Operation) -> Iterator[Draft]:
    """Yield the cases of an operation."""
    shapes = SHAPES if operation.id == "Invoke" else {name: SHAPES[name] for name in ELSEWHERE}
    for name, call in shapes.items():
        yield _draft(operation, f"{RECENT}/{name}", RECENT, call)
        for signing in FLAWS:
            if name in ONLY.get(signing, {name}):
                yield _draft(operation, f"{signing}/{name}", signing, call)
    if operation.id == "InvokeAsync":
        path = operation.path.replace("{FunctionName}", "{echo}") + "/"
        for signing in (RECENT, "wrong-secret"):
            yield _draft(operation, f"{signing}/slash-behind", signing, replace(PLAIN, path=path))
    if operation.id == "Invoke":
        beyond = Call("{context}", headers=(("X-Amz-Client-Context", "Ω≈ç√".encode().decode("latin-1")),))
        yield _draft(operation, "valid/header-beyond-ascii", "valid", beyond)
        for name, (_, call) in REFUSED.items():
            for signing in ("unsigned", "wrong-secret"):
                yield _draft(operation, f"before/{name}/{signing}", signing, call)


def _draft(operation: Operation, id: str, signing: str, call: Call) -> Draft:
    prefix = f"signing/{operation.id}"
    what = signing.replace("-", " ")
    return Draft(
        id=f"{prefix}/{id}",
        purpose=f"A request to {operation.id} that is signed in this way: {what} ({id.replace('/', ', ')})",
        call=replace(call, operation=operation.id, signing=signing),
        twin=f"{prefix}/{RECENT}/plain",
        capabilities=(*NEEDS[operation.id], *NEEDED),
    )
