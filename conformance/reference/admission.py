"""From a call to the run that it asks for: all checks in their order, and the look-up of the function among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.names import function_arn
from conformance.reference import checks
from conformance.reference.answer import Refusal
from conformance.reference.functions import LATEST, PUBLISHED, Invocation, resolve
from conformance.reference.rules import RULES, TENANT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract.names import FunctionReference
    from conformance.fixtures.table import Fixture
    from conformance.reference.call import Call
    from conformance.reference.rules import Rule

NO_VERSION = "NoPublishedVersionException"


@dataclass(frozen=True, slots=True)
class Gates:
    """The checks that a call passes, in their order; each refuses it or returns what it found.

    Attributes:
        constraints: lengths, patterns and enumerations of the parameters.
        name: takes the name apart.
        qualifier: that suffix and parameter agree; returns the qualifier.
        home: that the function is of this region and account.
        size: of the body.
        request_id: that a caller's own is one.
        body: that it is JSON; returns the event.
        client_context: that it is one; returns it.
        rules: what follows from the function itself, once it is found.
    """

    constraints: Callable[[Call], None] = checks.check_constraints
    name: Callable[[Call], FunctionReference] = checks.check_name
    qualifier: Callable[[Call, FunctionReference], str | None] = checks.check_qualifier
    home: Callable[[Call, FunctionReference, str, str, str], None] = checks.check_home
    size: Callable[[Call], None] = checks.check_size
    request_id: Callable[[Call], None] = checks.check_request_id
    body: Callable[[Call], Any] = checks.check_body
    client_context: Callable[[Call], Any] = checks.check_client_context
    rules: tuple[Rule, ...] = RULES


class Admission:
    """Says which run a call asks for.

    Args:
        identity: partition, region and account of the functions.
        functions: by the name under which they are deployed.
        gates: the checks that are made.
    """

    def __init__(
        self, identity: tuple[str, str, str], functions: Mapping[str, Fixture], gates: Gates | None = None
    ) -> None:
        self._home = identity
        self._functions = functions
        self._gates = gates or Gates()

    def __call__(self, call: Call) -> Invocation:
        """Return the run that a call asks for.

        Raises:
            Refusal: a check does not pass; the first one counts.
        """
        gates = self._gates
        gates.constraints(call)
        reference = gates.name(call)
        qualifier = gates.qualifier(call, reference)
        gates.home(call, reference, *self._home)
        gates.size(call)
        gates.request_id(call)
        event = gates.body(call)
        context = gates.client_context(call)
        arn = function_arn(*self._home, reference.name, qualifier)
        fixture, version = self._found(call, reference.name, qualifier, arn)
        for rule in gates.rules:
            rule(call, fixture, qualifier)
        return Invocation(
            fixture,
            reference.name,
            version,
            arn,
            call.request_id,
            event,
            call.body or b"{}",
            context,
            call.trace,
            call.values.get(TENANT),
        )

    def _found(self, call: Call, name: str, qualifier: str | None, arn: str) -> tuple[Fixture, str]:
        """Look up a function and the version that a qualifier stands for."""
        fixture = self._functions.get(name)
        version = resolve(fixture, qualifier) if fixture else None
        if fixture is not None and version is not None:
            return fixture, version
        if fixture is not None and qualifier == PUBLISHED and NO_VERSION in call.operation.errors:
            raise Refusal(NO_VERSION, f"The function {arn} has no published version.")  # the text is ours
        missing = arn if qualifier else f"{arn}:{LATEST}"
        raise Refusal("ResourceNotFoundException", f"Function not found: {missing}")
