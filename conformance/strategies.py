"""Strategies of Hypothesis for the Lambda Invoke API, for the tests of other projects: emulators, gateways, clients.

    from hypothesis import given
    from conformance import strategies as invoke

    @given(invoke.function_names("my-function", valid=True))
    def test_a_name_in_any_form_is_found(name): ...

    @given(invoke.calls())
    def test_the_server_survives(call):
        request = invoke.as_request(call, host="127.0.0.1:9000", names={"echo": "my-function"})
        socket.sendall(request.encode())

What is valid is decided by the contract that the suite itself goes by (``spec/openapi.yaml``). What is drawn shrinks to
the plainest that there is: a synchronous Invoke of a bare name with the body ``{}``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from conformance.cases.model import Call, Sized
from conformance.cases.rendering import render
from conformance.contract.names import parse_name
from conformance.contract.reader import load_contract
from conformance.exchange.endpoint import Endpoint
from conformance.fixtures.table import FIXTURES
from conformance.generation.drawing import headers as drawing
from conformance.generation.drawing import names as naming
from conformance.generation.drawing import payloads as bodies
from conformance.generation.drawing import wire as bytewise
from conformance.generation.drawing.calls import call, scope_of
from conformance.generation.drawing.chance import rarely
from conformance.generation.drawing.drawn import drawn
from conformance.generation.placing import NEEDS
from conformance.oracle.bodies import kind_of
from conformance.oracle.site import Site, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from hypothesis.strategies import SearchStrategy

    from conformance.contract.model import Operation
    from conformance.exchange.message import Request
    from conformance.generation.drawing.chance import Chance

__all__ = [
    "Call",
    "Sized",
    "as_request",
    "calls",
    "client_contexts",
    "function_names",
    "headers",
    "json_payloads",
    "payloads",
    "qualifiers",
    "wire",
]

T = TypeVar("T")

REGION, ACCOUNT = "us-east-1", "123456789012"
KNOWN = ("$LATEST", "1", "2", "live")
"""Versions and aliases of a function, where nothing else is said."""
RIGHT, WRONG = frozenset({"json", "empty"}), frozenset({"not JSON", "not UTF-8"})
"""Kinds of bodies that everybody takes, and that nobody does."""
RARELY = 8
"""One in so many draws is flawed where only valid ones are wanted: a flaw need not make a thing invalid."""


def function_names(
    name: str = "my-function",
    *,
    region: str = REGION,
    account: str = ACCOUNT,
    partition: str = "aws",
    valid: bool | None = None,
) -> SearchStrategy[str]:
    """Return a strategy for FunctionName, decoded: a name, a partial ARN or an ARN, some with a qualifier.

    Args:
        name: of the function.
        region: of its ARN.
        account: of its ARN, twelve digits.
        partition: of its ARN.
        valid: True for those without a violated constraint, False for those with one, None for both. A valid one need
            not be of this function, nor of any.
    """
    site = Site(region, account, {"echo": name}, partition)
    parameter = _invoke().parameter("FunctionName")

    def make(chance: Chance, flaws: int) -> str:
        suffix = naming.qualifier(chance, KNOWN, parameter, behind=True) if rarely(chance, 3) else ""
        return fill(naming.FunctionName(chance, "echo", suffix, parameter, flaws), site)

    def fits(text: str) -> bool:
        return not parameter.violations(text) and parse_name(text, parameter) is not None

    return _labelled(make, fits, valid)


def qualifiers(*known: str, valid: bool | None = None) -> SearchStrategy[str]:
    """Return a strategy for Qualifier, decoded.

    Args:
        known: versions and aliases that there are; without any, ``$LATEST``, ``1``, ``2`` and ``live``.
        valid: True for those without a violated constraint, known or not, False for those with one, None for both.
    """
    parameter = _invoke().parameter("Qualifier")

    def make(chance: Chance, flaws: int) -> str:
        return naming.qualifier(chance, known or KNOWN, parameter, flaws=flaws)

    return _labelled(make, lambda text: not parameter.violations(text), valid)


def client_contexts(*, valid: bool | None = None) -> SearchStrategy[str]:
    """Return a strategy for the header X-Amz-Client-Context: an object of JSON in base64, or nearly.

    Args:
        valid: True for objects in base64 within the limit, False for anything else, None for both.
    """
    parameter = _invoke().parameter(drawing.CONTEXT)

    def make(chance: Chance, flaws: int) -> str:
        return drawing.client_context(chance, parameter, flaws)

    return _labelled(make, partial(drawing.right_context, parameter), valid)


def json_payloads() -> SearchStrategy[bytes]:
    """Return a strategy for JSON texts in UTF-8, of every kind and written in every way."""
    return drawn(lambda chance: bodies.json_text(chance).encode())


def payloads(*, valid: bool | None = None) -> SearchStrategy[bytes]:
    """Return a strategy for bodies of up to a few hundred bytes: JSON, nearly JSON, no UTF-8, nothing.

    Args:
        valid: True for JSON and for nothing, False for what no parser takes, None for these and for what some take.
    """
    kinds = WRONG if valid is False else RIGHT
    return _labelled(bodies.short, lambda body: (kind_of(body) in kinds) is (valid is not False), valid)


def headers(operation: str = "Invoke") -> SearchStrategy[tuple[tuple[str, str], ...]]:
    """Return a strategy for the headers of a call, names and values, right and wrong, without those of its framing.

    Raises:
        KeyError: there is no such operation.
    """
    known = load_contract().operations[operation]
    parameters = {one.name: one for one in (*_invoke().parameters, *known.parameters)}

    def make(chance: Chance) -> tuple[tuple[str, str], ...]:
        return drawing.headers(chance, known, parameters, drawing.invocation_type(chance, parameters), "echo")

    return drawn(make)


def calls(fixtures: Collection[str] = ("echo",), operations: Collection[str] = ("Invoke",)) -> SearchStrategy[Call]:
    """Return a strategy for whole requests; about half of them are to be refused.

    Args:
        fixtures: functions that there are, by the names of `invoke-conformance list fixtures`; echo is one of them.
        operations: that are called, of Invoke, InvokeWithResponseStream and InvokeAsync; Invoke is one of them.

    Raises:
        ValueError: echo or Invoke is missing, or something else is unknown.
    """
    if not {"echo"} <= {*fixtures} <= FIXTURES.keys() or not {"Invoke"} <= {*operations} <= NEEDS.keys():
        raise ValueError(f"fixtures {sorted(fixtures)}, operations {sorted(operations)}")
    capabilities = frozenset(one for name in operations for one in NEEDS[name])
    return drawn(partial(call, scope=scope_of(load_contract(), frozenset(fixtures), capabilities)))


def wire(name: str = "my-function") -> SearchStrategy[bytes]:
    """Return a strategy for bytes that are no request, or hardly one: broken, contradicting itself, or cut short.

    Args:
        name: of the function that some of them nearly call.
    """
    site = Site(REGION, ACCOUNT, {"echo": name})
    return drawn(lambda chance: fill(bytewise.wire(chance).decode("latin-1"), site).encode("latin-1"))


def as_request(
    call: Call,
    *,
    host: str,
    names: Mapping[str, str],
    region: str = REGION,
    account: str = ACCOUNT,
    partition: str = "aws",
) -> Request:
    """Return the request of a call: method, target, headers and body as they go over the wire, unsigned.

    Args:
        call: of :func:`calls`.
        host: and port, for the header Host.
        names: the FunctionName of each fixture that the calls are drawn from.
        region: of ARNs.
        account: of ARNs.
        partition: of ARNs.

    Raises:
        UsageError: ``host`` is none.
    """
    return render(call, Site(region, account, names, partition), load_contract(), Endpoint.parse(f"http://{host}"))


def _labelled(
    make: Callable[[Chance, int], T],
    fits: Callable[[T], bool],
    valid: bool | None,  # noqa: FBT001  handed on, never written as True or False
) -> SearchStrategy[T]:
    """Return the strategy of draws that fit, or don't, as is wanted; flaws are drawn as often as that takes."""
    if valid is None:
        return drawn(lambda chance: make(chance, 2))
    return drawn(lambda chance: make(chance, RARELY if valid else 1)).filter(lambda found: fits(found) is valid)


def _invoke() -> Operation:
    return load_contract().operations["Invoke"]
