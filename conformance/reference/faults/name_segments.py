"""Faults of what stands in the place of a name: nothing, dots, spaces, the word ``function``, and long names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.fixtures.table import PREFIX
from conformance.reference.answer import Refusal
from conformance.reference.checks import check_name
from conformance.reference.faults.building import around, gate, parameter
from conformance.reference.faults.model import Fault
from conformance.reference.faults.names import found

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.names import FunctionReference
    from conformance.exchange.message import Request
    from conformance.reference.call import Call, Route
    from conformance.reference.faults.building import Change

    Find = Callable[[Request], Route | None]

FIRST = PREFIX + "echo"
"""The function that is taken where a request names none."""
SHORT = 63
"""One character less than the documentation allows for a name alone."""


def _taken_for_the_first(segment: bytes) -> Change:
    """Take what stands in the place of a name for the first function."""
    before, after = b"/functions/" + segment + b"/", b"/functions/" + FIRST.encode() + b"/"

    def wrap(unbroken: Find) -> Find:
        return lambda request: unbroken(replace(request, target=request.target.replace(before, after)))

    return around("route", wrap)


def _blank_is_the_first(_: Request, route: Route) -> Route:
    return route if route.FunctionName.strip() else replace(route, FunctionName=FIRST)


def _word_alone_refused(call: Call) -> FunctionReference:
    reference = check_name(call)
    if reference.text == "function":
        raise Refusal("ValidationException", "1 validation error detected: there is no name")
    return reference


FAULTS = (
    Fault(
        "names/empty-is-the-first",
        "runs the first function where a request names none",
        ("names/empty",),
        _taken_for_the_first(b""),
    ),
    Fault(
        "names/spaces-are-the-first",
        "runs the first function where a name consists of spaces",
        ("names/white-space",),
        found(_blank_is_the_first),
    ),
    Fault(
        "names/word-function-refused",
        "refuses the word function as a name",
        ("names/word-function-is-a-name",),
        gate(name=_word_alone_refused),
    ),
    Fault(
        "names/longest-63",
        "refuses names of more than 63 characters",
        ("names/up-to-the-longest",),
        parameter("FunctionName", max_length=SHORT),
    ),
)
