"""Schemathesis as a second opinion: it makes the requests, our oracle judges the answers beside its own checks.

All that is known of Schemathesis stands here. Its engine and its registries are not promised to stay as they are, so
the versions are pinned, what is registered is taken back in the end, and what is missing is an error that says so.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from conformance.errors import HarnessError
from conformance.exchange.adapter import WireAdapter
from conformance.exchange.message import Request, header_values
from conformance.exchange.sigv4 import sign
from conformance.generation.formats import formats_of
from conformance.generation.scratch import scratch
from conformance.generation.views import narrowed, views_of
from conformance.generation.world import world_of
from conformance.oracle.expectation import expectation
from conformance.oracle.judge import judge
from conformance.oracle.outcome import Outcome
from conformance.oracle.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from conformance.contract.model import Contract
    from conformance.contract.requirements import Requirement, Tier
    from conformance.exchange.endpoint import Endpoint
    from conformance.exchange.message import Exchange
    from conformance.exchange.sigv4 import Credentials
    from conformance.generation.views import View
    from conformance.oracle.clause import Clause
    from conformance.oracle.judge import Check
    from conformance.oracle.site import Site

    Verdict: TypeAlias = tuple[tuple[Clause, ...], tuple[Check, ...]]

Phase: TypeAlias = Literal["coverage", "fuzzing", "stateful"]
PHASES: tuple[Phase, ...] = ("coverage", "fuzzing", "stateful")
"""What Schemathesis can do here: its enumeration of the contract, its random cases, its sequences along links."""
SILENCED: Mapping[str, str] = {
    "ignored_auth": "every request is signed on its way out, those as well that are meant to be unsigned",
}
"""Checks of Schemathesis that are turned off, and why."""
CASE = b"x-schemathesis-testcaseid"
"""The header by which Schemathesis tells its requests apart; a new one each time, so that it does not go out."""
CHECK = "lambda_invoke_conformance"
"""The name of our oracle among Schemathesis's checks."""
ABOUT_STATUS = frozenset(
    {"positive_data_acceptance", "negative_data_rejection", "missing_required_header", "unsupported_method"}
)
"""Checks of Schemathesis that guess the status from the contract alone, such as whether valid data are refused."""
SHOWN = 300
"""Characters of a complaint that are shown."""


@dataclass(frozen=True, slots=True)
class Where:
    """A target as far as Schemathesis has to do with it.

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


@dataclass(frozen=True, slots=True)
class Complaint:
    """What one of Schemathesis's own checks has against an answer."""

    check: str
    text: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """A case of Schemathesis and what is to be said of it.

    Attributes:
        purpose: what it is about, in Schemathesis's words.
        positive: whether it is valid by the contract.
        operation: id.
        exchange: what was sent and what came back.
        clauses: what our oracle expects; none where nothing is known of such a request.
        checks: what came of them; none also where no answer came.
        complaints: of Schemathesis's own checks, without those that evidence refutes.
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
    """What Schemathesis tries in one go: an operation in a phase, or one sequence of calls.

    Attributes:
        view: of the contract.
        phase: of Schemathesis.
        opinions: in the order in which they were sent.
        skipped: why nothing was sent; empty when something was.
    """

    view: str
    phase: Phase
    opinions: tuple[Opinion, ...]
    skipped: str = ""


class SecondOpinion:
    """Schemathesis's cases against one target, once; iterating over it sends them.

    Only one can be under way in a process, since Schemathesis keeps its checks and formats in registries of its own.

    Args:
        where: the target.
        contract: that the oracle goes by.
        document: the contract as OpenAPI, parsed.
        requirements: by id.
        tier: leaves out checks of stricter ones.
        seed: the same seed makes the same requests in the same order.
        max_examples: of random cases, most for each operation; of sequences, most.
        phases: of Schemathesis.
    """

    def __init__(
        self,
        where: Where,
        contract: Contract,
        document: Mapping[str, Any],
        requirements: Mapping[str, Requirement],
        tier: Tier,
        *,
        seed: int,
        max_examples: int,
        phases: tuple[Phase, ...] = PHASES,
    ) -> None:
        self._where = where
        self._judge = _Judge(where, contract, requirements, tier)
        self._document = document
        self._settings = _settings(where, seed, max_examples, phases)
        self._phases = phases
        self._stream: Any = None
        self.interrupted = False

    def interrupt(self) -> None:
        """Stop as soon as may be. A signal handler may call it at any time."""
        self.interrupted = True
        if self._stream is not None:
            self._stream.stop()

    def __iter__(self) -> Iterator[Scenario]:
        """Yield what came of each scenario as soon as it is over.

        Raises:
            HarnessError: Schemathesis could not do what was asked of it.
        """
        for view in views_of(self._where.site):
            with scratch(), _registered(view, self._where.site, self._judge):
                yield from self._of_view(view)

    def _of_view(self, view: View) -> Iterator[Scenario]:
        library: Any = import_module("schemathesis")
        engine, events = import_module("schemathesis.engine"), import_module("schemathesis.engine.events")
        document = narrowed(self._document, view, self._where.site, self._where.operations)
        schema = library.openapi.from_dict(document, config=library.Config.from_dict(self._settings))
        self._stream = engine.from_schema(schema).execute()
        for event in self._stream:
            if self.interrupted:
                self._stream.stop()
            if isinstance(event, events.ScenarioFinished) and event.phase.value in self._phases:
                yield Scenario(view.name, event.phase.value, tuple(self._judge.opinions(event.recorder)))
            elif isinstance(event, events.PhaseFinished) and event.phase.name.value in self._phases:
                reason = event.phase.skip_reason
                if reason is not None and not self.interrupted:
                    yield Scenario(view.name, event.phase.name.value, (), reason.display)
            elif isinstance(event, events.NonFatalError | events.FatalError):
                _blame(event)


def _settings(where: Where, seed: int, max_examples: int, phases: tuple[Phase, ...]) -> dict[str, Any]:
    """Return Schemathesis's configuration: nothing is kept, nothing is learned from answers, so that a seed decides."""
    unlearned = {"extra-data-sources": {"responses": False}}
    generation = {"max-examples": max_examples, "database": "none", "no-shrink": True}
    return {
        "base-url": where.endpoint.url,
        "seed": seed,
        "workers": 1,
        "continue-on-failure": True,
        "request-timeout": where.timeout,
        "cache": {"enabled": False},
        "suppress-health-check": ["all"],
        "generation": {**generation, "with-security-parameters": False},
        "checks": {name: {"enabled": False} for name in SILENCED},
        "phases": {
            "examples": {"enabled": False},
            "coverage": {"enabled": "coverage" in phases, **unlearned},
            "fuzzing": {"enabled": "fuzzing" in phases, **unlearned, "error-feedback": {"enabled": False}},
            "stateful": {
                "enabled": "stateful" in phases,
                "inference": {"algorithms": []},
                "link-calibration": False,
            },
        },
    }


def _blame(event: Any) -> None:  # noqa: ANN401  Schemathesis's own
    """Raise for what is a fault of ours or of Schemathesis; that no answer came is seen in the exchanges."""
    error = getattr(event, "value", None) or getattr(event, "exception", None)
    requests: Any = import_module("requests")
    if not isinstance(error, requests.RequestException):
        message = f"Schemathesis {version('schemathesis')}: {type(error).__name__}: {error}"
        raise HarnessError("second-opinion", message[:SHOWN]) from error


@dataclass
class _Judge:
    """Our oracle, as a check of Schemathesis.

    Attributes:
        exchanges: what was sent and received, by Schemathesis's id of the case.
        verdicts: what was made of it.
    """

    where: Where
    contract: Contract
    requirements: Mapping[str, Requirement]
    tier: Tier
    exchanges: dict[str, Exchange] = field(default_factory=dict[str, "Exchange"])
    verdicts: dict[str, Verdict] = field(default_factory=dict[str, "Verdict"])
    _sending: str = ""

    def __post_init__(self) -> None:
        self._world = world_of(self.where.site)

    def change(self, request: Request) -> Request:
        """Return a request as it goes out: signed, without what changes each time."""
        self._sending = next(iter(header_values(request.headers, CASE.decode())), "")
        request = replace(request, headers=tuple(one for one in request.headers if one[0].lower() != CASE))
        where = self.where
        if where.credentials is None:
            return request
        return sign(request, where.credentials, where.site.region, now=datetime.now(UTC))

    def received(self, exchange: Exchange) -> None:
        """Keep what came of the request that was changed last."""
        self.exchanges[self._sending] = exchange
        self.verdicts.pop(self._sending, None)

    def judged(self, exchange: Exchange) -> Verdict:
        """Return what the oracle expects of an answer, and what it makes of the one that came."""
        request, base = exchange.request, self.where.endpoint.base_path.encode()
        below = replace(request, target=request.target.removeprefix(base))
        clauses = expectation(below, self.contract, self._world)
        if exchange.response is None:
            return clauses, ()
        reading = Reading(exchange.response, self.where.site.run)
        return clauses, tuple(judge(clauses, [reading], self.requirements, self.tier))

    def check(self, case_id: str) -> None:
        """Raise where the answer to a case is not as it must be, with requirement, expectation and observation."""
        _, checks = self.verdicts[case_id] = self.judged(self.exchanges[case_id])
        broken = [one for one in checks if one.outcome is Outcome.FAIL]
        if broken:
            lines = [
                f"{one.clause.requirement}: {one.clause.subject}: expected {one.expected}, observed {one.observed}"
                for one in broken
            ]
            raise AssertionError("\n".join(lines))

    def opinions(self, recorder: Any) -> Iterator[Opinion]:  # noqa: ANN401  Schemathesis's own
        """Yield what is to be said of the cases of a scenario that were sent, and forget them."""
        for case_id, node in recorder.cases.items():
            exchange = self.exchanges.pop(case_id, None)
            if exchange is None:
                continue
            case, (clauses, checks) = node.value, self.verdicts.pop(case_id, None) or self.judged(exchange)
            complaints = tuple(_complaints(recorder.checks.get(case_id, ())))
            kept = tuple(one for one in complaints if not (one.check in ABOUT_STATUS and self._asked_for(checks)))
            yield Opinion(
                purpose=_purpose(case.meta),
                positive=case.meta is not None and case.meta.generation.mode.is_positive,
                operation=case.operation.definition.raw["operationId"],
                exchange=exchange,
                clauses=clauses,
                checks=checks,
                complaints=kept,
                refuted=len(complaints) - len(kept),
            )

    def _asked_for(self, checks: tuple[Check, ...]) -> bool:
        """Tell whether the status that came is what a requirement with evidence asks for."""
        about = [one for one in checks if one.clause.subject == "status"]
        return any(
            one.outcome is Outcome.PASS and self.requirements[one.clause.requirement].can_fail for one in about
        )


def _purpose(meta: Any) -> str:  # noqa: ANN401  Schemathesis's own
    """Return what a case is about, in Schemathesis's words."""
    if meta is None:
        return "sent by a check"
    data = meta.phase.data
    words = f"{meta.generation.mode.value}: {data.description or 'drawn at random'}"
    return f"{words} ({data.parameter})" if data.parameter else words


def _complaints(nodes: Any) -> Iterator[Complaint]:  # noqa: ANN401  Schemathesis's own
    for node in nodes:
        if node.failure_info is not None and node.name != CHECK:
            failure = node.failure_info.failure
            text = " ".join(f"{failure.title}: {failure.message}".split())
            yield Complaint(node.name, text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


@contextmanager
def _registered(view: View, site: Site, oracle: _Judge) -> Generator[None]:
    """Make our check, our formats and our wire known to Schemathesis, and leave its registries as they were."""
    checks, formats, context = map(
        import_module, ("schemathesis.checks", "schemathesis.specs.openapi.formats", "schemathesis.engine.context")
    )

    def conforms(_: Any, __: Any, case: Any) -> None:  # noqa: ANN401  Schemathesis's own
        oracle.check(case.id)

    conforms.__name__ = CHECK
    own: Mapping[str, Any] = formats_of(view, site)
    make_session: Callable[..., Any] = context.make_session
    adapters: list[WireAdapter] = []

    def wired(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  Schemathesis's own
        session = make_session(*args, **kwargs)
        adapters.append(WireAdapter(oracle.received, oracle.where.timeout, oracle.change))
        for scheme in ("http://", "https://"):
            session.mount(scheme, adapters[-1])
        return session

    checks.check(conforms)
    context.make_session = wired
    try:
        for name, strategy in own.items():
            formats.register_string_format(name, strategy)
        yield
    finally:
        context.make_session = make_session
        checks.CHECKS.unregister(CHECK)
        for name in own.keys() & formats.STRING_FORMATS.keys():
            formats.unregister_string_format(name)
        for adapter in adapters:
            adapter.close()
