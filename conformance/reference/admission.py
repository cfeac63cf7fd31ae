"""From a call to the run that it asks for: all checks in their order, and the look-up of the function among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.names import function_arn
from conformance.reference import checks
from conformance.reference.answer import Refusal
from conformance.reference.functions import LATEST, PUBLISHED, Invocation, resolve
from conformance.reference.rules import RULES, TENANT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.fixtures.table import Fixture
    from conformance.reference.call import Call

NO_VERSION = "NoPublishedVersionException"


class Admission:
    """Says which run a call asks for.

    Args:
        identity: partition, region and account of the functions.
        functions: by the name under which they are deployed.
    """

    def __init__(self, identity: tuple[str, str, str], functions: Mapping[str, Fixture]) -> None:
        self._home = identity
        self._functions = functions

    def __call__(self, call: Call) -> Invocation:
        """Return the run that a call asks for.

        Raises:
            Refusal: a check does not pass; the first one counts.
        """
        checks.check_constraints(call)
        reference = checks.named(call.operation, call.values["FunctionName"])
        qualifier = checks.check_qualifier(call, reference)
        checks.check_home(call, reference, *self._home)
        checks.check_size(call)
        checks.check_request_id(call)
        event = checks.check_body(call)
        context = checks.check_client_context(call)
        arn = function_arn(*self._home, reference.name, qualifier)
        fixture, version = self._found(call, reference.name, qualifier, arn)
        for rule in RULES:
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
