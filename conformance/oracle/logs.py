"""What must hold of the log that comes with an answer, as clauses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.oracle.clause import Clause

if TYPE_CHECKING:
    from conformance.contract.model import Contract
    from conformance.oracle.asked import Asked
    from conformance.oracle.world import Deployed, Ran

Clauses = tuple[Clause, ...]

BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
ID = "header x-amzn-RequestId"
LOG = "header X-Amz-Log-Result"
FRAME = 512
"""Bytes that suffice for what the platform adds to what a function prints."""
LATEST = "$LATEST"


def whole_log(versions: str, output: str) -> str:
    """Return the pattern of a log that fits.

    Args:
        versions: pattern of what START says.
        output: what the function printed, with the line break that ends it.
    """
    return (
        rf"^START RequestId: (?P<id>[0-9a-f-]{{36}}) Version: ({versions})\n{re.escape(output)}"
        r"END RequestId: (?P=id)\nREPORT RequestId: (?P=id)\tDuration: [0-9.]+ ms\tBilled Duration: [0-9]+ ms\t"
        r"Memory Size: [0-9]+ MB\tMax Memory Used: [0-9]+ MB\t(Init Duration: [0-9.]+ ms\t)?\n"
    )


def of_log(asked: Asked, contract: Contract, deployed: Deployed, ran: Ran | None) -> Clauses:
    """Return what must hold of the log of a synchronous answer of Invoke."""
    failed = ran is not None and ran.failed
    if asked.values.get("X-Amz-Log-Type") != "Tail":
        return (Clause("logs/none-on-function-error" if failed else "logs/none", LOG, "is absent"),)
    by_platform = ran is not None and ran.cause in {"exit", "timeout", "too large"}
    on_error = "logs/tail-on-platform-error" if by_platform else "logs/tail-on-function-error"
    most = contract.limits["log-result"]
    return (
        Clause(on_error if failed else "logs/tail", LOG, "is present"),
        Clause("logs/base64", LOG, "matches", BASE64),
        Clause("logs/last-4-kib", "log size", "is at most", most),
        *(_traceback(ran) if ran is not None and failed else _output(asked, deployed, ran, most)),
    )


def of_streamed_log(asked: Asked, contract: Contract, ran: Ran | None) -> Clauses:
    """Return what must hold of the log in the last event of a stream."""
    if asked.values.get("X-Amz-Log-Type") != "Tail":
        return (Clause("streaming/no-log", "complete /LogResult", "is absent"),)
    size = Clause("streaming/log", "streamed log size", "is at most", contract.limits["log-result"])
    last = (ran.printed or "").rstrip("\n").rpartition("\n")[2] if ran is not None else ""
    return (size, *((Clause("streaming/log", "streamed log", "matches", re.escape(last)),) if last else ()))


def _traceback(ran: Ran) -> Clauses:
    """Return that the log of an exception of a Python function has it, with where it was raised."""
    kind, message = (str(ran.payload.get(name, "")) for name in ("errorType", "errorMessage"))
    if ran.cause != "exception" or not message.isascii() or not message.isprintable() or not message:
        return ()
    text = rf"\[ERROR\] {re.escape(kind)}: {re.escape(message)}\nTraceback \(most recent call last\):\n"
    return (Clause("logs/traceback", "log", "matches", text),)


def _output(asked: Asked, deployed: Deployed, ran: Ran | None, most: int) -> Clauses:
    """Return that what the function printed is there, whole where it fits, and else its end."""
    told = ran.printed if ran is not None else None
    printed = "" if told is None and deployed.silent else told
    if printed is None:
        return ()
    found = sorted(deployed.resolve(asked.qualifier))
    versions = "|".join(map(re.escape, found))
    if len(printed.encode()) > most - FRAME:
        return _end(printed, most)
    framed, whole = "logs/start-end-report", whole_log(versions, printed)
    started = "logs/start-version" if asked.qualifier in found else "logs/start-version-of-alias"
    start = rf"^START RequestId: [0-9a-f-]{{36}} Version: ({versions})\n"
    return (
        Clause(framed, "log", "matches", whole),
        Clause(framed, "log", "contains", ID),
        Clause("logs/own-call-only" if printed else "logs/silent-function", "log", "matches", whole),
        *([Clause(started, "log", "matches", start)] if LATEST not in found else []),
        *([Clause("logs/tail-contains-output", "log", "matches", re.escape(_last(printed)))] if printed else []),
    )


def _end(printed: str, most: int) -> Clauses:
    """Return that of a log that is too long the end comes back, without a gap."""
    kept = printed.encode()[-(most - FRAME) :].decode("utf-8", "ignore").partition("\n")[2]
    return (
        Clause("logs/last-4-kib", "log size", "is at least", most // 2),
        Clause("logs/tail-is-the-end", "log", "matches", re.escape(_last(printed))),
        Clause("logs/end-unbroken", "log", "matches", re.escape(kept)),
    )


def _last(printed: str) -> str:
    return printed.rstrip("\n").rpartition("\n")[2]
