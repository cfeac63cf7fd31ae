"""What a request shows by being taken: the requirements about the one respect in which it is not the plainest there is.

A request that differs from a plain one in several respects shows nothing about any of them, if it fails: then the
requirement about the invocation type is all that can be cited.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from conformance.contract.names import form
from conformance.oracle.asked import SYNCHRONOUS
from conformance.oracle.reading import is_object, parse_json
from conformance.oracle.world import LATEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.oracle.asked import Asked
    from conformance.oracle.world import Deployed, Ran

    Respect = Callable[[Asked, Deployed, Ran | None], tuple[str, ...]]
    Test = Callable[[Asked, Deployed, Ran | None], object]

Names = tuple[str, ...]
INVOKE, STREAM = "Invoke", "InvokeWithResponseStream"
SDK_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/json"})
"""Content types that SDKs send."""
MEMBERS = frozenset({"custom", "env", "client"})
"""Of a client context."""
HEADERS = frozenset(
    f"x-amz-{one}" for one in ("invocation-type", "log-type", "client-context", "durable-execution-name", "tenant-id")
)
"""Of Invoke, in lower case."""
LONG_CONTEXT = 1024
"""Bytes of a client context beyond which its length is what it is about."""
FORMER_EVENT, LARGE, LARGE_ASYNC = 262_144, 1_000_000, 65_536
"""Bytes beyond which the size of a body is what it is about."""
UNRESERVED = re.compile(r"%(?:2[dDeE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[fF]|7[eE])")
"""Percent-encoded letters, digits and the like, which need not be."""
LOWER_HEX = re.compile(r"%(?:[a-f][0-9a-fA-F]|[0-9A-F][a-f])")


def doubt(asked: Asked) -> str:
    """Return the requirement about a respect in which it is only inferred how a request is taken; empty for none."""
    operation = asked.operation.id
    content_type = asked.others.get("content-type", "")
    spelled = asked.request.target.decode("latin-1")
    found = {
        "payload/any-content-type": content_type not in SDK_TYPES,
        "payload/chunked": bool(asked.request.header("Transfer-Encoding")),
        "payload/expect-continue": "expect" in asked.others,
        "routing/upper-case-headers": any(name.isupper() for name in asked.spellings),
        "invoke-async/no-other-members": operation == "InvokeAsync" and _for_invoke(asked),
        "routing/unknown-query": asked.unknown_query,
        "routing/encoded-path": UNRESERVED.search(spelled) is not None,
        "names/hex-digits-of-either-case": LOWER_HEX.search(spelled) is not None,
        "streaming/empty-body": operation == STREAM and not asked.body,
        "streaming/request-limit": operation == STREAM and len(asked.body) > LARGE,
        "client-context/other-members": not _known_context(asked.values.get("X-Amz-Client-Context")),
    }
    return next((requirement for requirement, there in found.items() if there), "")


def _for_invoke(asked: Asked) -> bool:
    """Tell whether a request has a query or a header that means something to Invoke."""
    return b"?" in asked.request.target or not HEADERS.isdisjoint(asked.others)


def _known_context(value: str | None) -> bool:
    """Tell whether a client context is none, or has members that are known; one that can't be read is no doubt."""
    try:
        found = parse_json(base64.b64decode(value or "", validate=True))
    except ValueError:
        return True
    return not is_object(found) or (
        found != {} and all(is_object(found.get(name, {})) for name in MEMBERS) and not set(found) - MEMBERS
    )


def shown(asked: Asked, deployed: Deployed, ran: Ran | None) -> Names:
    """Return what a request that is taken shows: the requirements with which its status is judged, the first first."""
    kind = (asked.operation.id, asked.InvocationType)
    respects = [found for one in RESPECTS.get(kind, ()) if (found := one(asked, deployed, ran))]
    return respects[0] if len(respects) == 1 else PLAIN[kind] if not respects else PLAIN[kind][:1]


def _name(asked: Asked, _: Deployed, __: Ran | None) -> Names:
    """How the function is named."""
    reference, named = asked.reference, asked.values["FunctionName"]
    forms = {"partial ARN": ("names/partial-arn",), "ARN": ("names/arn",)}
    found = forms.get(form(reference), ()) if reference is not None else ()
    if ":" in named:
        found += ("names/raw-colons",) if b":" in asked.spelled else ("names/encoded-colons",)
    return found


def _version(asked: Asked, deployed: Deployed, _: Ran | None) -> Names:
    """Which version is asked for, and how."""
    suffix = asked.reference.qualifier if asked.reference is not None else None
    wanted = asked.values.get("Qualifier")
    if deployed.durable:
        named = "X-Amz-Durable-Execution-Name" in asked.values
        return ("durable/name-constraints",) if named else ("durable/qualified",)
    if suffix is not None and wanted is not None:
        return ("qualifiers/agreeing",)
    if suffix is not None:
        return ("qualifiers/suffix-latest" if suffix == LATEST else "qualifiers/suffix",)
    if wanted is None:
        return ()
    if wanted == LATEST:
        return ("qualifiers/latest",)
    return ("qualifiers/version" if wanted in deployed.versions else "qualifiers/alias",)


def _named(asked: Asked, deployed: Deployed, ran: Ran | None) -> Names:
    """How function and version are named, which is one respect: a suffix stands in a name."""
    return _version(asked, deployed, ran) + _name(asked, deployed, ran)


def _by_arn(asked: Asked) -> bool:
    """Tell whether the function is named by its ARN or by a partial ARN."""
    return asked.reference is not None and form(asked.reference) in {"partial ARN", "ARN"}


def _named_async(asked: Asked, _: Deployed, __: Ran | None) -> Names:
    """How InvokeAsync names function and version, which is one respect: it has no parameter for the latter."""
    suffix = ("invoke-async/qualifier-in-name",) if asked.qualifier else ()
    return (*suffix, *(("invoke-async/names",) if _by_arn(asked) else ()))


def _explicit(asked: Asked, _: Deployed, __: Ran | None) -> Names:
    return ("invocation-types/request-response",) if "X-Amz-Invocation-Type" in asked.values else ()


def _spelling(asked: Asked, _: Deployed, __: Ran | None) -> Names:
    return ("routing/lower-case-headers",) if any(name.islower() for name in asked.spellings) else ()


def _headers(asked: Asked, _: Deployed, __: Ran | None) -> Names:
    """Headers that mean nothing, or little."""
    requirements = {
        "content-type": "payload/sdk-content-types",
        "accept": "payload/any-accept",
        "x-amzn-requestid": "request-errors/request-id-of-the-caller",
    }
    return tuple(dict.fromkeys(requirements.get(name, "routing/unknown-headers") for name in asked.others))


def _context(asked: Asked, _: Deployed, __: Ran | None) -> Names:
    value = asked.values.get("X-Amz-Client-Context")
    if value is None:
        return ()
    return ("client-context/longest" if len(value) > LONG_CONTEXT else "client-context/round-trip",)


def _body(asked: Asked, _: Deployed, __: Ran | None) -> Names:
    if not asked.body:
        return ("payload/empty-body-is-object",)
    return ("limits/synchronous-request",) if len(asked.body) > LARGE else ()


def _tenant(asked: Asked, _: Deployed, __: Ran | None) -> Names:
    return ("tenant/accepted", "tenant/constraints") if "X-Amz-Tenant-Id" in asked.values else ()


def _failing(_: Asked, __: Deployed, ran: Ran | None) -> Names:
    return ("status-codes/function-error-200",) if ran is not None and ran.failed else ()


def _where(test: Test, *requirements: str) -> Respect:
    def found(asked: Asked, deployed: Deployed, ran: Ran | None) -> Names:
        return requirements if test(asked, deployed, ran) else ()

    return found


_EVENT = (
    _where(lambda asked, one, _: asked.qualifier and not one.durable, "invocation-types/event-of-version"),
    _name,
    _where(lambda asked, _, __: not asked.body, "payload/event-without-body"),
    _where(lambda asked, _, __: "X-Amz-Client-Context" in asked.values, "client-context/accepted-for-events"),
    _where(lambda asked, _, __: "X-Amz-Tenant-Id" in asked.values, "tenant/event"),
    _where(lambda asked, _, __: len(asked.body) > FORMER_EVENT, "limits/event-request", "limits/event-limit-raised"),
    _where(lambda _, __, ran: ran and ran.failed, "invocation-types/event-accepted-though-function-fails"),
    _where(lambda _, one, __: one.exhausted, "concurrency/event-accepted"),
    _where(lambda _, one, __: one.long, "durable/long-event"),
    _spelling,
    _headers,
)
_DRY_RUN = (
    _where(lambda asked, _, __: asked.qualifier, "invocation-types/dry-run-of-version"),
    _name,
    _where(lambda _, __, ran: ran and ran.failed, "invocation-types/dry-run-of-failing-function"),
    _spelling,
    _headers,
)
_SYNCHRONOUS = (_named, _explicit, _spelling, _headers, _context, _body, _tenant, _failing)
_STREAMED = (
    _where(lambda asked, _, __: _by_arn(asked), "streaming/route-by-arn"),
    _where(lambda asked, _, __: asked.qualifier, "streaming/executed-version"),
    _where(lambda asked, _, __: "X-Amz-Invocation-Type" in asked.values, "streaming/types"),
    _where(lambda asked, _, __: "X-Amz-Client-Context" in asked.values, "streaming/client-context"),
    _where(lambda asked, _, __: "X-Amz-Tenant-Id" in asked.values, "tenant/accepted", "tenant/constraints"),
    _where(lambda _, __, ran: ran and ran.failed, "streaming/function-error"),
    _spelling,
    _headers,
)
_ASYNC = (
    _where(lambda asked, _, __: asked.request.target.endswith(b"/"), "invoke-async/trailing-slash"),
    _named_async,
    _where(lambda asked, _, __: len(asked.body) > LARGE_ASYNC, "invoke-async/limit"),
    _where(lambda _, __, ran: ran and ran.failed, "invoke-async/accepted-though-function-fails"),
)
RESPECTS: Mapping[tuple[str, str], tuple[Respect, ...]] = {
    (INVOKE, SYNCHRONOUS): _SYNCHRONOUS,
    (INVOKE, "Event"): _EVENT,
    (INVOKE, "DryRun"): _DRY_RUN,
    (STREAM, SYNCHRONOUS): _STREAMED,
    ("InvokeAsync", "Event"): _ASYNC,
}
"""Operation and invocation type -> the respects in which a request may differ from a plain one."""
PLAIN: Mapping[tuple[str, str], Names] = {
    (INVOKE, SYNCHRONOUS): (
        "status-codes/synchronous-200",
        "invocation-types/default-is-synchronous",
        "payload/sdk-content-types",
    ),
    (INVOKE, "Event"): ("status-codes/event-202",),
    (INVOKE, "DryRun"): ("status-codes/dry-run-204",),
    (STREAM, SYNCHRONOUS): ("streaming/chunks-and-complete",),
    (STREAM, "DryRun"): ("streaming/dry-run",),
    ("InvokeAsync", "Event"): ("status-codes/invoke-async-202",),
}
"""The same -> what a plain request shows; of one that differs in several respects, the first alone."""
