"""Faults of versions and aliases: how they are asked for, found and checked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.answer import Refusal
from conformance.reference.checks import check_name, check_qualifier
from conformance.reference.faults.building import around, gate, knowing
from conformance.reference.faults.editing import values
from conformance.reference.faults.model import Fault
from conformance.reference.faults.names import RIE, admitted, found, message
from conformance.reference.functions import LATEST, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract.names import FunctionReference
    from conformance.exchange.message import Request
    from conformance.reference.asynchronous import Run
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.editing import Read
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation

QUALIFIER = "Qualifier"
BOTH = "The derived qualifier from the function name does not match the specified qualifier."
_OF_ALIAS = re.compile(r"^Function not found: (?=.*:function:[^:]+:(?!\$LATEST|[0-9]+$))")
LARGEST = 2**31 - 1
"""The largest version where versions are integers of 32 bits."""


def _ignored(call: Call) -> Mapping[str, str]:
    return {name: value for name, value in call.values.items() if name != QUALIFIER}


def _any_case(call: Call) -> Mapping[str, str]:
    latest = call.values.get(QUALIFIER, "").upper() == LATEST
    return {**call.values, QUALIFIER: LATEST} if latest else call.values


def _key(request: Request, route: Route) -> Route:  # noqa: ARG001  as all that change a route
    """Read the key in lower case, and not as it is."""
    asked = route.query.get(QUALIFIER.lower())
    return replace(route, query={} if asked is None else {QUALIFIER: asked})


def _raw(request: Request, route: Route) -> Route:
    """Read the values of the query as they were sent."""
    parts = (part.partition(b"=") for part in request.target.partition(b"?")[2].split(b"&"))
    return replace(route, query={name.decode("latin-1"): value.decode("latin-1") for name, _, value in parts})


def _no_queries(unbroken: Read) -> Read:
    def read(request: Request, route: Route, request_id: str) -> Call:
        if route.query:
            raise Refusal("InvalidRequestContentException", "Query Parameters are not supported")
        return unbroken(request, route, request_id)

    return read


def _suffix(tells: Callable[[str], bool], error: str) -> Change:
    """Refuse suffixes that are not understood."""

    def name(call: Call) -> FunctionReference:
        reference = check_name(call)
        if reference.qualifier is not None and tells(reference.qualifier):
            raise Refusal(error, f"Function not found: {reference.text}")
        return reference

    return gate(name=name)


def _chosen(choose: Callable[[str | None, str | None], str | None]) -> Change:
    """Choose between suffix and parameter."""

    def qualifier(call: Call, reference: FunctionReference) -> str | None:
        return choose(reference.qualifier, call.values.get(QUALIFIER))

    return gate(qualifier=qualifier)


def _not_both(call: Call, reference: FunctionReference) -> str | None:
    if reference.qualifier is not None and QUALIFIER in call.values:
        raise Refusal("InvalidParameterValueException", BOTH)
    return check_qualifier(call, reference)


def _same_version(setting: Setting) -> Change:
    """Compare the versions that suffix and parameter stand for."""

    def qualifier(call: Call, reference: FunctionReference) -> str | None:
        asked, fixture = call.values.get(QUALIFIER), setting.functions.get(reference.name)
        if (
            fixture
            and reference.qualifier
            and asked
            and resolve(fixture, asked) == resolve(fixture, reference.qualifier)
        ):
            return reference.qualifier
        return check_qualifier(call, reference)

    return gate(qualifier=qualifier)


def _looked_up(instead: Callable[[str, int], str | None]) -> Change:
    """Find another qualifier for one that the function does not have: told it and the number of versions."""

    def make(setting: Setting) -> Change:
        def qualifier(call: Call, reference: FunctionReference) -> str | None:
            asked = check_qualifier(call, reference)
            fixture = setting.functions.get(reference.name)
            if fixture is None or asked is None or resolve(fixture, asked) is not None:
                return asked
            return instead(asked, fixture.versions)

        return gate(qualifier=qualifier)

    return knowing(make)


def _overflow(asked: str, _: int) -> str:
    if asked.isdecimal() and int(asked) > LARGEST:
        raise Refusal("ServiceException", "An error occurred and the request cannot be processed.")
    return asked


def _unpublished(unbroken: Run) -> Run:
    return lambda invocation: unbroken(replace(invocation, version=LATEST))


def _alias_sought(text: str) -> str:
    """Say that it is an alias what can't be found, where no version is sought."""
    return _OF_ALIAS.sub("Cannot find alias arn: ", text)


def _bare(call: Call, invocation: Invocation) -> Invocation:  # noqa: ARG001  as all that change what runs
    """Leave the qualifier out of the ARN."""
    start, part, _ = invocation.arn.partition(f":function:{invocation.function_name}")
    return replace(invocation, arn=start + part)


def _resolved(call: Call, invocation: Invocation) -> Invocation:
    """Put the version into the ARN in the place of an alias."""
    bare = _bare(call, invocation).arn
    return invocation if invocation.arn == bare else replace(invocation, arn=f"{bare}:{invocation.version}")


def _own_version(call: Call, invocation: Invocation) -> Invocation:  # noqa: ARG001  as all that change what runs
    """Run the version of an alias itself."""
    _, _, asked = invocation.arn.partition(f":function:{invocation.function_name}:")
    return replace(invocation, version=invocation.fixture.aliases.get(asked, invocation.version))


def _full(call: Call, invocation: Invocation) -> Invocation:
    unqualified = _bare(call, invocation).arn == invocation.arn
    return replace(invocation, arn=f"{invocation.arn}:{LATEST}") if unqualified else invocation


FAULTS = (
    Fault(
        "qualifiers/ignored",
        "does not read ?Qualifier=",
        ("qualifiers/version", "qualifiers/alias"),
        values(_ignored),
        seen=f"moto 5.2.5 without Docker, serverless-offline 14.8.2, {RIE}",
    ),
    Fault(
        "qualifiers/lower-case-key",
        "reads ?qualifier= in the place of ?Qualifier=",
        ("qualifiers/version", "qualifiers/alias"),
        found(_key),
        seen="moto 5.2.5",
    ),
    Fault(
        "qualifiers/no-queries",
        "refuses every query",
        ("qualifiers/version", "qualifiers/alias"),
        around("read", _no_queries),
        seen="SAM local 1.170.0",
    ),
    Fault(
        "qualifiers/not-decoded",
        "takes ?Qualifier= as it was sent, percent signs and all",
        ("qualifiers/latest",),
        found(_raw),
    ),
    Fault(
        "qualifiers/no-suffixes",
        "takes a name with a suffix for one that nobody has",
        ("qualifiers/suffix",),
        _suffix(lambda _: True, "ResourceNotFoundException"),
        seen=f"serverless-offline 14.8.2, {RIE}",
    ),
    Fault(
        "qualifiers/version-suffix-breaks",
        "breaks at the suffix of a version",
        ("qualifiers/suffix",),
        _suffix(str.isdecimal, "ServiceException"),
        seen="localstack 2.3.2",
    ),
    Fault(
        "qualifiers/latest-suffix-unknown",
        "does not know the suffix $LATEST",
        ("qualifiers/suffix-latest",),
        _suffix(lambda suffix: suffix == LATEST, "ResourceNotFoundException"),
    ),
    Fault(
        "qualifiers/suffix-wins",
        "prefers the suffix where ?Qualifier= is another one",
        ("qualifiers/disagreeing", "qualifiers/disagreeing-before-look-up"),
        _chosen(lambda suffix, asked: suffix or asked),
        seen="ministack 1.5.33",
    ),
    Fault(
        "qualifiers/parameter-wins",
        "prefers ?Qualifier= where the suffix is another one",
        ("qualifiers/disagreeing", "qualifiers/disagreeing-before-look-up"),
        _chosen(lambda suffix, asked: asked or suffix),
    ),
    Fault(
        "qualifiers/compared-by-version",
        "finds no contradiction between an alias and the version that it stands for",
        ("qualifiers/disagreeing",),
        knowing(_same_version),
    ),
    Fault(
        "qualifiers/never-both",
        "refuses a suffix beside ?Qualifier=, even where they are equal",
        ("qualifiers/agreeing",),
        gate(qualifier=_not_both),
    ),
    Fault(
        "qualifiers/latest-in-any-case",
        "takes $latest for $LATEST",
        ("qualifiers/case-sensitive",),
        values(_any_case),
    ),
    Fault(
        "qualifiers/unknown-alias-runs",
        "runs the unpublished version where there is no such alias",
        ("qualifiers/unknown-alias",),
        _looked_up(lambda asked, _: asked if asked.isdecimal() else None),
        seen="fakecloud before its pull request 1790, moto 5.2.5 without Docker",
    ),
    Fault(
        "qualifiers/unknown-version-runs",
        "runs the unpublished version where there is no such version",
        ("qualifiers/unknown-version",),
        _looked_up(lambda asked, _: None if asked.isdecimal() else asked),
        seen="moto 5.2.5 without Docker",
    ),
    Fault(
        "qualifiers/version-zero-is-the-last",
        "runs the newest version as version 0, as it counts back from the first",
        ("qualifiers/unknown-version",),
        _looked_up(lambda asked, versions: str(versions) if asked == "0" and versions else asked),
    ),
    Fault(
        "qualifiers/huge-versions-break",
        "breaks at the number of a version that needs more than 32 bits",
        ("qualifiers/unknown-version",),
        _looked_up(_overflow),
    ),
    Fault(
        "qualifiers/code-of-latest",
        "runs the unpublished code whatever version is asked for",
        ("qualifiers/version", "qualifiers/alias"),
        around("run", _unpublished),
    ),
    Fault(
        "qualifiers/weights-overlooked",
        "sends all calls of an alias to one version, whatever its weights are",
        ("response-headers/executed-version-weighted",),
        admitted(_own_version),
    ),
    Fault(
        "qualifiers/arn-without-qualifier",
        "tells the function an ARN without the qualifier that was asked for",
        ("qualifiers/alias-arn-seen-by-function", "qualifiers/version-arn-seen-by-function"),
        admitted(_bare),
    ),
    Fault(
        "qualifiers/arn-of-the-version",
        "tells the function the ARN of the version that an alias stands for",
        ("qualifiers/alias-arn-seen-by-function",),
        admitted(_resolved),
    ),
    Fault(
        "qualifiers/arn-always-qualified",
        "tells the function an ARN with $LATEST where no qualifier was asked for",
        ("qualifiers/unqualified-arn-seen-by-function",),
        admitted(_full),
    ),
    Fault(
        "qualifiers/message-of-aliases",
        "words it in another way where it is an alias that can't be found",
        ("qualifiers/unknown-message",),
        message(_alias_sought),
        seen="moto 5.2.5, for other operations",
    ),
)
"""Those of what is asked for and found; see ``qualifier_constraints`` for the others."""
