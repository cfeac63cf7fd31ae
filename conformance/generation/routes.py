"""Cases about methods and paths that belong to no operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.model import Call
from conformance.generation.drafts import Draft
from conformance.generation.placing import NEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Operation

METHODS: Mapping[str, bytes] = {"GET": b"", "PUT": b"{}", "PATCH": b"{}", "DELETE": b""}
"""Method -> the body that goes with it."""
PREFLIGHT = (
    ("Origin", "https://app.example"),
    ("Access-Control-Request-Method", "POST"),
    ("Access-Control-Request-Headers", "authorization,content-type,x-amz-date,x-amz-invocation-type"),
)


def routes(operation: Operation) -> Iterator[Draft]:
    """Yield the cases about the path of an operation."""
    path = operation.path.replace("{FunctionName}", "{echo}")
    prefix, needs = f"routing/{operation.id}", NEEDS[operation.id]
    twin = f"answers/{operation.id}/" + ("taken" if operation.id == "InvokeAsync" else "RequestResponse/taken")
    for method, body in METHODS.items():
        call = Call(method=method, body=body, operation=operation.id)
        yield Draft(f"{prefix}/method/{method}", f"{method} on the path of {operation.id}", call, twin, needs)
    if operation.id == "InvokeAsync":
        yield Draft(
            f"{prefix}/slash-behind",
            "The path of InvokeAsync with a slash behind it, as older clients send it",
            Call(path=f"{path}/", operation=operation.id, body=b'{"slashed": true}'),
            twin,
            needs,
        )
    if operation.id == "Invoke":
        preflight = Call(method="OPTIONS", headers=PREFLIGHT, body=b"", signing="unsigned")
        yield Draft(f"{prefix}/preflight", "OPTIONS, as a browser sends it before a call", preflight, twin)
        for part, (what, at) in _nearly(path).items():
            yield Draft(f"{prefix}/path/{part}", f"{what}: {at}", Call(path=at), twin)


def _nearly(path: str) -> Mapping[str, tuple[str, str]]:
    """Return paths that are nearly that of Invoke: part of an id -> what it is, and the path."""
    version = path.split("/")[1]
    versionless = path.removeprefix(f"/{version}")
    return {
        "root": ("The path of nothing", "/"),
        "no-name": ("The path of Invoke without a name", path.replace("{echo}", "")),
        "other": ("A path of another service", "/v1/messages"),
        "letter-missing": ("The path of Invoke without its last letter", path[:-1]),
        "segment-behind": ("The path of Invoke with a segment behind it", f"{path}/more"),
        "no-version": ("The path of Invoke without the version", versionless),
        "unknown-version": ("The path of Invoke under a version that never was", f"/1999-12-31{versionless}"),
        "slash-before": ("The path of Invoke behind a second slash", f"/{path}"),
        "slashes-before": ("The path of Invoke behind two more slashes", f"//{path}"),
    }
