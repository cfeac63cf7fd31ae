"""Views of the contract: the same document, narrowed to functions that are there and to parameters that go together.

A generator that knows nothing of a target makes requests that are valid and refused all the same: there is no such
function, no such version, or two optional parameters exclude each other. A refusal hides what it was tried for. So the
document is handed out in views: each has one kind of function, with examples and formats of what is there, and leaves
out what never goes with it. Constraints stay as the contract has them.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.oracle.site import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.oracle.site import Site

FORMAT = "invoke-conformance-"
"""What the names of our formats begin with; the parameter's name follows."""
FORMS = ("{name}", "{account}:function:{name}", "arn:{partition}:lambda:{region}:{account}:function:{name}")
"""The documented forms of FunctionName."""
LEFT_OUT: Mapping[str, str] = {
    "X-Amz-Durable-Execution-Name": "a target remembers the names of executions, so that what comes of one depends on "
    "the calls before it",
}
"""Parameters that no view has, and why."""


@dataclass(frozen=True, slots=True)
class View:
    """A narrowing of the contract.

    Attributes:
        name: part of what is shown.
        fixtures: the functions that are called, as far as the target has them; the first must be there.
        qualifiers: versions and aliases that all of them have.
        required: optional parameters that these functions need in each call.
        absent: parameters with which these functions can't be called.
    """

    name: str
    fixtures: tuple[str, ...]
    qualifiers: tuple[str, ...] = ("$LATEST",)
    required: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()

    def functions(self, site: Site) -> tuple[str, ...]:
        """Return the names of the functions that are there; none where the first is not."""
        there = [name for name in self.fixtures if name in site.names]
        return tuple(site.names[name] for name in there) if there[:1] == [self.fixtures[0]] else ()

    def function_names(self, site: Site) -> tuple[str, ...]:
        """Return values of FunctionName with which a call is taken, without a qualifier behind the name."""
        functions = self.functions(site)
        return tuple(fill(form, site).replace("{name}", name) for name in functions for form in FORMS)


TENANT = "X-Amz-Tenant-Id"
VIEWS: tuple[View, ...] = (
    View("functions", ("echo", "context", "nothing", "log"), absent=frozenset({TENANT})),
    View("versions", ("versioned",), ("1", "2", "live", "$LATEST"), absent=frozenset({TENANT})),
    View("tenants", ("tenant",), required=frozenset({TENANT})),
)
"""All views."""


def views_of(site: Site) -> tuple[View, ...]:
    """Return the views of which a target has the functions."""
    return tuple(view for view in VIEWS if view.functions(site))


def narrowed(document: Mapping[str, Any], view: View, site: Site, operations: frozenset[str]) -> dict[str, Any]:
    """Return the contract's document as a view has it.

    Args:
        document: of OpenAPI, parsed.
        view: the narrowing.
        site: says what the functions are called.
        operations: ids of those that are kept, unless they lack a parameter that the view's functions need.
    """
    narrow = copy.deepcopy(dict(document))
    names = {key: one["name"] for key, one in narrow["components"]["parameters"].items()}
    dropped = {f"#/components/parameters/{key}" for key, name in names.items() if name in {*LEFT_OUT, *view.absent}}
    for item in narrow["paths"].values():
        one = item["post"]
        one["parameters"] = [known for known in one.get("parameters", ()) if known["$ref"] not in dropped]
    needed = {f"#/components/parameters/{key}" for key, name in names.items() if name in view.required}
    narrow["paths"] = {
        path: item
        for path, item in narrow["paths"].items()
        if item["post"]["operationId"] in operations
        and needed <= {known["$ref"] for known in item["post"]["parameters"]}
    }
    for parameter in narrow["components"]["parameters"].values():
        parameter["required"] = parameter["name"] in view.required or parameter.get("required", False)
        if parameter["name"] in EXAMPLES:
            _exemplified(parameter, list(EXAMPLES[parameter["name"]](view, site)))
    return narrow


def _exemplified(parameter: dict[str, Any], values: list[str]) -> None:
    """Give a parameter its examples and its format."""
    parameter.pop("example", None)
    parameter["examples"] = {str(number): {"value": value} for number, value in enumerate(values, 1)}
    parameter["schema"]["format"] = FORMAT + parameter["name"]


def _named(view: View, site: Site) -> Iterator[str]:
    yield from view.function_names(site)


def _qualified(view: View, _: Site) -> Iterator[str]:
    yield from view.qualifiers


def _contexts(_: View, __: Site) -> Iterator[str]:
    yield "eyJjdXN0b20iOnsiZm9vIjoiYmFyIn19"  # {"custom":{"foo":"bar"}}


EXAMPLES: Mapping[str, Callable[[View, Site], Iterator[str]]] = {
    "FunctionName": _named,
    "Qualifier": _qualified,
    "X-Amz-Client-Context": _contexts,
}
"""Parameter -> values of it that are taken; those without have values in the contract that do for every target."""
