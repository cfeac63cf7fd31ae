"""Hooks of Schemathesis for somebody who knows the target: its requests name functions that exist and are accepted.

They do what its documentation recommends and no more: values that exist, a format of its own, parameters that depend on
one another, and the answers that AWS really gives where a check expects others. They hold no expectation that
spec/openapi.yaml does not state; tuned.toml holds what is configured without code.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from urllib.parse import unquote

import schemathesis
from hypothesis import strategies as st

import peering.signing  # noqa: F401  signs, by being imported  # pyright: ignore[reportUnusedImport]
from conformance.fixtures.table import FIXTURES, PREFIX, Fixture
from conformance.targets.identity import ACCOUNT, REGION

library: Any = schemathesis
"""Untyped where hooks are concerned."""
ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{PREFIX}"
NAMES = (
    PREFIX + "echo",
    f"{ACCOUNT}:function:{PREFIX}context",
    ARN + "raise",
    ARN + "versioned:live",
    ARN + "log",
)
"""Examples of FunctionName, in place of those of functions that don't exist here."""
NAME, QUALIFIER, TENANT = "FunctionName", "Qualifier", "X-Amz-Tenant-Id"

_grammar: list[re.Pattern[str]] = []
"""The pattern of FunctionName, once the contract is loaded."""
_words = st.text(max_size=20)
library.openapi.format(
    "client-context",
    st.dictionaries(
        st.sampled_from(["custom", "client", "env"]), st.dictionaries(_words, _words, max_size=3), max_size=3
    ).map(lambda value: base64.b64encode(json.dumps(value).encode()).decode()),
)


@library.hook
def before_load_schema(_: Any, raw_schema: dict[str, Any]) -> None:  # noqa: ANN401  Schemathesis's own
    """Name functions and qualifiers that exist, and say what OpenAPI can't: that a client context is JSON in base64."""
    components = raw_schema["components"]
    parameters = components["parameters"]
    _grammar[:] = [re.compile(parameters[NAME]["schema"]["pattern"])]
    parameters[NAME]["examples"] = {f"name{number}": {"value": name} for number, name in enumerate(NAMES)}
    parameters[QUALIFIER]["examples"] = {"latest": {"value": "$LATEST"}}
    parameters["ClientContext"]["schema"]["format"] = "client-context"
    # The reference takes an InvokeAsync without a body, as it takes an Invoke without one.
    components["requestBodies"]["InvokeArgs"]["required"] = False


@library.hook
def before_call(_: Any, case: Any, __: Any) -> None:  # noqa: ANN401  Schemathesis's own
    """Make valid parameters fit the function and one another, so that nothing but what is invalid on purpose is."""
    if _invalid(case, "path", NAME):
        return
    fixture, suffix = _function(case)
    _fit_qualifier(case, fixture, suffix)
    if fixture is None:
        return
    if case.path.endswith("invoke-async"):
        if fixture.tenancy:
            case.path_parameters[NAME] = PREFIX + "echo"
    elif not _invalid(case, "header", TENANT):
        if fixture.tenancy:
            case.headers.setdefault(TENANT, "blue")
        else:
            case.headers.pop(TENANT, None)


def _fit_qualifier(case: Any, fixture: Fixture | None, suffix: str | None) -> None:  # noqa: ANN401  Schemathesis's own
    """Take a qualifier away that the name has already; in place of one that the function has not, name $LATEST."""
    query: dict[str, Any] = case.query or {}
    given = query.get(QUALIFIER)
    if given is None or _invalid(case, "query", QUALIFIER):
        return
    if suffix:
        del query[QUALIFIER]
    elif fixture is not None and given not in _qualifiers(fixture):
        query[QUALIFIER] = "$LATEST"


@library.hook
def filter_failure(_: Any, failure: Any, case: Any, response: Any) -> bool:  # noqa: ANN401  Schemathesis's own
    """Keep a failure unless the answer is the one that AWS gives; each exception is one that the contract documents."""
    status = response.status_code
    error = (response.headers.get("x-amzn-errortype") or [""])[0]
    sent = response.request.headers
    match type(failure).__name__:
        case "IgnoredAuth":  # an Authorization header that can't be read is 400
            return "got `400" not in failure.message
        case "MissingHeaderNotRejected":  # a request without a signature is 403, not 401
            return (status, error) != (403, "MissingAuthenticationTokenException")
        case "AcceptedNegativeData":  # the signature is looked at first
            unsigned = "Authorization" not in sent and error == "MissingAuthenticationTokenException"
            beyond = error == "InvalidSignatureException" and not all(map(_ascii, sent.values()))
            return not (status == 403 and (unsigned or beyond))  # noqa: PLR2004  Forbidden
        case "RejectedPositiveData":
            return not _rightly_refused(case, status, error)
        case _:
            return True


def _rightly_refused(case: Any, status: int, error: str) -> bool:  # noqa: ANN401  Schemathesis's own
    """Tell whether a valid request asks for what is not there, not ours, or already running with another payload."""
    match status, error:
        case 404, "ResourceNotFoundException":
            fixture, suffix = _function(case)
            return fixture is None or (bool(suffix) and suffix not in _qualifiers(fixture))
        case 403, "AccessDeniedException":
            named = unquote(str(case.path_parameters[NAME]))
            foreign_account = re.search(r"(?:^|:)([0-9]{12}):", named)
            return bool(foreign_account) and ACCOUNT not in named
        case 409, "DurableExecutionAlreadyStartedException":
            return True
        case _:
            return False


def _function(case: Any) -> tuple[Fixture | None, str | None]:  # noqa: ANN401  Schemathesis's own
    """Return the function that a case names, None when it does not exist, and the qualifier behind its name."""
    parameters: dict[str, Any] = case.path_parameters or {}
    found = _grammar[0].match(unquote(str(parameters.get(NAME, ""))))
    if found is None:
        return None, None
    name, prefixed = found[11].removeprefix(PREFIX), found[11].startswith(PREFIX)
    return FIXTURES.get(name) if prefixed else None, found[13]


def _qualifiers(fixture: Fixture) -> set[str]:
    """Return the qualifiers that a function has."""
    versions = {str(number) for number in range(1, fixture.versions + 1)}
    return {"$LATEST", *versions, *fixture.aliases, *(["$LATEST.PUBLISHED"] if versions else [])}


def _invalid(case: Any, location: str, parameter: str) -> bool:  # noqa: ANN401  Schemathesis's own
    """Tell whether a parameter is, or may be, invalid on purpose."""
    if case.meta is None or case.meta.generation.mode.value == "positive":
        return False
    named = getattr(case.meta.phase.data, "parameter", None)
    if named is not None:
        return bool(named == parameter)
    return any(where.value == location and one.mode.value == "negative" for where, one in case.meta.components.items())


def _ascii(value: str | bytes) -> bool:
    return value.isascii()
