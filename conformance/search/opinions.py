"""What a second opinion consists of: a request that somebody else made, its answer, and what is to be said of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from conformance.exchange.sigv4 import sign
from conformance.generation.world import world_of
from conformance.oracle.expectation import expectation
from conformance.oracle.judge import judge
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement, Tier
    from conformance.exchange.endpoint import Endpoint
    from conformance.exchange.message import Exchange, Request
    from conformance.exchange.sigv4 import Credentials
    from conformance.oracle.clause import Clause
    from conformance.oracle.judge import Check
    from conformance.oracle.site import Site
    from conformance.oracle.world import World

    Verdict: TypeAlias = tuple[tuple[Clause, ...], tuple[Check, ...]]
    """What is expected of an answer, and what came of it."""

Phase: TypeAlias = Literal["coverage", "fuzzing", "stateful"]
PHASES: tuple[Phase, ...] = ("coverage", "fuzzing", "stateful")
"""How requests are made: by going through the contract, at random, and in sequences along its links."""
ABOUT_STATUS = frozenset(
    {"positive_data_acceptance", "negative_data_rejection", "missing_required_header", "unsupported_method"}
)
"""Checks that guess the status from the contract alone, such as whether valid data are refused."""


@dataclass(frozen=True, slots=True)
class Where:
    """A target as far as a second opinion has to do with it.

    Attributes:
        endpoint: where requests go.
        site: what it calls things; names only functions at this endpoint.
        credentials: that sign; None sends unsigned.
        operations: ids of those that it has.
        timeout: seconds for one exchange.
    """

    endpoint: Endpoint
    site: Site
    credentials: Credentials | None
    operations: frozenset[str]
    timeout: float = 10.0

    def signed(self, request: Request) -> Request:
        """Return a request that goes out as it is, with its signature."""
        if self.credentials is None:
            return request
        return sign(request, self.credentials, self.site.region, now=datetime.now(UTC))

    def below(self, request: Request) -> Request:
        """Return a request without the base path of the endpoint."""
        return replace(request, target=request.target.removeprefix(self.endpoint.base_path.encode()))


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a check of somebody else has against an answer.

    Attributes:
        check: its name.
        text: in its words.
    """

    check: str
    text: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """A request that somebody else made, and what is to be said of its answer.

    Attributes:
        purpose: what it is about, in the words of who made it.
        positive: whether it is valid by the contract.
        operation: id.
        exchange: what was sent and what came back.
        clauses: what our oracle expects; none where nothing is known of such a request.
        checks: what came of them; none also where no answer came.
        complaints: of other checks than our oracle, without those that evidence refutes.
        refuted: number of complaints about a status that a requirement with evidence asks for.
    """

    purpose: str
    positive: bool
    operation: str
    exchange: Exchange
    clauses: tuple[Clause, ...]
    checks: tuple[Check, ...]
    complaints: tuple[Complaint, ...] = ()
    refuted: int = 0

    @property
    def accepted(self) -> bool:
        """Whether it was answered with success."""
        return self.exchange.response is not None and self.exchange.response.status < 300  # noqa: PLR2004  HTTP's


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is tried in one go: an operation in a phase, or one sequence of calls.

    Attributes:
        view: of the contract.
        phase: how the requests were made.
        opinions: in the order in which they were sent.
        skipped: why nothing was sent; empty when something was.
        fault: what went wrong on our side of the wire; empty when nothing did.
    """

    view: str
    phase: Phase
    opinions: tuple[Opinion, ...] = ()
    skipped: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Oracle:
    """Our oracle for requests that somebody else makes.

    Args:
        where: the target.
        contract: all constraints.
        requirements: by id.
        tier: leaves out the checks of stricter ones.
    """

    where: Where
    contract: Contract
    requirements: Mapping[str, Requirement]
    tier: Tier
    _world: World = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_world", world_of(self.where.site))

    def verdict(self, exchange: Exchange) -> Verdict:
        """Return what is expected of an answer, and what is to be said of the one that came."""
        clauses = expectation(self.where.below(exchange.request), self.contract, self._world)
        if exchange.response is None:
            return clauses, ()
        reading = Reading(exchange.response, self.where.site.run)
        return clauses, tuple(judge(clauses, [reading], self.requirements, self.tier))

    def standing(self, complaints: Sequence[Complaint], checks: Sequence[Check]) -> tuple[Complaint, ...]:
        """Return the complaints without those about a status that a requirement with evidence asks for."""
        asked_for = any(
            one.outcome is Outcome.PASS and self.requirements[one.clause.requirement].can_fail
            for one in checks
            if one.clause.subject == "status"
        )
        return tuple(one for one in complaints if not (asked_for and one.check in ABOUT_STATUS))


def broken(checks: Sequence[Check]) -> str:
    """Return what fails, a line each: requirement, what was looked at, what was expected and observed."""
    return "\n".join(
        f"{one.clause.requirement}: {one.clause.subject}: expected {one.expected}, observed {one.observed}"
        for one in checks
        if one.outcome is Outcome.FAIL
    )
