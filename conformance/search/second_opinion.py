"""Schemathesis as a second opinion: it makes the requests, our oracle judges the answers beside its own checks.

All that is known of Schemathesis stands here. Its engine and its registries are not promised to stay as they are, so
what is registered is taken back in the end, and what it can't do is told as a fault, not taken for a verdict.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from conformance.exchange.adapter import WireAdapter
from conformance.generation.formats import formats_of
from conformance.generation.scratch import scratch
from conformance.generation.views import narrowed, views_of
from conformance.search.opinions import PHASES, Complaint, Opinion, Oracle, Scenario, broken

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from conformance.exchange.message import Exchange, Request
    from conformance.generation.views import View
    from conformance.search.opinions import Phase, Verdict, Where

SILENCED: Mapping[str, str] = {
    "ignored_auth": "every request is signed on its way out, those as well that are meant to be unsigned",
}
"""Checks of Schemathesis that are turned off, and why."""
CASE = "X-Schemathesis-TestCaseId"
"""The header by which Schemathesis tells its requests apart; a new one each time, so that it does not go out."""
CHECK = "lambda_invoke_conformance"
"""The name of our oracle among Schemathesis's checks."""
UNANSWERED = frozenset({"UnhealthyAPIError", "UnresponsiveOperationError", "ServerUnavailable"})
"""What Schemathesis raises where no answer comes, beside errors of requests; the exchanges tell it, too."""
SHOWN = 300
"""Characters of a complaint or a fault that are shown."""


class SecondOpinion:
    """Schemathesis's cases against one target, once; iterating over it sends them.

    Only one can be under way in a process, since Schemathesis keeps its checks and formats in registries of its own.

    Args:
        oracle: judges, and knows the target.
        document: the contract as OpenAPI, parsed.
        seed: the same seed makes the same requests in the same order.
        max_examples: most random cases for each operation, and most sequences.
        phases: of Schemathesis.

    Attributes:
        interrupted: whether it was stopped before its end.
    """

    def __init__(
        self,
        oracle: Oracle,
        document: Mapping[str, Any],
        *,
        seed: int,
        max_examples: int,
        phases: tuple[Phase, ...] = PHASES,
    ) -> None:
        self.interrupted = False
        self._where = oracle.where
        self._wire = _Wire(oracle)
        self._document = document
        self._settings = _settings(oracle.where, seed, max_examples, phases)
        self._phases = phases
        self._stream: Any = None

    def interrupt(self) -> None:
        """Stop as soon as may be. A signal handler may call it at any time."""
        self.interrupted = True
        if self._stream is not None:
            self._stream.stop()

    def __iter__(self) -> Generator[Scenario]:
        """Yield what came of each scenario as soon as it is over."""
        for view in views_of(self._where.site):
            if not self.interrupted:
                with scratch(), _registered(view, self._wire):
                    yield from self._of_view(view)

    def _of_view(self, view: View) -> Iterator[Scenario]:
        library, engine, events = (_part(f"schemathesis{name}") for name in ("", ".engine", ".engine.events"))
        document = narrowed(self._document, view, self._where.site, self._where.operations)
        schema = library.openapi.from_dict(document, config=library.Config.from_dict(self._settings))
        self._stream = engine.from_schema(schema).execute()
        phase = self._phases[0]
        for event in self._stream:
            if self.interrupted:
                self._stream.stop()
            phase = _phase(event) or phase
            if phase not in self._phases:
                continue
            if isinstance(event, events.ScenarioFinished):
                yield Scenario(view.name, phase, tuple(self._wire.opinions(event.recorder)))
            elif isinstance(event, events.PhaseFinished) and event.phase.skip_reason is not None:
                if not self.interrupted:
                    yield Scenario(view.name, phase, skipped=event.phase.skip_reason.display)
            elif isinstance(event, events.NonFatalError | events.FatalError):
                fault = _fault(event)
                if fault:
                    yield Scenario(view.name, phase, fault=fault)


def _part(name: str) -> Any:  # noqa: ANN401  a module, whose attributes are looked up as it goes
    return import_module(name)


def _phase(event: Any) -> Any:  # noqa: ANN401  Schemathesis's own
    """Return the name of the phase that an event is of; None where it says none."""
    phase = getattr(event, "phase", None)
    return getattr(getattr(phase, "name", None), "value", None) or getattr(phase, "value", None)


def _fault(event: Any) -> str:  # noqa: ANN401  Schemathesis's own
    """Return what went wrong in Schemathesis or in our check; empty where no more than an answer is missing."""
    error = getattr(event, "value", None) or getattr(event, "exception", None)
    if isinstance(error, _part("requests").RequestException) or type(error).__name__ in UNANSWERED:
        return ""
    return _cut(f"Schemathesis {version('schemathesis')}: {type(error).__name__}: {error}")


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


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


class _Wire:
    """Between Schemathesis and the target: signs, keeps each exchange, and judges.

    Args:
        oracle: ours.
    """

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self._sending = ""
        self._exchanges: dict[str, Exchange] = {}
        self._verdicts: dict[str, Verdict] = {}

    def adapter(self) -> WireAdapter:
        """Return an adapter for one session; the session closes it."""
        return WireAdapter(self._received, self.oracle.where.timeout, self._change)

    def _change(self, request: Request) -> Request:
        """Return a request as it goes out: signed, without what changes each time."""
        self._sending = next(iter(request.header(CASE)), "")
        kept = tuple(one for one in request.headers if one[0].lower() != CASE.lower().encode())
        return self.oracle.where.signed(replace(request, headers=kept))

    def _received(self, exchange: Exchange) -> None:
        """Keep what came of the request that was changed last."""
        self._exchanges[self._sending] = exchange
        self._verdicts.pop(self._sending, None)

    def check(self, case_id: str) -> None:
        """Raise where the answer to a case is not as it must be, with requirement, expectation and observation."""
        verdict = self._verdicts[case_id] = self.oracle.verdict(self._exchanges[case_id])
        if text := broken(verdict[1]):
            raise AssertionError(text)

    def opinions(self, recorder: Any) -> Iterator[Opinion]:  # noqa: ANN401  Schemathesis's own
        """Yield what is to be said of the cases of a scenario that were sent, and forget them."""
        for case_id, node in recorder.cases.items():
            exchange = self._exchanges.pop(case_id, None)
            if exchange is None:
                continue
            case, (clauses, checks) = node.value, self._verdicts.pop(case_id, None) or self.oracle.verdict(exchange)
            complaints = tuple(_complaints(recorder.checks.get(case_id, ())))
            kept = self.oracle.standing(complaints, checks)
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
            yield Complaint(node.name, _cut(f"{failure.title}: {failure.message}"))


@contextmanager
def _registered(view: View, wire: _Wire) -> Generator[None]:
    """Make our check, our formats and our wire known to Schemathesis, and leave its registries as they were."""
    parts = ("schemathesis.checks", "schemathesis.specs.openapi.formats", "schemathesis.engine.context")
    checks, formats, context = (_part(name) for name in parts)
    own: Mapping[str, Any] = formats_of(view, wire.oracle.where.site)
    make_session: Callable[..., Any] = context.make_session
    adapters: list[WireAdapter] = []

    def conforms(_: Any, __: Any, case: Any) -> None:  # noqa: ANN401  Schemathesis's own
        wire.check(case.id)

    def wired(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  Schemathesis's own
        session = make_session(*args, **kwargs)
        adapters.append(wire.adapter())
        for scheme in ("http://", "https://"):
            session.mount(scheme, adapters[-1])
        return session

    conforms.__name__ = CHECK
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
